"""What stacks are worth beside enfuse: `real_photographs` stacks, memory, board."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image as PillowImage

from matlab_compat import imresize
from reference.datasets.generator.thin_lens import disc_blur
from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image, write_image
from reference.images.stacks import planes
from reference.jobs.stack import StackJob, open_stack, stack_files
from reference.jobs.stack_fusion import stack
from reference.methods.base import GfdfMethod, NetworkMethod
from reference.methods.pixel import PixelMethod
from reference.metrics.single_image import average_gradient, spatial_frequency
from reference.network.loading import load_network
from reference.parameters import TUNED
from reference.steps import gray
from tests.benchmarks.photographs import FloatArray, decibels, in_bytes

MOST_MEMORY = "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
ENFUSE = ("--exposure-weight=0", "--saturation-weight=0", "--contrast-weight=1", "--hard-mask")


def stacks() -> Iterator[str]:
    """Seven photographs of a scene whose depth varies, with ground truth, beside enfuse."""
    ways: dict[str, Any] = {"GFDF": GfdfMethod(), "small, tuned": NetworkMethod(load_network("small"), TUNED)}
    ways["pixel"] = PixelMethod()
    ours_head = " | ".join(f"{way}, dB" for way in ways)
    yield f"| scene | noise, levels | best single photograph, dB | enfuse, dB | {ours_head} | error expected, levels |"
    yield f"|---|---|---|---|{'---|' * len(ways)}---|"
    for seed, pair in enumerate(embedded_pairs()):
        assert pair.truth
        truth = read_image(pair.truth).pixels
        for noise in (0, 5):
            images = through_focus(truth, seed, noise)
            single = max(decibels(image, truth) for image in images)
            ours = [stack(images, by) for by in ways.values()]
            figures = [single, decibels(by_enfuse(images), truth), *(decibels(fused.image, truth) for fused in ours)]
            error = ours[-1].error
            assert error is not None
            figures.append(255 * float(np.sqrt(np.mean(error**2))))
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


def memory() -> Iterator[str]:
    """The most memory that `parfocal stack` takes of 5, 10 and 50 photographs, 800 x 600 in colour, by GFDF."""
    rng = np.random.default_rng(0)
    with TemporaryDirectory() as folder:
        paths = [str(Path(folder) / f"{k:02}.png") for k in range(50)]
        for path in paths:
            write_image(path, rng.random((600, 800, 3)))
        for count in (5, 10, 50):
            yield f"{count} photographs: {_memory_of('stack', paths[:count], folder)[0]} MiB"
        large = [str(Path(folder) / f"{side}.png") for side in "ab"]
        pair = embedded_pairs()[0]
        for path, source in zip(large, (pair.image_a, pair.image_b), strict=True):
            write_image(path, np.clip(imresize(read_image(source).pixels, [2072, 2728]), 0, 1))
        for command, *options in (("fuse",), ("fuse", "--align", "scale"), ("stack",), ("stack", "--align", "scale")):
            most, says = _memory_of(command, large, folder, *options)
            said = re.search(r"about (.*) GB", says)
            what = " ".join([command, *options])
            yield f"{what}, two of 5.7 megapixels: {most * 2**20 / 1e9:.1f} GB, {said[1] if said else 'nothing'} said"


def _memory_of(command: str, paths: list[str], folder: str, *options: str) -> tuple[int, str]:
    """MiB that a command takes at most, and what it says."""
    arguments = [command, *paths, "-o", f"{folder}/fused.tif", "--method", "gfdf", *options]
    code = f"import resource; from reference.cli import main; assert main({arguments}) == 0; " + MOST_MEMORY
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout), done.stderr


def board() -> Iterator[str]:
    """The seven photographs of a circuit board in PARFOCAL_DATA/stacks/petteri_pcb: there is no truth."""
    folder = Path(os.environ["PARFOCAL_DATA"]) / "stacks/petteri_pcb"
    out = Path("results/board")
    out.mkdir(parents=True, exist_ok=True)
    ways: dict[str, Any] = {"GFDF": GfdfMethod(), "small, tuned": NetworkMethod(load_network("small"), TUNED)}
    ways["pixel"] = PixelMethod()
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
