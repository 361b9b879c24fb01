"""How fast matlab_compat is beside other packages: python -m tests.benchmarks.matlab_compat.

Ratios are taken side by side in one run, on two threads. Rivals are those that are installed:
pip install --no-deps pypiqe resize-right bicubic-pytorch pyiqa basicsr
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from matlab_compat import (
    bwareaopen,
    fast_guidedfilter,
    guidedfilter,
    im2double,
    imdilate,
    imopen,
    imresize,
    medfilt2,
    ordfilt2,
    piqe,
    rgb2gray,
    strel,
)
from tests.benchmarks.rivals import ABSENT, load, resizers
from tests.benchmarks.side_by_side import machine, milliseconds

SIZES = ((512, 384), (2048, 1536))
THREADS = 2


@dataclass(frozen=True)
class Row:
    """One measurement: ours, the rival, and how many times faster (above 1) we must be and are."""

    what: str
    size: str
    ours_ms: float
    rival: str
    rival_ms: float
    equal_percent: float | None
    asked: float | None  # rival time / our time, at least

    @property
    def ratio(self) -> float:
        return self.rival_ms / self.ours_ms

    @property
    def holds(self) -> bool:
        return self.asked is None or self.ratio >= self.asked


def photograph(width: int, height: int) -> np.ndarray:
    """A photograph of that size, (height, width, 3) uint8."""
    from skimage import data

    return imresize(data.astronaut()[64:448], [height, width])


def measure_piqe(image: np.ndarray, size: str) -> Iterator[Row]:
    rival = load("pypiqe")
    if rival:
        times = milliseconds({"ours": lambda: piqe(image), "pypiqe": lambda: rival.piqe(image)})
        asked = 5.0 if image.shape[1] == SIZES[0][0] else 2.5
        yield Row("piqe", size, times["ours"], "pypiqe", times["pypiqe"], None, asked)


def measure_imresize(image: np.ndarray, size: str) -> Iterator[Row]:
    for scale in (0.5, 2.0):
        exact = imresize(image, scale)
        rivals = resizers()
        ways = {name: (lambda way=way, scale=scale: way(image, scale)) for name, way in rivals.items()}
        equal = {name: 100 * float(np.mean(way(image, scale) == exact)) for name, way in rivals.items()}
        times = milliseconds({"ours": lambda scale=scale: imresize(image, scale), **ways})
        for name in rivals:
            asked = 1 / 4 if name == "Pillow" else 1.0 if equal[name] > 80 else None
            yield Row(f"imresize x{scale:g}", size, times["ours"], name, times[name], equal[name], asked)


def measure_guided(image: np.ndarray, size: str) -> Iterator[Row]:
    import cv2

    guide = im2double(rgb2gray(image))
    target = (guide > 0.5).astype(np.float64)
    single = guide.astype(np.float32), target.astype(np.float32)
    times = milliseconds({
        "guidedfilter": lambda: guidedfilter(guide, target, 8, 0.1),
        "fast_guidedfilter": lambda: fast_guidedfilter(guide, target, 8, 0.1),
        "cv2": lambda: cv2.ximgproc.guidedFilter(*single, 8, 0.1),
    })  # fmt: skip
    slow = 1 / 25 if image.shape[1] == SIZES[0][0] else 1 / 10
    for name, asked in (("guidedfilter", slow), ("fast_guidedfilter", 1 / 5)):
        yield Row(f"{name} r 8", size, times[name], "cv2.ximgproc, float32", times["cv2"], None, asked)


def measure_bwareaopen(image: np.ndarray, size: str) -> Iterator[Row]:
    import cv2

    gray = im2double(rgb2gray(image))
    noise = np.random.default_rng(0).random(gray.shape) > 0.5
    for kind, mask in (("photograph", gray > gray.mean()), ("noise", noise)):
        area = mask.size // 100

        def lookup(mask: np.ndarray = mask, area: int = area) -> np.ndarray:
            _, label, stats, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
            keep = stats[:, cv2.CC_STAT_AREA] >= area
            keep[0] = False
            return keep[label]

        ways = {"ours": lambda mask=mask, area=area: bwareaopen(mask, area), "cv2": lookup}
        equal = 100 * float(np.mean(ways["ours"]() == lookup()))
        times = milliseconds(ways)
        yield Row(f"bwareaopen, {kind}", size, times["ours"], "cv2 components, lookup", times["cv2"], equal, 1 / 2)


def measure_order(image: np.ndarray, size: str) -> Iterator[Row]:
    """Order statistics and morphology of bytes; at the border OpenCV and scipy have other values."""
    import cv2
    from scipy.ndimage import rank_filter

    gray = rgb2gray(image)
    for side in (3, 5, 9):
        ways = {
            "ours": lambda side=side: medfilt2(gray, [side, side]),
            "theirs": lambda side=side: cv2.medianBlur(gray, side),
        }
        yield _beside(f"medfilt2 {side} x {side}", size, "OpenCV", ways)
    domain = np.ones((5, 5), bool)
    ways = {
        "ours": lambda: ordfilt2(gray, 4, domain),
        "theirs": lambda: rank_filter(gray, 3, footprint=domain, mode="constant"),
    }
    yield _beside("ordfilt2 4th of 5 x 5", size, "scipy", ways)
    for radius in (3, 15):
        disk = strel("disk", radius)
        shape = np.asarray(disk, np.uint8)
        ways = {"ours": lambda disk=disk: imdilate(gray, disk), "theirs": lambda shape=shape: cv2.dilate(gray, shape)}
        yield _beside(f"imdilate, disk {radius}", size, "OpenCV", ways)
        opened = lambda shape=shape: cv2.morphologyEx(gray, cv2.MORPH_OPEN, shape)  # noqa: E731
        yield _beside(
            f"imopen, disk {radius}", size, "OpenCV", {"ours": lambda disk=disk: imopen(gray, disk), "theirs": opened}
        )


def _beside(what: str, size: str, rival: str, ways: dict[str, Callable[[], np.ndarray]]) -> Row:
    """One that must take at most three times as long, with the share of equal values."""
    equal = 100 * float(np.mean(ways["ours"]() == ways["theirs"]()))
    times = milliseconds(ways)
    return Row(what, size, times["ours"], rival, times["theirs"], equal, 1 / 3)


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        "| function | size | ours, ms | rival | rival, ms | values equal | rival / ours | asked |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        equal = "" if row.equal_percent is None else f"{row.equal_percent:.1f} %"
        asked = "" if row.asked is None else f"{row.asked:.2g}{'' if row.holds else ' MISSED'}"
        lines.append(f"| {row.what} | {row.size} | {row.ours_ms:.3g} | {row.rival} | {row.rival_ms:.3g} | {equal} "
                     f"| {row.ratio:.2f} | {asked} |")  # fmt: skip
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the rows there too")
    arguments = parser.parse_args()
    import cv2
    import torch

    cv2.setNumThreads(THREADS)
    torch.set_num_threads(THREADS)
    measures = (measure_piqe, measure_imresize, measure_guided, measure_bwareaopen, measure_order)
    jobs = [(measure, size) for size in SIZES for measure in measures]
    rows: list[Row] = []
    for measure, (width, height) in tqdm(jobs, file=sys.stderr):
        rows += measure(photograph(width, height), f"{width} x {height}")
    where = f"{machine()}; {THREADS} threads; Python {platform.python_version()}, numpy {np.__version__}"
    print(f"{table(rows)}\n\n{where}")
    if ABSENT:
        print(f"not installed: {', '.join(sorted(set(ABSENT)))}", file=sys.stderr)
    if arguments.json:
        arguments.json.write_text(
            json.dumps({"machine": where, "rows": [asdict(row) for row in rows]}, indent=1) + "\n"
        )
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
