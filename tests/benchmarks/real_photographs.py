"""What moved cameras, other sizes and stacks cost, with ground truth, as the tables of docs/real_photographs.md.

Run: python -m tests.benchmarks.real_photographs [PART ...]
Parts: motions, unrelated, smoothing, sizes, resampling, stacks, memory, board. Stacks and the board need enfuse, the
board needs PARFOCAL_DATA.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from matlab_compat import im2uint8, imresize, piqe, psnr
from reference.align import refine
from reference.align.align import align
from reference.align.features import start
from reference.align.motion import KINDS, Motion
from reference.align.motion_file import Found
from reference.align.warp import warp
from reference.errors import BadInput
from reference.fusing import ByGfdf, ByNetwork
from reference.generator.boundaries import slope
from reference.generator.scenes import SCENES, make_scene
from reference.generator.shapes import smooth_shape
from reference.generator.thin_lens import disc_blur
from reference.gray import gray
from reference.image_io import ImageFile, read_image, write_image
from reference.metrics.average_gradient import average_gradient
from reference.metrics.spatial_frequency import spatial_frequency
from reference.network.loading import load_network
from reference.parameters import BEST
from reference.planes import planes
from reference.region import Region
from reference.samples import embedded_pairs
from reference.source_files import AS_THEY_ARE, Fit, Sources, matched
from reference.stack import stack
from reference.stack_files import stack_files
from reference.stack_opening import StackJob, open_stack
from tests.motions import MOVES, mean_residual, motion

FloatArray = NDArray[np.float64]
KIND = {"shift": "scale", "rotation": "scale", "scale": "scale", "affine": "affine", "perspective": "homography"}
MOST_MEMORY = "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
ENFUSE = ("--exposure-weight=0", "--saturation-weight=0", "--contrast-weight=1", "--hard-mask")


def pairs() -> Iterator[tuple[str, FloatArray, FloatArray, FloatArray]]:
    """Twelve pairs with truth: the six embedded ones, with the edges of objects, and six of slanting depth."""
    for seed, pair in enumerate(embedded_pairs()):
        assert pair.truth
        a, b, truth = (read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth))
        yield pair.name, a, b, truth
        inside = smooth_shape(truth.shape[:2], 30.0, 0.5, np.random.default_rng(seed))
        sloping = slope(truth, inside, 5.0, 8.0)
        yield f"{pair.name}, sloping", in_bytes(sloping.image_a), in_bytes(sloping.image_b), truth


def in_bytes(image: FloatArray) -> FloatArray:
    """As a file of 8 bits holds it."""
    return np.round(255 * np.clip(image, 0, 1)) / 255


def decibels(image: FloatArray, truth: FloatArray) -> float:
    """PSNR of both in 8 bits."""
    return float(psnr(im2uint8(image), im2uint8(truth)))


def motions() -> Iterator[str]:
    """Each pair, B moved by known motions, aligned; the fused image beside that of the true motion; then all."""
    by = ByNetwork(load_network("small"), BEST)
    yield "| pair | motion | mean residual, pixel | at most | PSNR, true motion, dB | PSNR, found motion, dB |"
    yield "|---|---|---|---|---|---|"
    runs: list[Run] = []
    for name, a, b, truth in pairs():
        for moves in MOVES:
            of_pair = [_run(by, moves, seed, a, b, truth) for seed in range(3)]
            runs += of_pair
            means = [f"{np.mean([getattr(run, field) for run in of_pair]):.2f}" for field in ("by_true", "by_found")]
            residuals = [run.residual for run in of_pair]
            yield f"| {name} | {moves} | {np.mean(residuals):.3f} | {max(residuals):.3f} | {' | '.join(means)} |"
    yield "\n| motion | mean residual, pixel | largest | mean change of PSNR, dB | worst, dB |\n|---|---|---|---|---|"
    for moves in MOVES:
        these = [run for run in runs if run.moves == moves]
        residuals, changes = [run.residual for run in these], [run.by_found - run.by_true for run in these]
        yield (f"| {moves} (`{KIND[moves]}`) | {np.mean(residuals):.3f} | {max(residuals):.3f} "
               f"| {np.mean(changes):+.2f} | {min(changes):+.2f} |")  # fmt: skip
    lost = sum(run.by_true - run.by_found > 1 for run in runs)
    yield f"\n{lost} of {len(runs)} lose more than 1 dB."
    features, correlation = min(run.features for run in runs), min(run.correlation for run in runs)
    yield f"At least {features} features agree, and the correlation is {correlation:.2f} or more."


class Run(NamedTuple):
    """One motion of one pair: how far off it was found, the PSNR with the true and the found one, what spoke for it."""

    moves: str
    residual: float
    by_true: float
    by_found: float
    features: int
    correlation: float


def _run(by: Any, moves: str, seed: int, a: FloatArray, b: FloatArray, truth: FloatArray) -> Run:
    true = motion(moves, a.shape, seed)
    photographed = in_bytes(warp(b, np.linalg.inv(true), a.shape))
    found = align(gray(a), gray(photographed), KIND[moves])  # type: ignore[arg-type]
    common, values = found.region.of, []
    for matrix in (true, found.motion.matrix):
        fused = by(common(a), common(warp(photographed, matrix, a.shape)))
        values.append(decibels(fused.image, common(truth)))
    residual = mean_residual(found.motion.matrix, true, a.shape)
    return Run(moves, residual, *values, found.features, found.correlation)


def unrelated() -> Iterator[str]:
    """How many features agree between photographs of which no part is the same; all must be refused."""
    truths = {pair.name: gray(read_image(pair.truth).pixels) for pair in embedded_pairs() if pair.truth}
    counts = []
    for (name, one), (other_name, other) in combinations(truths.items(), 2):
        if set(name.split("_")) & set(other_name.split("_")):
            continue  # both show the cat, the rocket, ...
        for kind in KINDS:
            for first, second in ((one, other), (other, one)):
                found = start(first, second, kind)
                counts.append(len(found.points_a) if found else 0)
                try:
                    align(first, second, kind)
                except BadInput:
                    continue
                raise AssertionError(f"{name} was aligned with {other_name}")
    yield f"{len(counts)} alignments of unrelated photographs refused; at most {max(counts)} features agreed."


def smoothing() -> Iterator[str]:
    """Mean residual of the six embedded pairs by the window of the Gaussian: what `refine.SMOOTHING` is from."""
    yield "| window | sum of the mean residuals of the pairs, pixel | largest residual |\n|---|---|---|"
    for window in (7, 11, 15, 21, 31, 41):
        refine.SMOOTHING = window
        residuals = []
        for pair in embedded_pairs():
            a, b = (gray(read_image(path).pixels) for path in (pair.image_a, pair.image_b))
            for moves in ("affine", "perspective"):
                for seed in range(100, 104):
                    true = motion(moves, a.shape, seed)
                    photographed = in_bytes(warp(b, np.linalg.inv(true), a.shape))
                    found = align(a, photographed, KIND[moves])  # type: ignore[arg-type]
                    residuals.append(mean_residual(found.motion.matrix, true, a.shape))
        yield f"| {window} | {6 * np.mean(residuals):.3f} | {max(residuals):.3f} |"


def memory() -> Iterator[str]:
    """The most memory that `parfocal stack` takes of 5, 10 and 50 photographs, 800 x 600 in colour, by GFDF."""
    rng = np.random.default_rng(0)
    with TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"{k:02}.png") for k in range(50)]
        for path in paths:
            write_image(path, rng.random((600, 800, 3)))
        for count in (5, 10, 50):
            arguments = ["stack", *paths[:count], "-o", f"{folder}/fused.tif", "--method", "gfdf"]
            code = f"import resource; from reference.cli import main; main({arguments}); " + MOST_MEMORY
            done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
            yield f"{count} photographs: {done.stdout.strip()} MiB"


def sizes() -> Iterator[str]:
    """A of 520 x 520, B of other sizes: as `fuse` brings it onto A's grid, beside the truth that went the same way."""
    by = ByNetwork(load_network("small"), BEST)
    yield "| scene | B | fused image, dB | truth resampled as B, dB | fused from one size, dB |\n|---|---|---|---|---|"
    near, rows = 0, 0
    for scene in SCENES:
        made = make_scene(scene, (520, 520))
        a, b, truth = (in_bytes(image) for image in (made.image_a, made.image_b, made.truth))
        for size in ((500, 500), (1040, 1040), (520, 480)):
            sources, resampled, left = _of_another_size(a, b, truth, size)
            fused, alone = by(sources.image_a, sources.image_b).image, by(a, b).image
            values = [
                decibels(fused, left(truth)),
                decibels(resampled, left(truth)),
                decibels(left(alone), left(truth)),
            ]
            near, rows = near + (values[0] > values[1] - 1), rows + 1
            shown = " | ".join(f"{value:.2f}" for value in values)
            yield f"| {scene.name} | {size[1]} x {size[0]} | {shown} |"
    yield f"\n{near} of {rows} are within 1 dB of the truth that was resampled the same way, or above it."


def _of_another_size(
    a: FloatArray, b: FloatArray, truth: FloatArray, size: tuple[int, int]
) -> tuple[Sources, FloatArray, Callable[[FloatArray], FloatArray]]:
    """B and the truth scaled to a size and brought back; what is left of A then. Of another shape B must be aligned."""
    eight_bits = np.dtype(np.uint8)
    given, scaled_b, scaled_truth = (
        ImageFile(im2uint8(image), eight_bits) for image in (a, imresize(b, [*size]), imresize(truth, [*size]))
    )
    names, region, fit = ("A", "B"), Region(0, a.shape[0], 0, a.shape[1]), AS_THEY_ARE
    if size[0] != size[1]:
        try:
            matched(given, scaled_b, names, fit, _silent)
        except BadInput as refusal:
            assert "use --align" in str(refusal)
        else:
            raise AssertionError(f"B of {size} was resized")
        moved = matched(given, scaled_b, names, Fit(align="affine"), _silent).record["alignment"]
        region = Region(**moved["region"])
        fit = Fit(found=Found(Motion.from_json(moved), a.shape[:2], scaled_b.shape[:2]))
    sources = matched(given, scaled_b, names, fit, _silent)
    return sources, matched(given, scaled_truth, names, fit, _silent).image_b, region.of


def _silent(sentence: str) -> None:
    """Nobody is told."""


def resampling() -> Iterator[str]:
    """What resampling alone does to the measures of sharpness: means over the six scenes."""
    truths = [read_image(pair.truth).pixels for pair in embedded_pairs() if pair.truth]
    yield "| scene sharp everywhere | PIQE | spatial frequency |\n|---|---|---|"
    for label, factor in (("as it is", 1.0), ("to 500 : 520 and back", 500 / 520), ("to 2 : 1 and back", 2.0)):
        images = [
            in_bytes(imresize(in_bytes(imresize(t, [round(s * factor) for s in t.shape[:2]])), [*t.shape[:2]]))
            if factor != 1 else t for t in truths
        ]  # fmt: skip
        scores = [piqe(im2uint8(image)).score for image in images]
        frequencies = [spatial_frequency(255 * gray(image)) for image in images]
        yield f"| {label} | {np.mean(scores):.2f} | {np.mean(frequencies):.2f} |"


def stacks() -> Iterator[str]:
    """Seven photographs of a scene whose depth varies, with ground truth, beside enfuse."""
    ways: dict[str, Any] = {"GFDF": ByGfdf(), "small, best": ByNetwork(load_network("small"), BEST)}
    ours_head = " | ".join(f"{way}, dB" for way in ways)
    yield f"| scene | noise, levels | best single photograph, dB | enfuse, dB | {ours_head} |"
    yield f"|---|---|---|---|{'---|' * len(ways)}"
    for seed, pair in enumerate(embedded_pairs()):
        assert pair.truth
        truth = read_image(pair.truth).pixels
        for noise in (0, 5):
            images = through_focus(truth, seed, noise)
            single = max(decibels(image, truth) for image in images)
            ours = [stack([lambda image=image: image for image in images], by).image for by in ways.values()]
            figures = [single, decibels(by_enfuse(images), truth), *(decibels(image, truth) for image in ours)]
            yield f"| {pair.name} | {noise} | {' | '.join(f'{value:.2f}' for value in figures)} |"


def through_focus(truth: FloatArray, seed: int, noise: float, photographs: int = 7) -> list[FloatArray]:
    """Photographs focused from near to far; a disc of up to 8 pixels blurs what is at the other end."""
    from scipy import ndimage

    rng, radii = np.random.default_rng(seed), np.arange(0, 8.5, 0.5)
    depth = ndimage.gaussian_filter(rng.standard_normal(truth.shape[:2]), 40, mode="wrap")
    depth = (depth - depth.min()) / np.ptp(depth)
    blurred = np.stack([np.clip(disc_blur(truth, radius), 0, 1) for radius in radii])
    y, x = np.indices(depth.shape)
    images = []
    for k in range(photographs):
        at = np.clip(np.abs(depth - k / (photographs - 1)) * (len(radii) - 1), 0, len(radii) - 1.001)
        share = (at % 1).reshape(at.shape + (1,) * (truth.ndim - 2))
        image = blurred[at.astype(int), y, x] * (1 - share) + blurred[at.astype(int) + 1, y, x] * share
        images.append(in_bytes(image + noise / 255 * rng.standard_normal(image.shape)))
    return images


def by_enfuse(images: list[FloatArray]) -> FloatArray:
    """What enfuse makes of them, by contrast alone and with hard masks, as its manual has it for focus stacks."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{k}.png" for k in range(len(images))]
        for path, image in zip(paths, images, strict=True):
            write_image(path, image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2))
        fused = Path(folder) / "fused.png"
        subprocess.run(["enfuse", *ENFUSE, "-o", fused, *paths], check=True, capture_output=True)
        pixels = np.asarray(PillowImage.open(fused).convert("RGB")) / 255
    return pixels if images[0].ndim == 3 else pixels[..., 0]


def board() -> Iterator[str]:
    """The seven photographs of a circuit board in PARFOCAL_DATA/stacks/petteri_pcb: there is no truth."""
    folder = Path(os.environ["PARFOCAL_DATA"]) / "stacks/petteri_pcb"
    out = Path("results/board")
    out.mkdir(parents=True, exist_ok=True)
    ways: dict[str, Any] = {"GFDF": ByGfdf(), "small, best": ByNetwork(load_network("small"), BEST)}
    paths, shown = planes(sorted(folder.glob("pcb_*.jpg"))), {}
    for way, by in ways.items():
        record = stack_files(StackJob(paths, out / f"{way.partition(',')[0]}.png", by, "scale"))
        shown[way] = read_image(out / record["result"]["file"]).pixels
    aligned = [photograph() for photograph in open_stack(StackJob(paths, out / "x.png", by, "scale")).photographs]
    shown["enfuse, of the same aligned files"] = by_enfuse(aligned)
    shown |= {f"photograph {k}": image for k, image in enumerate(aligned, 1)}
    yield "| | spatial frequency | average gradient |\n|---|---|---|"
    for name, image in shown.items():
        level = 255 * gray(image)
        yield f"| {name} | {spatial_frequency(level):.2f} | {average_gradient(level):.2f} |"


PARTS = {
    "motions": motions, "unrelated": unrelated, "smoothing": smoothing, "sizes": sizes, "resampling": resampling,
    "stacks": stacks, "memory": memory, "board": board,
}  # fmt: skip

if __name__ == "__main__":
    wanted = sys.argv[1:] or [part for part in PARTS if part != "board" or "PARFOCAL_DATA" in os.environ]
    if not shutil.which("enfuse") and {"stacks", "board"} & set(wanted):
        sys.exit("enfuse is not here (Debian: apt-get install enfuse)")
    for part in wanted:
        for line in PARTS[part]():
            print(line, flush=True)
        print()
