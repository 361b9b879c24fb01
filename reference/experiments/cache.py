"""Caches of results and of network scores, so that an interrupted experiment resumes."""

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
    """Results by key, as JSON lines appended to a file; results of other versions of the code are ignored."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.code, self.lock = path, computing_digest(), Lock()
        self.values: dict[str, Any] = {}
        text = path.read_text() if path.exists() else ""
        if text and not text.endswith("\n"):  # a killed run left an incomplete line
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
        """The value of a key (any JSON value), computed if it is not cached."""
        name = json.dumps(key)
        if name not in self.values:
            value = compute()
            with self.lock, open(self.path, "a") as file:
                file.write(json.dumps({"code": self.code, "key": name, "value": value}) + "\n")
            self.values[name] = value
        return self.values[name]  # type: ignore[no-any-return]


@dataclass(frozen=True)
class CachedNetwork:
    """A `ScoringNetwork` that scores each pair of pyramids once, so that later steps can be repeated cheaply.

    The key of scores is a digest of weights, arithmetic, code of the networks, PyTorch's version, and both pyramids.

    folder  for a file per pair; None to cache the scores of the last pair in memory
    """

    network: ScoringNetwork
    folder: Path | None = None
    last: dict[str, Scores] = field(default_factory=dict, repr=False)

    @property
    def levels(self) -> int:
        """Number of pyramid levels that the network takes."""
        return self.network.levels

    def with_progress(self, progress: Callable[[int, int], None]) -> CachedNetwork:
        """The same network with its cached scores, reporting its progress."""
        return replace(self, network=self.network.with_progress(progress))

    def __call__(self, pyramid_a: Pyramid, pyramid_b: Pyramid) -> Scores:
        """The scores, computed or from the cache."""
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
    """Everything on which scores depend besides the images."""
    parts = [network.file.sha256, network.deterministic, network.device, version("torch"), *_code_digests()]
    return json.dumps(parts).encode()


@cache
def _code_digests() -> tuple[str, ...]:
    package = Path(__file__).parents[1]
    return tuple(map(sha256_of, [package / "steps" / "arrays.py", *sorted((package / "network").glob("*.py"))]))
