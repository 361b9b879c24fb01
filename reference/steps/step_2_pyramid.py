"""Step 2: the Gaussian pyramid of a gray source."""

from __future__ import annotations

from matlab_compat import impyramid
from reference.steps.arrays import Gray, Pyramid
from reference.steps.checks import check_range


def pyramid(gray: Gray, levels: int) -> Pyramid:
    """Filter and subsample the whole image, again and again.

    G_0 = gray,  G_(l+1)(j, i) = sum_(m, n) w(m) w(n) G_l(2j + m, 2i + n),  w = [1 4 6 4 1] / 16   (paper, section 3)

    gray     (H, W) in [0, 1]
    levels   images in the pyramid, the first being `gray` itself; 1 or more (decision D2: 3)
    returns  tuple of `levels` images in [0, 1], level l of size (ceil(H / 2^l), ceil(W / 2^l))
    raises   ValueError for no level, another rank or values outside [0, 1]

    MATLAB: impyramid(gray, 'reduce'), repeated
    Parity: 1e-15 (matlab_compat.impyramid).

    >>> [level.shape for level in pyramid(np.zeros((20, 33)), levels=3)]
    [(20, 33), (10, 17), (5, 9)]
    """
    check_range("gray", gray)
    if levels < 1:
        raise ValueError(f"levels is {levels}, but a pyramid has at least 1")
    images = [gray]
    while len(images) < levels:
        images.append(impyramid(images[-1], "reduce"))  # type: ignore[arg-type]
    return tuple(images)
