"""Time and memory of `fuse` by the size of the photographs, and the memory that it says it will take.

.venv/bin/python -m tests.benchmarks.large_images [METHOD ...] [--megapixels N ...] [--bits 16]; nothing else may run.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.ndimage import uniform_filter

from reference.images.files import write_stored

METHODS = ("gfdf", "pixel", "small", "half", "enhanced", "liu2017")
MEGAPIXELS = (1, 10, 50, 100)
# In a process of its own, so that its memory is its own.
FUSE = """
import json, resource, sys, time
from pathlib import Path
from reference.jobs.fuse import FuseJob, fuse_files
from reference.methods.settings import METHODS, MethodSettings
from reference.images.files import read_image
from reference.jobs.tiles import estimate, tile_size_for
from reference.images.region import Region

folder, method = Path(sys.argv[1]), sys.argv[2]
by = (MethodSettings(method) if method in METHODS else MethodSettings(network=method)).load()
a = read_image(folder / "a.tif")
says = estimate(a, by, tile_size_for(a.shape, by))
corner = a.part(Region(0, 64, 0, 64))
by(corner, corner)  # loads what is loaded when it is used
del a
start = time.perf_counter()
fuse_files(FuseJob(folder / "a.tif", folder / "b.tif", folder / "fused.tif", by))
seconds = time.perf_counter() - start
print(json.dumps([seconds, says / 1e9, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9]))
"""


def photographs(folder: Path, megapixels: int, stored: type) -> int:
    """Two photographs of noise, sharp on the left and on the right, in a class; their pixels."""
    side = round(math.sqrt(megapixels * 1e6))
    rng = np.random.default_rng(megapixels)
    sharp = rng.integers(0, np.iinfo(stored).max, (side, side, 3), stored, endpoint=True)
    blurred = np.stack([uniform_filter(sharp[..., channel], 5) for channel in range(3)], axis=-1)
    left = np.arange(side)[None, :, None] < side / 2
    write_stored(folder / "a.tif", np.where(left, sharp, blurred))
    write_stored(folder / "b.tif", np.where(left, blurred, sharp))
    return side * side


def main() -> None:
    """A row for each method and size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("methods", nargs="*", default=METHODS)
    parser.add_argument("--megapixels", type=int, nargs="+", default=MEGAPIXELS)
    parser.add_argument("--bits", type=int, choices=(8, 16), default=8)
    options = parser.parse_args()
    stored = np.uint16 if options.bits == 16 else np.uint8
    print("| method | megapixels | seconds a megapixel | memory, GB | as said, GB |\n|---|---|---|---|---|", flush=True)
    for megapixels in options.megapixels:
        with TemporaryDirectory() as folder:
            pixels = photographs(Path(folder), megapixels, stored)
            for method in options.methods:
                command = [sys.executable, "-W", "ignore", "-c", FUSE, folder, method]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                seconds, says, memory = json.loads(done.stdout)
                print(
                    f"| {method} | {megapixels} | {seconds / pixels * 1e6:.2f} | {memory:.2f} | {says:.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
