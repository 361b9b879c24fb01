"""What the vectors hold: cases, their arrays, the limits, and the wrong arrays that known mistakes give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reference.conformance.arrays import Array

__all__ = ["Case", "Entry", "Flag", "Limit", "Vectors"]


@dataclass(frozen=True)
class Limit:
    """What a difference may be: `peak` and `rms`, or `relative`, or `mismatches`, or `levels` and `fraction`.

    measured  the worst that honest variants gave when the limit was set
    """

    peak: float | None = None
    rms: float | None = None
    relative: float | None = None
    mismatches: int | None = None
    levels: int | None = None
    fraction: float | None = None
    measured: float | None = None

    @property
    def is_set(self) -> bool:
        """Whether there is a limit at all."""
        return any(value is not None for name, value in vars(self).items() if name != "measured")


@dataclass(frozen=True)
class Entry:
    """One array of a case.

    kind          mask, levels, real, or features, which have channels first
    step, inputs  of an output: the function that gives it, and the arrays that it takes
    limits        of an output, by profile
    ties          of an output of integers: values of which array decide it by a hair, see `compare.ties_of`
    """

    name: str
    role: str
    kind: str
    dtype: str
    shape: tuple[int, ...]
    value: Array
    step: str = ""
    inputs: tuple[str, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    ties: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Flag:
    """A bug that a case shows: the array that comes out of it instead of the right one."""

    name: str
    step: str
    array: str
    effect: str
    value: Array


@dataclass(frozen=True)
class Case:
    """A case: its folder, and case.json with the arrays read."""

    folder: Path
    name: str
    origin: str
    purpose: str
    parameters: Mapping[str, Any]
    entries: Mapping[str, Entry]
    flags: tuple[Flag, ...] = ()
    weights: Mapping[str, str] | None = None
    files: frozenset[str] = frozenset()

    @property
    def outputs(self) -> list[Entry]:
        """In the order of the steps."""
        return [entry for entry in self.entries.values() if entry.role == "output"]


@dataclass(frozen=True)
class Vectors:
    """All cases that are stored; `names` are those of all."""

    root: Path
    version: str
    steps: tuple[str, ...]
    cases: tuple[Case, ...]
    names: frozenset[str]
