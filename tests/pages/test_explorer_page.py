"""The explorer's page in Chromium: uploads, every slider, what is downloaded; nothing leaves the machine."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reference.cli import main
from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image, write_image
from tests.support.optional import needs, posix

needs("gradio")

# Runs the command with a watch on what the server itself connects to.
SERVER = """
import socket, sys
connect = socket.socket.connect
def watched(self, address):
    if self.family != socket.AF_UNIX and str(address[0]) not in ("127.0.0.1", "::1", "localhost"):
        print("LEAVES", address, flush=True)
        raise OSError("the network is unreachable")
    return connect(self, address)
socket.socket.connect = watched
getaddrinfo = socket.getaddrinfo
def asked(host, *arguments, **keywords):
    if host not in ("127.0.0.1", "localhost", None):
        print("LEAVES", host, flush=True)
    return getaddrinfo(host, *arguments, **keywords)
socket.getaddrinfo = asked
from reference.cli import main
sys.exit(main(sys.argv[1:]))
"""
MOVES = {"area": "0", "radius": "3", "eps": "-2.5", "pool-window": "9", "pool-p": "0.85", "pool-side": "b"}
SHOWN = {  # pictures of the page: files of --save-steps
    "gray_a": "01_gray_a.png", "gray_b": "01_gray_b.png", "score_map": "03_score_map.png",
    "focus_map": "04_focus_map.png", "mixed_pooling": "05_mixed_pooling.png", "segmentation": "06_segmentation.png",
    "consistency": "07_consistency.png", "guide": "08_guide.png", "guided_filter": "08_guided_filter.png",
    "fusion": "09_fusion.png",
}  # fmt: skip


@pytest.fixture(scope="module")
def photographs(tmp_path_factory) -> Path:
    """A and B as JPEG, a text that claims to be one, and a photograph of another depth."""
    folder = tmp_path_factory.mktemp("photographs")
    pair = next(pair for pair in embedded_pairs() if pair.name == "astronaut_rocket")  # where every slider matters
    for name, path in (("a.jpg", pair.image_a), ("b.jpg", pair.image_b)):
        write_image(folder / name, read_image(path).pixels[40:200, 40:240])
    (folder / "notes.jpg").write_text("no picture\n")
    return folder


@pytest.fixture(scope="module")
def address(photographs) -> Iterator[str]:
    """A server of its own, whose output says that it has connected to nothing but this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVER, "explore", "--no-browser", "--port", str(port)]
    log = photographs / "server.log"
    with log.open("w") as output:
        # Proxies that are not there: nothing may ask them.
        nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
        proxied = os.environ | nowhere | {"ALL_PROXY": "socks5://127.0.0.1:9", "all_proxy": "socks5://127.0.0.1:9"}
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=photographs, env=proxied)
    try:
        while "The explorer is at" not in log.read_text() and server.poll() is None:
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
    assert "LEAVES" not in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def window(browser: Any, address: str) -> Iterator[tuple[Any, list[str]]]:
    """One window for all visits, which need not load the page's scripts again; and what it complains of."""
    context, complaints = browser.new_context(), []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    elsewhere = re.compile(rf"(?!{re.escape(address)}|data:|blob:)")
    page.on("request", lambda request: complaints.append(request.url) if elsewhere.match(request.url) else None)
    yield page, complaints
    context.close()


@pytest.fixture
def visit(window: tuple[Any, list[str]], address: str) -> Iterator[Any]:
    """A visit of its own, its first fusion done; a complaint or a request to elsewhere fails the test."""
    page, complaints = window
    page.goto("about:blank")  # what the visit before still asked for is called off, and complains, before this one
    complaints.clear()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_function("document.querySelector('#command textarea')?.value.includes('cat_coffee')", timeout=90_000)
    yield page
    assert not complaints


def command_of(page: Any) -> str:
    return str(page.input_value("#command textarea"))


def when_done(page: Any, before: str) -> str:
    """The command line, once it is another one than before; it changes with the last picture."""
    page.wait_for_function("before => !['', before].includes(document.querySelector('#command textarea').value)",
                           arg=before, timeout=60_000)  # fmt: skip
    return command_of(page)


def upload(page: Any, photographs: Path) -> str:
    before = command_of(page)
    page.set_input_files("#upload-a input[type=file]", photographs / "a.jpg")
    page.wait_for_function("document.querySelector('#message').innerText.includes('photograph B')")
    page.set_input_files("#upload-b input[type=file]", photographs / "b.jpg")
    return when_done(page, before)


def downloaded(page: Any, button: str, path: Path) -> Path:
    with page.expect_download() as download:
        page.click(button)
    download.value.save_as(path)
    return path


def set_option(page: Any, option: str, value: str) -> None:
    if option == "pool-side":
        page.click(f"#option-pool-side label:has-text('{value}')")
    else:
        page.fill(f"#option-{option} input[type=number]", value)


def test_uploads_and_every_slider_give_the_bytes_of_the_command_line(visit, photographs, tmp_path, monkeypatch):
    monkeypatch.chdir(photographs)
    lines, results = [upload(visit, photographs)], []
    for option, value in [("", ""), *MOVES.items()]:
        if option:
            set_option(visit, option, value)
            lines.append(when_done(visit, lines[-1]))
        assert main([*shlex.split(lines[-1])[1:], "--save-steps", "steps"]) == 0
        for name, file in SHOWN.items():
            picture = visit.request.get(visit.get_attribute(f"#picture-{name} img", "src")).body()
            assert picture == Path("steps", file).read_bytes(), (option, name)
        results.append(downloaded(visit, "#download", tmp_path / "fused.png").read_bytes())
        assert results[-1] == Path("fused.png").read_bytes(), option
    assert len(set(lines)) == len(set(results)) == len(MOVES) + 1


def test_a_slider_moves_by_its_handle_too(visit):
    before, picture = command_of(visit), visit.get_attribute("#picture-fusion img", "src")
    visit.focus("#option-radius input[type=range]")
    visit.keyboard.press("ArrowRight")
    assert "--radius 9" in when_done(visit, before)
    visit.wait_for_function("old => document.querySelector('#picture-fusion img').src != old", arg=picture)


def test_on_a_telephone_nothing_lies_over_the_figures_at_the_bottom(visit):
    visit.set_viewport_size({"width": 390, "height": 844})
    over = """() => { const bar = document.querySelector('#brief').getBoundingClientRect(), found = [];
        for (let y = bar.top + 4; y < bar.bottom; y += 6)
            for (let x = 10; x < 385; x += 15)
                if (!document.elementFromPoint(x, y).closest('#brief')) found.push([x, y]);
        return found; }"""
    for option in ("pool-side", "area", "radius", "eps"):
        top = visit.evaluate(f"document.querySelector('#option-{option}').getBoundingClientRect().top + scrollY")
        visit.evaluate(f"scrollTo(0, {top} - innerHeight + 30)")
        assert visit.evaluate(over) == [], option


def test_another_pair_method_and_comparison(visit):
    line = command_of(visit)
    choose(visit, "#pair", "camera_grass")
    line = when_done(visit, line)
    assert "camera_grass" in line
    choose(visit, "#method", "GFDF, without a network")
    assert "--method gfdf" in when_done(visit, line)
    assert visit.is_visible("#picture-focus_measure_a")
    assert not visit.is_visible("#picture-score_map")
    assert "GFDF has no such step." in visit.inner_text("#step-2")
    assert not visit.is_visible("#step-2 .formula")
    assert not visit.is_visible("#option-pool-window")
    assert not visit.is_visible("#preset")
    line = command_of(visit)
    choose(visit, "#method", "pixel by pixel, beyond the paper")
    assert "--method pixel" in when_done(visit, line)
    assert visit.is_visible("#picture-expected_error")
    assert not visit.is_visible("#picture-guided_filter")
    assert "The pixel method has no such step." in visit.inner_text("#step-7")
    assert not visit.is_visible("#step-8 .matlab")
    assert not any(visit.is_visible(f"#option-{option}") for option in ("pool-window", "area", "radius", "eps"))
    visit.click("#before label:has-text('decision map')")
    visit.wait_for_function("[...document.querySelectorAll('#compared img')].some(one => one.src.includes('overlay'))")
    assert float(visit.inner_text("#figure-truth")) > 35


def test_all_steps_come_in_one_zip(visit, tmp_path):
    with zipfile.ZipFile(downloaded(visit, "#zip", tmp_path / "steps.zip")) as bundle:
        names = set(bundle.namelist())
        assert bundle.read("command.txt").decode() == f"{command_of(visit)} --save-steps steps\n"
    assert {"fused.png", *(f"steps/{file}" for file in SHOWN.values())} <= names
    assert "steps/04_focus_map.npy" in names


def test_nothing_is_wider_than_the_window(visit):
    wide = """limit => [...document.querySelectorAll('.step *, #result *, #choice *')]
        .filter(one => one.getBoundingClientRect().right > limit + 1 && !one.closest('.formula')).length"""
    for width in (1440, 768, 390):
        visit.set_viewport_size({"width": width, "height": 900})
        assert visit.evaluate("document.documentElement.scrollWidth") <= width, width
        assert visit.evaluate(wide, width) == 0, width


def choose(page: Any, dropdown: str, label: str) -> None:
    page.click(f"{dropdown} input")
    page.click(f"[role=option]:has-text('{label}')")


def test_a_text_file_gives_the_sentence(visit, photographs):
    visit.set_input_files("#upload-a input[type=file]", photographs / "notes.jpg")
    visit.wait_for_selector("#message .wrong")
    said = visit.inner_text("#message")
    assert said.startswith("notes.jpg is not a readable image")
    assert "\n" not in said.strip()
    assert "cat_coffee" in command_of(visit)  # the page stays as it was


def test_one_photograph_alone_waits_for_the_other_and_a_pair_takes_its_place(visit, photographs):
    visit.set_input_files("#upload-a input[type=file]", photographs / "a.jpg")
    visit.wait_for_function("document.querySelector('#message').innerText.includes('Now drop photograph B')")
    visit.wait_for_function("document.querySelector('#command textarea').value == ''")
    assert visit.inner_text("#figures") == ""
    assert visit.locator("[id^=picture-] img").count() == 0  # nothing of the pair before
    choose(visit, "#pair", "camera_grass")
    assert "camera_grass" in when_done(visit, "")
    assert visit.inner_text("#message") == ""
    assert "a.jpg" not in visit.inner_text("#upload-a")


def wakes_of(process: int) -> int:
    """How often the threads of a process have waited."""
    lines = [line for path in Path(f"/proc/{process}/task").glob("*/status") for line in path.read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))


@posix
@pytest.mark.slow
@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_nobody_asks_rests_and_leaves_nothing(tmp_path, signal_number):
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "reference", "explore", "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
        assert "The explorer is at http://127.0.0.1:" in next(line for line in server.stderr if "explorer" in line)
        assert list(tmp_path.glob("parfocal-explore-*"))
        waited = 0
        if sys.platform == "linux" and signal_number == signal.SIGTERM:  # Linux counts how often a process wakes
            time.sleep(2)
            before, _, after = wakes_of(server.pid), time.sleep(2), wakes_of(server.pid)
            waited = after - before
        server.send_signal(signal_number)
        rest = server.stderr.read()
    assert not list(tmp_path.iterdir())
    assert "Traceback" not in rest
    assert waited < 200  # 80 seen; 1,800 where work is looked for every millisecond


def test_a_port_that_is_taken_is_one_sentence(address):
    command = [sys.executable, "-m", "reference", "explore", "--no-browser", "--port", address.rpartition(":")[2]]
    refused = subprocess.run(command, check=False, capture_output=True, text=True)
    assert refused.returncode == 3
    assert re.fullmatch(r"parfocal: port \d+ cannot be had \(.+\): choose another with --port\n", refused.stderr)
    assert refused.stderr.count("\n") == 1


def test_a_value_that_cannot_be_leaves_the_box(visit):
    before = command_of(visit)
    set_option(visit, "pool-window", "4")
    visit.wait_for_selector("#message .wrong")
    assert "a window around a pixel is odd" in visit.inner_text("#message")
    assert visit.input_value("#option-pool-window input[type=number]") == "1"
    set_option(visit, "radius", "")
    visit.wait_for_function("document.querySelector('#message').innerText.includes('radius has no value')")
    set_option(visit, "radius", "100")
    visit.wait_for_function("document.querySelector('#message').innerText.includes('it goes from 0 to 60 here')")
    visit.wait_for_function("document.querySelector('#option-radius input[type=number]').value == '8'")
    set_option(visit, "radius", "9")
    assert "--radius 9" in when_done(visit, before)


def test_the_boxes_agree_with_the_command_line_after_a_move_during_a_run(visit):
    line = command_of(visit)
    choose(visit, "#pair", "astronaut_brick")
    set_option(visit, "radius", "20")
    line = when_done(visit, line)
    visit.wait_for_timeout(1500)
    radius = visit.input_value("#option-radius input[type=number]")
    assert (f"--radius {radius}" in command_of(visit)) or (radius == "8" and "--radius" not in command_of(visit))


def test_a_method_chosen_during_a_run_is_taken_after_it(visit):
    line = command_of(visit)
    choose(visit, "#pair", "coffee_gravel")
    choose(visit, "#method", "GFDF, without a network")
    line = when_done(visit, line)
    while "--method gfdf" not in line:
        line = when_done(visit, line)
    assert "coffee_gravel" in line
    assert visit.input_value("#method input") == "GFDF, without a network"


def test_looking_through_a_list_leaves_the_sliders_where_they_are(visit):
    before = command_of(visit)
    set_option(visit, "radius", "9")
    line = when_done(visit, before)
    for dropdown in ("#pair", "#method"):
        visit.click(f"{dropdown} input")
        visit.keyboard.press("Tab")
    visit.wait_for_timeout(1500)
    assert command_of(visit) == line
    assert visit.input_value("#option-radius input[type=number]") == "9"


def test_another_name_of_the_host_is_refused(address):
    connection = http.client.HTTPConnection("127.0.0.1", int(address.rpartition(":")[2]))
    connection.request("GET", "/", headers={"Host": "elsewhere.example"})
    assert connection.getresponse().status == 400
    connection.close()


def test_another_site_may_not_send_anything(address):
    statuses = []
    for origin in ("https://elsewhere.example", "http://127.0.0.1:1", address):
        connection = http.client.HTTPConnection("127.0.0.1", int(address.rpartition(":")[2]))
        connection.request("POST", "/gradio_api/upload", headers={"Origin": origin})
        statuses.append(connection.getresponse().status)
        connection.close()
    assert statuses[:2] == [403, 403]
    assert statuses[2] != 403
