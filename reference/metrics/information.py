"""Information-based metrics: how much information of the sources the fused image carries, by entropies in bits.

Source: C. E. Shannon, Bell System Technical Journal 27(3), 1948; N. Cvejic, C. N. Canagarajah, D. R. Bull, Electronics
Letters 42(11), 2006; R. Nava, G. Cristobal, B. Escalante-Ramirez, SPIE Newsroom, 2007.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matlab_compat import round_half_away
from reference.metrics.gray_levels import check_levels
from reference.steps.arrays import Levels

LEVELS = 256
Q_CVEJIC, Q_NAVA = 1.85, 0.43137  # orders of Tsallis' information
Counts = NDArray[np.intp]


def stretch(image: Levels) -> NDArray[np.uint8]:
    """Gray levels stretched to integers over all of 0..255, as some metrics require.

    s = round(((x - min) / (max - min)) 255), halves upwards; dividing first decides which values are halves

    returns  (H, W); zeros for a constant image, where MATLAB returns NaN

    >>> stretch(np.array([[10.0, 11.0, 12.0]]))
    array([[  0, 128, 255]], dtype=uint8)
    """
    low, high = image.min(), image.max()
    if low == high:
        return np.zeros(image.shape, dtype=np.uint8)
    return round_half_away((image - low) / (high - low) * (LEVELS - 1)).astype(np.uint8)


def joint_histogram(x: NDArray[np.uint8], y: NDArray[np.uint8]) -> Counts:
    """Number of pixels with level i in x and level j in y, (256, 256); its sums are the histograms of x and y."""
    pairs = x.astype(np.uint16) * np.uint16(LEVELS) + y
    return np.bincount(pairs.ravel(), minlength=LEVELS * LEVELS).reshape(LEVELS, LEVELS)


def bits(counts: Counts) -> float:
    """Shannon's entropy of the shares of counts, H = -sum p log2 p with 0 log 0 = 0.

    >>> bits(np.array([2, 1, 1, 0]))
    1.5
    """
    p = counts[counts > 0] / counts.sum()
    return float(-np.sum(p * np.log2(p))) + 0.0  # no -0.0


def mutual_information(joint: Counts) -> tuple[float, float, float]:
    """I(X, Y) = H(X) + H(Y) - H(X, Y), at least 0 in spite of rounding, with H(X) and H(Y).

    >>> mutual_information(np.eye(4, dtype=int))
    (2.0, 2.0, 2.0)
    """
    h_x, h_y = bits(joint.sum(axis=1)), bits(joint.sum(axis=0))
    return max(h_x + h_y - bits(joint), 0.0), h_x, h_y


def tsallis_information(joint: Counts, q: float, exchanged: bool = False) -> float:
    """Tsallis mutual information of order q, of a joint histogram.

    I_q(X, Y) = (1 - sum p(i, j)^q / (p_X(i) p_Y(j))^(q - 1)) / (1 - q), over the pairs with p(i, j) > 0

    exchanged  the marginal of X is read at the level of Y, and that of Y at the level of X, a defect with which every
               published value was computed: relabelling gray levels changes it, to which information should be
               invariant; pairs whose product is 0 are left out

    >>> tsallis_information(np.eye(2, dtype=int), 2)  # equal: 1 - 2 . 1/4 / 1/4 over 1 - 2
    1.0
    """
    product = np.multiply.outer(joint.sum(axis=1), joint.sum(axis=0))
    if exchanged:
        product = product.T
    counted = (joint > 0) & (product > 0)
    n = joint.sum()
    p, pp = joint[counted] / n, product[counted] / n**2
    return float((1 - np.sum(p**q / pp ** (q - 1))) / (1 - q))


def cvejic(image_a: Levels, image_b: Levels, fused: Levels, exchanged: bool) -> float:
    """I_q(A, F) + I_q(B, F) of order q = 1.85."""
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (stretch(image) for image in (image_a, image_b, fused))
    return sum(tsallis_information(joint_histogram(source, f), Q_CVEJIC, exchanged) for source in (a, b))


def nava(image_a: Levels, image_b: Levels, fused: Levels, exchanged: bool) -> float:
    """(I_q(A, F) + I_q(B, F)) / (H(A)^q + H(B)^q + I_q(A, B)) of order q = .43137, 0 for 0/0."""
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (stretch(image) for image in (image_a, image_b, fused))
    af, bf, ab = (joint_histogram(x, y) for x, y in ((a, f), (b, f), (a, b)))
    shared_a, shared_b, total = (tsallis_information(joint, Q_NAVA, exchanged) for joint in (af, bf, ab))
    total += bits(ab.sum(axis=1)) ** Q_NAVA + bits(ab.sum(axis=0)) ** Q_NAVA
    return (shared_a + shared_b) / total if total != 0 else 0.0


def q_mi(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Mutual information of each source with the fused image, each normalised by the entropies.

    Q_MI = 2 [I(A, F) / (H(A) + H(F)) + I(B, F) / (H(B) + H(F))]          (Hossny, Nahavandi, Creighton 2008)

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  0..2, higher is better; a share of two constant images counts 0
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricMI(im1, im2, fim, 1) of both toolboxes
    Parity: V, 60 values to 3e-15.

    >>> q_mi(*[np.arange(256.0).reshape(16, 16)] * 3)
    2.0
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (stretch(image) for image in (image_a, image_b, fused))
    shares = (mutual_information(joint_histogram(source, f)) for source in (a, b))
    return 2 * sum(i / (h_x + h_f) if h_x + h_f > 0 else 0.0 for i, h_x, h_f in shares)


def q_te_cvejic(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Tsallis mutual information of both sources with the fused image.

    Q_TE = I_q(A, F) + I_q(B, F), q = 1.85                               (Cvejic, Canagarajah, Bull 2006)

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  higher is better, no upper bound; 0 for constant images
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: none: metricMI(im1, im2, fim, 2) of the toolboxes computes `q_te_cvejic_toolbox`
    Parity: no outside value. Children with Liu's result: 87.255, where the toolboxes say 135.249.

    >>> round(q_te_cvejic(*[np.arange(256.0).reshape(16, 16)] * 3), 4)
    259.8364
    """
    return cvejic(image_a, image_b, fused, exchanged=False)


def q_te_cvejic_toolbox(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Tsallis mutual information of both sources with the fused image, in the form of all published values.

    Q_TE = I(A, F) + I(B, F), I of order 1.85 with its marginals exchanged, a defect that `q_te_cvejic` does not have

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  higher is better, no bounds: the defect may make it negative; 0 for constant images
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricMI(im1, im2, fim, 2) of both toolboxes
    Parity: GNU Octave running the toolbox, Children: to 8e-15 (B for MATLAB itself).

    >>> round(q_te_cvejic_toolbox(*[np.arange(256.0).reshape(16, 16)] * 3), 4)
    259.8364
    """
    return cvejic(image_a, image_b, fused, exchanged=True)


def q_te_nava(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Tsallis mutual information of both sources with the fused image, normalised by the information in the sources.

    Q_TE = (I_q(A, F) + I_q(B, F)) / (H(A)^q + H(B)^q + I_q(A, B)), q = .43137       (Nava, Cristobal, Escalante 2007)
    H is Shannon's entropy in bits, to the power q, and the sign is plus, as in the toolboxes; the paper writes
    Tsallis' entropy and a minus, which no published table uses.

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  higher is better, no upper bound; 0 for constant images
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: none: metricMI(im1, im2, fim, 3) of the toolboxes computes `q_te_nava_toolbox`
    Parity: no outside value. Children with Liu's result: .365812, where the toolboxes say .370101.

    >>> round(q_te_nava(*[np.arange(256.0).reshape(16, 16)] * 3), 4)
    0.5111
    """
    return nava(image_a, image_b, fused, exchanged=False)


def q_te_nava_toolbox(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Tsallis mutual information of both sources with the fused image, normalised, in the form of all published values.

    Q_TE as `q_te_nava`, but I with its marginals exchanged, a defect that `q_te_nava` does not have

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  higher is better, no bounds: the defect may make it negative; 0 for constant images
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricMI(im1, im2, fim, 3) of both toolboxes
    Parity: GNU Octave running the toolbox, Children: to 5e-15 (B for MATLAB itself).

    >>> round(q_te_nava_toolbox(*[np.arange(256.0).reshape(16, 16)] * 3), 4)
    0.5111
    """
    return nava(image_a, image_b, fused, exchanged=True)


def q_ncie(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Dependence of the three images on one another, linear or not.

    Q_NCIE = 1 + sum over k of (l_k / 3) log256(l_k / 3), l_k the eigenvalues of the matrix of NCC with diagonal 1
    NCC(X, Y) = (H(X) + H(Y) - H(X, Y)) / 8, entropies in bits                    (Wang, Shen, Jin 2008, ch. 19)

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  0..1, in practice .80 to .86, higher is better; an eigenvalue not above 0 counts 0
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricWang(im1, im2, fim) of both toolboxes
    Parity: V, 60 values to 4e-16.

    >>> round(q_ncie(*[np.full((16, 16), 7.0)] * 3), 6)  # nothing shared: 1 - log256(3)
    0.80188
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = (stretch(image) for image in (image_a, image_b, fused))
    ab, af, bf = (mutual_information(joint_histogram(x, y))[0] / 8 for x, y in ((a, b), (a, f), (b, f)))
    shares = np.linalg.eigvalsh([[1, ab, af], [ab, 1, bf], [af, bf, 1]]) / 3
    positive = shares[shares > 0]
    return float(1 + np.sum(positive * np.log2(positive)) / np.log2(LEVELS))
