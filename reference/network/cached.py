"""A network that scores each pair once, for later steps that are repeated: scores take 97 % of the time."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from reference.files import atomic_write, sha256_of
from reference.network.scoring import ScoringNetwork
from reference.steps.arrays import Pyramid, Scores


@dataclass(frozen=True)
class CachedNetwork(ScoringNetwork):
    """A `ScoringNetwork` that scores each pair of pyramids once.

    The key of scores is a digest of weights, arithmetic, code of the networks, PyTorch's version, and both pyramids.
    """

    folder: Path | None = None  # for a file per pair; None to keep the scores of the last pair in memory
    last: dict[str, Scores] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, network: ScoringNetwork, folder: Path | None = None) -> CachedNetwork:
        """The same network, with a cache; the weights are shared."""
        cached = object.__new__(cls)
        vars(cached).update(vars(network), folder=folder, last={})
        return cached

    def __call__(self, pyramid_a: Pyramid, pyramid_b: Pyramid) -> Scores:
        """The scores, computed or from the cache."""
        # Everything on which scores depend, the images last.
        parts = [self.file.sha256, self.deterministic, self.device, version("torch"), *_code_digests()]
        digest = hashlib.sha256(json.dumps(parts).encode())
        for level in (*pyramid_a, *pyramid_b):
            digest.update(json.dumps(level.shape).encode() + np.ascontiguousarray(level).tobytes())
        name = digest.hexdigest()[:32]
        if self.folder is None:
            if name not in self.last:
                scores = super().__call__(pyramid_a, pyramid_b)
                self.last.clear()
                self.last[name] = scores
            return self.last[name]
        path = self.folder / f"{name}.npy"
        with suppress(OSError, ValueError, EOFError):  # none, or one that was cut off
            return np.load(path)  # type: ignore[no-any-return]
        scores = super().__call__(pyramid_a, pyramid_b)
        self.folder.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as temporary:
            np.save(temporary, scores)
        return scores


@cache
def _code_digests() -> tuple[str, ...]:
    package = Path(__file__).parents[1]
    return tuple(map(sha256_of, [package / "steps" / "arrays.py", *sorted((package / "network").glob("*.py"))]))
