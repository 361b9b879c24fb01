"""The session of a visitor: two sources, the last run with its pictures, its command line, and its zip."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
from numpy.typing import NDArray

from reference.datasets.pairs import Pair
from reference.errors import BadInput
from reference.explorer.choice import Choice
from reference.explorer.uploads import Source
from reference.explorer.wording import measures
from reference.files import atomic_write
from reference.images.files import read_image, write_image
from reference.jobs.fuse import output_paths
from reference.jobs.progress import Progress, silent
from reference.jobs.sources import AS_THEY_ARE, Sources, bring_to_one_grid
from reference.jobs.step_files import step_file, step_picture, write_steps
from reference.methods.gfdf import gfdf
from reference.methods.pixel import pixel
from reference.network.cached import CachedNetwork
from reference.network.loading import load_network
from reference.pipeline import Fusion, fuse
from reference.report.figures.figure_2 import levels_in_one
from reference.steps import gray
from reference.steps.arrays import Image, Map

TINTS = np.array([[1.0, 0.55, 0.0], [0.1, 0.45, 1.0]])  # of A, of B
STRENGTH = 0.35


class Finished(NamedTuple):
    """A run shown on the page: choice, photographs, values of all steps, the file of the result, and its measures."""

    choice: Choice
    photographs: dict[str, Source]
    values: dict[str, Any]
    result: Path
    measures: dict[str, str]


class Pictures:
    """PNG files in a folder, those of steps named as `parfocal fuse` names them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Path] = {}  # by the names of their contents
        self.changed: set[str] = set()  # names of those drawn in the last call
        self._shown: dict[str, NDArray[Any]] = {}

    def draw(self, values: Mapping[str, NDArray[Any]]) -> None:
        """Draw all new or changed values, and drop those that no longer exist."""
        self.changed = {name for name, value in values.items() if not _same(value, self._shown.get(name))}
        self.files = {name: self.folder / f"{step_file(name)}.png" for name in values}
        self._shown = {name: value for name, value in self._shown.items() if name in values}
        for name in self.changed:
            write_image(self.files[name], step_picture(name, values[name]))
        self._shown |= values  # last: if one fails, all are drawn again in the next call


def derived(fused: Fusion) -> dict[str, NDArray[Any]]:
    """Further pictures: each pyramid on one canvas, and the decision map over the result."""
    pictures: dict[str, NDArray[Any]] = {"overlay": overlay(fused.image, fused.decision_map)}
    for name in ("pyramid_a", "pyramid_b"):
        if levels := [value for key, value in fused.steps.items() if key.startswith(f"{name}_")]:
            pictures[name] = levels_in_one(*levels)
    return pictures


def overlay(fused: Image, decision_map: Map) -> Image:
    """The gray fused image, tinted orange where it is taken from A and blue where it is taken from B.

    >>> overlay(np.zeros((1, 2)), np.array([[1.0, 0.0]]))[0, 0].round(4).tolist()
    [0.35, 0.1925, 0.0]
    """
    shade = gray(np.clip(fused, 0.0, 1.0))[..., np.newaxis]
    share = np.clip(decision_map, 0.0, 1.0)[..., np.newaxis]
    tinted: Image = (1 - STRENGTH) * shade + STRENGTH * (share * TINTS[0] + (1 - share) * TINTS[1])
    return tinted


def _same(new: NDArray[Any], old: NDArray[Any] | None) -> bool:
    """Whether two arrays are equal byte for byte; -0.0 differs from 0.0."""
    if new is old or old is None:
        return new is old
    return new.dtype == old.dtype and new.shape == old.shape and new.tobytes() == old.tobytes()


class Session:
    """The state of the page for one visitor."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pair = ""  # of the embedded pair, or "" for the visitor's own photographs
        self.before = "source_a"  # the picture that the result is compared with
        self.photographs: dict[str, Source] = {}  # by side, "a" and "b"
        self.notices: list[str] = []  # on what was done to them before the first step
        self.truth: Image | None = None  # of an embedded pair
        self.networks: dict[str, CachedNetwork] = {}
        self.pictures = Pictures(folder)
        self.finished: Finished | None = None  # the last run
        self.selection: tuple[str, str, str] | None = None  # pair, method, preset; None once a source changed
        self.just_started = False  # whether it set the sliders, and none has been moved since
        self._sources: Sources | None = None

    def take_pair(self, pair: Pair | None) -> None:
        """Take an embedded pair with its truth; None removes it for the visitor's own photographs."""
        self.pair = pair.name if pair else ""
        self.photographs = {"a": _embedded(pair.image_a), "b": _embedded(pair.image_b)} if pair else {}
        self.truth = read_image(pair.truth).pixels if pair and pair.truth else None
        self._sources = self.selection = None

    def take(self, side: str, source: Source) -> None:
        """Take a photograph of the visitor's; an embedded pair is removed as a whole."""
        if self.pair:
            self.take_pair(None)
        self.photographs[side] = source
        self._sources = self.selection = None

    def forget(self) -> None:
        """Forget the run that was shown."""
        self.finished, self.pictures = None, Pictures(self.folder)

    @property
    def missing(self) -> list[str]:
        """The sides without a photograph."""
        return [side.upper() for side in "ab" if side not in self.photographs]

    @property
    def sources(self) -> Sources:
        """Both sources, B on the grid of A; BadInput if they do not fit or one is missing."""
        if self.missing:
            raise BadInput(f"photograph {self.missing[0]} is still missing")
        if self._sources is None:
            a, b = self.photographs["a"], self.photographs["b"]
            self.notices = [source.notice for source in (a, b) if source.notice]
            told: list[str] = []
            self._sources = bring_to_one_grid(a.file, b.file, (a.name, b.name), AS_THEY_ARE, told.append)
            self.notices += [sentence.replace(": --", ": on the command line --") for sentence in told]
        return self._sources

    def run(self, choice: Choice, progress: Progress = silent) -> Finished:
        """Fuse, draw what has changed, and measure; the network runs again only for other photographs."""
        image_a, image_b = self.sources.a.pixels, self.sources.b.pixels
        if choice.method == "gfdf":
            fused = gfdf(image_a, image_b, choice.parameters)
        elif choice.method == "pixel":
            fused = pixel(image_a, image_b)
        else:
            network = self.networks.setdefault(choice.method, CachedNetwork.of(scorer(choice.method)))
            fused = fuse(image_a, image_b, network.with_progress(progress), choice.parameters)
        source_pictures = {"source_a": image_a, "source_b": image_b}
        truth = {"truth": self.truth} if self.truth is not None else {}
        result = self.folder / f"fused{suffix(self.sources.a.stored)}"
        write_image(result, fused.image, self.sources.a.stored, self.sources.a.metadata)
        self.pictures.draw({**fused.steps} | derived(fused) | source_pictures | truth)
        figures = measures(fused.image, image_b, self.truth)
        self.finished = Finished(choice, dict(self.photographs), dict(fused.steps), result, figures)
        return self.finished


scorer = cache(load_network)  # the network of a name, loaded once for all visitors


def suffix(stored: np.dtype[Any]) -> str:
    """The suffix of a format that can hold such pixels without further libraries."""
    return ".png" if stored == np.uint8 else ".tif"


def _embedded(path: Path) -> Source:
    """An embedded image, named by its path relative to the current folder if that is above it."""
    here = Path.cwd()
    return Source(str(path.relative_to(here) if path.is_relative_to(here) else path), read_image(path))


def command(run: Finished) -> str:
    """The command line that writes the result of a run, in the folder of its sources."""
    names = _names(run)
    return run.choice.command([names["a"], names["b"]], run.result.name)


def write_bundle(run: Finished, path: Path) -> None:
    """Write the zip; it includes sources that were scaled or have equal names, as the command line names them."""
    with TemporaryDirectory(dir=path.parent) as name:
        folder = Path(name)
        write_steps(folder / "steps", run.values)
        for side, source in run.photographs.items():
            if _names(run)[side] != source.name:
                write_image(folder / _names(run)[side], source.file.pixels, source.file.stored)
        (folder / "command.txt").write_text(command(run) + " --save-steps steps\n")
        with atomic_write(path) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED, compresslevel=1) as file:
            file.write(run.result, run.result.name)
            for part in sorted(folder.rglob("*.*")):
                file.write(part, part.relative_to(folder))


def _names(run: Finished) -> dict[str, str]:
    """Names of the sources: their own, where these are distinct and the sources were used unscaled."""
    names = [source.name for source in run.photographs.values()]
    outputs = {path.name for path in output_paths(run.result)}
    distinct = len(set(names)) == 2 and outputs.isdisjoint(names)
    if distinct and not any(source.scaled_from for source in run.photographs.values()):
        return {side: source.name for side, source in run.photographs.items()}
    return {side: f"{side}_{Path(one.name).stem}{suffix(one.file.stored)}" for side, one in run.photographs.items()}
