"""How fast and how right the fusion metrics are beside other packages: python -m tests.benchmarks.fusion_metrics.

One thread, but for the first line; ratios are taken side by side in one run. Rivals are those that are installed:
scikit-image, and pip install --no-deps cslib lbbutils (cslib's metrics need torch and kornia).
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import math
import os
import subprocess
import sys
import time
import types
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from tqdm import tqdm

import matlab_compat.parts
from matlab_compat import im2uint8, imresize
from reference.datasets.pairs import find_pairs
from reference.datasets.registry import find_group
from reference.experiments.methods import find_methods
from reference.images.files import read_image, write_image
from reference.metrics.catalogue import METRICS, Metric, metric
from reference.metrics.gray_levels import gray_levels
from reference.metrics.score import score
from tests.benchmarks.side_by_side import machine, milliseconds

ASKED = 80  # times one SSIM of scikit-image
EVERY = [one.name for one in METRICS if not one.by_name]  # what `score` computes by default
FAST = [one.name for one in METRICS if not one.slow]
ASKED_SECONDS = 2  # of all metrics, on two threads
# The fifteen that papers on infrared images print most, and as many images as a figure that circulates is for.
OFTEN = (
    "entropy", "standard_deviation", "spatial_frequency", "average_gradient", "q_mi", "mse_mean", "cc", "q_scd",
    "q_abf", "n_abf", "ssim_mean", "ms_ssim", "vifp", "q_fmi_none", "cross_entropy",
)  # fmt: skip
COUNT = 280
Variant = Callable[[np.ndarray, np.ndarray, np.ndarray], float]
# Our name: file and function. Its q_p stops in the debugger and is left out.
CSLIB = {
    "q_mi": ("nmi", "nmi"), "q_ncie": ("q_ncie", "q_ncie"), "q_te_cvejic": ("te", "te_metric"),
    "q_g": ("q_abf", "q_abf_metric"), "q_m": ("pww", "pww_metric"), "q_sf": ("q_sf", "q_sf_metric"),
    "q_s": ("q_s", "q_s_metric"), "q_s_zl": ("q_s", "q_s_metric"), "q_w": ("q_w", "q_w_metric"),
    "q_w_zl": ("q_w", "q_w_metric"), "q_e": ("q_e", "q_e_metric"),
    "q_c": ("q_c", "q_c_metric"), "q_y": ("q_y", "q_y_metric"), "q_cv": ("q_cv", "q_cv_metric"),
    "q_cb": ("q_cb", "q_cb_metric"), "q_viff": ("viff", "viff_metric"), "q_scd": ("scd", "scd"),
    "ssim_mean": ("ssim", "ssim_metric"), "entropy": ("en", "en_metric"), "average_gradient": ("ag", "ag_metric"),
    "edge_intensity": ("ei", "ei_metric"), "spatial_frequency": ("sf", "sf_metric"),
    "standard_deviation": ("sd", "sd_metric"),
}  # fmt: skip
LBBUTILS = {"q_mi": "_q_mi", "q_g": "_q_g", "q_cb": "_q_cb", "q_y": "_q_y"}


def bare(package: str, inner: str) -> bool:
    """Make a package importable without running its own imports; False if it is not installed."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        return False
    folder, name = Path(found.origin).parent, package
    for part in ["", *inner.split(".")]:
        folder, name = (folder / part, f"{name}.{part}") if part else (folder, name)
        module = types.ModuleType(name)
        module.__path__ = [str(folder)]
        sys.modules[name] = module
    return True


def cslib_ways() -> dict[str, Variant]:
    if not bare("cslib", "metrics.collection"):
        return {}
    import torch

    def way(file: str, function: str) -> Variant:
        def run(a: np.ndarray, b: np.ndarray, f: np.ndarray) -> float:
            compute = getattr(importlib.import_module(f"cslib.metrics.collection.{file}"), function)
            return float(compute(*(torch.from_numpy(image / 255)[None, None] for image in (a, b, f))))

        return run

    return {name: way(*where) for name, where in CSLIB.items()}


def lbbutils_ways() -> dict[str, Variant]:
    if not bare("lbbutils", "metrics"):
        return {}

    def way(file: str, function: str) -> Variant:
        def run(a: np.ndarray, b: np.ndarray, f: np.ndarray) -> float:
            return float(getattr(importlib.import_module(f"lbbutils.metrics.{file}"), function)(a, b, f))

        return run

    return {name: way(function[1:], function) for name, function in LBBUTILS.items()}


def one_ssim(x: np.ndarray, y: np.ndarray) -> float:
    from skimage.metrics import structural_similarity

    return float(
        structural_similarity(x, y, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255)
    )


def skimage_ways() -> dict[str, Variant]:
    from skimage.measure import shannon_entropy

    return {
        "ssim_mean": lambda a, b, f: (one_ssim(a, f) + one_ssim(b, f)) / 2,
        "entropy": lambda a, b, f: float(shannon_entropy(f)),
    }


def images() -> dict[str, list[np.ndarray]]:
    """F, A, B in 8 bits, of 520 x 520: Children and the saturated Lytro 05 with Liu's results, or an embedded pair."""
    if find_group("lytro") and find_group("lytro_results"):
        pairs = [pair for pair in find_pairs("lytro") if pair.name in ("lytro_03", "lytro_05")]
        (method,) = find_methods(["survey:cnn"], pairs)
    else:
        pairs = find_pairs("embedded")[:1]
        (method,) = find_methods(["gff"], pairs)
    found = {}
    for pair in pairs:
        three = [method.fused(pair), *(im2uint8(read_image(path).pixels) for path in pair[1:3])]
        found[pair.name] = [image if image.shape[:2] == (520, 520) else imresize(image, [520, 520]) for image in three]
    return found


def deviation(value: float, right: float) -> str:
    """Relative deviation in words."""
    if math.isnan(value):
        return "NaN"
    off = abs(value / right - 1) if right else abs(value)
    return "right" if off < 1e-6 else f"{100 * (value / right - 1):+.2g} %"


def rivals_table(found: dict[str, list[np.ndarray]], seconds: float) -> list[str]:
    """For every metric that another package has: values beside ours, and time."""
    header = ["metric", "package", *(f"value, {name}" for name in found), "ours, ms", "theirs, ms", "theirs / ours"]
    lines = ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    packages = {"cslib": cslib_ways(), "lbbutils": lbbutils_ways(), "scikit-image": skimage_ways()}
    levels = [[gray_levels(image) for image in (a, b, f)] for f, a, b in found.values()]
    jobs = [(name, package, ways[name]) for package, ways in packages.items() for name in ways]
    for name, package, way in tqdm(jobs, file=sys.stderr):
        one = metric(name)
        ours = partial(_ours, one)
        cells, works = [], []
        for abf in levels:
            try:
                cells.append(deviation(way(*abf), ours(*abf)))
                works.append(abf)
            except Exception as error:
                cells.append(f"fails ({type(error).__name__})")
        timed = _timed(ours, way, works[0], seconds) if works else [""] * 3
        lines.append("| " + " | ".join([one.symbol, package, *cells, *timed]) + " |")
    return lines


def _ours(one: Metric, *abf: np.ndarray) -> float:
    return one.function(*(abf if one.needs == "sources" else abf[2:]))


def _timed(ours: Variant, theirs: Variant, abf: list[np.ndarray], seconds: float) -> list[str]:
    """Milliseconds of ours and theirs, and the ratio; what takes more than a second is timed once only."""
    start = time.perf_counter()
    theirs(*abf)
    once = 1000 * (time.perf_counter() - start)
    ways = {"ours": lambda: ours(*abf)} | ({} if once > 1000 else {"theirs": lambda: theirs(*abf)})
    times = {"theirs": once, **milliseconds(ways, seconds)}
    return [f"{times['ours']:.1f}", f"{times['theirs']:.1f}", f"{times['theirs'] / times['ours']:.2f}"]


def on_two_threads(fused: np.ndarray, a: np.ndarray, b: np.ndarray) -> None:
    """All metrics of a pair, as a user gets them."""
    matlab_compat.parts.THREADS = 2
    score(fused, a, b, a)
    matlab_compat.parts.THREADS = 1


def many(fused: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    """Seconds of `parfocal score --pairs` for COUNT images and the metrics OFTEN, with all cores."""
    with TemporaryDirectory() as folder:
        for name, image in {"fused": fused, "a": a, "b": b}.items():
            first = Path(folder, name, "0.png")
            first.parent.mkdir()
            write_image(first, image / 255)
            for number in range(1, COUNT):
                os.link(first, first.with_name(f"{number}.png"))
        names = {key: value for key, value in os.environ.items() if not key.endswith("NUM_THREADS")}
        start = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "reference",
            "score",
            "fused",
            "a",
            "b",
            "--pairs",
            "--metrics",
            ",".join(OFTEN),
        ]
        subprocess.run(command, check=True, cwd=folder, env=names, capture_output=True)
        return time.perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="for each way (default: 2)")
    arguments = parser.parse_args()
    if os.environ.get("OMP_NUM_THREADS") != "1":  # it is read when the libraries are loaded: start anew
        one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, "-m", "tests.benchmarks.fusion_metrics", *sys.argv[1:]],
                  os.environ | one_thread)  # fmt: skip
    matlab_compat.parts.THREADS = 1
    found = images()
    fused, a, b = next(iter(found.values()))
    gray_a, gray_f = gray_levels(a), gray_levels(fused)
    ways: dict[str, Callable[[], object]] = {
        "ssim": lambda: one_ssim(gray_a, gray_f),
        "two threads": lambda: on_two_threads(fused, a, b),
        "all": lambda: score(fused, a, b, a, FAST),
        **{name: (lambda name=name: score(fused, a, b, a, [name])) for name in EVERY},
    }
    times = milliseconds(ways, arguments.seconds)
    ratio = times["all"] / times["ssim"]
    seconds = times["two threads"] / 1000
    print(f"All {len(EVERY)} metrics of one pair of 520 x 520 pixels, on two threads: {seconds:.2f} s "
          f"(asked: at most {ASKED_SECONDS})")  # fmt: skip
    print(f"All {len(FAST)} metrics of one pair of 520 x 520 pixels (without Q_FMI): {times['all']:.0f} ms, one SSIM "
          f"of scikit-image: {times['ssim']:.1f} ms, ratio {ratio:.1f} (asked: at most {ASKED})\n")  # fmt: skip
    seconds_many = many(fused, a, b)
    print(
        f"{COUNT} images of 520 x 520 and {len(OFTEN)} metrics by `score --pairs`, files read: {seconds_many:.1f} s\n"
    )
    slowest = sorted(EVERY, key=times.__getitem__, reverse=True)
    print(
        "ms each, with making gray, Q_FMI with its twin: "
        + ", ".join(f"{metric(n).symbol} {times[n]:.1f}" for n in slowest)
        + "\n"
    )
    print("\n".join(rivals_table(found, arguments.seconds)))
    print(f"\n{machine()}; 1 thread; numpy {np.__version__}")
    return 0 if ratio <= ASKED and seconds <= ASKED_SECONDS else 1


if __name__ == "__main__":
    raise SystemExit(main())
