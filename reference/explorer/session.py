"""One visitor: two sources, what was computed of them, and the pictures of it, in a folder that ends with the visit.

What a visitor takes along: the command line that does the same, and the run as one zip.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np

from reference.datasets.pairs import Pair
from reference.errors import BadInput
from reference.experiments.cache import CachedNetwork
from reference.explorer.choice import Choice
from reference.explorer.pictures import Pictures, derived
from reference.explorer.uploads import Source
from reference.explorer.wording import measures
from reference.files import atomic_write
from reference.images.files import read_image, write_image
from reference.jobs.fuse import output_paths
from reference.jobs.progress import Progress, silent
from reference.jobs.sources import AS_THEY_ARE, Sources, bring_to_one_grid
from reference.jobs.step_files import write_steps
from reference.methods.gfdf import gfdf
from reference.network.loading import load_network
from reference.network.scoring import ScoringNetwork
from reference.pipeline import fuse
from reference.steps.arrays import Image

__all__ = ["Finished", "Session", "command", "scorer", "suffix", "write_bundle"]


class Finished(NamedTuple):
    """A run that the page shows: what was chosen and given, every step's value, the file of the result, its figures."""

    choice: Choice
    given: dict[str, Source]
    values: dict[str, Any]
    result: Path
    measures: dict[str, str]


class Session:
    """What the page shows to one visitor.

    pair      name of the embedded pair, or "" for the visitor's own photographs
    before    name of the picture that the result is compared with
    given     the sources by their side, "a" and "b"
    notices   what was done to them before the first step, in sentences
    truth     of an embedded pair
    finished  the last run
    asked     pair, method and preset that it began with; None once a source is another
    began     whether it set the sliders, and none has moved since
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pair = ""
        self.before = "source_a"
        self.given: dict[str, Source] = {}
        self.notices: list[str] = []
        self.truth: Image | None = None
        self.networks: dict[str, CachedNetwork] = {}
        self.pictures = Pictures(folder)
        self.finished: Finished | None = None
        self.asked: tuple[str, str, str] | None = None
        self.began = False
        self._matched: Sources | None = None

    def take_pair(self, pair: Pair | None) -> None:
        """An embedded pair, with its truth, in place of what was there; None leaves room for the visitor's own."""
        self.pair = pair.name if pair else ""
        self.given = {"a": _embedded(pair.image_a), "b": _embedded(pair.image_b)} if pair else {}
        self.truth = read_image(pair.truth).pixels if pair and pair.truth else None
        self._matched = self.asked = None

    def take(self, side: str, source: Source) -> None:
        """A photograph of the visitor's; the other one of an embedded pair does not belong to it, and goes."""
        if self.pair:
            self.take_pair(None)
        self.given[side] = source
        self._matched = self.asked = None

    @property
    def missing(self) -> list[str]:
        """The sides that are still to be given."""
        return [side.upper() for side in "ab" if side not in self.given]

    @property
    def sources(self) -> Sources:
        """Both sources, B on the grid of A; BadInput where they do not fit, or one is not there."""
        if self.missing:
            raise BadInput(f"photograph {self.missing[0]} is still missing")
        if self._matched is None:
            a, b = self.given["a"], self.given["b"]
            self.notices = [source.notice for source in (a, b) if source.notice]
            self._matched = bring_to_one_grid(a.file, b.file, (a.name, b.name), AS_THEY_ARE, self.notices.append)
        return self._matched

    def run(self, choice: Choice, progress: Progress = silent) -> Finished:
        """Fuse, draw what has changed, and measure; the network is asked again only for other photographs."""
        image_a, image_b = self.sources.a.pixels, self.sources.b.pixels
        if choice.method == "gfdf":
            fused = gfdf(image_a, image_b, choice.parameters)
        else:
            network = self.networks.setdefault(choice.method, CachedNetwork(scorer(choice.method)))
            fused = fuse(image_a, image_b, network.with_progress(progress), choice.parameters)
        given = {"source_a": image_a, "source_b": image_b}
        known = {"truth": self.truth} if self.truth is not None else {}
        result = self.folder / f"fused{suffix(self.sources.a.stored)}"
        write_image(result, fused.image, self.sources.a.stored, self.sources.a.metadata)
        self.pictures.draw({**fused.steps} | derived(fused) | given | known)
        figures = measures(fused.image, image_b, self.truth)
        self.finished = Finished(choice, dict(self.given), dict(fused.steps), result, figures)
        return self.finished


@cache
def scorer(name: str) -> ScoringNetwork:
    """Loaded once for all visitors."""
    return load_network(name)


def suffix(stored: np.dtype[Any]) -> str:
    """Of a file that can hold such pixels, and needs no further library for it."""
    return ".png" if stored == np.uint8 else ".tif"


def _embedded(path: Path) -> Source:
    """An embedded image by the path that the command line takes, from the folder that it is in if that is above."""
    here = Path.cwd()
    return Source(str(path.relative_to(here) if path.is_relative_to(here) else path), read_image(path))


def command(run: Finished) -> str:
    """The command line that writes the result of a run, where the sources lie that it names."""
    names = _names(run)
    return run.choice.command([names["a"], names["b"]], run.result.name)


def write_bundle(run: Finished, path: Path) -> None:
    """Write the zip; sources that were scaled, or are called alike, are in it as the command line names them."""
    with TemporaryDirectory(dir=path.parent) as name:
        folder = Path(name)
        write_steps(folder / "steps", run.values)
        for side, source in run.given.items():
            if _names(run)[side] != source.name:
                write_image(folder / _names(run)[side], source.file.pixels, source.file.stored)
        (folder / "command.txt").write_text(command(run) + " --save-steps steps\n")
        with atomic_write(path) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED, compresslevel=1) as file:
            file.write(run.result, run.result.name)
            for written in sorted(folder.rglob("*.*")):
                file.write(written, written.relative_to(folder))


def _names(run: Finished) -> dict[str, str]:
    """What the sources are called: as they were given, where that is clear and they are what was used."""
    given = [source.name for source in run.given.values()]
    written = {path.name for path in output_paths(run.result)}
    clear = len(set(given)) == 2 and written.isdisjoint(given)
    if clear and not any(source.scaled_from for source in run.given.values()):
        return {side: source.name for side, source in run.given.items()}
    return {side: f"{side}_{Path(source.name).stem}{suffix(source.file.stored)}" for side, source in run.given.items()}
