"""Phase congruency, which is high where frequencies agree in phase, as at edges and lines, and Q_P based on it.

Source: P. Kovesi, Videre 1(3), 1999; DICTA 2003.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from reference.metrics.gray_levels import check_levels
from reference.metrics.local_statistics import covariance, gaussian, local, separable
from reference.steps.arrays import Levels

SCALES, ORIENTATIONS = 4, 6
SHORTEST, FACTOR = 3, 2.1  # wavelength of the finest scale in pixels, and from scale to scale
BANDWIDTH = 0.55  # of the radial filter, relative to its centre
SPREAD = math.pi / ORIENTATIONS / 1.2  # of the angular filter, radians
NOISE_DEVIATIONS = 2.0
CUT_OFF, GAIN = 0.5, 10.0  # of the weight for frequency spread
EPS = 1e-4
FEATURE = 0.1  # phase congruency above which there is a feature
C = 1e-4  # of the local correlation
BAND = 32  # rows processed at a time, few enough for the processor's cache


class PhaseCongruency(NamedTuple):
    """Congruency in 0..1 and the largest and smallest moment over the orientations; (H, W) each."""

    congruency: Levels
    maximum: Levels
    minimum: Levels


def log_gabor(shape: tuple[int, int]) -> Iterator[tuple[float, NDArray[np.float64]]]:
    """Of each orientation the angle and the filters, as spectra, (4, H, W), finest first, frequency 0 at [0, 0].

    Phi = exp(-(ln(rho / f_s))^2 / (2 (ln .55)^2)) / (1 + (rho / .45)^30) exp(-d^2 / (2 sigma^2)),  0 at frequency 0
    f_s = 1 / (3 2.1^s), s = 0..3;  d the angle between the frequency and o pi / 6, o = 0..5;  sigma = (pi / 6) / 1.2
    """
    # Along a side, zero first: k / n for an even side n, k / (n - 1) for an odd one.
    frequencies = (fft.ifftshift((np.arange(n) - n // 2) / max(n - n % 2, 1)) for n in shape)
    y, x = np.meshgrid(*frequencies, indexing="ij")
    rho, theta = np.hypot(x, y), np.arctan2(-y, x)
    low_pass = 1 / (1 + (rho / 0.45) ** 30)
    rho[0, 0] = 1  # any value: the filters are 0 there
    low_pass[0, 0] = 0
    log_rho = np.log(rho)
    centres = [math.log(1 / (SHORTEST * FACTOR**scale)) for scale in range(SCALES)]
    radial = np.stack([np.exp((log_rho - centre) ** 2 / (-2 * math.log(BANDWIDTH) ** 2)) for centre in centres])
    radial *= low_pass
    for orientation in range(ORIENTATIONS):
        angle = orientation * math.pi / ORIENTATIONS
        difference = np.abs(theta - angle)
        distance = np.minimum(difference, 2 * math.pi - difference)
        yield angle, radial * np.exp(distance * distance / (-2 * SPREAD**2))


def phase_congruency(images: Sequence[Levels]) -> list[PhaseCongruency]:
    """Phase congruency of images and its moments: the maximum is high at edges, the minimum too at corners.

    PC = sum over the orientations of W max(E - T, 0) / (sum of the amplitudes + .0001)              (Kovesi 1999, 2003)
    E  in-phase less out-of-phase energy of the responses over the scales,  T threshold for noise,
    W  weight, small where few frequencies respond

    images   (H, W) gray levels, of one shape: each filter is made once for all
    returns  PC, and moments of PC over the orientations; 0 for a constant image; the minimum may be slightly negative

    MATLAB: phasecong2(image) of P. Kovesi, with 4 scales and 6 orientations, as both toolboxes call it
    Parity: through q_p, V, 60 values to 2e-12. The moments mix products over 6 where Kovesi 2003 has 3, as there.

    >>> edge = np.where(np.arange(32) < 16, 0.0, 200.0) * np.ones((32, 1))
    >>> congruency = phase_congruency([edge])[0].congruency
    >>> bool(congruency[:, 15:17].min() > 0.5), bool(congruency[:, 4:12].max() < 0.1)
    (True, True)
    """
    spectra = [fft.fft2(image) for image in images]
    sums = np.zeros((5, len(images), *images[0].shape))
    for angle, filters in log_gabor(images[0].shape):
        noise_gain = _noise_gain(filters)
        for number, spectrum in enumerate(spectra):
            responses = fft.ifft2(spectrum * filters, overwrite_x=True)
            threshold = _noise_threshold(np.abs(responses[0]), noise_gain)
            for top in range(0, responses.shape[1], BAND):
                rows = slice(top, top + BAND)
                sums[:, number, rows] += _terms(responses[:, rows], threshold, angle)
    energy, amplitude, c_x, c_y, c_xy = sums
    c_x, c_y, c_xy = c_x / 3, c_y / 3, c_xy / 6
    spread = np.sqrt(c_xy**2 + (c_x - c_y) ** 2) + EPS
    found = energy / (amplitude + EPS), (c_y + c_x + spread) / 2, (c_y + c_x - spread) / 2
    return [PhaseCongruency(*of_image) for of_image in zip(*found, strict=True)]


def _terms(responses: NDArray[np.complex128], threshold: float, angle: float) -> NDArray[np.float64]:
    """Contribution of one orientation: energy, amplitude, and products of the components of the congruency."""
    amplitudes = np.abs(responses)
    amplitude = amplitudes.sum(axis=0)
    mean = responses.sum(axis=0)
    mean /= np.abs(mean) + EPS
    in_phase = responses * mean.conj()
    energy = np.maximum((in_phase.real - np.abs(in_phase.imag)).sum(axis=0) - threshold, 0)
    width = amplitude / (amplitudes.max(axis=0) + EPS) / SCALES
    energy /= 1 + np.exp(GAIN * (CUT_OFF - width))
    congruency = np.divide(energy, amplitude, out=np.zeros_like(energy), where=amplitude > 0)
    x, y = congruency * math.cos(angle), congruency * math.sin(angle)
    return np.stack([energy, amplitude, x * x, y * y, x * y])


def _noise_gain(filters: NDArray[np.float64]) -> float:
    """Power of noise in the sum of all scales, relative to that at the finest scale.

    sum over the pixels of (sum over s of h_s)^2 / sum of Phi_0^2, with h the even parts of the filters as images. By
    Parseval's theorem the sum may run over frequencies.
    """
    whole = filters.sum(axis=0)
    even = (whole + np.roll(whole[::-1, ::-1], (1, 1), axis=(0, 1))) / 2
    return float(np.sum(even * even)) / float(np.sum(filters[0] ** 2))


def _noise_threshold(finest: Levels, noise_gain: float) -> float:
    """Energy that noise alone would reach, from the median response at the finest scale, which is mostly noise."""
    middle = [(finest.size - 1) // 2, finest.size // 2]
    power = float(np.mean(np.partition(finest, middle, axis=None)[middle] ** 2)) / math.log(2)
    tau = math.sqrt(power * noise_gain)
    return (tau * math.sqrt(math.pi / 2) + NOISE_DEVIATIONS * tau * math.sqrt(2 - math.pi / 2)) / 1.7


def q_p(image_a: Levels, image_b: Levels, fused: Levels) -> float:
    """Local correlation of the features of the fused image with those of the sources, or of the stronger source.

    Q_P = P_p P_M P_m, for phase congruency p and its largest and smallest moments M and m
    P = sum over the pixels of max(r_A, r_B, r_S) / number of pixels with p_S > .1,  S the source with the larger p
    r_Y = (cov_YF + .0001) / (sqrt(|var_Y var_F|) + .0001) where p_Y > .1, else 0, under an 11 x 11 Gaussian of sigma
    1.5, zero beyond the border                                                        (Zhao, Laganiere, Liu 2007)

    image_a, image_b, fused  (H, W) gray levels 0..255, sides of 2 or more
    returns                  up to 1, higher is better; 0 if no source has a feature
    raises                   ValueError or TypeError for images that are not gray levels of one shape

    MATLAB: metricZhao(im1, im2, fim) of both toolboxes; at odd sides of the 2024 edition (the earlier low-pass is off)
    Parity: V, 60 values to 2e-12.

    >>> edge = np.where(np.arange(32) < 16, 0.0, 200.0) * np.ones((32, 1))
    >>> round(q_p(edge, edge, edge), 4)  # not 1: the fused image is not masked as the sources are
    0.9909
    """
    check_levels(2, image_a=image_a, image_b=image_b, fused=fused)
    a, b, f = phase_congruency([image_a, image_b, fused])
    from_a = a.congruency > b.congruency
    masks = [p > FEATURE for p in (a.congruency, b.congruency, np.maximum(a.congruency, b.congruency))]
    if not masks[-1].any():
        return 0.0
    return math.prod(
        _correlation((of_a, of_b, np.where(from_a, of_a, of_b)), masks, of_f)
        for of_a, of_b, of_f in zip(a, b, f, strict=True)
    )


def _correlation(candidates: tuple[Levels, ...], masks: list[NDArray[np.bool_]], f: Levels) -> float:
    """P of one feature: the best candidate at each pixel, averaged where the stronger source has a feature."""
    window = partial(separable, weights=gaussian(11, 1.5))
    of_f = local(f, window)
    best = np.full(f.shape, -np.inf)
    for candidate, mask in zip(candidates, masks, strict=True):
        y = local(np.where(mask, candidate, 0.0), window)
        r = (covariance(y, of_f, window) + C) / (np.sqrt(np.abs(y.variance * of_f.variance)) + C)
        best = np.maximum(best, np.where(mask, r, 0))
    return float(np.sum(best)) / int(np.count_nonzero(masks[-1]))
