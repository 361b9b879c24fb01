"""What metrics promise by their definitions: ranges, perfect results, symmetry, invariances, constant images."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.metrics.catalogue import METRICS, TRUSTED, metric
from reference.metrics.feature_information import MEYER
from reference.metrics.gray_levels import check_levels, gray_levels
from reference.metrics.score import SMALL, score

OF_LEVELS = [one.name for one in METRICS if one.needs in ("sources", "fused")]
OF_SOURCES = [one.name for one in METRICS if one.needs == "sources"]
LEAST = {"q_viff": 41, "q_m": 4, "q_p": 2} | {
    **dict.fromkeys(["q_s", "q_w", "q_e", "q_c"], 8),
    **dict.fromkeys(["q_y", "q_s_zl", "q_w_zl", "ssim_mean"], 11),
    **{name: 3 for name in OF_SOURCES if "fmi" in name},
    **dict.fromkeys(["q_abf", "l_abf", "n_abf", "n_abf_kumar"], 2),
    **{"vifp": 41, "mef_ssim": 44, "ms_ssim": 176},
}

KEPT = np.sqrt(0.9999 / (1 + np.exp(-9.5)) * 0.9995 / (1 + np.exp(-11)))  # both sigmoids at 1
# What F = A = B gives, for an image that has contrast everywhere, by hand.
PERFECT = {
    "q_mi": 2, "q_m": 3, "q_sf": 0, "q_s": 1, "q_s_zl": 1, "q_w": 1, "q_w_zl": 1, "q_e": 1, "q_c": 1, "q_y": 1,
    "q_scd": 0, "ssim_mean": 1, "q_cv": 0, "q_cb": 1, "q_viff": 1, "q_fmi_none": 1, "q_fmi_none_toolbox": 1,
    "q_fmi_gradient": 1, "q_fmi_gradient_toolbox": 1,
    "q_g": 0.9994 / (1 + np.exp(-7.5)) * 0.9879 / (1 + np.exp(-4.4)), "q_g_zl": 1 / (1 + np.exp(-5)) ** 2,
    "q_abf": KEPT, "l_abf": 1 - KEPT, "n_abf": 0, "n_abf_kumar": 0, "epi": 1, "ms_ssim": 1, "mef_ssim": 1, "vifp": 2,
    "cc": 1, "cross_entropy": 0, "mse_mean": 0, "rmse_mean": 0, "q_fmi_dct": 1, "q_fmi_wavelet": 1,
}  # fmt: skip
# Not symmetric by definition: the toolbox's Q_FMI, and Q_VIFF where both gains are 0; Q_G nearly (preserved_strength).
SYMMETRIC = [name for name in OF_SOURCES if name not in ("q_fmi_none_toolbox", "q_fmi_gradient_toolbox", "q_viff")]
# Q_FMI reads windows by columns, Q_G's arctangent has its jump at one of the axes, in Q_abf a flat pixel has the angle
# of one of them, and for Q_P an even side has its highest frequency on one side only.
TURNED = [
    name for name in OF_LEVELS
    if "fmi" not in name and "abf" not in name and name not in ("standard_deviation_columns", "q_p", "q_g", "q_g_zl")
]  # fmt: skip
# A defect: the exchanged information of noise may be above that of a perfect result. Q_SCD is of differences: sources
# that hardly differ have none.
DIRECTED = [name for name in OF_SOURCES if name not in ("q_te_cvejic_toolbox", "q_te_nava_toolbox", "q_scd")]


@st.composite
def levels(draw, count, least=1, most=26):
    """Some images of one shape: noise, few levels, with flat patches of any level, or constant."""
    shape = draw(st.tuples(*[st.integers(least, max(most, least + 4))] * 2), label="shape")
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="seed"))
    return [_one(draw, rng, shape) for _ in range(count)]


def _one(draw, rng, shape):
    kind = draw(st.sampled_from(["noise", "few", "patches", "constant"]), label="kind")
    if kind == "constant":
        return np.full(shape, float(rng.integers(256)))
    image = rng.integers(0, 256, shape).astype(float)
    if kind == "few":
        image = np.floor(image / 64) * 85
    if kind == "patches":
        image[: shape[0] * 2 // 3, : shape[1] * 2 // 3] = rng.choice([0, 17, 255])
    return image


def compute(name, images):
    """A metric of [A, B, F], or of F alone."""
    return metric(name).function(*(images[-1:] if metric(name).needs == "fused" else images))


@pytest.mark.parametrize("name", OF_LEVELS)
@given(data=st.data())
def test_values_are_in_range_and_those_of_exchanged_sources_and_of_transposed_images(name, data):
    """Constant images among them: every value is defined, none is NaN."""
    one, images = metric(name), data.draw(levels(3, LEAST.get(name, 1)))
    value = compute(name, images)
    assert np.isfinite(value)
    assert one.low - 1e-6 <= value <= one.high + 1e-6
    if name in SYMMETRIC:
        a, b, f = images
        tolerance = 2e-5 if name.startswith("q_g") else 1e-9
        assert compute(name, [b, a, f]) == pytest.approx(value, rel=tolerance, abs=tolerance), "exchanged"
    if name in TURNED:
        turned = compute(name, [np.ascontiguousarray(image.T) for image in images])
        assert turned == pytest.approx(value, rel=1e-7, abs=1e-9), "transposed"


@pytest.mark.parametrize("name", PERFECT)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_perfect_result(name, seed):
    shape = [max(side, LEAST.get(name, 1)) for side in (45, 42)]
    image = np.random.default_rng(seed).integers(0, 256, shape).astype(float)
    assert compute(name, [image] * 3) == pytest.approx(PERFECT[name], abs=1e-6)


@pytest.mark.parametrize("name", DIRECTED)
@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_noise_in_place_of_a_result_is_worse(name, seed):
    """The direction in the catalogue is the true one. The sources are alike, as two photographs of one scene are."""
    rng = np.random.default_rng(seed)
    image = np.kron(rng.integers(0, 256, [max(6, LEAST.get(name, 1) // 8)] * 2), np.ones((8, 8)))
    a, b = (np.clip(image + rng.integers(-3, 4, image.shape), 0, 255) for _ in range(2))
    noise = rng.integers(0, 256, image.shape).astype(float)
    one = metric(name)
    good = np.where(np.arange(len(image)) < len(image) // 2, a, b)
    assert one.badness(compute(name, [a, b, good])) < one.badness(compute(name, [a, b, noise]))


@pytest.mark.parametrize("name", [one.name for one in METRICS if one.needs == "fused"])
def test_noise_raises_what_is_measured_on_the_result_alone(name):
    noise = np.random.default_rng(0).integers(0, 256, (16, 16)).astype(float)
    assert metric(name).badness(compute(name, [noise])) < metric(name).badness(compute(name, [np.full((16, 16), 9.0)]))


def test_what_is_known_of_following_truth():
    """The published figures; where lower is better they are of the negative."""
    known = {one.name: one.follows for one in METRICS if one.follows is not None}
    assert known == {
        "q_w": 0.60, "q_scd": 0.47, "q_viff": 0.45, "q_cv": 0.34, "q_g": 0.26, "q_p": 0.08, "q_y": 0.04, "q_cb": 0.02,
        "q_ncie": -0.24, "q_mi": -0.25,
    }  # fmt: skip
    assert set(TRUSTED) == {name for name, value in known.items() if value > 0.2}


@pytest.mark.parametrize("name", ["q_mi", "q_ncie", "q_te_cvejic", "q_te_nava"])
@given(data=st.data())
def test_information_does_not_mind_names_of_levels_or_places(name, data):
    """Levels exchanged by 255 - x in one image, and all pixels shuffled alike."""
    images = data.draw(levels(3, 2))
    for image in images:
        image.flat[:2] = 0, 255  # spans all levels: the stretch changes nothing
    value = compute(name, images)
    assert compute(name, [images[0], 255 - images[1], images[2]]) == pytest.approx(value, rel=1e-9, abs=1e-9)
    order = np.random.default_rng(0).permutation(images[0].size)
    shuffled = [image.ravel()[order].reshape(image.shape) for image in images]
    assert compute(name, shuffled) == pytest.approx(value, rel=1e-9, abs=1e-9)


def test_the_toolboxes_tsallis_information_minds_names_of_levels():
    """The defect is there, on purpose."""
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 256, (24, 24)) // 64 * 85.0 for _ in range(3)]
    images[1][:, :12] = 0
    changed = [images[0], images[1], 255 - images[2]]
    for name in ("q_te_cvejic_toolbox", "q_te_nava_toolbox"):
        assert abs(compute(name, changed) / compute(name, images) - 1) > 1e-3


@pytest.mark.parametrize("name", ["q_mi", "q_ncie", "q_te_cvejic", "q_te_nava", "q_cv", "q_cb"])
@given(data=st.data())
def test_stretched_metrics_do_not_mind_contrast(name, data):
    """Half the contrast, exactly, in one of the images."""
    images = [np.floor(image / 2) for image in data.draw(levels(3, 2))]
    changed = [2 * images[0], images[1], images[2] + 100]
    assert compute(name, changed) == pytest.approx(compute(name, images), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", OF_LEVELS)
def test_wrong_input_gets_one_sentence(name):
    side = max(48, LEAST.get(name, 1))
    good = np.full((side, side), 100.0)
    wrong = [
        (good.astype(np.float32), TypeError, "float32"), (good[..., None], ValueError, rf"\({side}, {side}, 1\)"),
        (good * 3, ValueError, "300"), (good / 101, ValueError, "metrics take 0 to 255"),
        (good - 101, ValueError, "-1"), (good * np.nan, ValueError, "nan"), (good[:0], ValueError, rf"\(0, {side}\)"),
        ([1, 2], TypeError, "list"),
    ]  # fmt: skip
    for bad, kind, says in wrong:
        with pytest.raises(kind, match=says):
            compute(name, [bad, bad, bad])
    if metric(name).needs == "sources":
        with pytest.raises(ValueError, match=rf"fused is \({side + 1}, {side}\) but image_a is"):
            compute(name, [good, good, np.pad(good, ((0, 1), (0, 0)), "edge")])
    if name in LEAST:
        with pytest.raises(ValueError, match=f"sides of {LEAST[name]} or more"):
            compute(name, [good[: LEAST[name] - 1]] * 3)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(48, 50, 3), (150, 151, 3)], ids=["one thread", "two"])
def test_scores_are_those_of_the_functions(shape):
    rng = np.random.default_rng(0)
    a, b, f, truth = (rng.integers(0, 256, shape).astype(np.uint8) for _ in range(4))
    assert (f.size > SMALL) == (shape[0] == 150)
    scores = score(f, a, b, truth)
    assert list(scores) == [one.name for one in METRICS if one.least <= shape[0] and not one.by_name]
    for name in set(OF_LEVELS) & set(scores):
        assert scores[name] == compute(name, [gray_levels(image) for image in (a, b, f)])
    assert "psnr" not in score(f, a, b)
    with pytest.raises(ValueError, match="MS-SSIM: image_a has shape"):
        score(f, a, b, names=["ms_ssim"])
    assert score(f, f, f, f, ["psnr", "q_mi"]) == {"psnr": np.inf, "q_mi": pytest.approx(2)}


def test_the_catalogue_knows_the_least_side():
    assert {one.name: one.least for one in METRICS if one.least > 1} == LEAST


@given(data=st.data())
def test_what_is_kept_lost_and_added_is_all(data):
    """Kumar's artefacts are the rest; Petrovic's count at least as much."""
    images = data.draw(levels(3, 2))
    kept, lost, added, by_weight = (compute(name, images) for name in ("q_abf", "l_abf", "n_abf", "n_abf_kumar"))
    assert kept + lost + by_weight == pytest.approx(1, abs=1e-12)
    assert added >= by_weight


@pytest.mark.parametrize(
    "name", ["q_abf", "l_abf", "n_abf", "n_abf_kumar", "vifp", "cc", "epi", "mse_mean", "mef_ssim"]
)
@settings(max_examples=settings.default.max_examples // 4)
@given(data=st.data())
def test_lightness_does_not_count_where_only_edges_and_contrast_do(name, data):
    """What 20 levels more in all three images change: nothing; in F alone: only the error."""
    a, b, f = (np.floor(image / 2) for image in data.draw(levels(3, LEAST.get(name, 1))))
    value = compute(name, [a, b, f])
    assert compute(name, [a + 20, b + 20, f + 20]) == pytest.approx(value, rel=1e-6, abs=1e-9)
    if name != "mse_mean":
        assert compute(name, [a, b, f + 20]) == pytest.approx(value, rel=1e-6, abs=1e-9)


@given(data=st.data())
def test_errors_of_the_average_are_the_least(data):
    a, b, f = data.draw(levels(3, 1))
    assert compute("mse_mean", [a, b, (a + b) / 2]) <= compute("mse_mean", [a, b, f]) + 1e-9
    assert compute("rmse_mean", [a, b, f]) <= np.sqrt(compute("mse_mean", [a, b, f])) + 1e-9, "means of roots"


def test_filter_of_the_meyer_wavelet():
    """Orthonormal to its own even shifts, nearly, and near Meyer's own, of which it is MATLAB's approximation."""
    low = np.array([0, *MEYER[:0:-1], *MEYER])
    shifted = [low[2 * k :] @ low[: 62 - 2 * k] for k in range(31)]
    np.testing.assert_allclose(shifted, np.eye(31)[0], atol=3e-3)
    assert low.sum() == pytest.approx(np.sqrt(2), abs=1e-7)
    x = np.clip(6 * np.abs(np.fft.fftfreq(4096)) - 1, 0, 1)
    response = np.sqrt(2) * np.cos(np.pi / 2 * x**4 * (35 - 84 * x + 70 * x**2 - 20 * x**3))  # Daubechies 1992, 4.2
    np.testing.assert_allclose(MEYER, np.fft.ifft(response).real[:31], atol=9e-4)


def test_gray_levels_are_matlabs():
    """By hand: 82.498 and 60.502; weights rounded to three digits would give 83 and 60."""
    image = np.array([[[120, 119, 112], [255, 255, 255], [177, 10, 208], [41, 48, 176]]], dtype=np.uint8)
    assert gray_levels(image).tolist() == [[119.0, 255.0, 82.0, 61.0]]
    check_levels(a=gray_levels(image))
    with pytest.raises(TypeError, match="uint16"):
        gray_levels(image.astype(np.uint16))
