"""The content of the vectors: cases, their arrays, the limits, and the wrong arrays that known mistakes produce."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from reference.conformance.arrays import Array

# The limit of a difference: "peak" and "rms", or "relative", or "mismatches", or "levels" and "fraction"; "measured" is
# the largest difference of honest variants when it was set.
Limit = Mapping[str, float]


@dataclass(frozen=True)
class Entry:
    """One array of a case.

    kind          mask, levels, real, or features, which have channels first
    step, inputs  of an output: the function that computes it, and the arrays that it takes
    limits        of an output, by profile
    ties          of an output of integers: the array whose values may decide it within rounding, see `compare.ties_of`
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
    """A bug that a case reveals, with the array that it produces instead of the right one."""

    name: str
    step: str
    array: str
    effect: str
    value: Array


@dataclass(frozen=True)
class Case:
    """A case: the content of case.json, and all arrays."""

    folder: Path
    record: Mapping[str, Any]
    entries: Mapping[str, Entry]
    flags: tuple[Flag, ...] = ()

    @property
    def name(self) -> str:
        """Its suite and its own name."""
        return str(self.record["case"])

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters that the steps take."""
        return MappingProxyType(self.record["parameters"])

    @property
    def outputs(self) -> list[Entry]:
        """The outputs in the order of the steps."""
        return [entry for entry in self.entries.values() if entry.role == "output"]


@dataclass(frozen=True)
class Vectors:
    """All stored cases; `names` includes those that are not stored."""

    version: str
    steps: tuple[str, ...]
    cases: tuple[Case, ...]
    names: frozenset[str]
