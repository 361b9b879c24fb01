"""A motion on disk: found once, used again, for the same photographs or for others taken with the same movement."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

from reference.align.motion import Motion
from reference.decoding import MOST_MEGAPIXELS
from reference.errors import BadInput
from reference.files import sha256_of
from reference.patches import PATCH

__all__ = ["Found", "check_order", "read_motion"]

KEYS = ("size_a", "size_b")


class Found(NamedTuple):
    """A motion between photographs of these sizes, (H, W); B is resized to its size before, if it has another one.

    sources  sha256 of the files of A and B, if it was read from a file that knows them
    """

    motion: Motion
    size_a: tuple[int, int]
    size_b: tuple[int, int]
    sources: tuple[str, ...] = ()

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
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder: name the motion.json in it") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path} is no motion as parfocal align writes it: it is no JSON") from error
    try:
        size_a, size_b = ((int(record[key][0]), int(record[key][1])) for key in KEYS)
        if min(size_b) < PATCH or math.prod(size_b) > MOST_MEGAPIXELS * 1e6:
            raise BadInput(f"size_b is {size_b}, but {PATCH} pixels to {MOST_MEGAPIXELS:g} megapixels are read")
        sources = tuple(str(source["sha256"]) for source in record.get("sources", ()))
        return Found(Motion.from_json(record), size_a, size_b, sources)
    except BadInput as error:
        raise BadInput(f"{path} is no motion as parfocal align writes it: {error}") from error
    except KeyError as error:
        raise BadInput(f"{path} is no motion as parfocal align writes it: it has no {error.args[0]}") from error
    except (TypeError, IndexError, ValueError, OverflowError, AttributeError) as error:
        raise BadInput(f"{path} is no motion as parfocal align writes it: sizes or sources are wrong") from error


def check_order(found: Found, path_a: Path, path_b: Path) -> None:
    """Refuse the photographs of a motion the other way round; other photographs may have the same motion."""
    given = sha256_of(path_a), sha256_of(path_b)
    if found.sources == given[::-1] != given:
        raise BadInput(f"the motion moves {path_a} onto {path_b}, but they are given the other way round")
