"""The results of an evaluation as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from reference.benchmark.tables import Table
from reference.evaluation.blending import Blend
from reference.evaluation.quality import MEASURES
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


def tables(measured: Mapping[str, Any]) -> list[Table]:
    """The tables of the parts that were measured."""
    makers: dict[str, Callable[[Any], list[Table]]] = {
        "weights": _weights, "embedded": _embedded, "choice": _choice, "truth": _truth, "lytro": _lytro,
        "children": _children, "ablation": _ablation,
    }  # fmt: skip
    return [table for part, values in measured.items() for table in makers[part](values)]


def card(measured: Mapping[str, Any], name: str) -> Table:
    """What the model card of a network says of its results."""
    weights, conditions, best = measured["weights"][name], measured["truth"]["conditions"], f"{name}:all"
    (lytro,) = (row for row in measured["lytro"]["ours"] if (row["map"], *row["blend"]) == (name, *Blend()))
    (children,) = (row for row in measured["children"] if (row["network"], row["parameters"]) == (name, "paper"))
    embedded = [of_pair[name] for of_pair in measured["embedded"].values()]
    rows = [
        ["parameters", f"{weights['parameters']:,}"],
        ["cost of a pair of 520 x 520", f"{weights['gflop']:.0f} GFLOP"],
        ["six embedded pairs, PSNR, PAPER", f"{sum(embedded) / len(embedded):.2f} dB on the mean"],
    ]
    for condition, by_name in conditions.items():
        text = (
            f"{by_name[name]['psnr']:.2f} dB with PAPER, {by_name[best]['psnr']:.2f} dB with parameters chosen for it"
        )
        rows.append([f"40 pairs that test, {CONDITION_NAMES[condition]}", text])
    of_clean = conditions["clean"][name]
    text = f"{of_clean['wrong_near']:.1f} % near the boundary, {of_clean['wrong_far']:.2f} % farther off"
    rows.append(["wrong decisions there, without noise", text])
    rows.append(["20 Lytro pairs, PAPER", f"mean rank {lytro['rank']:.2f} among 18 published methods and it"])
    columns = ", ".join(f"{name} {children[name]:.4g}" for name in ("piqe", "psnr", "ssim", "entropy"))
    return Table(
        f"{name}: results", "", ["measured", "value"], [*rows, ["Children, Table 1's columns, PAPER", columns]]
    )


def _weights(values: Any) -> list[Table]:
    rows = [[name, f"{v['parameters']:,}", f"{v['gflop']:.0f}", v["sha256"][:12]] for name, v in values.items()]
    return [Table("Networks", "GFLOP for a pair of 520 x 520.", ["network", "parameters", "GFLOP", "sha256"], rows)]


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
    text = "Chosen by mean PSNR on the 40 pairs that choose, without noise; beside it that of the published values."
    return [Table("Parameters chosen for ground truth", text, ["method", "parameters", "PSNR", "published"], rows)]


def _parameter(name: str, value: Any) -> str:
    """A share of the image, or radius and eps of a guided filter.

    >>> _parameter("blend", (5, 0.3)), _parameter("share", 0.01)
    ('blend r 5, eps 0.3', 'share 0.01')
    """
    return f"{name} {value:g}" if isinstance(value, float) else f"{name} r {value[0]}, eps {value[1]:g}"


def _truth(values: Any) -> list[Table]:
    explained = "; ".join(f"{HEADINGS[name]}: {text}" for name, text in MEASURES.items())
    found = []
    for condition, by_name in values["conditions"].items():
        oracle = by_name["true map"]["psnr"]
        rows = [
            [name, *(_measure(measure, of_name) for measure in MEASURES), f"{of_name['psnr'] - oracle:+.2f}"]
            for name, of_name in by_name.items()
        ]
        title = f"Ground truth, {CONDITION_NAMES[condition]}"
        text = f"Means over the 40 pairs that test. {explained}; to the true map: difference of PSNR."
        found.append(Table(title, text, ["method", *HEADINGS.values(), "to the true map"], rows))
    return [*found, _boundaries(values["boundaries"]), _differences(values["differences"])]


def _measure(measure: str, of_name: Mapping[str, float]) -> str:
    digits = {"ssim": 4, "loss_near": 0}.get(measure, 2)
    return f"{of_name[measure]:.{digits}f}" if measure in of_name else ""


def _boundaries(values: Any) -> Table:
    kinds = list(values)
    rows = [[name, *(f"{values[kind][name]['psnr']:.2f}" for kind in kinds)] for name in values[kinds[0]]]
    return Table("By kind of boundary", "PSNR in dB without noise.", ["method", *kinds], rows)


def _differences(values: Any) -> Table:
    names = list(next(iter(values.values())))
    rows = [
        [name, *("{:+.2f} [{:+.2f}, {:+.2f}]".format(*of_condition[name]) for of_condition in values.values())]
        for name in names
    ]
    text = "PSNR of enhanced less that of the other, parameters of the same kind, with the paired 95 % interval."
    return Table("Differences", text, ["enhanced less", *(CONDITION_NAMES[one] for one in values)], rows)


def _lytro(values: Any) -> list[Table]:
    header = ["map", "area", "radius", "eps", "rank", *(metric(name).symbol for name in SURVEY)]
    rows = [
        [row["map"], *map(str, row["blend"]), f"{row['rank']:.2f}", *(f"{row[one]:.4f}" for one in SURVEY)]
        for row in values["ours"]
    ]
    published = ", ".join(f"{name.split(' ')[0]} {rank:.2f}" for name, rank in values["published"].items())
    text = (
        "Mean rank over the eight metrics among the 18 published methods and the one of the row; radius 0: no filter. "
        f"Published, among themselves: {published}."
    )
    return [Table("Lytro", text, header, rows)]


def _children(values: Any) -> list[Table]:
    rows = [
        [row["network"], row["parameters"], f"{row['piqe']:.2f}", f"{row['psnr']:.3f}", f"{row['ssim']:.4f}",
         f"{row['entropy']:.4f}"] for row in values
    ]  # fmt: skip
    text = "PIQE; PSNR and SSIM of grays against source B, not against any truth; entropy."
    return [
        Table("Children, Table 1's columns", text, ["network", "parameters", "PIQE", "PSNR", "SSIM", "entropy"], rows)
    ]


def _ablation(values: Any) -> list[Table]:
    header = ["change", "PSNR", "wrong %", "PIQE", "PSNR to B", "SSIM to B", "entropy"]
    rows = []
    for row in values:
        of_children = row.get("table_1", {})
        digits = {"piqe": 2, "psnr": 3, "ssim": 4, "entropy": 4}
        cells = [f"{of_children[name]:.{n}f}" if name in of_children else "" for name, n in digits.items()]
        rows.append([row["change"], f"{row['psnr']:.2f}", f"{row['wrong']:.2f}", *cells])
    text = "Means over the 40 pairs that test, without noise; beside them Table 1's columns on Children."
    return [Table("Ablation", text, header, rows)]
