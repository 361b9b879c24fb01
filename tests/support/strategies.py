"""Small random images and maps; sides stay small, so that a failure shrinks to something that can be drawn."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

SIDES = st.integers(1, 24)
UNIT = st.floats(0, 1, width=64, allow_subnormal=False)


def shapes(least: int = 1, most: int = 24):
    return st.tuples(st.integers(least, most), st.integers(least, most))


@st.composite
def fields(draw, shape=None, least=1, most=24, levels=None):
    """A (H, W) map in [0, 1]: white noise from a seed, now and then with many exact ties.

    Arrays of thousands of free values are slow to draw and shrink badly; a seed and a number of levels is enough.
    """
    shape = shape or draw(shapes(least, most), label="shape")
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="seed"))
    count = levels or draw(st.sampled_from([2, 3, 5, 256, 0]), label="levels (0: continuous)")
    noise = rng.random(shape)
    return noise if count == 0 else np.floor(noise * count) / (count - 1 if count > 1 else 1)


@st.composite
def binary_maps(draw, least=1, most=24):
    shape = draw(shapes(least, most), label="shape")
    return draw(hnp.arrays(np.bool_, shape), label="map")


@st.composite
def colour_images(draw, shape=None, least=1, most=24):
    shape = shape or draw(shapes(least, most), label="shape")
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="seed"))
    return rng.random((*shape, 3))


@st.composite
def score_grids(draw, least=16, most=40):
    """A (H, W) of a source and a score map that fits it."""
    shape = draw(shapes(least, most), label="shape")
    scores = draw(fields(shape=((shape[0] + 1) // 2 - 7, (shape[1] + 1) // 2 - 7)), label="scores")
    return shape, scores


@st.composite
def class_images(draw, least=1, most=24, logical=True):
    """A (H, W) image of any MATLAB class, over its range of gray levels; floats in [0, 1]."""
    kinds = ["bool"] * logical + ["uint8", "uint16", "uint32", "int8", "int16", "int32", "float32", "float64"]
    kind = np.dtype(draw(st.sampled_from(kinds), label="class"))
    image = draw(fields(least=least, most=most))
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        return np.round(limits.min + image * (float(limits.max) - limits.min)).astype(kind)
    return image > 0.5 if kind.kind == "b" else image.astype(kind)
