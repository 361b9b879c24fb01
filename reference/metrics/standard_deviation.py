"""Standard deviation of the fused image."""

from __future__ import annotations

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels

__all__ = ["standard_deviation"]


def standard_deviation(fused: Levels) -> float:
    """Root of the mean squared deviation of all pixels, the usual form.

    SD = sqrt(mean((F - mean F)^2))

    fused    (H, W) gray levels 0..255
    returns  gray levels, higher is called better
    raises   ValueError or TypeError for what are not gray levels

    MATLAB: std(fused(:), 1)
    Parity: by definition. The toolbox's is `standard_deviation_columns`, a tenth smaller on Lytro.

    >>> standard_deviation(np.array([[0.0, 2.0], [2.0, 4.0]]))
    1.4142135623730951
    """
    check_levels(fused=fused)
    return float(fused.std())
