"""A motion on disk: found once, used again, for the same photographs or for others taken with the same movement."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

from reference.align.motion import Motion
from reference.decoding import MOST_MEGAPIXELS
from reference.errors import BadInput
from reference.patches import PATCH

__all__ = ["Found", "read_motion"]

KEYS = ("size_a", "size_b")


class Found(NamedTuple):
    """A motion between photographs of these sizes, (H, W); B is resized to its size before, if it has another one."""

    motion: Motion
    size_a: tuple[int, int]
    size_b: tuple[int, int]

    def as_json(self) -> dict[str, Any]:
        """What a file holds of it."""
        return self.motion.as_json() | {"size_a": [*self.size_a], "size_b": [*self.size_b]}


def read_motion(path: Path) -> Found:
    """Read what `parfocal align` wrote.

    raises  BadInput, in one sentence, for what is no such file
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} is no motion as parfocal align writes it: {error}") from error
    try:
        size_a, size_b = ((int(record[key][0]), int(record[key][1])) for key in KEYS)
        if min(size_b) < PATCH or math.prod(size_b) > MOST_MEGAPIXELS * 1e6:
            raise BadInput(f"size_b is {size_b}, but {PATCH} pixels to {MOST_MEGAPIXELS:g} megapixels are read")
        return Found(Motion.from_json(record), size_a, size_b)
    except (BadInput, TypeError, KeyError, IndexError, ValueError, OverflowError) as error:
        raise BadInput(f"{path} is no motion as parfocal align writes it: {error}") from error
