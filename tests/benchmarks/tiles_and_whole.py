"""How far a fusion in tiles is from that of the whole: `real_photographs` tiles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image
from reference.jobs.tiles import decide_tiled, fuse_tiled
from reference.methods.base import FusionMethod, GfdfMethod, NetworkMethod
from reference.network.loading import load_network
from reference.parameters import FusionParameters
from reference.steps import focus_map, gray, pyramid, score_map
from tests.benchmarks.photographs import FloatArray

ALL_REGIONS = FusionParameters(small_region_area=0)  # so that each decision is seen


def tiles() -> Iterator[str]:
    """The six embedded pairs, by tiles of two sizes."""
    rng = np.random.default_rng(0)
    yield "| method | decisions | within 2e-6 of the threshold | that differ | largest difference of the map |"
    yield "|---|---|---|---|---|"
    for method in ("enhanced", "small", "liu2017", "gfdf"):
        by = GfdfMethod(ALL_REGIONS) if method == "gfdf" else NetworkMethod(load_network(method), ALL_REGIONS)
        decisions, near, differ, apart = 0, 0, 0, 0.0
        for pair in embedded_pairs():
            a, b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
            whole, fused = by.decide(gray(a), gray(b)), by(a, b)
            near += 2 * (_near(a, b, by) if isinstance(by, NetworkMethod) else 0)
            for side in rng.integers(64, 250, 2):
                wrong = int((_decided(a, b, by, int(side)) != whole).sum())
                decisions, differ = decisions + whole.size, differ + wrong
                apart = max(apart, 0.0 if wrong else _apart(a, b, by, int(side), fused.decision_map))
        yield f"| {method} | {decisions:,} | {near if method != 'gfdf' else ''} | {differ} | {apart:.0e} |"


def _near(a: FloatArray, b: FloatArray, by: NetworkMethod) -> int:
    levels = (pyramid(gray(image), by.network.levels) for image in (a, b))
    focus = focus_map(score_map(*levels, by.network), (a.shape[0], a.shape[1]))
    return int((np.abs(focus - 0.5) < 2e-6).sum())


def _decided(a: FloatArray, b: FloatArray, by: FusionMethod, side: int) -> np.ndarray:
    return decide_tiled(lambda part: part.of(a), lambda part: part.of(b), a.shape, by, side)


def _apart(a: FloatArray, b: FloatArray, by: FusionMethod, side: int, decision_map: FloatArray) -> float:
    parts = fuse_tiled(lambda part: part.of(a), lambda part: part.of(b), a.shape, by, side)
    return max(float(np.abs(fused.decision_map - region.of(decision_map)).max()) for region, fused in parts)
