"""The methods of experiments: those that are run, and folders of results from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8
from reference.datasets.pairs import Pair
from reference.datasets.registry import data_root, find
from reference.errors import BadInput, MissingExtra, WrongUsage
from reference.files import sha256_of
from reference.images.files import images_in, read_image
from reference.jobs.sources import same_size
from reference.network import NETWORK_NAMES
from reference.network.loading import load_network, weights_path
from reference.parameters import PRESETS, FusionParameters
from reference.pipeline import Fusion, fuse
from reference.steps import FocusNetwork
from reference.steps.arrays import Image

Fuse = Callable[[Image, Image, Any], Fusion]
FUNCTIONS = {  # by name, module and function of reference.methods
    "average": ("baselines", "average"), "laplacian_pyramid": ("laplacian_pyramid", "laplacian_pyramid"),
    "gff": ("gff", "gff"), "gfdf": ("gfdf", "gfdf"), "local_contrast": ("baselines", "fuse_by_local_contrast"),
    "pixel": ("pixel", "pixel"),
}  # fmt: skip
SURVEY_METHODS = ("cnn", "gfdf", "gff")  # whose published result images are registered


@dataclass(frozen=True)
class Method:
    """A source of fused images, of this project or with files of results from elsewhere.

    fuse   takes A, B, and the true FocusPair or None, which only oracles use; to be sent to another process it must be
           a function of a module, or a part of one. None for results from elsewhere
    """

    name: str
    key: Any = None  # everything on which a result depends besides the sources and the code, as JSON
    fuse: Fuse | None = None
    files: dict[str, Path] = field(default_factory=dict)  # results from elsewhere, by the name of the pair

    def has(self, pair: Pair) -> bool:
        """Whether there is a result for the pair or one can be computed."""
        return self.fuse is not None or pair.name in self.files

    def cache_key(self, pair: Pair) -> Any:
        """The key of the result for a pair."""
        return self.key if self.fuse else [sha256_of(self.files[pair.name])]

    def load(self) -> None:
        """Load what a process needs once, so that it is not measured with the first pair."""
        if self.fuse:
            self.fuse(np.zeros((16, 16)), np.zeros((16, 16)), None)

    def fused(self, pair: Pair) -> NDArray[np.uint8]:
        """The fused image in 8 bits, B resized to A; ParfocalError, ValueError or TypeError where there is none."""
        if self.fuse is None:
            return im2uint8(read_image(self.files[pair.name]).pixels)
        image_a, image_b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
        return im2uint8(self.fuse(image_a, same_size(image_b, image_a.shape), None).image)


def by_function(name: str, image_a: Image, image_b: Image, pair: Any = None) -> Fusion:
    """Fuse by a method of `reference.methods` with its own parameters, by its name in a benchmark."""
    module, function = FUNCTIONS[name]
    return getattr(import_module(f"reference.methods.{module}"), function)(image_a, image_b)  # type: ignore[no-any-return]


def function_key(name: str) -> list[str]:
    """Everything on which a method of FUNCTIONS depends besides the code: its name, and weights if it has any."""
    weights = data_root() / "weights" / f"{name}.onnx"
    return [name, *([sha256_of(weights)] if weights.exists() else [])]


def by_pipeline(network: FocusNetwork, parameters: FusionParameters, a: Image, b: Image, pair: Any = None) -> Fusion:
    """Fuse by the pipeline with a network."""
    return fuse(a, b, network, parameters)


def _by_preset(name: str, weights: Path, preset: str, device: str, a: Image, b: Image, pair: Any) -> Fusion:
    return by_pipeline(_network(name, weights, device), PRESETS[preset], a, b)


@lru_cache(maxsize=4)
def _network(name: str, weights: Path, device: str) -> Any:
    """The network, loaded once in each process."""
    return load_network(name, weights, device=device)


def find_methods(
    specifications: list[str], pairs: list[Pair], data: Path | None = None, device: str = "auto"
) -> list[Method]:
    """The methods of the specifications, in their order.

    specifications  name of a network, with :tuned for those parameters; name of a method; survey:NAME for published
                    results; a folder with an image for each pair, named after it; or NAME=PATTERN, a path in which
                    {pair} stands for the name of the pair
    raises          WrongUsage for any other specification or a repeated name, BadInput for a folder without results
    """
    if not specifications:
        raise WrongUsage("no methods are named")
    methods = [_find(specification, pairs, data, device) for specification in specifications]
    names = [method.name for method in methods]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise WrongUsage(f"two methods are called {min(doubled)}: name one of them with NAME=PATTERN")
    return methods


def _find(specification: str, pairs: list[Pair], data: Path | None, device: str) -> Method:
    name, _, rest = specification.partition(":")
    if specification in FUNCTIONS:
        return Method(name, function_key(name), partial(by_function, name))
    if name in NETWORK_NAMES and (rest or "paper") in PRESETS:
        weights, preset = weights_path(name, data), rest or "paper"
        key = [name, sha256_of(weights), asdict(PRESETS[preset]), device]
        return Method(specification, key, partial(_by_preset, name, weights, preset, device))
    if name == "survey" and rest in SURVEY_METHODS:
        return Method(f"{rest} (published images)", files=_of_survey(rest, pairs, data))
    if Path(specification).is_dir():
        folder = Path(specification).resolve()
        return Method(folder.name, files=_of_folder(folder, pairs))
    named, _, pattern = specification.partition("=")
    if named and pattern:
        return Method(named, files=_by_pattern(pattern, pairs))
    known = ", ".join([*NETWORK_NAMES, *FUNCTIONS, *(f"survey:{method}" for method in SURVEY_METHODS)])
    raise WrongUsage(f"there is no method and no folder {specification}: choose {known}, a folder, or NAME=PATTERN")


def _of_folder(folder: Path, pairs: list[Pair]) -> dict[str, Path]:
    """The image named after each pair: NAME.png, or the only one that begins with NAME_ or NAME-."""
    results: dict[str, Path] = {}
    for path in images_in(folder):
        # Where pairs scene and scene_2 both exist, scene_2.png is the result for scene_2.
        matches = [pair.name for pair in pairs if re.match(re.escape(pair.name) + r"(?![^-_.])", path.name)]
        if name := max(matches, key=len, default=""):
            if name in results and path.stem != name and results[name].stem != name:
                raise BadInput(
                    f"{results[name]} and {path.name} could both be the result for {name}: give NAME=PATTERN"
                )
            results[name] = path if path.stem == name else results.get(name, path)
    return _not_empty(results, str(folder), pairs)


def _by_pattern(pattern: str, pairs: list[Pair]) -> dict[str, Path]:
    if "{pair}" not in pattern:
        raise WrongUsage(f"the pattern {pattern} must hold {{pair}}, which stands for the name of a pair")
    paths = {pair.name: Path(pattern.replace("{pair}", pair.name)).absolute() for pair in pairs}
    return _not_empty({name: path for name, path in paths.items() if path.exists()}, pattern, pairs)


def _not_empty(results: dict[str, Path], where: str, pairs: list[Pair]) -> dict[str, Path]:
    if not results:
        raise BadInput(f"{where} holds no result for any pair, not even {pairs[0].name}")
    return results


def _of_survey(method: str, pairs: list[Pair], data: Path | None) -> dict[str, Path]:
    """The registered published results: CNN for all pairs, GFF and GFDF for every other one."""
    results = {}
    for pair in pairs:
        kind, _, number = pair.name.partition("_")
        letter, folder = {"lytro": ("c", "color"), "gray": ("g", "grayscale")}.get(kind, ("", ""))
        if letter and (path := find(f"survey/Results/{folder}/{letter}_{number}_{method}.tif", data)):
            results[pair.name] = path
    if not results:
        raise MissingExtra(
            "the survey's results are not here, or not for these pairs: parfocal fetch lytro_results survey_results"
        )
    return results
