"""What was measured or scored before and need not be computed again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from reference.files import replacing, sha256_of
from reference.jobs.manifest import computing_digest
from reference.network.scoring import ScoringNetwork
from reference.steps.arrays import Pyramid, Scores

__all__ = ["Kept", "Remembered"]

T = TypeVar("T")


class Kept:
    """Values by what they depend on, as JSON lines in a file that grows; those of other code are not taken."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.code, self.lock = path, computing_digest(), Lock()
        self.values: dict[str, Any] = {}
        text = path.read_text() if path.exists() else ""
        if text and not text.endswith("\n"):  # the last line of a run that was killed
            with open(path, "a") as file:
                file.write("\n")
        for line in text.splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if record["code"] == self.code:
                self.values[record["key"]] = record["value"]

    def __call__(self, key: list[Any], compute: Callable[[], T]) -> T:
        """The value of a key (anything JSON can hold), computed where it is not known."""
        name = json.dumps(key)
        if name not in self.values:
            value = compute()
            with self.lock, open(self.path, "a") as file:
                file.write(json.dumps({"code": self.code, "key": name, "value": value}) + "\n")
            self.values[name] = value
        return self.values[name]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Remembered:
    """A `ScoringNetwork` that scores each pair of pyramids once; a file in `folder` for each.

    The name of the file is a digest of all that scores depend on: weights, arithmetic, code of the networks, torch's
    version, and both pyramids to the bit.
    """

    network: ScoringNetwork
    folder: Path

    @property
    def levels(self) -> int:
        """Pyramid levels the network looks at."""
        return self.network.levels

    def __call__(self, pyramid_a: Pyramid, pyramid_b: Pyramid) -> Scores:
        """The scores, computed or read."""
        digest = self._made_from.copy()
        for level in (*pyramid_a, *pyramid_b):
            digest.update(json.dumps(level.shape).encode() + np.ascontiguousarray(level).tobytes())
        path = self.folder / f"{digest.hexdigest()[:32]}.npy"
        if path.exists():
            return np.load(path)  # type: ignore[no-any-return]
        scores = self.network(pyramid_a, pyramid_b)
        self.folder.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            np.save(temporary, scores)
        return scores

    @cached_property
    def _made_from(self) -> hashlib._Hash:
        package = Path(__file__).parents[1]
        code = [package / "steps" / "arrays.py", *sorted((package / "network").glob("*.py"))]
        parts = [self.network.file.sha256, self.network.reference, version("torch"), *map(sha256_of, code)]
        return hashlib.sha256(json.dumps(parts).encode())
