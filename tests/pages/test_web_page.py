"""The page that needs no installation: each step as the command line computes it, in a browser without a network."""

from __future__ import annotations

import base64
import functools
import http.server
import io
import json
import threading

import numpy as np
import pytest
from PIL import Image

from reference.cli import main
from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image, write_image
from tests.support.optional import missing, needs

needs("onnx")
from docs.building.web import build_page, lacking, words  # noqa: E402, it needs what was asked for

pytestmark = pytest.mark.slow
FILES = {  # pictures of the page: files of --save-steps
    "gray_a": "01_gray_a", "gray_b": "01_gray_b", "score_map": "03_score_map", "focus_map": "04_focus_map",
    "mixed_pooling": "05_mixed_pooling", "segmentation": "06_segmentation", "consistency": "07_consistency",
    "guide": "08_guide", "guided_filter": "08_guided_filter", "fusion": "09_fusion",
}  # fmt: skip


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The folder as any plain web server serves it."""
    if why := lacking():
        missing(why, "apt-get install nodejs npm")
    folder = tmp_path_factory.mktemp("try")
    build_page(folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    """A and B as JPEG, one of another size, one too large, and a text."""
    folder = tmp_path_factory.mktemp("photographs")
    pair = next(pair for pair in embedded_pairs() if pair.name == "cat_coffee")
    for name, path in (("a.jpg", pair.image_a), ("b.jpg", pair.image_b)):
        write_image(folder / name, read_image(path).pixels[20:220, 40:280])
    write_image(folder / "other.png", read_image(pair.image_b).pixels[:100, :100])
    Image.new("L", (4100, 3300), 100).save(folder / "large.png")
    (folder / "text.png").write_text("no picture")
    return folder


@pytest.fixture
def visit(browser, address):
    """A visit; a complaint of the page, or a request to elsewhere, fails the test."""
    context, complaints = browser.new_context(viewport={"width": 1280, "height": 900}), []
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    allowed = (address, "data:", f"blob:{address}")
    page.on("request", lambda request: None if request.url.startswith(allowed) else complaints.append(request.url))
    page.goto(address)
    page.wait_for_function("document.body.dataset.ready")
    yield page
    context.close()
    assert not complaints


def put(page, folder, a, b):
    page.set_input_files("#file-a", folder / a)
    page.set_input_files("#file-b", folder / b)


def says(page, text):
    page.wait_for_function(
        "text => document.querySelector('#status').textContent.includes(text)", arg=text, timeout=60_000
    )
    return page.inner_text("#status")


def pictured(page, name):
    """The pixels of a picture of the page."""
    url = page.evaluate("name => document.querySelector(`figure[data-step=${name}] canvas`).toDataURL()", name)
    with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def stored(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


OF_PIXEL = {name: name for name in ("decision_map", "expected_error")}
LACKS = {
    "network": set(), "gfdf": {"score_map", "focus_map", "mixed_pooling"},
    "pixel": set(FILES) - {"gray_a", "gray_b", "fusion"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("method", "options"),
    [("network", ["--network", "small"]), ("gfdf", ["--method", "gfdf"]), ("pixel", ["--method", "pixel"])],
)
def test_every_step_is_that_of_the_command_line(visit, photographs, tmp_path, method, options):
    visit.select_option("#method", method)
    put(visit, photographs, "a.jpg", "b.jpg")
    told = says(visit, "done in")
    sources = [str(photographs / name) for name in ("a.jpg", "b.jpg")]
    assert (
        main(["fuse", *sources, "-o", str(tmp_path / "f.png"), "--save-steps", str(tmp_path / "steps"), *options]) == 0
    )
    files = FILES | OF_PIXEL
    shown = {name for name in files if visit.is_visible(f"figure[data-step={name}]")}
    assert shown == set(files) - LACKS[method] - (set() if method == "pixel" else set(OF_PIXEL))
    sliders = {name for name in ("pooling", "smallest", "filtering") if visit.is_visible(f"#{name}")}
    assert sliders == {"network": {"pooling", "smallest", "filtering"}, "gfdf": {"smallest", "filtering"}}.get(
        method, set()
    )
    for name in shown:
        difference = np.abs(pictured(visit, name) - stored(tmp_path / "steps" / f"{files[name]}.png"))
        assert difference.max() <= 1, name
        assert (difference > 0).mean() < 5e-3, (
            name
        )  # GFDF: ties in flat areas, decided at 1e-17, and what a filter makes of them
    record = json.loads((tmp_path / "f.png.json").read_text())
    assert f"{round(100 * record['from_a'])} % from A" in told
    with visit.expect_download() as download:
        visit.click("#save")
    assert np.abs(stored(download.value.path()) - stored(tmp_path / "f.png")).max() <= 1


def test_a_slider_computes_what_follows_it_anew(visit, photographs, tmp_path):
    put(visit, photographs, "a.jpg", "b.jpg")
    says(visit, "done in")
    visit.focus("#radius")
    for _ in range(4):  # by the keyboard
        visit.keyboard.press("ArrowLeft")
    visit.wait_for_timeout(300)
    says(visit, "done in")
    sources = [str(photographs / name) for name in ("a.jpg", "b.jpg")]
    options = ["--network", "small", "--radius", "4", "--save-steps", str(tmp_path / "steps")]
    assert main(["fuse", *sources, "-o", str(tmp_path / "f.png"), *options]) == 0
    visit.wait_for_function("document.querySelector('#progress').hidden")
    assert np.abs(pictured(visit, "guided_filter") - stored(tmp_path / "steps/08_guided_filter.png")).max() <= 1


def test_the_page_proves_itself(visit):
    visit.click("#check")
    visit.wait_for_function("document.querySelector('#verdict').textContent", timeout=60_000)
    assert visit.inner_text("#verdict") == "43 arrays of the conformance kit in this browser: pass."


@pytest.mark.parametrize(
    ("a", "b", "sentence"),
    [
        ("a.jpg", "other.png", "a.jpg is 240 x 200 pixels but other.png is 100 x 100"),
        ("a.jpg", "text.png", "text.png is no image that this browser reads"),
        ("large.png", "large.png", "13.5 megapixels are more than 2, which this page does by this network"),
    ],
)
def test_what_cannot_be_fused_is_one_sentence(visit, photographs, a, b, sentence):
    put(visit, photographs, a, b)
    says(visit, sentence)
    assert visit.evaluate("document.querySelector('#status').classList.contains('wrong')")
    assert not visit.is_visible("#result")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_window(visit, width):
    visit.set_viewport_size({"width": width, "height": 844})
    visit.click("#sample")
    says(visit, "done in")
    assert visit.evaluate("document.documentElement.scrollWidth") <= width
    assert visit.evaluate(
        "[...document.querySelectorAll('.formula math')].every(m => m.getBoundingClientRect().height < 120)"
    )


def test_every_step_of_the_table_has_its_words():
    said = words()
    assert [text["number"] for text in said["paper"]] == list(range(1, 10))
    assert all("<math" in text["formula"] for text in said["paper"])
    lacks = {method: {n for n, text in own.items() if text is None} for method, own in said["own"].items()}
    assert lacks == {"gfdf": {2, 3, 5}, "pixel": {2, 3, 4, 5, 6, 7}}
    assert set(FILES) <= set(said["panels"])
