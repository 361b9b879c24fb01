"""Q_TE of Nava."""

from __future__ import annotations

from reference.arrays import Levels
from reference.metrics.gray_levels import check_levels
from reference.metrics.tsallis import normalised, tsallis_information

__all__ = ["q_te_nava"]


def q_te_nava(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Tsallis mutual information of both sources with the fused image, normalised by what the sources hold.

    Q_TE = (I_q(A, F) + I_q(B, F)) / (H(A)^q + H(B)^q + I_q(A, B)), q = .43137       (Nava, Cristobal, Escalante 2007)
    H is Shannon's entropy in bits, to the power q, and the sign is plus, as in the toolboxes; the paper writes
    Tsallis' entropy and a minus, which no published table uses.

    image_a, image_b, fused  (H, W) gray levels 0..255; each is stretched to 0..255 first
    returns                  higher is better, no upper bound; 0 for constant images
    raises                   ValueError or TypeError for what are not gray levels of one shape

    MATLAB: none: metricMI(im1, im2, fim, 3) of the toolboxes computes `q_te_nava_toolbox`
    Parity: no outside value. Children with Liu's result: .365812, where the toolboxes say .370101.

    >>> image = np.arange(256.0).reshape(16, 16)
    >>> round(q_te_nava(image, image, image), 4)
    0.5111
    """
    check_levels(image_a=image_a, image_b=image_b, fused=fused)
    return normalised(image_a, image_b, fused, tsallis_information)
