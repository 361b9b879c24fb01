"""From a click on the explorer's page to its last picture, beside the command line's time for the same, in turns.

Run: python -m tests.benchmarks.explorer [ROUNDS]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import sync_playwright

from reference.datasets.pairs import Pair, embedded_pairs
from tests.benchmarks.side_by_side import machine

MOST = 1.2  # times the command line
PORT = 7899
LOADED = """old => {
  const images = [...document.querySelectorAll('#steps img')];
  return (document.querySelector('#command textarea')?.value || old) != old && images.length >= 12
    && images.every(one => one.complete && one.naturalWidth > 0);
}"""


def by_command(pair: Pair, folder: Path) -> float:
    """Seconds of `parfocal fuse --save-steps` in a process of its own."""
    command = [sys.executable, "-m", "reference", "fuse", str(pair.image_a), str(pair.image_b)]
    began = time.perf_counter()
    subprocess.run([*command, "-o", folder / "fused.png", "--save-steps", folder / "steps"], check=True,
                   capture_output=True)  # fmt: skip
    return time.perf_counter() - began


def by_click(page: Any, pair: Pair) -> float:
    """Seconds from the choice of the pair to the last picture of a step."""
    before = page.input_value("#command textarea")
    page.click("#pair input")
    option = page.wait_for_selector(f"[role=option]:has-text('{pair.name}')")
    began = time.perf_counter()
    option.click()
    page.wait_for_function(LOADED, arg=before)
    return time.perf_counter() - began


def main(rounds: int) -> int:
    """Exit 1 if the page takes longer than a fifth more."""
    pairs = embedded_pairs()[:2]
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = subprocess.Popen(
            [sys.executable, "-m", "reference", "explore", "--no-browser", "--port", str(PORT)],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            while "The explorer is at" not in (server.stderr.readline() if server.stderr else ""):
                pass
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1440, "height": 6000})
            page.goto(f"http://127.0.0.1:{PORT}")
            page.wait_for_function(LOADED, arg="")
            taken = [
                (by_command(pair, Path(folder)), by_click(page, pair))
                for _ in range(rounds)
                for pair in reversed(pairs)
            ]
        finally:
            server.terminate()
            server.wait()
    print(f"{machine()}; embedded pairs, network enhanced, {len(taken)} times in turns\n")
    print("| | command line, s | page, s | page / command line |\n|---|---|---|---|")
    for name, of in (("median", median), ("most", max)):
        print(f"| {name} | {of(c for c, _ in taken):.2f} | {of(p for _, p in taken):.2f} "
              f"| {of(p / c for c, p in taken):.2f} |")  # fmt: skip
    return int(median(p / c for c, p in taken) > MOST)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
