"""Times of several ways to do the same, taken in turns in one run."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["machine", "milliseconds"]


def milliseconds(ways: dict[str, Callable[[], Any]], seconds: float = 2.0) -> dict[str, float]:
    """The least time of each way; the ways take turns, so that all see the same machine.

    seconds  how long to go on for each way, at least five rounds
    """
    best = dict.fromkeys(ways, float("inf"))
    for way in ways.values():  # loads what is loaded late
        way()
    rounds, end = 0, time.perf_counter() + seconds * len(ways)
    while rounds < 5 or time.perf_counter() < end:
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            best[name] = min(best[name], 1000 * (time.perf_counter() - start))
        rounds += 1
    return best


def machine() -> str:
    """The processor, in words."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor() or platform.machine()}, {os.cpu_count()} processors"
