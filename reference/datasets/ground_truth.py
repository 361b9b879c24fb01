"""The pairs with ground truth that networks are chosen and tested by: the two tables in data/ground_truth.

pairs.csv makes them of gray levels, physical_pairs.csv as a camera does. Of the 40 validation photographs of CID22, by
name, every other one chooses parameters, and the rest test. None of them is trained on, and none that tests is looked
at while anything is trained or chosen.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np
from tqdm import tqdm

from reference.datasets.generator.boundaries import Boundary, FocusPair, cut, occlusion, slope
from reference.datasets.generator.physical import Capture, physical_pair
from reference.datasets.generator.scenes import smooth_shape
from reference.datasets.pairs import Pair
from reference.datasets.registry import cache_folder, data_root, find
from reference.errors import MissingExtra
from reference.images.files import read_image, write_image

Role = Literal["choose", "test"]
FOLDER = "train/cid22/CID22-512/validation"  # name in the registry


@dataclass(frozen=True)
class Scene:
    """One row of the table: how a pair is made of a photograph, or of two."""

    role: Role
    name: str
    photograph: str
    behind: str  # the far photograph of an occlusion
    boundary: Boundary
    radius: float  # pixels, of the blur out of focus
    share: float  # of the area inside
    smoothness: float  # pixels, of the outline: see smooth_shape
    width: float  # pixels, of a slope
    a_focus: Literal["inside", "outside"]
    seed: int


@dataclass(frozen=True)
class PhysicalScene:
    """One row of the table of physical pairs."""

    role: Role
    name: str
    photograph: str
    front: str  # the photograph of what stands before it; none before a plane
    capture: Capture
    seed: int


AnyScene = Scene | PhysicalScene


def scenes(role: Role) -> list[Scene]:
    """The scenes that choose, or those that test."""
    return [_scene(row) for row in _rows("pairs.csv") if row["set"] == role]


def physical_scenes(role: Role) -> list[PhysicalScene]:
    """The same of the physical mode, of the same photographs."""
    return [_physical_scene(row) for row in _rows("physical_pairs.csv") if row["set"] == role]


def photographs_of(role: Role) -> set[str]:
    """File names of the photographs of a role: those that choose may validate a training run, those that test not."""
    return {scene.photograph for scene in scenes(role)}


def make_pair(scene: AnyScene, data: Path | None = None) -> FocusPair:
    """The pair of a scene, in colour: of a physical one in 8 bits, of another before the camera has made them."""
    if isinstance(scene, PhysicalScene):
        photographs = [_photograph(name, data) for name in (scene.photograph, scene.front) if name]
        return physical_pair(photographs, scene.capture, np.random.default_rng(scene.seed))
    image = _photograph(scene.photograph, data)
    inside = smooth_shape(image.shape[:2], scene.smoothness, scene.share, np.random.default_rng(scene.seed))
    if scene.boundary == "cut":
        pair = cut(image, inside, scene.radius)
    elif scene.boundary == "slope":
        pair = slope(image, inside, scene.radius, scene.width)
    else:
        pair = occlusion(image, _photograph(scene.behind, data), inside, scene.radius)
    return pair if scene.a_focus == "inside" else pair.exchanged()


def pairs_that_test(name: str, data: Path | None = None) -> list[Pair]:
    """The 40 pairs that test as files, made anew in the cache: "truth", of gray levels without noise, or "physical"."""
    folder, testing = cache_folder() / "pairs" / name, scenes("test") if name == "truth" else physical_scenes("test")
    pairs = []
    for scene in tqdm(testing, desc=f"making the pairs {name}", unit="pair", leave=False):
        paths = [folder / scene.name / f"{side}.png" for side in ("a", "b", "truth")]
        paths[0].parent.mkdir(parents=True, exist_ok=True)
        for path, image in zip(paths, make_pair(scene, data)[:3], strict=True):
            write_image(path, image)
        pairs.append(Pair(scene.name, *paths))
    return pairs


def photographs_folder(data: Path | None) -> Path:
    """The folder of the photographs of both roles; MissingExtra where they are not fetched."""
    return _found(scenes("choose")[0].photograph, data).parent


def _photograph(name: str, data: Path | None) -> np.ndarray:
    return read_image(_found(name, data)).pixels


def _found(name: str, data: Path | None) -> Path:
    if path := find(f"{FOLDER}/{name}", data):
        return path
    raise MissingExtra("the photographs of the pairs with ground truth are not here: parfocal fetch cid22_validation")


def _rows(table: str) -> list[dict[str, str]]:
    with open(data_root() / "ground_truth" / table, newline="") as file:
        return list(csv.DictReader(file))


def _physical_scene(row: dict[str, str]) -> PhysicalScene:
    numbers = {each.name: float(row[each.name]) for each in fields(Capture) if each.name != "kind"}
    capture = Capture(row["kind"], **numbers | {"quality": int(row["quality"])})  # type: ignore[arg-type]
    return PhysicalScene(row["set"], row["pair"], row["photograph"], row["front"], capture, int(row["seed"]))  # type: ignore[arg-type]


def _scene(row: dict[str, str]) -> Scene:
    return Scene(
        row["set"], row["pair"], row["photograph"], row["behind"], row["boundary"],  # type: ignore[arg-type]
        float(row["radius"]), float(row["share"]), float(row["smoothness"]), float(row["width"] or 0),
        row["a_focus"], int(row["seed"]),  # type: ignore[arg-type]
    )  # fmt: skip
