"""Q_S, Q_W and Q_E: similarity with the source that varies more, window by window.

Source: G. Piella, H. Heijmans, ICIP 2003.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from reference.metrics import local_statistics as near
from reference.metrics.gray_levels import check_levels
from reference.steps.arrays import Levels

FLAT = 0.5  # taken as the variance of both sources where neither varies
C = (1e-6 * 255) ** 2  # so small that S is the universal quality index of Wang and Bovik 2002
Form = tuple[near.Window, float, float, int | None]  # window, C1, C2, and its side if its sums have rounding noise
BOX: Form = (near.box_mean, C, C, None)
GAUSSIAN: Form = (near.gaussian_mean, near.SSIM_C1, near.SSIM_C2, 11)  # of Z. Liu's toolbox


def preserved(image_a: Levels, image_b: Levels, fused: Levels, form: Form, weighted: bool) -> float:
    """Mean of q = l S(A, F) + (1 - l) S(B, F) with l = var_A / (var_A + var_B), if asked weighted by max(var_A, var_B).

    Where both variances are exactly 0, both are taken as 0.5, so that the window has l = 1/2 and some weight.
    """
    window, c1, c2, flat_side = form
    a, b, f = (near.local(image, window, flat_side) for image in (image_a, image_b, fused))
    neither = a.variance + b.variance == 0
    var_a, var_b = (np.where(neither, FLAT, x.variance) for x in (a, b))
    share = var_a / (var_a + var_b)
    s_af, s_bf = (near.similarity(x, f, near.covariance(x, f, window), c1, c2) for x in (a, b))
    q = share * s_af + (1 - share) * s_bf
    return float(np.average(q, weights=np.maximum(var_a, var_b) if weighted else None))


def q_s(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image with the source that varies more, averaged over all windows.

    Q_S = mean of q,  q = l S(A, F) + (1 - l) S(B, F),  l = var_A / (var_A + var_B)
    (Piella, Heijmans 2003; where neither source varies, both variances are taken as 0.5)
    S with C1 = C2 = 6.5025e-8 under an 8 x 8 window that lies inside

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 8 or more
    returns                  up to 1, may be negative, higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricPeilla(im1, im2, fim, 1) of Y. Liu's toolbox; Z. Liu's has another definition, `q_s_zl`
    Parity: GNU Octave running the toolbox, Children: to 2e-14 (B for MATLAB itself).

    >>> round(q_s(*[255 * np.eye(16)] * 3), 12)
    1.0
    """
    check_levels(8, image_a=image_a, image_b=image_b, fused=fused)
    return preserved(image_a, image_b, fused, BOX, weighted=False)


def q_s_zl(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image with the source that varies more, averaged over all windows.

    Q_S = mean of q,  q as in `q_s`                                                          (Piella, Heijmans 2003)
    S with C1 = (.01 . 255)^2 and C2 = (.03 . 255)^2 under an 11 x 11 Gaussian of sigma 1.5 that lies inside

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 11 or more
    returns                  up to 1, may be negative, higher is better; not comparable with `q_s`
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricPeilla(im1, im2, fim, 1) of Z. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 2e-14 (B for MATLAB itself).

    >>> round(q_s_zl(*[255 * np.eye(16)] * 3), 12)
    1.0
    """
    check_levels(11, image_a=image_a, image_b=image_b, fused=fused)
    return preserved(image_a, image_b, fused, GAUSSIAN, weighted=False)


def q_w(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image with the source that varies more, weighted by that variance.

    Q_W = sum(c q) / sum(c),  c = max(var_A, var_B),  q as in `q_s`                          (Piella, Heijmans 2003)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 8 or more
    returns                  up to 1, may be negative, higher is better; it follows ground truth on some sets only
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricPeilla(im1, im2, fim, 2) of Y. Liu's toolbox; Z. Liu's has another definition, `q_w_zl`
    Parity: GNU Octave running the toolbox, Children: to 4e-16 (B for MATLAB itself).

    >>> round(q_w(*[255 * np.eye(16)] * 3), 12)
    1.0
    """
    check_levels(8, image_a=image_a, image_b=image_b, fused=fused)
    return preserved(image_a, image_b, fused, BOX, weighted=True)


def q_w_zl(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Similarity of the fused image with the source that varies more, weighted by that variance.

    Q_W = sum(c q) / sum(c),  c = max(var_A, var_B),  q as in `q_s_zl`                       (Piella, Heijmans 2003)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 11 or more
    returns                  up to 1, may be negative, higher is better; not comparable with `q_w`
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricPeilla(im1, im2, fim, 2) of Z. Liu's toolbox
    Parity: GNU Octave running the toolbox, Children: to 3e-15 (B for MATLAB itself).

    >>> round(q_w_zl(*[255 * np.eye(16)] * 3), 12)
    1.0
    """
    check_levels(11, image_a=image_a, image_b=image_b, fused=fused)
    return preserved(image_a, image_b, fused, GAUSSIAN, weighted=True)


def q_e(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Q_W of the images times Q_W of their edges.

    Q_E = Q_W(A, B, F) Q_W(A', B', F'),  X' = sqrt(p_x^2 + p_y^2), Prewitt's differences, zero beyond the border
    (Piella, Heijmans 2003, where the factors have exponents 1 - a and a; in the toolbox both are 1)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 8 or more
    returns                  up to 1, may be negative, higher is better
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricPeilla(im1, im2, fim, 3) of Y. Liu's toolbox; Z. Liu's stops with an error
    Parity: V, 60 values to 2e-5, their median to 6e-8: in flat windows that are not black MATLAB's variance is noise of
    1e-11 instead of 0, so that they do not get the weight 0.5. Octave's value for Children to 3e-15.

    >>> round(q_e(*[255 * np.eye(16)] * 3), 12)
    1.0
    """
    check_levels(8, image_a=image_a, image_b=image_b, fused=fused)
    images = (image_a, image_b, fused)
    differences = ([ndimage.prewitt(image, axis=axis, mode="constant") for axis in (1, 0)] for image in images)
    a, b, f = (np.sqrt(p_x * p_x + p_y * p_y) for p_x, p_y in differences)
    return q_w(image_a, image_b, fused) * preserved(a, b, f, BOX, weighted=True)
