"""The result of a check as text and as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from reference.conformance.check import ABSENT, AGREES, DIVERGES, MALFORMED, UNJUDGED, Judged, Result
from reference.conformance.compare import holds

IMAGE = ("row", "column", "channel")
AXES = {"mask": IMAGE, "levels": IMAGE, "real": IMAGE, "features": ("channel", "row", "column")}


def as_text(result: Result) -> str:
    """The verdict, its evidence, and a row for every step that the port has."""
    counts: dict[str, Counter[str]] = {step: Counter() for step in result.vectors.steps}
    for judged in (judged for checked in result.checked for judged in checked.judged):
        counts[judged.entry.step][judged.status] += 1
    rows = {step: count for step, count in counts.items() if count.total() > count[ABSENT]}
    lines = [*_verdict(result), "", _row("step", [*result.count])]
    lines += [_row(step, [str(count[status]) for status in result.count]) for step, count in rows.items()]
    if missing := [step for step, count in counts.items() if count and step not in rows]:
        lines += textwrap.wrap(f"absent: {', '.join(missing)}", 100, subsequent_indent="  ")
    lines += [f"a known failure agrees now, or matches nothing: {failure}" for failure in result.stale]
    return "\n".join(lines)


def _row(step: str, cells: Sequence[str]) -> str:
    return f"{step:26}" + "".join(f"{cell:>12}" for cell in cells)


def _verdict(result: Result) -> Iterator[str]:
    head = f"vectors {result.vectors.version}, {result.profile}: "
    if not result.count[AGREES] + result.count[DIVERGES] + result.count[MALFORMED]:
        yield head + "MALFORMED, nothing was written for any case"
        yield from sorted({f"  {checked.message}" for checked in result.checked if checked.message})[:3]
        return
    silent = ((checked.case.name, checked.message) for checked in result.checked if checked.message)
    yield from (f"{name}: the port gave no answer: {message}" for name, message in silent)
    if not result.wrong:
        counts = {"arrays": AGREES, "absent": ABSENT, UNJUDGED: UNJUDGED, "known failures": DIVERGES}
        numbers = (f"{name}: {n}" for name, status in counts.items() if (n := result.count[status]) or name == "arrays")
        yield (
            head + f"{result.verdict.upper()}, {', '.join(numbers)}{'' if result.count[AGREES] else ': nothing agrees'}"
        )
        return
    yield from _first(result, head)


def _first(result: Result, head: str) -> Iterator[str]:
    """The first wrong step, with the evidence."""
    case, judged = result.wrong[0]
    what = "MALFORMED output of" if judged.status == MALFORMED else "FIRST DIVERGENCE in"
    yield head + f"{what} step {judged.entry.step}, case {case.name} ({case.record['purpose']})"
    if judged.message:
        yield f"  {judged.message}"
    if judged.difference:
        yield f"  {_measured(judged)}"
    if judged.status == DIVERGES and not judged.in_row:
        yield "  computed from golden inputs: the error is in this step"
    if judged.pattern:
        yield f"  pattern     {judged.pattern}"
    if result.profile == "float64" and judged.difference and holds(judged.difference, judged.entry.limits["float32"]):
        yield "  precision   as of single: within the limits of --profile float32"
    if result.looks_like:
        where, flag = result.shown_by(result.looks_like[0])
        yield f"  looks like  {flag.name}: {flag.effect} (a guess: the same wrong values in {where.name})"
    if others := Counter(wrong.entry.step for _, wrong in result.wrong[1:]):
        arrays = ", ".join(f"{step} {number}" for step, number in others.items())
        yield f"  also wrong  {arrays}, from {result.wrong[1][0].name} on: arrays by step, each in --report"


def _measured(judged: Judged) -> str:
    difference = judged.difference
    assert difference is not None
    place = ", ".join(f"{name} {n}" for name, n in zip(AXES[judged.entry.kind], difference.place, strict=False))
    matlab = ", ".join(str(n + 1) for n in difference.place)
    relative = f"relative {difference.relative:.3g}, " if "relative" in judged.limit else ""
    limit = ", ".join(f"{name} {value:g}" for name, value in judged.limit.items() if name != "measured")
    return (
        f"peak {difference.peak:.3g} at {place} (MATLAB {matlab}), rms {difference.rms:.3g}, {relative}"
        f"{difference.differing} values differ; limit: {limit}"
    )


def as_json(result: Result, port: str | None = None) -> dict[str, Any]:
    """The result in the form of schema/report.json."""
    record: dict[str, Any] = {"vectors": result.vectors.version, "profile": result.profile}
    if port:
        record["port"] = port
    record["verdict"] = result.verdict
    if result.wrong:
        case, judged = result.wrong[0]
        first = {"case": case.name, "array": judged.entry.name, "step": judged.entry.step}
        record["first"] = first | {"looks_like": result.looks_like}
    cases = [
        {
            "case": checked.case.name, **({"message": checked.message} if checked.message else {}),
            "arrays": [_array(judged) for judged in checked.judged],
        } for checked in result.checked
    ]  # fmt: skip
    return record | {"count": result.count, "stale": result.stale, "cases": cases}


def _array(judged: Judged) -> dict[str, Any]:
    record: dict[str, Any] = {"array": judged.entry.name, "step": judged.entry.step, "status": judged.status}
    if difference := judged.difference:
        record |= {
            "peak": difference.peak, "rms": difference.rms, "relative": difference.relative,
            "differing": difference.differing, "ties": difference.ties, "place": list(difference.place),
        }  # fmt: skip
    texts = {"pattern": judged.pattern, "message": judged.message}
    return record | {"limit": dict(judged.limit)} | {name: text for name, text in texts.items() if text}
