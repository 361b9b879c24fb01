"""A motion of the camera, which says where each pixel of A lies in B: its file, and B moved by it onto A's grid."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.errors import BadInput
from reference.files import readable, sha256_of
from reference.images.decoding import MOST_MEGAPIXELS
from reference.images.region import Region
from reference.steps.arrays import PATCH, Image

Kind = Literal["scale", "affine", "homography"]
KINDS: tuple[Kind, ...] = ("scale", "affine", "homography")
Matrix = NDArray[np.float64]  # (3, 3), of homogeneous coordinates (column, row, 1)


@dataclass(frozen=True, eq=False)
class Motion:
    """The pixel (x, y) of A, column and row counted from 0, lies in B at `apply_motion(matrix, x, y)`.

    kind    scale: turned, scaled and shifted; affine: sheared too; homography: in perspective
    matrix  (3, 3), its last element 1

    MATLAB: projtform2d(S * matrix / S) with S = [1 0 1; 0 1 1; 0 0 1], as pixels are counted from 1 there
    """

    kind: Kind
    matrix: Matrix

    def as_json(self) -> dict[str, Any]:
        """The motion as stored in a file."""
        return {"kind": self.kind, "matrix": self.matrix.tolist()}

    @classmethod
    def from_json(cls, record: Any) -> Motion:
        """The motion of such a record; BadInput for anything else.

        >>> Motion.from_json({"kind": "scale", "matrix": [[1, 0, 5], [0, 1, 0], [0, 0, 1]]}).matrix[0, 2]
        np.float64(5.0)
        """
        try:
            kind, matrix = record["kind"], np.array(record["matrix"], dtype=np.float64)
        except (TypeError, KeyError, ValueError) as error:
            raise BadInput("a motion has a kind and a matrix") from error
        if kind not in KINDS:
            raise BadInput(f"a motion is one of {', '.join(KINDS)}, not {kind!r}")
        if matrix.shape != (3, 3) or not _usable(matrix):
            raise BadInput(f"the matrix of a motion is 3 x 3 and can be inverted, but this is {matrix.tolist()}")
        if kind != "homography" and matrix[2, :2].any():
            raise BadInput(f"the last row of the matrix of a motion of kind {kind} is 0 0 1, not {matrix[2].tolist()}")
        return cls(kind, matrix / matrix[2, 2])


def _usable(matrix: Matrix) -> bool:
    """Whether the matrix is far from singular and from overflow, as every camera's is."""
    within = np.isfinite(matrix).all() and np.abs(matrix).max() < 1e9
    return bool(within and abs(matrix[2, 2]) > 1e-9 and abs(np.linalg.det(matrix)) > 1e-9)


def apply_motion(matrix: Matrix, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the points (x, y) of A lie in B.

    (u, v, w) = matrix (x, y, 1),  x' = u / w,  y' = v / w

    >>> apply_motion(np.diag([2.0, 2.0, 1.0]), np.array([1.0]), np.array([3.0])).tolist()
    [[2.0], [6.0]]
    """
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in matrix)
    with np.errstate(divide="ignore", invalid="ignore"):  # on the horizon, which lies nowhere
        return np.stack([u / w, v / w])


STRIP = 2**20  # pixels computed at a time


def warp(image_b: Image, matrix: Matrix, shape: tuple[int, ...]) -> Image:
    """B on the grid of A.

    B'(y, x) = B at apply_motion(matrix, x, y), by cubic splines; B is mirrored beyond its border (see `covered`);
    overshoot is clipped

    MATLAB: imwarp(image_b, invert(tform), 'cubic', 'OutputView', imref2d(shape)); another cubic kernel, no equal result

    >>> shift = np.array([[1.0, 0, 1], [0, 1, 0], [0, 0, 1]])
    >>> warp(np.tile([0.1, 0.2, 0.4, 0.8], (4, 1)), shift, (4, 3))[0].round(6).tolist()
    [0.2, 0.4, 0.8]
    """
    if image_b.ndim == 3:
        return np.stack([warp(image_b[..., channel], matrix, shape) for channel in range(3)], axis=-1)
    from scipy.ndimage import map_coordinates, spline_filter

    coefficients = spline_filter(image_b, order=3, mode="mirror")
    warped = np.empty(shape[:2])
    for rows in _strips(shape):
        y, x = np.mgrid[rows, : shape[1]].astype(np.float64)
        at = np.nan_to_num(apply_motion(matrix, x, y)[::-1], posinf=0.0, neginf=0.0)
        map_coordinates(coefficients, at, warped[rows], order=3, mode="mirror", prefilter=False)
    return np.clip(warped, 0.0, 1.0)


def covered(matrix: Matrix, shape_a: tuple[int, ...], shape_b: tuple[int, ...]) -> Region:
    """A large rectangle of A's grid all of whose pixels lie within B; empty if there is none.

    Starting from the whole of A, the side with the largest share outside B is removed until none lies outside.

    >>> covered(np.array([[1.0, 0, 2.5], [0, 1, -1], [0, 0, 1]]), (10, 20), (10, 20))
    Region(top=1, bottom=10, left=0, right=17)
    """
    inside = np.empty(shape_a[:2], np.bool_)
    for rows in _strips(shape_a):
        y, x = np.mgrid[rows, : shape_a[1]].astype(np.float64)
        in_front = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2] > 1e-6  # of the camera, as pixel 0, 0 is
        to_x, to_y = apply_motion(matrix, x, y)
        inside[rows] = in_front & (to_x >= 0) & (to_x <= shape_b[1] - 1) & (to_y >= 0) & (to_y <= shape_b[0] - 1)
    top, bottom, left, right = 0, shape_a[0], 0, shape_a[1]
    while top < bottom and left < right:
        kept = inside[top:bottom, left:right]
        outside = [1 - float(side.mean()) for side in (kept[0], kept[-1], kept[:, 0], kept[:, -1])]
        if not any(outside):
            return Region(top, bottom, left, right)
        worst = int(np.argmax(outside))
        top, bottom, left, right = top + (worst == 0), bottom - (worst == 1), left + (worst == 2), right - (worst == 3)
    return Region(0, 0, 0, 0)


def _strips(shape: tuple[int, ...]) -> list[slice]:
    rows = max(1, STRIP // shape[1])
    return [slice(top, min(top + rows, shape[0])) for top in range(0, shape[0], rows)]


class PairMotion(NamedTuple):
    """A motion between photographs of these sizes, (H, W); a B of another size is first resized."""

    motion: Motion
    size_a: tuple[int, int]
    size_b: tuple[int, int]
    sources: tuple[str, ...] = ()  # sha256 of the files of A and B, where they are known

    def as_json(self) -> dict[str, Any]:
        """The motion and the sizes as stored in a file."""
        return self.motion.as_json() | {"size_a": [*self.size_a], "size_b": [*self.size_b]}


def read_motion(path: Path) -> PairMotion:
    """Read a file that `parfocal align` wrote; BadInput for any other."""
    if path.is_dir():
        raise BadInput(f"{path} is a folder: name the motion.json in it")
    no_motion = f"{path} is no motion as parfocal align writes it"
    with readable(path):
        content = path.read_bytes()
    try:
        record = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{no_motion}: it is no JSON") from error
    try:
        size_a, size_b = ((int(record[key][0]), int(record[key][1])) for key in ("size_a", "size_b"))
        if min(size_b) < PATCH or math.prod(size_b) > MOST_MEGAPIXELS * 1e6:
            raise BadInput(f"size_b is {size_b}, but {PATCH} pixels to {MOST_MEGAPIXELS:g} megapixels are read")
        sources = tuple(str(source["sha256"]) for source in record.get("sources", ()))
        return PairMotion(Motion.from_json(record), size_a, size_b, sources)
    except BadInput as error:
        raise BadInput(f"{no_motion}: {error}") from error
    except KeyError as error:
        raise BadInput(f"{no_motion}: it has no {error.args[0]}") from error
    except (TypeError, IndexError, ValueError, OverflowError, AttributeError) as error:
        raise BadInput(f"{no_motion}: sizes or sources are wrong") from error


def check_order(pair_motion: PairMotion, path_a: Path, path_b: Path) -> None:
    """Refuse the photographs of a motion in reverse order; other photographs may share the motion."""
    digests = sha256_of(path_a), sha256_of(path_b)
    if pair_motion.sources == digests[::-1] != digests:
        raise BadInput(f"the motion moves {path_a} onto {path_b}, but they are given the other way round")
