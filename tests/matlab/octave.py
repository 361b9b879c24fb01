"""Which of Octave's answers count: where Octave 7 with image 2.14 is known to compute what MATLAB computes."""

from __future__ import annotations

from typing import Any

import numpy as np

EVERY_CALL = {
    "round", "uint8", "im2double", "im2single", "im2uint8", "im2uint16", "rgb2ycbcr",
    "padarray", "conv2", "stdfilt", "bwconncomp", "bwlabel", "bwareaopen", "entropy", "immse",
    "mean2", "std2", "filter2", "imdilate", "imerode", "imopen", "imclose", "imtophat", "imbothat",
    "ordfilt2", "medfilt2", "bwdist", "im2col", "col2im", "rgb2hsv", "hsv2rgb",
}  # fmt: skip
# Coarser than MATLAB: weights of six digits, another matrix, weights that are summed in another order.
OCTAVE_TOLERANCE = {"rgb2gray": 2e-7, "rgb2ycbcr": 2e-6, "imresize": 1e-13}


def octave_may_judge(function: str, arguments: list[Any]) -> bool:
    """Whether Octave's result of this call stands for MATLAB's."""
    if function in EVERY_CALL:
        return True
    rule = RULES.get(function)
    return rule is not None and rule(arguments)


def _corr2(arguments: list[Any]) -> bool:
    """Not of constants, where its rounding decides between NaN and a number."""
    return all(float(np.ptp(one.astype(np.float64))) > 0 for one in arguments)


def _imabsdiff(arguments: list[Any]) -> bool:
    """Not logical."""
    return arguments[0].dtype != np.bool_


def _regionprops(arguments: list[Any]) -> bool:
    """Labels without a gap: what of a label that no pixel has is not known."""
    labels = np.unique(arguments[0])
    return float(labels.max()) > 0 and len(labels[labels > 0]) == labels.max()


def _graythresh(arguments: list[Any]) -> bool:
    """Gray bytes (other classes are not brought to 256 levels first) of many levels (ties are decided otherwise)."""
    return arguments[0].dtype == np.uint8 and arguments[0].ndim == 2 and len(np.unique(arguments[0])) > 8


def _rgb2gray(arguments: list[Any]) -> bool:
    """Not uint16, which shows that its weights have six digits."""
    return arguments[0].dtype != np.uint16


def _mat2gray(arguments: list[Any]) -> bool:
    """Not singles, which become double there."""
    return arguments[0].dtype != np.float32


def _imhist(arguments: list[Any]) -> bool:
    """Not where a double lies on the edge of two bins: the last digit decides."""
    image = arguments[0]
    return image.dtype.kind != "f" or not np.any(np.abs(np.abs(image * 255.0) % 1 - 0.5) < 1e-9)


def _psnr(arguments: list[Any]) -> bool:
    """Not int16, whose peak it takes for 32767."""
    return arguments[0].dtype != np.int16


def _imfilter(arguments: list[Any]) -> bool:
    """Not "full": with even kernels a row and a column are dropped, and the border is another. Not logical images."""
    return arguments[0].dtype != np.bool_ and not any(
        option.dtype.kind == "U" and option.item() == "full" for option in arguments[2:]
    )


def _fspecial(arguments: list[Any]) -> bool:
    """Its log is another formula, its motion has another size."""
    return arguments[0].item() not in ("log", "motion")


def _imresize(arguments: list[Any]) -> bool:
    """Doubles that grow, or shrink by a whole number or without antialiasing: its stretched kernels do not sum to 1.

    Not integers, which it rounds once and computes in single; not "nearest" and "box", where it decides ties otherwise.
    """
    image, size, method, *options = arguments
    if image.dtype != np.float64 or method.item() not in ("bilinear", "bicubic", "triangle", "cubic"):
        return False
    if options:  # "Antialiasing", false
        return True
    if size.size == 1:
        return size.item() >= 1 or size.item() in (1 / 2, 1 / 3)
    return not np.isnan(size).any() and bool(np.all(size.ravel() >= image.shape[:2]))


def _bwareafilt(arguments: list[Any]) -> bool:
    """Not the n largest or smallest: ties are untested."""
    return arguments[1].size == 2


def _imfill(arguments: list[Any]) -> bool:
    """Logical images."""
    return arguments[0].dtype == np.bool_


def _strel(arguments: list[Any]) -> bool:
    """Lines of multiples of 45 degrees (it draws others by their angle), exact disks."""
    shape = arguments[0].item()
    if shape == "line":
        return arguments[2].item() % 45 == 0
    return shape != "disk" or arguments[2].item() == 0


def _bwmorph(arguments: list[Any]) -> bool:
    """Not what erodes: beyond the border it sees True; nor "bridge", which leaves two corners of one side apart."""
    return arguments[1].item() in ("clean", "diag", "dilate", "fill", "hbreak", "majority", "remove", "thin")


def _edge(arguments: list[Any]) -> bool:
    """Gradients without thinning, which it does otherwise."""
    return arguments[-1].dtype.kind == "U" and arguments[-1].item() == "nothinning"


def _imadjust(arguments: list[Any]) -> bool:
    """With limits; its own are other ones."""
    return len(arguments) > 1


def _stretchlim(arguments: list[Any]) -> bool:
    """Of bytes; of other classes it does not make a histogram."""
    return arguments[0].dtype == np.uint8


RULES = {
    "graythresh": _graythresh, "mat2gray": _mat2gray, "rgb2gray": _rgb2gray, "imhist": _imhist, "psnr": _psnr,
    "imfilter": _imfilter, "fspecial": _fspecial, "imresize": _imresize, "bwareafilt": _bwareafilt, "imfill": _imfill,
    "corr2": _corr2, "imabsdiff": _imabsdiff, "regionprops": _regionprops, "strel": _strel, "bwmorph": _bwmorph,
    "edge": _edge, "imadjust": _imadjust, "stretchlim": _stretchlim,
}  # fmt: skip


def _renumber(outputs: list[Any]) -> list[Any]:
    """Labels in the order of their first pixel, going down the columns, as MATLAB numbers them."""
    label, count = outputs
    seen = dict.fromkeys(label.ravel(order="F").tolist())
    numbers = {old: new for new, old in enumerate((old for old in seen if old), start=1)} | {0: 0}
    return [np.vectorize(numbers.get, otypes=[float])(label), count]


def _reorder(outputs: list[Any]) -> list[Any]:
    """Lists of sorted pixels, in the order of their first pixel."""
    count, lists = outputs
    ordered = np.empty(lists.size, dtype=object)
    ordered[:] = sorted((np.sort(pixels.ravel()) for pixels in lists.ravel()), key=lambda pixels: tuple(pixels[:1]))
    return [count, ordered]


NUMBERED = {"bwlabel": _renumber, "bwconncomp": _reorder}
