"""A run of the report: its folder, its networks and data, and the results of a part."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.datasets.registry import find_group
from reference.errors import MissingExtra
from reference.files import write_json
from reference.images.files import read_image
from reference.jobs.page import Picture, Table, Words
from reference.network.cached import CachedNetwork
from reference.network.loading import load_network
from reference.steps.arrays import Image

__all__ = ["WORDS", "Children", "Part", "Run"]

WORDS = Words(Path(__file__).with_name("sections.toml"))


class Children(NamedTuple):
    """The paper's own pair, and Liu's published result for it."""

    image_a: Image
    image_b: Image
    published: NDArray[np.uint8]


@dataclass
class Part:
    """The results of a part of the report.

    measured  values by the ids of expectations
    sections  of the page
    missing   omitted contents, with the commands that fetch their data
    lines     for the terminal
    note      on the methods beside the paper's, for the first screen
    """

    measured: dict[str, float] = field(default_factory=dict)
    sections: list[Table | Picture] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Run:
    """A run: the folder for results, and the folder with data."""

    out: Path
    data: Path | None = None

    def network(self, name: str) -> CachedNetwork | None:
        """A network in deterministic arithmetic that scores each pair once; None if its weights are not available."""
        if name not in self._networks:
            try:
                network = load_network(name, data=self.data, deterministic=True)
                self._networks[name] = CachedNetwork.of(network, self.out / "scores")
            except MissingExtra:
                self._networks[name] = None
        return self._networks[name]

    @property
    def enhanced(self) -> CachedNetwork:
        """The network of the paper, which ships."""
        network = self.network("enhanced")
        assert network is not None
        return network

    @cached_property
    def children(self) -> Children | None:
        """The pair Children; None if it is not fetched."""
        files = find_group("children", self.data)
        if not files:
            return None
        names = ("children_1.tif", "children_2.tif", "fused_cnn.tif")
        a, b, published = (read_image(files[name]).pixels for name in names)
        return Children(a, b, im2uint8(published))

    @cached_property
    def _networks(self) -> dict[str, CachedNetwork | None]:
        return {}

    def save_numbers(self, name: str, numbers: Any) -> None:
        """Write numbers as JSON into the folder."""
        write_json(self.out / f"{name}.json", numbers)
