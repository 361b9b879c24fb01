"""The answers to the exercises: what is expected, by how much an answer may differ, and a hint for a wrong one."""

from __future__ import annotations

from typing import Any

__all__ = ["ANSWERS"]

ANSWERS: dict[str, tuple[Any, float, str]] = {}
