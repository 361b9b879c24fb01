"""A network whose score maps are kept on disk: what follows it can be done again with other parameters at no cost."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np

from reference.arrays import Pyramid, Scores
from reference.files import replacing, sha256_of
from reference.network.scoring import ScoringNetwork

__all__ = ["Remembered"]


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
        code = [package / "patches.py", *sorted((package / "network").glob("*.py"))]
        parts = [self.network.file.sha256, self.network.reference, version("torch"), *map(sha256_of, code)]
        return hashlib.sha256(json.dumps(parts).encode())
