"""What a mutant is."""

from __future__ import annotations

from dataclasses import dataclass

from reference.conformance.arrays import StepFunction

__all__ = ["Mutant"]


@dataclass(frozen=True)
class Mutant:
    """A wrong version of a step, and what is wrong with it."""

    step: str
    wrong: str
    function: StepFunction
