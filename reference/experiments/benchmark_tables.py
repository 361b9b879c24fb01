"""The results of a benchmark as tables."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from reference.experiments.evaluation_tables import WORDS
from reference.experiments.results import BenchmarkResult
from reference.experiments.statistics import Comparison, Mean
from reference.jobs.page import Bold, Table
from reference.metrics.catalogue import METRICS, SURVEY, TRUSTED, metric

__all__ = ["tables"]

DIRECTIONS = {"higher": "", "lower": " ↓", "nearest 0": " →0"}


def tables(result: BenchmarkResult) -> list[Table]:
    """All tables, the most important first."""
    main = [entry.name for entry in METRICS if entry.name in {"psnr", "ssim", *SURVEY, *TRUSTED}]
    shown, others = ([name for name in result.metrics if (name in main) == wanted] for wanted in (True, False))
    sections = [_means(result, shown)] + [_missing(result)] * bool(result.missing)
    sections += [_differences(result, shown), _tests(result, shown), _intervals(result, shown), _cost(result)]
    sections += [_others(result, others)] * bool(others) + [_follows(result)] * bool(result.follows)
    sections += [_failures(result)] * bool(result.failures)
    sections += [_per_image(result, name) for name in result.metrics]
    return sections + [_nemenyi(name, test) for name in shown if (test := result.tests.get(name))]


def _means(result: BenchmarkResult, names: list[str]) -> Table:
    """The first table: means and ranks, the best in bold."""
    sets = {"rank, survey's 8": SURVEY, "rank, followers of truth": TRUSTED}
    mean_ranks = {title: ranks for title, members in sets.items() if (ranks := result.mean_ranks(members))}
    rows = []
    for method in result.order():
        cells = [_rank(ranks, method) for ranks in mean_ranks.values()]
        rows.append([method, str(result.count(method)), *cells, *(_mean(result, method, name) for name in names)])
    of_ranks = f" A rank is the mean of a method's ranks by its means of {_listed(SURVEY)}, or of {_listed(TRUSTED)}."
    header = [*mean_ranks, *map(_symbol, names)]
    return WORDS.table("means", rows, header, pairs=len(result.pairs), ranks=of_ranks if mean_ranks else "")


def _rank(ranks: dict[str, float], method: str) -> str:
    return _bold(f"{ranks[method]:.2f}", ranks[method] == min(ranks.values())) if method in ranks else ""


def _others(result: BenchmarkResult, names: list[str]) -> Table:
    methods = [method for method in result.order() if any(name in result.means[method] for name in names)]
    rows = [[_symbol(name), *(_mean(result, method, name) for method in methods)] for name in names]
    return WORDS.table("others", rows, methods)


def _follows(result: BenchmarkResult) -> Table:
    best_first = sorted(result.follows, key=result.follows.__getitem__, reverse=True)
    return WORDS.table("follows", [[_symbol(name), f"{result.follows[name]:+.2f}"] for name in best_first])


def _mean(result: BenchmarkResult, method: str, name: str) -> str:
    """A mean, with the number of pairs if it is not over all."""
    mean = result.means[method].get(name)
    if mean is None:
        return ""
    fewer = f" ({mean.n})" if mean.n < len(result.pairs) else ""
    ranks = result.ranks[name]
    return _bold(_number(mean.value) + fewer, method in ranks and ranks[method] == min(ranks.values()))


def _missing(result: BenchmarkResult) -> Table:
    rows = [[method, str(result.count(method)), ", ".join(pairs)] for method, pairs in result.missing.items()]
    return WORDS.table("without", rows)


def _differences(result: BenchmarkResult, names: list[str]) -> Table:
    """The difference of each method from the first, pair by pair."""
    first, *others = result.order() or ["nothing"]
    rows = [[method, *(_interval(result.difference(method, first, name)) for name in names)] for method in others]
    return WORDS.table("from_first", [row for row in rows if any(row[1:])], [*map(_symbol, names)], first=first)


def _intervals(result: BenchmarkResult, names: list[str]) -> Table:
    rows = [[method, *(_interval(result.means[method].get(name)) for name in names)] for method in result.order()]
    return WORDS.table("confidence", rows, [*map(_symbol, names)])


def _tests(result: BenchmarkResult, names: list[str]) -> Table:
    rows = []
    for name in names:
        if test := result.tests.get(name):
            like_best = ", ".join(test.like_the_best()) or "none"
            best = f"{test.best} ({test.mean_ranks[test.best]:.2f})"
            rows.append([_symbol(name), f"{test.p:.2g}", f"{test.critical_difference:.2f}", best, like_best])
    return WORDS.table("tests", rows)


def _cost(result: BenchmarkResult) -> Table:
    rows = [[method, f"{s:.3f}", "" if mib is None else f"{mib:.0f}"] for method, (s, mib) in result.cost.items()]
    return WORDS.table("cost", rows, circumstances=result.circumstances)


def _failures(result: BenchmarkResult) -> Table:
    return WORDS.table("failures", [[record.pair, record.method, record.error] for record in result.failures])


def _per_image(result: BenchmarkResult, name: str) -> Table:
    rows = []
    for method in result.order():
        of_method = result.scores.by_method[method]
        rows.append([method, *(_number(of_method.get(pair, {}).get(name)) for pair in result.pairs)])
    return replace(WORDS.table("per_image", rows, result.pairs, metric=_symbol(name)), folded=True)


def _nemenyi(name: str, test: Comparison) -> Table:
    methods = sorted(test.mean_ranks, key=test.mean_ranks.__getitem__)
    rows = [[a, f"{test.mean_ranks[a]:.2f}", *(f"{test.nemenyi[a][b]:.2g}" for b in methods)] for a in methods]
    return replace(WORDS.table("nemenyi", rows, methods, metric=_symbol(name)), folded=True)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(metric(name).symbol for name in names)


def _symbol(name: str) -> str:
    return metric(name).symbol + DIRECTIONS[metric(name).better]


def _number(value: float | None) -> str:
    """Four decimals, as usual in the field, or two from 10 on.

    >>> _number(0.83559), _number(56.8955), _number(None)
    ('0.8356', '56.90', '')
    """
    return "" if value is None else f"{value:.4f}" if abs(value) < 10 else f"{value:.2f}"


def _interval(mean: Mean | None) -> str:
    return "" if mean is None or math.isnan(mean.low) else f"{_number(mean.low)} to {_number(mean.high)}"


def _bold(text: str, best: bool) -> str:
    return Bold(text) if best else text
