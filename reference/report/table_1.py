"""Table 1 of the paper: what is printed, the same columns of results that can be had, and what they cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.arrays import Image
from reference.evaluation.table_1 import Columns, columns
from reference.image_io import read_image
from reference.metrics.psnr import psnr
from reference.metrics.ssim import ssim
from reference.network import AUTHORS
from reference.parameters import BEST, PAPER, FusionParameters
from reference.pipeline import fuse
from reference.samples import Pair
from reference.score_map import FocusNetwork

__all__ = ["PRINTED", "ROWS", "Row", "table_1", "with_truth"]

# Row: column: as the paper prints it.
PRINTED = {
    "Yu Liu et al.": {"piqe": "38.5", "psnr": "29.61", "ssim": "0.67", "entropy": "7.5"},
    "Enhance model": {"piqe": "36.69", "psnr": "30.29", "ssim": "0.68", "entropy": "7.5"},
}


class Row(NamedTuple):
    """A row that is computed: its name, the network and the parameters."""

    name: str
    network: str
    parameters: FusionParameters


# B winning more ground is D1's sentence and D5's pooling, both read literally.
ROWS = (
    Row("Liu's slight weights", AUTHORS, PAPER),
    Row("liu2017, trained here", "liu2017", PAPER),
    Row("enhanced", "enhanced", PAPER),
    Row("enhanced, D5: window 17, side B", "enhanced", replace(PAPER, pool_window=17, pool_p=1.0, pool_side="b")),
    Row("enhanced, D5: window 33, side B", "enhanced", replace(PAPER, pool_window=33, pool_p=1.0, pool_side="b")),
    Row("enhanced, BEST", "enhanced", BEST),
)


def table_1(
    image_a: Image, image_b: Image, published: NDArray[np.uint8], networks: Mapping[str, FocusNetwork]
) -> dict[str, Columns]:
    """The columns of Table 1 for every row whose network is here, and of Liu's published result.

    image_a, image_b  the pair "Children"
    published         Liu's own result of it
    """
    rows = {"Liu's published result": published, **_fused(image_a, image_b, networks)}
    return {name: columns(image, im2uint8(image_b)) for name, image in rows.items()}


def with_truth(pairs: Iterable[Pair], networks: Mapping[str, FocusNetwork]) -> dict[str, Columns]:
    """The same rows on pairs of known truth: means of the columns, and of PSNR and SSIM against the truth.

    returns  also "true_psnr" and "true_ssim"; the first row is of source B itself, whose PSNR to B is infinite
    """
    found: dict[str, list[Columns]] = {}
    for pair in pairs:
        assert pair.truth is not None
        a, b, truth = (_in_colour(read_image(path).pixels) for path in (pair.image_a, pair.image_b, pair.truth))
        stored_b, stored_truth = im2uint8(b), im2uint8(truth)
        for name, image in {"source B itself": stored_b, **_fused(a, b, networks)}.items():
            real = {"true_psnr": psnr(image, stored_truth), "true_ssim": ssim(image, stored_truth)}
            found.setdefault(name, []).append({**columns(image, stored_b), **real})
    return {name: {key: float(np.mean([one[key] for one in of])) for key in of[0]} for name, of in found.items()}


def _fused(a: Image, b: Image, networks: Mapping[str, FocusNetwork]) -> dict[str, NDArray[np.uint8]]:
    here = [row for row in ROWS if row.network in networks]
    return {row.name: im2uint8(fuse(a, b, row.parameters, networks[row.network]).image) for row in here}


def _in_colour(image: Image) -> Image:
    """A gray image with three equal channels."""
    return image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
