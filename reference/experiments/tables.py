"""The results of a benchmark and of an evaluation as tables, and those of a benchmark as files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from reference.experiments.results import BenchmarkResult
from reference.experiments.scores import Mean, harmless
from reference.files import atomic_write, write_json
from reference.jobs.manifest import versions
from reference.jobs.page import Bold, Table, Words, as_html, as_markdown
from reference.metrics.catalogue import METRICS, SURVEY, TRUSTED, metric

Rows = Mapping[str, Mapping[str, Any]]
WORDS = Words(Path(__file__).with_name("sections.toml"))
NO_SECTIONS = ("conditions", "measures", "headings", "formats")
CONDITION_NAMES, MEASURES, HEADINGS, FORMATS = (WORDS.sections.pop(name) for name in NO_SECTIONS)
HEADINGS |= CONDITION_NAMES | {name: metric(name).symbol for name in SURVEY}
FORMATS |= dict.fromkeys(SURVEY, ".4f")
ORACLES = ("true map", "nearer pixels")
DIRECTIONS = {"higher": "", "lower": " ↓", "nearest 0": " →0"}


def write_results(result: BenchmarkResult, title: str, about: Sequence[str], command: Sequence[str], out: Path) -> None:
    """Write scores.csv, summary.csv, benchmark.json, .md and .html, each whole or not at all."""
    import pandas as pd

    summary = [
        (method, name, m.n, m.value, m.low, m.high, result.ranks[name].get(method, ""))
        for method, of_method in result.means.items() for name, m in of_method.items()
    ]  # fmt: skip
    header = ["method", "metric", "pairs", "mean", "low_95", "high_95", "rank"]
    scores = result.scores.assign(pair=result.scores["pair"].map(harmless))[["pair", "method", "metric", "value"]]
    for name, table in (("scores.csv", scores), ("summary.csv", pd.DataFrame(summary, columns=header))):
        with atomic_write(out / name) as temporary:
            table.assign(method=table["method"].map(harmless)).to_csv(
                temporary, index=False, na_rep="nan", lineterminator="\n", errors="surrogateescape"
            )
    write_json(out / "benchmark.json", {"command": list(command), "versions": versions(), **result.as_json()})
    sections = benchmark_tables(result)
    for name, write in (("benchmark.md", as_markdown), ("benchmark.html", as_html)):
        with atomic_write(out / name) as temporary:
            temporary.write_text(write(title, about, sections), "utf-8", "surrogateescape")


def benchmark_tables(result: BenchmarkResult) -> list[Table]:
    """All tables, the most important first."""
    main = [entry.name for entry in METRICS if entry.name in {"psnr", "ssim", *SURVEY, *TRUSTED}]
    shown, others = ([name for name in result.by_pair if (name in main) == wanted] for wanted in (True, False))
    return [*_summary(result, shown), *_details(result, others), *_folded(result, shown)]


def _summary(result: BenchmarkResult, names: list[str]) -> Iterator[Table]:
    """Means and ranks, the best in bold, differences from the first method, tests and intervals."""
    order, symbols = result.order(), [*map(_symbol, names)]
    sets = {"rank, survey's 8": SURVEY, "rank, followers of truth": TRUSTED}
    mean_ranks = {title: ranks for title, members in sets.items() if (ranks := result.mean_ranks(members))}
    rows = []
    for method in order:
        cells = [_best(f"{of[method]:.2f}", of, method) if method in of else "" for of in mean_ranks.values()]
        rows.append([method, str(result.count(method)), *cells, *(_mean(result, method, name) for name in names)])
    of_ranks = f" A rank is the mean of a method's ranks by its means of {_listed(SURVEY)}, or of {_listed(TRUSTED)}."
    header = [*mean_ranks, *symbols]
    yield WORDS.table("means", rows, header, pairs=len(result.pairs), ranks=of_ranks if mean_ranks else "")
    if lacking := result.missing.items():
        yield WORDS.table("without", [[name, str(result.count(name)), ", ".join(pairs)] for name, pairs in lacking])
    first, *others = order or ["nothing"]
    rows = [[method, *(_interval(result.difference(method, first, name)) for name in names)] for method in others]
    yield WORDS.table("from_first", [row for row in rows if any(row[1:])], symbols, first=first)
    rows = []
    for name, test in ((name, result.tests[name]) for name in names if name in result.tests):
        like_best = ", ".join(test.like_the_best()) or "none"
        best = f"{test.best} ({test.mean_ranks[test.best]:.2f})"
        rows.append([_symbol(name), f"{test.p:.2g}", f"{test.critical_difference:.2f}", best, like_best])
    yield WORDS.table("tests", rows)
    rows = [[method, *(_interval(result.means[method].get(name)) for name in names)] for method in order]
    yield WORDS.table("confidence", rows, symbols)


def _details(result: BenchmarkResult, names: list[str]) -> Iterator[Table]:
    """Time and memory, means by other metrics, which metrics follow truth, and failures."""
    costs = result.cost.itertuples()
    rows = [[method, f"{s:.3f}", "" if math.isnan(mib) else f"{mib:.0f}"] for method, s, mib in costs]
    yield WORDS.table("cost", rows, circumstances=result.circumstances)
    if names:
        methods = [method for method in result.order() if any(name in result.means[method] for name in names)]
        rows = [[_symbol(name), *(_mean(result, method, name) for method in methods)] for name in names]
        yield WORDS.table("others", rows, methods)
    if result.follows:
        best_first = sorted(result.follows, key=result.follows.__getitem__, reverse=True)
        yield WORDS.table("follows", [[_symbol(name), f"{result.follows[name]:+.2f}"] for name in best_first])
    if result.failures:
        yield WORDS.table("failures", [[record.pair, record.method, record.error] for record in result.failures])


def _folded(result: BenchmarkResult, names: list[str]) -> Iterator[Table]:
    """Every value, and Nemenyi's p for each two methods."""
    for name, values in result.by_pair.items():
        rows = [[method, *map(_number, values.loc[method])] for method in result.order()]
        yield replace(WORDS.table("per_image", rows, result.pairs, metric=_symbol(name)), folded=True)
    for name, test in ((name, result.tests[name]) for name in names if name in result.tests):
        methods = sorted(test.mean_ranks, key=test.mean_ranks.__getitem__)
        rows = [[a, f"{test.mean_ranks[a]:.2f}", *(f"{test.nemenyi[a][b]:.2g}" for b in methods)] for a in methods]
        yield replace(WORDS.table("nemenyi", rows, methods, metric=_symbol(name)), folded=True)


def _mean(result: BenchmarkResult, method: str, name: str) -> str:
    """A mean, with the number of pairs if it is not over all."""
    mean = result.means[method].get(name)
    if mean is None:
        return ""
    fewer = f" ({mean.n})" if mean.n < len(result.pairs) else ""
    return _best(_number(mean.value) + fewer, result.ranks[name], method)


def _best(text: str, ranks: dict[str, float], method: str) -> str:
    """A cell, in bold if its method has the lowest rank."""
    return Bold(text) if method in ranks and ranks[method] == min(ranks.values()) else text


def _listed(names: Iterable[str]) -> str:
    return ", ".join(metric(name).symbol for name in names)


def _symbol(name: str) -> str:
    return metric(name).symbol + DIRECTIONS[metric(name).better]


def _number(value: float) -> str:
    """Four decimals, as usual in the field, or two from 10 on.

    >>> _number(0.83559), _number(56.8955), _number(math.nan)
    ('0.8356', '56.90', '')
    """
    return "" if math.isnan(value) else f"{value:.4f}" if abs(value) < 10 else f"{value:.2f}"


def _interval(mean: Mean | None) -> str:
    return "" if mean is None or math.isnan(mean.low) else f"{_number(mean.low)} to {_number(mean.high)}"


def evaluation_tables(measured: Mapping[str, Any]) -> list[Table]:
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
