"""A run of the report: its folder, its networks and data, and the results of a part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8, psnr
from reference.datasets.pairs import Pair
from reference.datasets.registry import find_group
from reference.errors import MissingExtra
from reference.files import write_json
from reference.images.files import read_image
from reference.jobs.fuse import FuseJob, fuse_files
from reference.jobs.page import Bold, Picture, Table, Words
from reference.methods.base import NetworkMethod
from reference.network.cached import CachedNetwork
from reference.network.loading import load_network
from reference.network.scoring import ScoringNetwork
from reference.report.figures.figure_2 import draw_sheet
from reference.report.figures.save import save_figure
from reference.steps.arrays import Image

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WORDS = Words(Path(__file__).with_name("sections.toml"))
FETCH = "parfocal fetch children liu_weights"


class Children(NamedTuple):
    """The paper's own pair, and Liu's published result for it."""

    image_a: Image
    image_b: Image
    published: NDArray[np.uint8]


@dataclass
class Part:
    """The results of a part of the report."""

    measured: dict[str, float] = field(default_factory=dict)  # values by the ids of expectations
    sections: list[Table | Picture] = field(default_factory=list)  # of the page
    missing: dict[str, str] = field(default_factory=dict)  # omitted contents, with the commands that fetch their data
    lines: list[str] = field(default_factory=list)  # for the terminal
    note: str = ""  # on the methods beside the paper's, for the first screen


@dataclass(frozen=True)
class Run:
    """A run: the folder for results, and the folder with data."""

    out: Path
    data: Path | None = None

    def network(self, name: str) -> CachedNetwork | None:
        """A network in deterministic arithmetic that scores each pair once; None if its weights are not available."""
        return _network(self, name)

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

    def save_numbers(self, name: str, numbers: Any) -> None:
        """Write numbers as JSON into the folder."""
        write_json(self.out / f"{name}.json", numbers)

    def picture(self, section: str, figure: Figure, numbers: Any, *, file: str = "", **values: Any) -> Picture:
        """Save a figure and its numbers, by default under the name of its section; `values` are put into the text."""
        path = save_figure(self.out / "figures" / f"{file or section}.png", figure, numbers)
        return WORDS.picture(section, path, **values)


@cache
def _network(run: Run, name: str) -> CachedNetwork | None:
    """Loaded once in each process for equal runs."""
    try:
        network = load_network(name, data=run.data, deterministic=True)
    except MissingExtra:
        return None
    return CachedNetwork.of(network, run.out / "scores")


def bold_where(agrees: Iterable[bool], cells: Iterable[str]) -> list[str]:
    """The cells of a row, in bold where it is said."""
    return [Bold(text) if bold else text for bold, text in zip(agrees, cells, strict=True)]


def report_pair(pair: Pair, network: ScoringNetwork, folder: Path) -> dict[str, float]:
    """Fuse a pair into `folder` and measure the result.

    returns  psnr_published in decibels and identical in percent, of the published result, where there is one
    """
    folder.mkdir(parents=True, exist_ok=True)
    job = FuseJob(pair.image_a, pair.image_b, folder / "fused.png", NetworkMethod(network))
    values = fuse_files(job).steps
    image_a, image_b = read_image(pair.image_a).pixels, read_image(pair.image_b).pixels
    title, other = ("ground truth", pair.truth) if pair.truth else ("Liu's published result", pair.published)
    compare = (title, read_image(other).pixels) if other else None
    save_figure(folder / "steps.png", draw_sheet(image_a, image_b, values, compare))
    if not pair.published:
        return {}
    fused, published = im2uint8(values["fusion"]), im2uint8(read_image(pair.published).pixels)
    return {"psnr_published": psnr(fused, published), "identical": 100 * float(np.mean(fused == published))}
