"""What was measured or scored before and need not be computed again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from reference.files import atomic_write, sha256_of
from reference.jobs.manifest import computing_digest
from reference.network.scoring import ScoringNetwork
from reference.steps.arrays import Pyramid, Scores

__all__ = ["CachedNetwork", "ResultCache"]

T = TypeVar("T")


class ResultCache:
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
class CachedNetwork:
    """A `ScoringNetwork` that scores each pair of pyramids once, so that what follows can be tried many times.

    Scores are known by a digest of all that they depend on: weights, arithmetic, code of the networks, torch's version,
    and both pyramids to the bit.

    folder  has a file for each pair; without one, the scores of the last pair alone are kept, in memory
    """

    network: ScoringNetwork
    folder: Path | None = None
    last: dict[str, Scores] = field(default_factory=dict, repr=False)

    @property
    def levels(self) -> int:
        """Pyramid levels the network looks at."""
        return self.network.levels

    def with_progress(self, progress: Callable[[int, int], None]) -> CachedNetwork:
        """The same, with the scores that it has kept."""
        return replace(self, network=self.network.with_progress(progress))

    def __call__(self, pyramid_a: Pyramid, pyramid_b: Pyramid) -> Scores:
        """The scores, computed or read."""
        digest = hashlib.sha256(_code_of(self.network))
        for level in (*pyramid_a, *pyramid_b):
            digest.update(json.dumps(level.shape).encode() + np.ascontiguousarray(level).tobytes())
        name = digest.hexdigest()[:32]
        if self.folder is None:
            if name not in self.last:
                scores = self.network(pyramid_a, pyramid_b)
                self.last.clear()
                self.last[name] = scores
            return self.last[name]
        path = self.folder / f"{name}.npy"
        if path.exists():
            return np.load(path)  # type: ignore[no-any-return]
        scores = self.network(pyramid_a, pyramid_b)
        self.folder.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as temporary:
            np.save(temporary, scores)
        return scores


def _code_of(network: ScoringNetwork) -> bytes:
    """What scores depend on besides the images."""
    parts = [network.file.sha256, network.deterministic, version("torch"), *_code_digests()]
    return json.dumps(parts).encode()


@cache
def _code_digests() -> tuple[str, ...]:
    package = Path(__file__).parents[1]
    return tuple(map(sha256_of, [package / "steps" / "arrays.py", *sorted((package / "network").glob("*.py"))]))
