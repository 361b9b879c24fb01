"""The results of an evaluation as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reference.experiments.conditions import MEASURES
from reference.jobs.page import Table, Words
from reference.metrics.catalogue import SURVEY, metric

__all__ = ["CONDITION_NAMES", "WORDS", "tables", "validated"]

WORDS = Words(Path(__file__).with_name("sections.toml"))
CONDITION_NAMES = {
    "clean": "without noise", "noise_5": "noise of standard deviation 5 of 255", "noise_10": "noise of 10 of 255",
    "breathing": "B magnified by 1 %",
}  # fmt: skip
HEADINGS = {
    "psnr": "PSNR", "ssim": "SSIM", "wrong": "wrong %", "wrong_near": "near %", "wrong_far": "far %",
    "loss_near": "loss near %",
}  # fmt: skip
ORACLES = ("true map", "nearer pixels")


def tables(measured: Mapping[str, Any]) -> list[Table]:
    """The tables of the measured parts."""
    makers: dict[str, Callable[[Any], list[Table]]] = {
        "weights": _weights, "validation": _validation, "embedded": _embedded, "choice": _choice, "truth": _truth,
        "physical": _physical, "lytro": _lytro, "children": _children, "ablation": _ablation,
    }  # fmt: skip
    return [table for part, values in measured.items() for table in makers[part](values)]


def _weights(values: Any) -> list[Table]:
    rows = [
        [name, v["widths"], f"{v['parameters']:,}", f"{v['gflop']:.0f}", v["sha256"][:12]] for name, v in values.items()
    ]
    return [WORDS.table("weights", rows)]


def _validation(values: Any) -> list[Table]:
    return [WORDS.table("validation", [[name, *validated(v)] for name, v in values.items()])]


def validated(values: Mapping[str, float]) -> list[str]:
    """Loss and share decided right."""
    return [f"{values['validation_loss']:.3f}", f"{100 * values['validation_accuracy']:.1f} %"]


def _embedded(values: Any) -> list[Table]:
    names = list(next(iter(values.values())))
    rows = [[pair, *(f"{of_pair[name]:.2f}" for name in names)] for pair, of_pair in values.items()]
    return [WORDS.table("embedded", rows, header=names)]


def _choice(values: Any, section: str = "choice") -> list[Table]:
    rows = []
    for name, kinds in values.items():
        for kind, choice in kinds.items():
            parameters = "; ".join(_parameter(*item) for item in choice["parameters"].items())
            rows.append([f"{name}:{kind}", parameters, f"{choice['psnr']:.2f}", f"{choice['published']:.2f}"])
    return [WORDS.table(section, rows)]


def _parameter(name: str, value: Any) -> str:
    """A share of the image, or radius and eps of a guided filter.

    >>> _parameter("blend", (5, 0.3)), _parameter("share", 0.01)
    ('blend r 5, eps 0.3', 'share 0.01')
    """
    return f"{name} {value:g}" if isinstance(value, float) else f"{name} r {value[0]}, eps {value[1]:g}"


def _truth(values: Any) -> list[Table]:
    explained = "; ".join(f"{HEADINGS[name]}: {text}" for name, text in MEASURES.items())
    header = [*HEADINGS.values(), *(f"to {oracle}" for oracle in ORACLES)]
    found = []
    for condition, by_name in values["conditions"].items():
        rows = []
        for name, of_name in by_name.items():
            to_oracles = [f"{of_name['psnr'] - by_name[oracle]['psnr']:+.2f}" for oracle in ORACLES]
            rows.append([name, *(_measure(measure, of_name) for measure in MEASURES), *to_oracles])
        found.append(WORDS.table("truth", rows, header, condition=CONDITION_NAMES[condition], explained=explained))
    return [*found, _by_kind("boundaries", values["boundaries"]), _differences("differences", values)]


def _physical(values: Any) -> list[Table]:
    differences = _differences("physical_differences", values)
    return [_by_kind("physical", values["kinds"]), differences, *_choice(values["choice"], "physical_choice")]


def _measure(measure: str, of_name: Mapping[str, float]) -> str:
    digits = {"ssim": 4, "loss_near": 0}.get(measure, 2)
    return f"{of_name[measure]:.{digits}f}" if measure in of_name else ""


def _by_kind(section: str, values: Any) -> Table:
    kinds = list(values)
    rows = [[name, *(f"{values[kind][name]['psnr']:.2f}" for kind in kinds)] for name in values[kinds[0]]]
    return WORDS.table(section, rows, kinds)


def _differences(section: str, values: Any) -> Table:
    by_condition = values["differences"]
    names = list(next(iter(by_condition.values())))
    rows = [[name, *(_interval(of_condition[name]) for of_condition in by_condition.values())] for name in names]
    return WORDS.table(section, rows, [CONDITION_NAMES.get(condition, condition) for condition in by_condition])


def _lytro(values: Any) -> list[Table]:
    rows = [
        [name, blend, f"{row['rank']:.2f}", f"{row['best_published']:.2f}", *(f"{row[key]:.4f}" for key in SURVEY)]
        for name, by_blend in values["ours"].items()
        for blend, row in by_blend.items()
    ]
    published = ", ".join(f"{name.split(' ')[0]} {rank:.2f}" for name, rank in values["published"].items())
    return [WORDS.table("lytro", rows, [metric(name).symbol for name in SURVEY], published=published)]


def _children(values: Any) -> list[Table]:
    rows = [[name, label, *_table_1(row)] for name, by_label in values.items() for label, row in by_label.items()]
    return [WORDS.table("children", rows)]


def _table_1(row: Mapping[str, float]) -> list[str]:
    """PIQE, PSNR, SSIM, entropy; blank where Children is not available."""
    digits = {"piqe": 2, "psnr": 3, "ssim": 4, "entropy": 4}
    return [f"{row[name]:.{n}f}" if name in row else "" for name, n in digits.items()]


def _ablation(values: Any) -> list[Table]:
    rows = [
        [name, f"{row['psnr']:.2f}", _interval(row["difference"]), f"{row['wrong']:.2f}",
         *_table_1(row.get("table_1", {}))] for name, row in values.items()
    ]  # fmt: skip
    return [WORDS.table("ablation", rows)]


def _interval(values: Sequence[float]) -> str:
    return "{:+.2f} [{:+.2f}, {:+.2f}]".format(*values)
