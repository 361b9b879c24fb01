"""The results of an evaluation as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reference.experiments.blending import Blend
from reference.experiments.conditions import MEASURES
from reference.jobs.page import Table
from reference.metrics.catalogue import SURVEY, metric

__all__ = ["card", "tables"]

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


def card(measured: Mapping[str, Any], name: str) -> Table:
    """The results in the model card of a network."""
    weights, conditions, best = measured["weights"][name], measured["truth"]["conditions"], f"{name}:all"
    lytro, children = measured["lytro"]["ours"][name][Blend().name], measured["children"][name]["paper"]
    embedded = [of_pair[name] for of_pair in measured["embedded"].values()]
    loss, accuracy = _validated(measured["validation"][name])
    rows = [
        ["parameters", f"{weights['parameters']:,}"],
        ["cost of a pair of 520 x 520", f"{weights['gflop']:.0f} GFLOP"],
        ["validation crops", f"loss {loss}, {accuracy} decided right, by weight"],
        ["six embedded pairs, PSNR, PAPER", f"{sum(embedded) / len(embedded):.2f} dB on the mean"],
    ]
    for condition, by_name in conditions.items():
        text = (
            f"{by_name[name]['psnr']:.2f} dB with PAPER, {by_name[best]['psnr']:.2f} dB with parameters chosen for "
            "this network without noise"
        )
        rows.append([f"40 pairs that test, {CONDITION_NAMES[condition]}", text])
    of_clean = conditions["clean"][name]
    text = f"{of_clean['wrong_near']:.1f} % near the boundary, {of_clean['wrong_far']:.2f} % farther off"
    rows.append(["wrong decisions there, without noise", text])
    text = (
        f"mean rank {lytro['rank']:.2f} among 18 published methods and it, the best of them "
        f"{lytro['best_published']:.2f}"
    )
    rows.append(["20 Lytro pairs, PAPER", text])
    columns = ", ".join(f"{name} {children[name]:.4g}" for name in ("piqe", "psnr", "ssim", "entropy"))
    rows.append(["Children, Table 1's columns, PAPER", columns])
    return Table(f"{name}: results", "", ["measured", "value"], rows)


def _weights(values: Any) -> list[Table]:
    rows = [
        [name, v["widths"], f"{v['parameters']:,}", f"{v['gflop']:.0f}", v["sha256"][:12]] for name, v in values.items()
    ]
    header = ["network", "widths", "parameters", "GFLOP", "sha256"]
    return [Table("Networks", "GFLOP for a pair of 520 x 520.", header, rows)]


def _validation(values: Any) -> list[Table]:
    rows = [[name, *_validated(v)] for name, v in values.items()]
    text = "Crops of the photographs for choosing, as logged by training; weighted by the difference of A and B."
    return [Table("Validation", text, ["network", "loss", "decided right"], rows)]


def _validated(values: Mapping[str, float]) -> list[str]:
    return [f"{values['validation_loss']:.3f}", f"{100 * values['validation_accuracy']:.1f} %"]


def _embedded(values: Any) -> list[Table]:
    names = list(next(iter(values.values())))
    rows = [[pair, *(f"{of_pair[name]:.2f}" for name in names)] for pair, of_pair in values.items()]
    return [Table("Embedded pairs", "PSNR in dB against ground truth, PAPER parameters.", ["pair", *names], rows)]


def _choice(values: Any) -> list[Table]:
    rows = []
    for name, kinds in values.items():
        for kind, choice in kinds.items():
            parameters = "; ".join(_parameter(*item) for item in choice["parameters"].items())
            rows.append([f"{name}:{kind}", parameters, f"{choice['psnr']:.2f}", f"{choice['published']:.2f}"])
    text = "Chosen by mean PSNR on the 40 pairs for choosing, without noise; last, the PSNR of the published values."
    return [Table("Parameters chosen for ground truth", text, ["method", "parameters", "PSNR", "published"], rows)]


def _parameter(name: str, value: Any) -> str:
    """A share of the image, or radius and eps of a guided filter.

    >>> _parameter("blend", (5, 0.3)), _parameter("share", 0.01)
    ('blend r 5, eps 0.3', 'share 0.01')
    """
    return f"{name} {value:g}" if isinstance(value, float) else f"{name} r {value[0]}, eps {value[1]:g}"


def _truth(values: Any) -> list[Table]:
    explained = "; ".join(f"{HEADINGS[name]}: {text}" for name, text in MEASURES.items())
    sections = []
    for condition, by_name in values["conditions"].items():
        rows = []
        for name, of_name in by_name.items():
            to_oracles = [f"{of_name['psnr'] - by_name[oracle]['psnr']:+.2f}" for oracle in ORACLES]
            rows.append([name, *(_measure(measure, of_name) for measure in MEASURES), *to_oracles])
        title = f"Ground truth, {CONDITION_NAMES[condition]}"
        text = f"Means over the 40 pairs that test. {explained}; the last columns: difference of PSNR."
        header = ["method", *HEADINGS.values(), *(f"to {oracle}" for oracle in ORACLES)]
        sections.append(Table(title, text, header, rows))
    differences = _differences("Differences", values, "; enhanced:all has TUNED's parameters.")
    return [*sections, _by_kind("By kind of boundary", values["boundaries"]), differences]


def _physical(values: Any) -> list[Table]:
    text = (
        "PSNR in dB on the 40 physical pairs that test, as taken; parameters were chosen on the 40 physical pairs "
        "that choose."
    )
    choice = [row for table in _choice(values["choice"]) for row in table.rows]
    choices = Table("Parameters chosen for physical pairs", text, ["method", "parameters", "PSNR", "published"], choice)
    return [_by_kind("Physical pairs", values["kinds"]), _differences("Differences on physical pairs", values), choices]


def _measure(measure: str, of_name: Mapping[str, float]) -> str:
    digits = {"ssim": 4, "loss_near": 0}.get(measure, 2)
    return f"{of_name[measure]:.{digits}f}" if measure in of_name else ""


def _by_kind(title: str, values: Any) -> Table:
    kinds = list(values)
    rows = [[name, *(f"{values[kind][name]['psnr']:.2f}" for kind in kinds)] for name in values[kinds[0]]]
    return Table(title, "Mean PSNR in dB, without noise added.", ["method", *kinds], rows)


def _differences(title: str, values: Any, more: str = ".") -> Table:
    by_condition = values["differences"]
    names = list(next(iter(by_condition.values())))
    rows = [[name, *(_interval(of_condition[name]) for of_condition in by_condition.values())] for name in names]
    text = (
        "PSNR of one less that of the other, with the paired 95 % interval over the photographs for a single "
        f"comparison{more}"
    )
    header = ["difference", *(CONDITION_NAMES.get(condition, condition) for condition in by_condition)]
    return Table(title, text, header, rows)


def _lytro(values: Any) -> list[Table]:
    header = ["map", "blend", "rank", "best published", *(metric(name).symbol for name in SURVEY)]
    rows = [
        [name, blend, f"{row['rank']:.2f}", f"{row['best_published']:.2f}", *(f"{row[key]:.4f}" for key in SURVEY)]
        for name, by_blend in values["ours"].items()
        for blend, row in by_blend.items()
    ]
    published = ", ".join(f"{name.split(' ')[0]} {rank:.2f}" for name, rank in values["published"].items())
    text = (
        "Mean rank over the eight metrics among the 18 published methods and that of the row, and the best rank of a "
        f"published method among these 19. Published methods among themselves: {published}."
    )
    return [Table("Lytro", text, header, rows)]


def _children(values: Any) -> list[Table]:
    rows = [[name, label, *_table_1(row)] for name, by_label in values.items() for label, row in by_label.items()]
    text = "PIQE; PSNR and SSIM of gray images against source B, not against a truth; entropy."
    header = ["network", "parameters", "PIQE", "PSNR", "SSIM", "entropy"]
    return [Table("Children, Table 1's columns", text, header, rows)]


def _table_1(row: Mapping[str, float]) -> list[str]:
    """PIQE, PSNR, SSIM, entropy; blank where Children is not available."""
    digits = {"piqe": 2, "psnr": 3, "ssim": 4, "entropy": 4}
    return [f"{row[name]:.{n}f}" if name in row else "" for name, n in digits.items()]


def _ablation(values: Any) -> list[Table]:
    header = ["change", "PSNR", "difference", "wrong %", "PIQE", "PSNR to B", "SSIM to B", "entropy"]
    rows = [
        [name, f"{row['psnr']:.2f}", _interval(row["difference"]), f"{row['wrong']:.2f}",
         *_table_1(row.get("table_1", {}))] for name, row in values.items()
    ]  # fmt: skip
    text = (
        "Means over the 40 pairs for choosing, without noise, and the difference of PSNR from the decided variant, "
        "with its paired 95 % interval over the photographs; then the columns of Table 1 on Children. Rows that begin "
        'with "small" are small networks, each from a short training run.'
    )
    return [Table("Ablation", text, header, rows)]


def _interval(values: Sequence[float]) -> str:
    return "{:+.2f} [{:+.2f}, {:+.2f}]".format(*values)
