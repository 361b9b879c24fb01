"""Compare matlab_compat with a folder that make_anchors.m wrote: python -m tests.matlab.check_anchors FOLDER."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import scipy.io

import matlab_compat
from tests.matlab.octave import NUMBERED, OCTAVE_TOLERANCE, octave_may_judge

KEYWORDS = {
    "Antialiasing": "antialiasing", "FilterSize": "filter_size", "Padding": "padding", "DataFormat": "data_format",
    "NormalizationFactor": "normalization_factor", "NeighborhoodSize": "neighborhood_size", "Radius": "radius",
    "DegreeOfSmoothing": "degree_of_smoothing", "Exponents": "exponents", "DynamicRange": "dynamic_range",
    "RegularizationConstants": "regularization_constants", "NumScales": "num_scales", "ScaleWeights": "scale_weights",
    "Sigma": "sigma",
}  # fmt: skip
# Doubles may differ by this share of the largest value (1 at least); the reason stands in each docstring. The rest: 0.
TOLERANCE = {
    "imresize": 2e-15, "impyramid": 2e-15, "conv2": 1e-14, "imfilter": 1e-14, "fspecial": 1e-14, "mat2gray": 3e-16,
    "rgb2gray": 1e-15, "rgb2ycbcr": 1e-15, "ycbcr2rgb": 1e-14, "stdfilt": 1e-7, "imgaussfilt": 1e-14,
    "imboxfilt": 1e-12, "imguidedfilter": 1e-10, "imgradient": 1e-12, "entropy": 1e-13, "graythresh": 1e-13,
    "imhist": 1e-13, "immse": 1e-12, "mean2": 1e-14, "std2": 1e-12, "corr2": 1e-12, "filter2": 1e-14,
    "rgb2hsv": 1e-15, "regionprops": 1e-14, "hsv2rgb": 1e-15,
    "psnr": 1e-12, "ssim": 1e-10, "multissim": 1e-10, "piqe": 1e-9, "edge": 1e-12, "imadjust": 1e-15,
    "stretchlim": 1e-13, "histeq": 1e-15, "imhistmatch": 1e-15,
}  # fmt: skip
# How many of the first arguments are arrays; one where nothing stands here.
ARRAYS = {
    "conv2": 3,
    "filter2": 2,
    "corr2": 2,
    "imabsdiff": 2,
    **dict.fromkeys(("imdilate", "imerode", "imopen", "imclose", "imtophat", "imbothat"), 2),
    "imfilter": 2,
    "stdfilt": 2,
    "imguidedfilter": 2,
    "immse": 2,
    "psnr": 2,
    "ssim": 2,
    "multissim": 2,
    "imhistmatch": 2,
    "fspecial": 0,
    "strel": 0,
}
MATRIX = {"ordfilt2": 2}  # arguments before one more array
OTHER_CLASS = {"bwlabel", "bwconncomp", "imhist"}  # integers here, doubles in MATLAB
SINGLE = 1e-5  # singles of a function with a tolerance
# Integers may differ by 1 on this share of all values: ties that rounding noise decides.
OFF_BY_ONE = {
    "imgaussfilt": 1e-4, "imguidedfilter": 1e-3, "rgb2ycbcr": 1e-4, "ycbcr2rgb": 1e-4, "imfilter": 1e-4,
    "imadjust": 1e-3,
}  # fmt: skip


@dataclass
class Verdict:
    """What came of one function."""

    function: str
    limit: float = 0.0  # for doubles, as a share of the largest value
    cases: int = 0
    left_out: int = 0
    values: int = 0
    off_by_one: int = 0
    worst: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return (
            self.cases + self.left_out > 0
            and not self.problems
            and self.off_by_one <= OFF_BY_ONE.get(self.function, 0) * self.values
        )


def to_python(value: Any) -> Any:
    """A MATLAB argument that is no image: text, a number, or a list of numbers."""
    if value.dtype.kind == "U":
        return str(value.item()) if value.size else ""
    numbers = [int(v) if np.isfinite(v) and v == np.floor(v) else v for v in value.ravel().tolist()]
    return numbers[0] if len(numbers) == 1 else numbers


def call(function: str, arguments: list[Any]) -> list[Any]:
    """Our outputs, in MATLAB's order; names of MATLAB's name-value pairs become keywords."""
    images = ARRAYS.get(function, 1)
    positional: list[Any] = []
    named = {}
    rest = list(arguments)
    while rest:
        value = rest.pop(0)
        if value.dtype.kind != "U" and (len(positional) < images or len(positional) == MATRIX.get(function)):
            positional.append(value)
        elif value.dtype.kind == "U" and value.item() in KEYWORDS:
            named[KEYWORDS[value.item()]] = to_python(rest.pop(0))
        else:
            positional.append(to_python(value))
    made = OURS.get(function, getattr(matlab_compat, function, None))(*positional, **named)
    return list(made) if isinstance(made, tuple) else [made]


def _bwconncomp(mask: Any, connectivity: int) -> tuple[Any, ...]:
    found = matlab_compat.bwconncomp(mask, connectivity)
    lists = np.empty(found.num_objects, dtype=object)
    lists[:] = [positions + 1 for positions in found.pixel_idx_list]  # MATLAB counts from 1
    return found.num_objects, lists


def _regionprops(labels: Any, *properties: str) -> tuple[Any, ...]:
    found = matlab_compat.regionprops(labels)
    box = found.bounding_box + np.array([1, 1, 0, 0])
    return found.area[:, None], found.centroid + 1, box  # MATLAB counts from 1


OURS: dict[str, Callable[..., Any]] = {
    "round": matlab_compat.round_half_away, "bwconncomp": _bwconncomp, "regionprops": _regionprops,
}  # fmt: skip


def as_vectors(gmag: Any, gdir: Any) -> list[Any]:
    """The gradient along x and y: its angle means nothing where it is 0, and 180 and -180 are the same."""
    return [gmag * np.cos(np.radians(gdir)), gmag * np.sin(np.radians(gdir))]


def compare(verdict: Verdict, case: int, theirs: Any, ours: Any) -> None:
    """Add one output to the verdict."""
    if theirs.dtype == object:  # a cell: the pixel lists
        pairs = zip(theirs.ravel(), ours.ravel(), strict=True)
        equal = theirs.size == ours.size and all(np.array_equal(a.ravel(), np.ravel(b)) for a, b in pairs)
        verdict.problems += [] if equal else [f"case {case}: lists differ"]
        return
    ours = np.asarray(ours)
    if ours.ndim < 2 and ours.size == theirs.size:
        ours = ours.reshape(theirs.shape)  # MATLAB has rows and columns where Python has numbers and vectors
    elif ours.dtype != theirs.dtype and verdict.function not in OTHER_CLASS:
        verdict.problems.append(f"case {case}: class {theirs.dtype}, ours {ours.dtype}")
        return
    if ours.shape != theirs.shape:
        verdict.problems.append(f"case {case}: shape {theirs.shape}, ours {ours.shape}")
        return
    verdict.values += theirs.size
    if np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f"):
        return
    ours, theirs = np.where(same_or_nan(ours, theirs), 0, ours), np.where(same_or_nan(ours, theirs), 0, theirs)
    difference = np.abs(ours.astype(np.float64) - theirs.astype(np.float64))
    if theirs.dtype.kind in "iub":
        verdict.off_by_one += int((difference > 0).sum())
        verdict.worst = max(verdict.worst, float(difference.max()))
        verdict.problems += [] if difference.max() <= 1 else [f"case {case}: off by {difference.max():.0f}"]
        return
    share = float(np.max(difference) / max(1.0, np.abs(theirs[np.isfinite(theirs)]).max(initial=0)))
    verdict.worst = max(verdict.worst, share)
    single = verdict.limit and np.float32 in (theirs.dtype, ours.dtype)
    if not share <= (max(SINGLE, verdict.limit) if single else verdict.limit):
        verdict.problems.append(f"case {case}: off by {share:.1e} of the largest value")


def same_or_nan(ours: Any, theirs: Any) -> Any:
    """Where both are the same, or both NaN: infinity minus infinity is no difference."""
    return (ours == theirs) | (np.isnan(ours) & np.isnan(theirs)) if ours.dtype.kind == "f" else ours == theirs


def read_cases(path: Path) -> Iterator[tuple[list[Any], list[Any]]]:
    """Arguments and outputs of each case, of their MATLAB classes."""
    for case in scipy.io.loadmat(path, mat_dtype=True)["cases"].ravel():
        yield list(case["arguments"].ravel()), list(case["outputs"].ravel())


def check_folder(folder: Path) -> list[Verdict]:
    """A verdict for each file of the folder; of Octave's, only what Octave may judge counts."""
    by_octave = (folder / "version.txt").read_text().startswith("octave")
    verdicts = []
    for path in sorted(folder.glob("*.mat")):
        limits = TOLERANCE | OCTAVE_TOLERANCE if by_octave else TOLERANCE
        verdict = Verdict(path.stem, limits.get(path.stem, 0.0))
        for number, (arguments, outputs) in enumerate(read_cases(path), start=1):
            if by_octave and not octave_may_judge(path.stem, arguments):
                verdict.left_out += 1
                continue
            verdict.cases += 1
            expected = NUMBERED[path.stem](outputs) if by_octave and path.stem in NUMBERED else outputs
            try:
                made = call(path.stem, arguments)
            except (TypeError, ValueError) as problem:
                verdict.problems.append(f"case {number}: we refuse it: {problem}")
                continue
            if path.stem == "imgradient":
                made, expected = as_vectors(*made), as_vectors(*expected)
            if len(made) < len(expected):
                verdict.problems.append(f"case {number}: {len(expected)} outputs, ours {len(made)}")
            for theirs, ours in zip(expected, made, strict=False):
                compare(verdict, number, theirs, ours)
        verdicts.append(verdict)
    return verdicts


def describe(verdict: Verdict) -> str:
    """One line for the function, and the first of its problems."""
    v, state = verdict, "holds" if verdict.holds else "DIFFERS"
    state = state if v.cases else "not for Octave to judge" if v.left_out else "NO CASES"
    counts = f"{v.function:15} {v.cases:5} cases {v.left_out:5} left out"
    sizes = f"off by one: {v.off_by_one:4} of {v.values:8}   worst {v.worst:.1e}"
    return "\n    ".join([f"{counts}   {sizes}   {state}", *v.problems[:5]])


def main() -> int:
    """The command: 0 if all holds, 1 if something differs, 3 if the folder is none of ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="as make_anchors.m wrote it")
    folder = parser.parse_args().folder
    if not (folder / "version.txt").exists():
        print(f"{folder} holds no version.txt: run make_anchors.m first", file=sys.stderr)
        return 3
    print((folder / "version.txt").read_text().strip())
    verdicts = check_folder(folder)
    print("\n".join(describe(verdict) for verdict in verdicts))
    if not verdicts:
        print(f"{folder} holds no cases: make_anchors.m was interrupted", file=sys.stderr)
        return 3
    return 0 if all(verdict.holds for verdict in verdicts) else 1


if __name__ == "__main__":
    raise SystemExit(main())
