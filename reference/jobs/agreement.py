"""Whether two photographs of one scene agree in exposure and place, measured on what both show."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from reference.images.files import ImageFile
from reference.steps.arrays import Gray, Image

SIDE = 256  # pixels of the larger side, at most, on which both are compared
BLOCKS = 16  # down and across, whose means are compared: blur moves little light from one to the next
DARK, BRIGHT = 0.05, 0.95  # what lies beyond tells nothing of exposure
EVEN = 0.03  # of brightness: 25 of the 26 embedded and Lytro pairs agree to it
COARSE = 0.06  # cycles per pixel: finer detail changes its sign where it is out of focus
SURE = 0.5  # of the correlation of equal images
AT_REST = 2.5  # pixels: the same pairs differ by up to 2.1


def compare(
    image_a: Image, image_b: Image, names: tuple[str, str], side: int, evens: bool, notice: Callable[[str], None]
) -> NDArray[np.float64]:
    """The gains by which B is as bright as A, both `reduced`; what differs between them is told.

    side              the larger of A, in pixels; 0 where a difference in place is known
    evens             whether B will be made as bright
    """
    gains = exposure_gains(image_a, image_b)
    brighter = 1 / gains[np.abs(np.log(gains)).argmax()] - 1
    if abs(brighter) > EVEN:
        how = f"{abs(brighter):.1%} {'brighter' if brighter > 0 else 'darker'} than"
        notice(f"{names[1]} is {how} {names[0]}: {'it is made' if evens else '--match-exposure makes it'} as bright")
    if side and image_a.shape == image_b.shape:
        tell_of_motion(image_a, image_b, names, side, notice)
    return gains


def tell_of_motion(a: Image, b: Image, names: tuple[str, str], side: int, notice: Callable[[str], None]) -> None:
    """Tell of what seems moved between two that are `reduced`; `side` is the larger of A, in pixels."""
    moved = moved_by(a, b) * side / max(a.shape)
    if moved > AT_REST:
        notice(f"{names[1]} seems moved by {moved:.0f} pixels against {names[0]}: --align affine moves it back")


def reduced(file: ImageFile, most: int = SIDE) -> Image:
    """The means of k x k pixels, with the smallest k by which the larger side has at most so many of them; in [0, 1].

    >>> reduced(ImageFile(np.full((300, 550), 51, np.uint8), np.dtype(np.uint8))).shape
    (100, 183)
    """
    k = -(-max(file.shape[:2]) // most)
    rows, columns = (side // k for side in file.shape[:2])
    bands = (file.raw[k * row : k * (row + 1), : k * columns] for row in range(rows))
    return np.stack([band.mean(0).reshape(columns, k, *file.shape[2:]).mean(1) for band in bands]) / file.top


def exposure_gains(image_a: Image, image_b: Image) -> NDArray[np.float64]:
    """By how much B must be multiplied, each channel for itself, to be as bright as A.

    median over blocks of mean(A) / mean(B), (1,) or (3,); 1 where fewer than a quarter of the blocks tell

    >>> exposure_gains(np.full((32, 32), 0.3), np.full((40, 40), 0.25)).round(12)
    array([1.2])
    """
    means_a, means_b = (_block_means(image) for image in (image_a, image_b))
    tells = (np.minimum(means_a, means_b) > DARK) & (np.maximum(means_a, means_b) < BRIGHT)
    channels = zip(means_a, means_b, tells, strict=True)
    return np.array([np.median(a[here] / b[here]) if here.mean() > 0.25 else 1.0 for a, b, here in channels])


def _block_means(image: Image) -> NDArray[np.float64]:
    """(channels, blocks)."""
    bands = np.array_split(np.atleast_3d(image), BLOCKS)
    return np.stack([block.mean((0, 1)) for band in bands for block in np.array_split(band, BLOCKS, 1)], axis=1)


def moved_by(image_a: Image, image_b: Image) -> float:
    """The largest shift between the four quarters of A and of B, in pixels of these; 0 where none is sure.

    The peak of the phase correlation (Kuglin and Hines 1975) of coarse detail, to a fraction of a pixel by a parabola.

    >>> noise = np.random.default_rng(0).random((256, 256)).cumsum(0).cumsum(1)
    >>> round(moved_by(noise, np.roll(noise, 3, axis=1))), round(moved_by(noise, noise))
    (3, 0)
    """
    gray_a, gray_b = (np.atleast_3d(image).mean(2) for image in (image_a, image_b))
    rows, columns = (side // 2 for side in gray_a.shape)
    corners = [(top, left) for top in (0, rows) for left in (0, columns)]
    quarters = ([one[top : top + rows, left : left + columns] for one in (gray_a, gray_b)] for top, left in corners)
    return max(_shift(a, b) for a, b in quarters)


def _shift(a: Gray, b: Gray) -> float:
    window = np.outer(np.hanning(a.shape[0]), np.hanning(a.shape[1]))
    spectrum_a, spectrum_b = (np.fft.rfft2((one - np.average(one, weights=window)) * window) for one in (a, b))
    squares = np.fft.fftfreq(a.shape[0])[:, None] ** 2 + np.fft.rfftfreq(a.shape[1]) ** 2
    weights, cross = np.exp(-squares / (2 * COARSE**2)), spectrum_a * spectrum_b.conj()
    correlation = np.fft.irfft2(weights * cross / np.maximum(np.abs(cross), 1e-12), a.shape)
    peak = np.unravel_index(int(correlation.argmax()), a.shape)
    if correlation[peak] < SURE * np.fft.irfft2(weights, a.shape)[0, 0]:
        return 0.0
    lines = correlation[:, peak[1]], correlation[peak[0]]
    return math.hypot(*(_vertex(line, int(place)) for line, place in zip(lines, peak, strict=True)))


def _vertex(line: NDArray[np.float64], place: int) -> float:
    """Where the parabola through a peak and its neighbours has its vertex, on a line that closes in itself."""
    before, most, after = line[place - 1], line[place], line[(place + 1) % len(line)]
    at = place + (before - after) / (2 * (before - 2 * most + after))
    return float(at if at < len(line) / 2 else at - len(line))
