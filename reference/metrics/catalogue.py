"""The catalogue of all metrics: direction and range of each, and how well it follows ground truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from math import inf
from typing import Literal

__all__ = ["METRICS", "SURVEY", "TRUSTED", "Metric", "metric"]


@dataclass(frozen=True)
class Metric:
    """One metric: the function of its name in `reference.metrics.MODULE`.

    symbol    its symbol in tables
    group     what it measures
    needs     its arguments: sources (gray levels of A, B, F), fused (of F), image (F as stored), truth (F and truth as
              stored)
    better    higher, lower, or nearest 0
    low, high range
    follows   rank correlation with SSIM against ground truth in the published scores of 30 methods; None if unknown;
              this project's own measurement differs, for Q_W +.12: docs/metrics.md
    note      a caveat
    module    its module, if not that of its group
    slow      takes a second or more for a photograph of 520 x 520 pixels
    """

    name: str
    symbol: str
    group: Literal["information", "gradient", "structure", "vision", "fused alone", "ground truth"]
    needs: Literal["sources", "fused", "image", "truth"] = "sources"
    better: Literal["higher", "lower", "nearest 0"] = "higher"
    low: float = 0
    high: float = inf
    follows: float | None = None
    note: str = ""
    module: str = ""
    slow: bool = False

    @property
    def function(self) -> Callable[..., float]:
        """The metric itself."""
        module = self.module or {"ground truth": "truth", "fused alone": "single_image"}.get(self.group, self.group)
        return getattr(import_module(f"reference.metrics.{module}"), self.name)  # type: ignore[no-any-return]

    def badness(self, value: float) -> float:
        """A number to rank by: the smaller, the better."""
        return {"higher": -value, "lower": value, "nearest 0": abs(value)}[self.better]


NOISE = "noise raises it too"
DEFECT = "with the defect of published values"
FeatureInformation = partial(Metric, group="information", low=-inf, high=1, module="feature_information", slow=True)

METRICS = (
    Metric("psnr", "PSNR", "ground truth", "truth"),
    Metric("ssim", "SSIM", "ground truth", "truth", low=-1, high=1),
    Metric("q_mi", "Q_MI", "information", high=2, follows=-0.25),
    Metric("q_te_cvejic_toolbox", "Q_TE (Cvejic, toolbox)", "information", low=-inf, note=DEFECT),
    Metric("q_te_cvejic", "Q_TE (Cvejic)", "information"),
    Metric("q_te_nava_toolbox", "Q_TE (Nava, toolbox)", "information", low=-inf, note=DEFECT),
    Metric("q_te_nava", "Q_TE (Nava)", "information"),
    Metric("q_ncie", "Q_NCIE", "information", high=1, follows=-0.24),
    FeatureInformation("q_fmi_none_toolbox", "Q_FMI (none, toolbox)", note=DEFECT),
    FeatureInformation("q_fmi_none", "Q_FMI (none)"),
    FeatureInformation("q_fmi_gradient_toolbox", "Q_FMI (gradient, toolbox)", note=DEFECT),
    FeatureInformation("q_fmi_gradient", "Q_FMI (gradient)"),
    Metric("q_g", "Q_G", "gradient", high=0.975, follows=0.26),
    Metric("q_g_zl", "Q_G (ZL)", "gradient", high=0.987),
    Metric("q_m", "Q_M", "gradient", high=3),
    Metric("q_sf", "Q_SF", "gradient", better="nearest 0", low=-1),
    Metric("q_p", "Q_P", "gradient", low=-1, high=1, follows=0.08, module="phase_congruency"),
    Metric("q_s", "Q_S", "structure", low=-1, high=1, module="piella"),
    Metric("q_s_zl", "Q_S (ZL)", "structure", low=-1, high=1, module="piella"),
    Metric("q_w", "Q_W", "structure", low=-1, high=1, follows=0.60, module="piella"),
    Metric("q_w_zl", "Q_W (ZL)", "structure", low=-1, high=1, module="piella"),
    Metric("q_e", "Q_E", "structure", low=-1, high=1, module="piella"),
    Metric("q_c", "Q_C", "structure", low=-1, high=1),
    Metric("q_y", "Q_Y", "structure", low=-1, high=1, follows=0.04),
    Metric("q_scd", "Q_SCD", "structure", low=-2, high=2, follows=0.47),
    Metric("ssim_mean", "SSIM_mean", "structure", low=-1, high=1, note="rewards blur: not to rank by"),
    Metric("q_cv", "Q_CV", "vision", better="lower", follows=0.34),
    Metric("q_cb", "Q_CB", "vision", high=1, follows=0.02),
    Metric("q_viff", "Q_VIFF", "vision", follows=0.45),
    Metric("piqe", "PIQE", "fused alone", "image", "lower", high=100),
    Metric("entropy", "EN", "fused alone", "fused", high=8, note=NOISE),
    Metric("average_gradient", "AG", "fused alone", "fused", note=NOISE),
    Metric("edge_intensity", "EI", "fused alone", "fused", note=NOISE),
    Metric("spatial_frequency", "SF", "fused alone", "fused", note=NOISE),
    Metric("standard_deviation", "SD", "fused alone", "fused", note=NOISE),
    Metric("standard_deviation_columns", "SD (columns)", "fused alone", "fused", note=NOISE),
)

# The eight metrics of the 2020 survey, in its order, and those that follow ground truth to some degree.
SURVEY = ("q_mi", "q_ncie", "q_g", "q_p", "q_e", "q_y", "q_cb", "q_cv")
TRUSTED = ("q_w", "q_scd", "q_viff", "q_cv", "q_g")

_BY_NAME = {entry.name: entry for entry in METRICS}


def metric(name: str) -> Metric:
    """The metric with the given name.

    >>> metric("q_cv").better
    'lower'
    """
    return _BY_NAME[name]
