"""The results of a benchmark as tables."""

from __future__ import annotations

import math
from collections.abc import Iterable

from reference.experiments.results import BenchmarkResult
from reference.experiments.statistics import Comparison
from reference.jobs.page import Bold, Table
from reference.metrics.catalogue import METRICS, SURVEY, TRUSTED, metric

__all__ = ["tables"]

DIRECTIONS = {"higher": "", "lower": " ↓", "nearest 0": " →0"}


def tables(outcome: BenchmarkResult) -> list[Table]:
    """All there is to say, the most important first."""
    main = [one.name for one in METRICS if one.name in {"psnr", "ssim", *SURVEY, *TRUSTED}]
    shown, others = ([name for name in outcome.metrics if (name in main) == wanted] for wanted in (True, False))
    found = [_means(outcome, shown)] + [_missing(outcome)] * bool(outcome.missing)
    found += [_differences(outcome, shown), _tests(outcome, shown), _intervals(outcome, shown), _cost(outcome)]
    found += [_others(outcome, others)] * bool(others) + [_follows(outcome)] * bool(outcome.follows)
    found += [_failures(outcome)] * bool(outcome.failures)
    found += [_per_image(outcome, name) for name in outcome.metrics]
    return found + [_nemenyi(name, test) for name in shown if (test := outcome.tests.get(name))]


def _means(outcome: BenchmarkResult, names: list[str]) -> Table:
    """The first table: means, ranks, the best in bold."""
    sets = {"rank, survey's 8": SURVEY, "rank, followers of truth": TRUSTED}
    of_sets = {title: outcome.mean_ranks(members) for title, members in sets.items()}
    of_sets = {title: found for title, found in of_sets.items() if found}
    rows = []
    for method in outcome.order():
        ranks = [_rank(found, method) for found in of_sets.values()]
        rows.append([method, str(outcome.count(method)), *ranks, *(_mean(outcome, method, name) for name in names)])
    text = (
        f"Means over {len(outcome.pairs)} pairs, the best of the methods that have all of them in bold; "
        "↓: lower is better, →0: nearest 0 is."
    )
    if of_sets:
        text += f" A rank is the mean of a method's places by its means of {_listed(SURVEY)}, or of {_listed(TRUSTED)}."
    return Table("Means", text, ["method", "pairs", *of_sets, *map(_symbol, names)], rows)


def _rank(found: dict[str, float], method: str) -> str:
    return _bold(f"{found[method]:.2f}", found[method] == min(found.values())) if method in found else ""


def _others(outcome: BenchmarkResult, names: list[str]) -> Table:
    methods = [method for method in outcome.order() if any(name in outcome.means[method] for name in names)]
    rows = [[_symbol(name), *(_mean(outcome, method, name) for method in methods)] for name in names]
    return Table("Other metrics", "Means.", ["metric", *methods], rows)


def _follows(outcome: BenchmarkResult) -> Table:
    best_first = sorted(outcome.follows, key=outcome.follows.__getitem__, reverse=True)
    text = (
        "Whether a metric puts the methods in the same order as PSNR against ground truth does: Spearman's rank "
        "correlation, mean over the images. 1: the same order, 0: none, below 0: rather the opposite."
    )
    rows = [[_symbol(name), f"{outcome.follows[name]:+.2f}"] for name in best_first]
    return Table("Which metrics follow ground truth here", text, ["metric", "correlation"], rows)


def _mean(outcome: BenchmarkResult, method: str, name: str) -> str:
    """A mean, with the number of pairs where it is not all."""
    found = outcome.means[method].get(name)
    if found is None:
        return ""
    fewer = f" ({found.n})" if found.n < len(outcome.pairs) else ""
    ranks = outcome.ranks[name]
    return _bold(_number(found.value) + fewer, method in ranks and ranks[method] == min(ranks.values()))


def _missing(outcome: BenchmarkResult) -> Table:
    rows = [[method, str(outcome.count(method)), ", ".join(pairs)] for method, pairs in outcome.missing.items()]
    text = "These come last and are not ranked; their means are over other pairs than the others'."
    return Table("Methods without every pair", text, ["method", "pairs", "without"], rows)


def _differences(outcome: BenchmarkResult, names: list[str]) -> Table:
    """Each method beside the first, pair by pair."""
    first, *others = outcome.order() or ["nothing"]
    rows = []
    for method in others:
        cells = []
        for name in names:
            found = outcome.difference(method, first, name)
            cells.append("" if found is None else f"{_number(found.low)} to {_number(found.high)}")
        if any(cells):
            rows.append([method, *cells])
    text = (
        f"95 % confidence intervals of the mean difference from {first}, pair by pair (Student's t): where an interval "
        "leaves out 0, that metric tells the two apart, if it is the only one asked."
    )
    return Table(f"Differences from {first}", text, ["method", *map(_symbol, names)], rows)


def _intervals(outcome: BenchmarkResult, names: list[str]) -> Table:
    def cell(method: str, name: str) -> str:
        found = outcome.means[method].get(name)
        return "" if found is None or math.isnan(found.low) else f"{_number(found.low)} to {_number(found.high)}"

    rows = [[method, *(cell(method, name) for name in names)] for method in outcome.order()]
    text = (
        "95 % confidence intervals of the means (Student's t). They are as wide as images differ, and may reach beyond "
        "a metric's range: to compare methods, look at the differences and the tests."
    )
    return Table("Confidence", text, ["method", *map(_symbol, names)], rows)


def _tests(outcome: BenchmarkResult, names: list[str]) -> Table:
    rows = []
    for name in names:
        if test := outcome.tests.get(name):
            alike = ", ".join(test.like_the_best()) or "none"
            best = f"{test.best} ({test.mean_ranks[test.best]:.2f})"
            rows.append([_symbol(name), f"{test.p:.2g}", f"{test.critical_difference:.2f}", best, alike])
    text = (
        "Friedman's test over the images, or Wilcoxon's of two methods: p is the chance of such ranks if no method "
        "were better, one metric at a time. Nemenyi's: methods whose mean ranks, image by image, differ by less than "
        "the critical difference cannot be told apart at 5 %; benchmark.html has p for each two methods."
    )
    header = ["metric", "p", "critical difference", "best mean rank", "not to be told from it"]
    return Table("Significance", text, header, rows)


def _cost(outcome: BenchmarkResult) -> Table:
    rows = []
    for method, (seconds, peak) in outcome.cost.items():
        rows.append([method, f"{seconds:.3f}", "" if peak is None else f"{peak:.0f}"])
    text = (
        f"Median time a pair, and the most memory above what the process held before; {outcome.circumstances}. "
        "Other work on the machine makes it longer."
    )
    return Table("Time and memory", text, ["method", "s", "MiB"], rows)


def _failures(outcome: BenchmarkResult) -> Table:
    rows = [[record.pair, record.method, record.error] for record in outcome.failures]
    return Table("What went wrong", "These are in no mean.", ["pair", "method", "why"], rows)


def _per_image(outcome: BenchmarkResult, name: str) -> Table:
    rows = []
    for method in outcome.order():
        of_method = outcome.scores.by_method[method]
        rows.append([method, *(_number(of_method.get(pair, {}).get(name)) for pair in outcome.pairs)])
    return Table(f"{_symbol(name)}, image by image", "", ["method", *outcome.pairs], rows, folded=True)


def _nemenyi(name: str, test: Comparison) -> Table:
    methods = sorted(test.mean_ranks, key=test.mean_ranks.__getitem__)
    rows = [[a, f"{test.mean_ranks[a]:.2f}", *(f"{test.nemenyi[a][b]:.2g}" for b in methods)] for a in methods]
    title = f"{_symbol(name)}, Nemenyi's p for each two methods"
    return Table(title, "", ["method", "mean rank", *methods], rows, folded=True)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(metric(name).symbol for name in names)


def _symbol(name: str) -> str:
    return metric(name).symbol + DIRECTIONS[metric(name).better]


def _number(value: float | None) -> str:
    """Four decimals, as the field prints, or two from 10 on.

    >>> _number(0.83559), _number(56.8955), _number(None)
    ('0.8356', '56.90', '')
    """
    return "" if value is None else f"{value:.4f}" if abs(value) < 10 else f"{value:.2f}"


def _bold(text: str, best: bool) -> str:
    return Bold(text) if best else text
