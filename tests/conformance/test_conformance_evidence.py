"""What the golden arrays rest on: hand, plain loops, or other tests; the reference alone would prove nothing."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import load_file

from reference.datasets.registry import data_root
from reference.metrics.catalogue import METRICS
from tests.support import later_metric_oracles, metric_oracles, oracles

ROOT = data_root() / "vectors"
MICRO = [path.parent.name for path in sorted(ROOT.glob("micro/*/case.json"))]
# Printed by MATLAB, or by oracles of their own: test_matlab_goldens.py, test_matlab_quality.py.
ELSEWHERE = {"rgb2gray", "imresize", "impyramid", "ssim", "piqe"}


def by_loops(step, x, p):
    """The step from plain loops; None where there are none."""
    if step == "pyramid":
        return oracles.pyramid_reduce(x[0])
    if step == "focus_map":
        return oracles.focus_map(x[0], (p["rows"], p["columns"]))
    if step == "mixed_pooling":
        pooled = x[0] if p["pool_side"] == "a" else 1 - x[0]
        mixed = oracles.mixed_pooling(pooled, p["pool_window"], p["pool_p"])
        return mixed if p["pool_side"] == "a" else 1 - mixed
    if step in ("guided_filter", "guidedfilter"):
        return oracles.guided_filter(x[0], x[1].astype(float), p["guide_radius"], p["guide_eps"])
    if step == "bwareaopen":
        return oracles.area_open(x[0].astype(bool), p["small_region_area"])
    return None


@pytest.mark.parametrize("name", MICRO)
def test_small_cases_by_plain_loops(vectors, name):
    (case,) = (case for case in vectors.cases if case.name == f"micro/{name}")
    for entry in case.outputs:
        inputs = [case.entries[name].value for name in entry.inputs]
        expected = by_loops(entry.step, inputs, case.parameters)
        if expected is not None:
            np.testing.assert_allclose(entry.value, expected, rtol=0, atol=1e-12)


def test_the_layers_by_plain_loops(vectors):
    """Every convolution and pooling from its golden input, and the decision from the pyramids."""
    case = next(case for case in vectors.cases if case.name == "micro/network_layers")
    state = {
        key: value.astype(float) for key, value in load_file(ROOT.parent / "weights" / "small.safetensors").items()
    }
    golden = {name: entry.value.astype(float) for name, entry in case.entries.items()}
    for number in range(1, 6):
        entry = case.entries[f"convolution_{number}"]
        x = golden[entry.inputs[0]]
        given = (4 * x - 2)[None] if number == 1 else x
        weight, bias = (state[f"convolutions.{number - 1}.{part}"] for part in ("weight", "bias"))
        expected = np.maximum(oracles.convolve(given, weight, bias), 0)
        np.testing.assert_allclose(entry.value, expected, rtol=2e-6, atol=2e-6)
    mixed, halved = golden["convolution_2"], golden["halved"]
    p_inner, p_outer = (float(state[name]) for name in ("mixed_pooling.p", "window_mixed_pooling.p"))
    for place in np.ndindex(halved.shape):
        c, j, i = place
        window = mixed[c, 2 * j : 2 * j + 2, 2 * i : 2 * i + 2]
        assert halved[place] == pytest.approx(p_inner * window.max() + (1 - p_inner) * window.mean(), abs=2e-6)
    for place in np.ndindex(golden["patch_mixed"].shape):
        c, j, i = place
        window = golden["convolution_5"][c, j : j + 8, i : i + 8]
        pooled = p_outer * window.max() + (1 - p_outer) * window.mean()
        assert golden["patch_mixed"][place] == pytest.approx(pooled, abs=2e-6)
        weighted = (oracles.softmax(window) * window).sum()
        assert golden["patch_softmax"][place] == pytest.approx(weighted, abs=2e-6)
    pyramids = [[golden[f"gray_{side}"], *(golden[f"pyramid_{side}_{level}"] for level in (1, 2))] for side in "ab"]
    expected = oracles.enhanced_network(state, 3, *pyramids)
    np.testing.assert_allclose(golden["probability"][0], expected, rtol=0, atol=2e-6)


def test_every_step_has_evidence_that_is_not_the_reference(vectors):
    by_hand = {entry.step for case in vectors.cases if case.record["origin"] == "analytic" for entry in case.outputs}
    loops = {
        entry.step for case in vectors.cases for entry in case.outputs
        if entry.step in ("pyramid", "focus_map", "mixed_pooling", "guided_filter", "guidedfilter", "bwareaopen")
    }  # fmt: skip
    layers = {entry.step for case in vectors.cases if case.name == "micro/network_layers" for entry in case.outputs}
    written_apart = (metric_oracles, later_metric_oracles)
    metrics = {one.name for one in METRICS if any(hasattr(module, one.name) for module in written_apart)}
    network = {"score_map"}  # tests/network/test_networks.py
    assert set(vectors.steps) == by_hand | loops | layers | metrics | network | ELSEWHERE
