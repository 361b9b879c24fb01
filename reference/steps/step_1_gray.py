"""Step 1: colour sources become gray."""

from __future__ import annotations

from matlab_compat import rgb2gray
from reference.steps.arrays import Gray, Image
from reference.steps.checks import check_image


def gray(image: Image) -> Gray:
    """Turn a source image into its gray version; a gray source is returned as it is.

    gray = 0.29894 R + 0.58704 G + 0.11402 B      (paper, section 3.1.1; weights to 15 digits in `rgb2gray`)

    image    (H, W) or (H, W, 3) in [0, 1]
    returns  (H, W) in [0, 1]; equal channels give back their value to 3e-16
    raises   ValueError for another shape, for values outside [0, 1], NaN or infinity

    MATLAB: rgb2gray(double(image) / 255), on doubles: nothing is rounded in between
    Parity: 1e-15 (matlab_compat.rgb2gray).

    >>> gray(np.ones((2, 2, 3))).round(15).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    check_image("image", image)
    return image if image.ndim == 2 else rgb2gray(image)  # type: ignore[return-value]
