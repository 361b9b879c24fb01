"""A motion of the camera: where each pixel of A lies in B."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reference.errors import BadInput

__all__ = ["KINDS", "Kind", "Matrix", "Motion", "moved"]

Kind = Literal["scale", "affine", "homography"]
KINDS: tuple[Kind, ...] = ("scale", "affine", "homography")
Matrix = NDArray[np.float64]  # (3, 3), of homogeneous coordinates (column, row, 1)


@dataclass(frozen=True, eq=False)
class Motion:
    """The pixel (x, y) of A, column and row counted from 0, lies in B at `moved(matrix, x, y)`.

    kind    scale: turned, scaled and shifted; affine: sheared too; homography: in perspective
    matrix  (3, 3), its last element 1

    MATLAB: projtform2d(S * matrix / S) with S = [1 0 1; 0 1 1; 0 0 1], as pixels are counted from 1 there
    """

    kind: Kind
    matrix: Matrix

    def as_json(self) -> dict[str, Any]:
        """What a file holds of it."""
        return {"kind": self.kind, "matrix": self.matrix.tolist()}

    @classmethod
    def from_json(cls, record: Any) -> Motion:
        """What such a file says; BadInput for anything else.

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
    """Far from what no camera does, which would overflow."""
    within = np.isfinite(matrix).all() and np.abs(matrix).max() < 1e9
    return bool(within and abs(matrix[2, 2]) > 1e-9 and abs(np.linalg.det(matrix)) > 1e-9)


def moved(matrix: Matrix, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where the points (x, y) of A lie in B.

    (u, v, w) = matrix (x, y, 1),  x' = u / w,  y' = v / w

    x, y     any shape
    returns  (2, ...), x' and y'

    >>> moved(np.diag([2.0, 2.0, 1.0]), np.array([1.0]), np.array([3.0])).tolist()
    [[2.0], [6.0]]
    """
    u, v, w = (row[0] * x + row[1] * y + row[2] for row in matrix)
    with np.errstate(divide="ignore", invalid="ignore"):  # on the horizon, which lies nowhere
        return np.stack([u / w, v / w])
