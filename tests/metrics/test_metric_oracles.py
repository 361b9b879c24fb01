"""Every fusion metric agrees with loops written from its definition, on small images full of ties and flat parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.metrics.catalogue import METRICS, metric
from tests.support import later_metric_oracles, metric_oracles

# Relative and absolute difference: the rounding of a few hundred sums; absolute where a score of order 1 cancels to 0.
ROUNDING = (1e-11, 1e-13)
# Variances w*(X^2) - mu^2 carry noise of 1e-11 (255^2 times the last bit), against C2 = 58 ...
VARIANCES = (1e-9, 1e-12)
# ... but in Q_Y against 2e-16, hence against 1.3e-3, the variance of 7 x 7 equal levels but for one in the corner.
SMALL_VARIANCES = (1e-9, 1e-8)
# In Q_VIFF against the variance of what three blurs leave of one pixel, 1e-5; it weighs little, as n2 = 325.
BLURRED_VARIANCES = (1e-6, 0)
# Of a constant F, Mx = 5e-5 and mn = -5e-5: variance 0 but for 1e-24, whose root stands beside 0.0001.
CONSTANT_MOMENTS = (1e-9, 5e-9)

# Least side, and how much the two may differ.
CASES = {
    "q_mi": (1, ROUNDING),
    "q_te_cvejic_toolbox": (1, ROUNDING),
    "q_te_cvejic": (1, ROUNDING),
    "q_te_nava_toolbox": (1, ROUNDING),
    "q_te_nava": (1, ROUNDING),
    "q_ncie": (1, ROUNDING),
    "q_fmi_none_toolbox": (3, ROUNDING),
    "q_fmi_none": (3, ROUNDING),
    "q_fmi_gradient_toolbox": (3, ROUNDING),
    "q_fmi_gradient": (3, ROUNDING),
    "q_g": (1, ROUNDING),
    "q_g_zl": (1, ROUNDING),
    "q_m": (4, ROUNDING),
    "q_sf": (1, ROUNDING),
    "q_s": (8, ROUNDING),
    "q_s_zl": (11, VARIANCES),
    "q_w": (8, ROUNDING),
    "q_w_zl": (11, VARIANCES),
    "q_e": (8, ROUNDING),
    "q_c": (8, ROUNDING),
    "q_y": (11, SMALL_VARIANCES),
    "q_scd": (1, ROUNDING),
    "ssim_mean": (11, VARIANCES),
    "q_cv": (1, ROUNDING),
    "q_cb": (1, ROUNDING),
    "average_gradient": (1, ROUNDING),
    "edge_intensity": (1, ROUNDING),
    "spatial_frequency": (1, ROUNDING),
    "standard_deviation": (1, ROUNDING),
    "standard_deviation_columns": (1, ROUNDING),
    "q_abf": (2, ROUNDING),
    "l_abf": (2, ROUNDING),
    "n_abf": (2, ROUNDING),
    "n_abf_kumar": (2, ROUNDING),
    "epi": (1, ROUNDING),
    "cc": (1, ROUNDING),
    "cross_entropy": (1, ROUNDING),
    "mse_mean": (1, ROUNDING),
    "rmse_mean": (1, ROUNDING),
    "standard_deviation_sum": (1, ROUNDING),
}
# Least side, difference, and the share of the usual number of examples: their oracles take up to seconds.
SLOW = {
    "ms_ssim": (176, VARIANCES, 0.05),
    "mef_ssim": (44, VARIANCES, 0.1),
    "q_fmi_dct": (3, ROUNDING, 0.2),
    "q_fmi_wavelet": (3, ROUNDING, 0.03),
}
LEVELS = [(0, 1), (254, 255), (0, 255), (3, 60, 61), (0, 1, 2, 128, 255), range(256)]


def triple(rng, shape, levels, patches: int, chosen: bool) -> np.ndarray:
    """Two sources and a fused image of whole gray levels: noise with flat patches, now and then constant.

    A patch lies at the same place in one, two or three images, so that windows are flat in any combination.
    """
    sparse = np.ones(len(levels))
    sparse[0] = rng.choice([1, 20 * len(levels)], p=[0.8, 0.2])
    images = rng.choice(levels, size=(3, *shape), p=sparse / sparse.sum()).astype(float)
    for _ in range(patches):
        (top, bottom), (left, right) = (np.sort(rng.integers(0, side + 1, 2)) for side in shape)
        one, other = rng.choice([0, 255, rng.integers(256)], 2)
        for image, level in zip(rng.permutation(3), rng.permutation([one, one, other]), strict=True):
            if rng.random() < 0.6:
                images[image, top:bottom, left:right] = level
    if chosen:
        images[2] = np.where(rng.random(shape) < rng.choice([0, 0.5, 1]), images[0], images[1])
    for image in images:
        if rng.random() < 0.06:
            image[:] = rng.choice([0, 255, rng.integers(256)])
    return images


@st.composite
def triples(draw, least: int, most: int = 24, patches: int = 4):
    """Thousands of free pixels shrink badly: drawn are what the images are made of, and a seed."""
    shape = draw(st.tuples(st.integers(least, most), st.integers(least, most + 1)), label="shape")
    levels = draw(st.sampled_from(LEVELS), label="gray levels")
    count = draw(st.integers(0, patches), label="flat patches")
    chosen = draw(st.booleans(), label="fused chosen from the sources, pixel by pixel")
    seed = draw(st.integers(0, 2**32 - 1), label="seed")
    return triple(np.random.default_rng(seed), shape, levels, count, chosen)


def assert_agrees(name: str, images, difference) -> None:
    images = images[2:] if metric(name).needs == "fused" else images
    expected = getattr(metric_oracles, name, None) or getattr(later_metric_oracles, name)
    assert metric(name).function(*images) == pytest.approx(expected(*images), rel=difference[0], abs=difference[1])


def test_every_metric_has_an_oracle():
    elsewhere = {"psnr", "ssim", "piqe", "entropy"}
    assert {one.name for one in METRICS} == {*elsewhere, *CASES, *SLOW, "q_p", "q_viff", "vifp"}


@pytest.mark.parametrize("name", CASES)
@given(st.data())
def test_metric(name, data):
    least, difference = CASES[name]
    assert_agrees(name, data.draw(triples(least), label="a, b, f"), difference)


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_metric_with_a_slow_oracle(name):
    least, difference, share = SLOW[name]

    @settings(max_examples=max(2, round(settings.default.max_examples * share)))
    @given(triples(least, max(24, least + 2)))
    def agrees(images):
        assert_agrees(name, images, difference)

    agrees()


def test_mixed_structure_of_sources_that_are_alike():
    """Where their structures nearly agree, the power of their contrast has its greatest value, 10."""
    a = np.random.default_rng(0).integers(0, 256, (44, 46)).astype(float)
    b = np.floor(a / 2 + np.roll(a, 1, axis=1) / 8)
    assert_agrees("mef_ssim", [a, b, np.floor((a + b) / 2)], ROUNDING)


@settings(max_examples=settings.default.max_examples // 3)
@given(triples(2))
def test_phase_congruency(images):
    assert_agrees("q_p", images, CONSTANT_MOMENTS)


# One patch: where straight edges cross, a covariance is 0 but for rounding, and its sign would decide "smaller gain".
@settings(max_examples=settings.default.max_examples // 4)
@pytest.mark.parametrize("name", ["q_viff", "vifp"])
@given(triples(41, 45, patches=1))
def test_visual_information_fidelity(name, images):
    assert_agrees(name, images, BLURRED_VARIANCES)
