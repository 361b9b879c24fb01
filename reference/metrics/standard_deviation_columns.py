"""Standard deviation of the fused image, as the toolbox computes it."""

from __future__ import annotations

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels

__all__ = ["standard_deviation_columns"]


def standard_deviation_columns(fused: Levels) -> float:
    """Mean of the standard deviations of the columns.

    SD = mean over the W columns of sqrt(sum((F - mean of the column)^2) / (H - 1))

    fused    (H, W) gray levels 0..255
    returns  gray levels, higher is called better; 0 for a single row
    raises   ValueError or TypeError for what are not gray levels

    MATLAB: mean(std(fused))
    Parity: GNU Octave running Y. Liu's toolbox, Children: to 1e-15 (B for MATLAB itself).

    >>> standard_deviation_columns(np.array([[0.0, 2.0], [2.0, 4.0]]))
    1.4142135623730951
    """
    check_levels(fused=fused)
    return float(fused.std(axis=0, ddof=1).mean()) if len(fused) > 1 else 0.0
