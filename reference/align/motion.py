"""A motion of the camera, which says where each pixel of A lies in B, and the file that stores it for reuse."""

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
from reference.steps.arrays import PATCH

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

    x, y     any shape
    returns  (2, ...), x' and y'

    >>> apply_motion(np.diag([2.0, 2.0, 1.0]), np.array([1.0]), np.array([3.0])).tolist()
    [[2.0], [6.0]]
    """
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in matrix)
    with np.errstate(divide="ignore", invalid="ignore"):  # on the horizon, which lies nowhere
        return np.stack([u / w, v / w])


class PairMotion(NamedTuple):
    """A motion between photographs of these sizes, (H, W); a B of another size is first resized.

    sources  sha256 of the files of A and B, where they are known
    """

    motion: Motion
    size_a: tuple[int, int]
    size_b: tuple[int, int]
    sources: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The motion and the sizes as stored in a file."""
        return self.motion.as_json() | {"size_a": [*self.size_a], "size_b": [*self.size_b]}


def read_motion(path: Path) -> PairMotion:
    """Read a file that `parfocal align` wrote.

    raises  BadInput, in one sentence, for any other file
    """
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
