"""The pairs on which methods are evaluated: those that ship with ground truth, fetched sets, a folder, or a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from reference.datasets.registry import data_root, find_group
from reference.errors import BadInput, MissingExtra, WrongUsage
from reference.images.files import images_in


class Pair(NamedTuple):
    """The files of one pair; None for those that do not exist."""

    name: str
    image_a: Path
    image_b: Path
    truth: Path | None = None  # the scene sharp everywhere
    focus: Path | None = None  # a map, white where A is in focus
    published: Path | None = None  # Liu's published result


def embedded_pairs() -> list[Pair]:
    """The pairs in data/samples."""
    folders = sorted(path.parent for path in (data_root() / "samples").glob("*/a.png"))
    return [Pair(folder.name, *(folder / f"{name}.png" for name in ("a", "b", "truth", "focus"))) for folder in folders]


def fetched_pairs(data: Path | None = None) -> list[Pair]:
    """Children and the 20 Lytro pairs, as far as they are available with Liu's results."""
    pairs = []
    if children := find_group("children", data):
        pairs += [pair._replace(published=children["fused_cnn.tif"]) for pair in _children(children)]
    if (lytro := find_group("lytro", data)) and (results := find_group("lytro_results", data)):
        pairs += [pair._replace(published=results[f"c_{pair.name[-2:]}_cnn.tif"]) for pair in _lytro(lytro)]
    return pairs


PATTERN = "{pair}[-_/]{side}.*"
SIDES = {"a": "a", "A": "a", "1": "a", "b": "b", "B": "b", "2": "b", "truth": "truth", "gt": "truth", "GT": "truth"}


def find_pairs(source: str, data: Path | None = None, pattern: str = PATTERN) -> list[Pair]:
    """The pairs of a registered set, of a folder, or of a CSV file.

    source   embedded, children, lytro, survey_gray, truth, physical; a folder; or FILE.csv with columns pair, a, b and
             optionally truth, whose paths are relative to the file
    pattern  of the paths in a folder: {pair} stands for the name, {side} for a, A or 1, b, B or 2, truth, gt or GT,
             * for anything, [-_/] for one of the three
    raises   WrongUsage for an unknown set or folder, MissingExtra for a set that is not fetched, BadInput for no pairs
    """
    if source == "embedded":
        return embedded_pairs()
    if source in OF_FILES:
        if files := find_group(source, data):
            return OF_FILES[source](files)
        raise MissingExtra(f"{source} is not here: parfocal fetch {source}")
    if source in OF_SCENES:
        from reference.datasets.ground_truth import pairs_that_test

        return pairs_that_test(source, data)
    path = Path(source).absolute()  # workers of a cluster may run in another folder
    if path.is_dir():
        return _of_folder(path, pattern)
    if path.suffix.lower() == ".csv" and path.is_file():
        return _of_table(path)
    known = ", ".join(("embedded", *OF_FILES, *OF_SCENES))
    raise WrongUsage(f"{source} is no folder, no CSV file and none of the sets {known}")


def _children(files: dict[str, Path]) -> list[Pair]:
    return [Pair("children", files["children_1.tif"], files["children_2.tif"])]


def _lytro(files: dict[str, Path]) -> list[Pair]:
    return [Pair(f"lytro_{n:02d}", *(files[f"lytro-{n:02d}-{side}.jpg"] for side in "AB")) for n in range(1, 21)]


def _survey_gray(files: dict[str, Path]) -> list[Pair]:
    return [Pair(f"gray_{n:02d}", *(files[f"g_{n:02d}_{side}.tif"] for side in "12")) for n in range(1, 11)]


# The pairs of a registered set, from its files by name.
OF_FILES: dict[str, Callable[[dict[str, Path]], list[Pair]]] = {
    "children": _children, "lytro": _lytro, "survey_gray": _survey_gray,
}  # fmt: skip


OF_SCENES = ("truth", "physical")  # of ground_truth


def _of_folder(folder: Path, pattern: str) -> list[Pair]:
    """The pairs of files whose paths in the folder match the pattern."""
    if pattern.count("{pair}") != 1 or pattern.count("{side}") != 1:
        raise WrongUsage(f"the pattern {pattern} must hold {{pair}} and {{side}} once each")
    text = re.escape(pattern).replace(re.escape("[-_/]"), "[-_/]").replace(r"\*", ".*")
    text = text.replace(r"\{pair\}", "(?P<pair>.+?)").replace(r"\{side\}", f"(?P<side>{'|'.join(SIDES)})")
    by_name: dict[str, dict[str, Path]] = {}
    for path in images_in(folder, "**/*"):
        if match := re.fullmatch(text, path.relative_to(folder).as_posix()):
            sides, side = by_name.setdefault(match["pair"], {}), SIDES[match["side"]]
            if side in sides:
                raise BadInput(f"{sides[side]} and {path} are both image {side} of {match['pair']}: give a --pattern")
            sides[side] = path
    if lone := [path.name for sides in by_name.values() if not {"a", "b"} <= set(sides) for path in sides.values()]:
        raise BadInput(f"{folder}: {', '.join(lone)}: without a partner; a pair is images a and b, {pattern}")
    if not by_name:
        example = " (NAME_A.png and NAME_B.png)" if pattern == PATTERN else ""
        raise BadInput(f"{folder} holds no pairs: their names are to be like {pattern}{example}")
    return [Pair(name, sides["a"], sides["b"], sides.get("truth")) for name, sides in by_name.items()]


def _of_table(path: Path) -> list[Pair]:
    """The rows of a CSV file; whether the images exist is checked only when a pair is fused."""
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if lacks := {"pair", "a", "b"} - set(reader.fieldnames or ()):
                raise BadInput(f"{path} has no column {min(lacks)}: its first line is to be pair,a,b or pair,a,b,truth")
            rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path} is no CSV file: {error}") from error
    pairs = []
    for number, row in enumerate(rows, 2):
        name, a, b, truth = (row.get(column) or "" for column in ("pair", "a", "b", "truth"))
        if not (name and a and b):
            raise BadInput(f"{path}, line {number}: pair is {name!r}, a is {a!r}, b is {b!r}, but all three are needed")
        pairs.append(Pair(name, path.parent / a, path.parent / b, path.parent / truth if truth else None))
    if not pairs:
        raise BadInput(f"{path} holds no pairs: its first line names the columns pair, a, b and perhaps truth")
    if doubled := {pair.name for pair in pairs if sum(other.name == pair.name for other in pairs) > 1}:
        raise BadInput(f"{path} names {min(doubled)} more than once")
    return pairs
