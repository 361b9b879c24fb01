"""imnoise: the moments of its distributions, within five standard errors, and its classes."""

from __future__ import annotations

import numpy as np
import pytest

from matlab_compat import imnoise

COUNT = 200 * 200


def noise(level, kind, *parameters, dtype=np.float64):
    image = np.full((200, 200), level, dtype)
    return imnoise(image, kind, *parameters, rng=np.random.default_rng(7)).astype(np.float64)


@pytest.mark.parametrize(
    ("kind", "parameters", "mean", "variance", "fourth"),
    [  # the fourth moment over the squared variance is 3 of a normal and 9 / 5 of a uniform distribution
        ("gaussian", (), 0.5, 0.01, 3), ("gaussian", (0.1, 0.001), 0.6, 0.001, 3),
        ("speckle", (), 0.5, 0.05 / 4, 1.8), ("speckle", (0.01,), 0.5, 0.01 / 4, 1.8),
    ],
)  # fmt: skip
def test_moments(kind, parameters, mean, variance, fourth):
    found = noise(0.5, kind, *parameters)
    assert found.mean() == pytest.approx(mean, abs=5 * np.sqrt(variance / COUNT))
    assert found.var() == pytest.approx(variance, rel=5 * np.sqrt(2 / COUNT))
    assert np.mean((found - found.mean()) ** 4) / found.var() ** 2 == pytest.approx(fourth, abs=0.1)


@pytest.mark.parametrize(
    ("dtype", "level", "unit"),
    [(np.uint8, 40, 1), (np.uint16, 9000, 1), (np.float32, 4e-4, 1e6), (np.float64, 9e-11, 1e12)],
)
def test_poisson_counts_levels(dtype, level, unit):
    found = noise(level, "poisson", dtype=dtype) * unit
    mean = level * unit
    assert found.mean() == pytest.approx(mean, abs=5 * np.sqrt(mean / COUNT))
    assert found.var() == pytest.approx(mean, rel=5 * np.sqrt(3 / COUNT))


def test_salt_and_pepper_come_alike():
    found = noise(0.5, "salt & pepper")
    for level in (0, 1):
        assert np.mean(found == level) == pytest.approx(0.025, abs=5 * np.sqrt(0.025 / COUNT))
    assert set(np.unique(found)) == {0, 0.5, 1}


@pytest.mark.parametrize("kind", ["gaussian", "speckle", "poisson", "salt & pepper"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
def test_class_shape_and_range_stay(kind, dtype):
    image = np.linspace(0, 1 if dtype in (np.float32, np.float64) else np.iinfo(dtype).max, 60).astype(dtype)
    image = image.reshape(4, 5, 3)
    found = imnoise(image, kind, rng=np.random.default_rng(0))
    assert found.dtype == dtype
    assert found.shape == image.shape
    if dtype in (np.float32, np.float64):
        assert found.min() >= 0
        assert found.max() <= 1
    np.testing.assert_array_equal(found, imnoise(image, kind, rng=np.random.default_rng(0)))


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        (("rain",), "kind is 'rain'"), (("poisson", 1), "poisson takes 0 parameters at most, not 1"),
        (("gaussian", 0, -1), "gaussian takes a variance of 0 or more"),
        (("salt & pepper", 1.5), "salt & pepper takes a density"), (("speckle", np.nan), "takes a variance"),
    ],
)  # fmt: skip
def test_what_is_no_noise_is_refused(parameters, sentence):
    with pytest.raises(ValueError, match=sentence):
        imnoise(np.zeros((2, 2)), *parameters)
