"""The results of an evaluation as tables: each part is rows of values by the names of the columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reference.experiments.against_truth import MEASURES
from reference.jobs.page import Table, Words
from reference.metrics.catalogue import SURVEY, metric

__all__ = ["CONDITION_NAMES", "WORDS", "cell", "tables"]

Rows = Mapping[str, Mapping[str, Any]]
WORDS = Words(Path(__file__).with_name("sections.toml"))
CONDITION_NAMES, HEADINGS, FORMATS = (WORDS.sections.pop(name) for name in ("conditions", "headings", "formats"))
HEADINGS |= CONDITION_NAMES | {name: metric(name).symbol for name in SURVEY}
FORMATS |= dict.fromkeys(SURVEY, ".4f")
ORACLES = ("true map", "nearer pixels")


def tables(measured: Mapping[str, Any]) -> list[Table]:
    """The tables of the measured parts."""
    return [table for part, values in measured.items() for table in _tables(part, values)]


def _tables(part: str, values: Any) -> Iterator[Table]:
    match part:
        case "choice":
            yield _table("choice", _joined(values))
        case "truth":
            explained = "; ".join(f"{HEADINGS[name]}: {text}" for name, text in MEASURES.items())
            for condition, by_name in values["conditions"].items():
                rows = {name: _beside_oracles(row, by_name) for name, row in by_name.items()}
                yield _table("truth", rows, condition=CONDITION_NAMES[condition], explained=explained)
            yield _table("boundaries", _psnr_by_name(values["boundaries"]))
            yield _table("differences", _by_name(values["differences"]))
        case "physical":
            yield _table("physical", _psnr_by_name(values["kinds"]))
            yield _table("physical_differences", _by_name(values["differences"]))
            yield _table("physical_choice", _joined(values["choice"]))
        case "lytro":
            published = ", ".join(f"{name.split(' ')[0]} {rank:.2f}" for name, rank in values["published"].items())
            yield _table("lytro", _joined(values["ours"], ": "), published=published)
        case "children":
            yield _table("children", {name: _to_b(row) for name, row in _joined(values, ", ").items()})
        case "ablation":
            named = ("psnr", "difference", "wrong")
            yield _table("ablation", {
                change: {name: row[name] for name in named} | _to_b(row.get("table_1", {}))
                for change, row in values.items()
            })  # fmt: skip
        case _:
            yield _table(part, values)


def _table(section: str, rows: Rows, **filled: Any) -> Table:
    """A row for each name, a column for each value that any row has."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    cells = [[label, *(cell(name, row.get(name)) for name in names)] for label, row in rows.items()]
    return WORDS.table(section, cells, [HEADINGS.get(name, name) for name in names], **filled)


def cell(name: str, value: Any) -> str:
    """A value as text, by the name of its column: three numbers are a mean with the ends of its interval.

    >>> cell("psnr", 39.4612), cell("ssim", 0.98765), cell("difference", [1.0, 0.5, 1.5]), cell("share", None)
    ('39.46', '0.9877', '+1.00 [+0.50, +1.50]', '')
    >>> cell("parameters", {"blend": [5, 0.3], "share": 0.01}), cell("parameters", 532996)
    ('blend r 5, eps 0.3; share 0.01', '532,996')
    """
    if isinstance(value, dict):  # of a method: shares of the image, radius and eps of guided filters
        pairs = {
            key: f"r {x[0]}, eps {x[1]:g}" if isinstance(x, list | tuple) else f"{x:g}" for key, x in value.items()
        }
        return "; ".join(f"{key} {text}" for key, text in pairs.items())
    if isinstance(value, list | tuple):
        return "{:+.2f} [{:+.2f}, {:+.2f}]".format(*value)
    if name == "sha256":
        return str(value)[:12]
    if isinstance(value, float):
        return f"{value:{FORMATS.get(name, '.2f')}}".replace("%", " %")
    return "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _joined(by_name: Mapping[str, Rows], by: str = ":") -> Rows:
    return {f"{name}{by}{key}": row for name, rows in by_name.items() for key, row in rows.items()}


def _by_name(by_column: Mapping[str, Mapping[str, Any]]) -> Rows:
    """A row for each name, a column for each condition or kind."""
    names = next(iter(by_column.values()))
    return {name: {column: values[name] for column, values in by_column.items()} for name in names}


def _psnr_by_name(by_kind: Mapping[str, Rows]) -> Rows:
    return _by_name({kind: {name: row["psnr"] for name, row in rows.items()} for kind, rows in by_kind.items()})


def _beside_oracles(row: Mapping[str, float], by_name: Rows) -> dict[str, Any]:
    """The measures of a method, and its difference from the oracles in PSNR."""
    values = {measure: row.get(measure) for measure in MEASURES}
    return values | {f"to {oracle}": f"{row['psnr'] - by_name[oracle]['psnr']:+.2f}" for oracle in ORACLES}


def _to_b(row: Mapping[str, float]) -> dict[str, float]:
    """The columns of Table 1, whose PSNR and SSIM are to source B."""
    return {{"psnr": "psnr_to_b", "ssim": "ssim_to_b"}.get(name, name): value for name, value in row.items()}
