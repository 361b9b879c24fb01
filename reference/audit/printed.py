"""A paper's table as it is printed, and the images of which its numbers speak."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from reference.errors import BadInput
from reference.images.files import images_in

Row = tuple[str, str]  # a method, and an image or "" for the mean over all
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
AROUND = re.compile(r"\\textbf|\\mathbf|\\underline|[${}*_\s\u2009\xa0]|dB|%")
KEYS = ("method", "image")
SIDES, TRUTH = (("a", "1"), ("b", "2")), ("truth", "gt")  # at the end of the names of images that lie in one folder


@dataclass(frozen=True)
class Cell:
    """A printed number.

    image  of a single image; empty for the mean over all
    text   as printed: its digits count
    """

    method: str
    image: str
    column: str
    text: str

    @property
    def row(self) -> Row:
        """Where it stands."""
        return self.method, self.image

    @property
    def value(self) -> float:
        """The number."""
        return float(self.text)

    @property
    def unit(self) -> float:
        """That of the last digit.

        >>> Cell("cnn", "", "PSNR", "29.61").unit, Cell("cnn", "", "MSE", "1.20e3").unit
        (0.01, 10.0)
        """
        return float(Decimal(1).scaleb(int(Decimal(self.text).as_tuple().exponent)))

    def is_met_by(self, value: float) -> bool:
        """Whether a value is printed so: rounded to the printed digits.

        >>> cell = Cell("cnn", "", "PSNR", "29.61")
        >>> cell.is_met_by(29.6149), cell.is_met_by(29.593)
        (True, False)
        """
        return abs(value - self.value) <= self.unit * (0.5 + 1e-9)


class Files(NamedTuple):
    """The files of one image of one method."""

    fused: Path
    a: Path
    b: Path
    truth: Path | None = None


def read_table(path: Path) -> list[Cell]:
    """The printed numbers of a CSV file: a column method, perhaps a column image, all others metrics.

    Cells without a number (empty, -, n/a) are left out, as are bold marks, dB, %, and the deviation behind a mean
    raises  BadInput for a file that is no such table, or a cell that is neither a number nor empty, with its line
    """
    try:
        text = path.read_text("utf-8-sig")
        rows = [*csv.reader(text.splitlines(), delimiter=";" if ";" in text.partition("\n")[0] else ",")]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path} is no table: {getattr(error, 'strerror', None) or error}") from error
    header = [name.strip() for name in rows[0]] if rows else []
    keys = [name.lower() for name in header]
    if "method" not in keys:
        raise BadInput(f"{path} has no column method: its first line is to be method,PSNR,... or method,image,PSNR,...")
    cells = []
    for number, row in enumerate(rows[1:], 2):
        named = dict(zip(keys, (cell.strip() for cell in row), strict=False))
        for column, printed in zip(header, row, strict=False):
            if column.lower() not in KEYS and (text := _number(printed, f"{path}, line {number}, {column}")):
                cells.append(Cell(named["method"], named.get("image", ""), column, text))
    if not cells:
        raise BadInput(f"{path} holds no numbers: its first line names the columns method, perhaps image, and metrics")
    return cells


def _number(printed: str, place: str) -> str:
    """The number in a cell as printed, or nothing."""
    text = AROUND.sub("", re.split(r"\+/?-|±|\\pm|\(", printed)[0].replace("\u2212", "-"))
    if NUMBER.fullmatch(text):
        return text
    if text.lower() in ("", "-", "--", "\u2013", "\u2014", "/", "n/a", "na", "nan", "none"):
        return ""
    raise BadInput(f"{place}: {printed!r} is no number")


def find_images(
    rows: Iterable[Row], fused: Path, sides: Sequence[Path], truth: Path | None = None
) -> dict[Row, list[Files]]:
    """The files of every row whose fused images are here; those of a mean are all of its method.

    fused    the fused images: a file or a folder for each method in it, or files with the method in their names
    sides    sources A and sources B, a file or a folder each; in one folder for both a or 1, b or 2 tell them apart
    truth    likewise, or None
    raises   BadInput where a fused image has no source, or several that may be meant
    """
    others = [*(Named(folder, side) for folder, side in zip(sides, SIDES, strict=True))]
    others += [] if truth is None else [Named(truth, TRUTH)]
    found = {}
    for method, image in rows:
        results = Named(fused, method=method)
        paths = results.called(image) if image else [*results.names]
        if len(paths) > 1 and image:
            raise BadInput(f"image {image} of {method} may be {paths[0]} or {paths[1]}")
        files = []
        for path in paths:
            about = [image] if image else [" ".join(results.names[path]), " ".join(results.full[path])]
            files.append(Files(path, *(other.one(about, path) for other in others)))
        if files:
            found[method, image] = files
    return found


class Named:
    """The images of a folder by what tells them apart in their names: words and numbers that not all of them have."""

    def __init__(self, folder: Path, side: tuple[str, ...] = (), method: str = "") -> None:
        """Of one side, where both lie in the folder; of one method, which may be a part of the names."""
        paths = _of_method(folder, method) if method else _images(folder)
        base = os.path.commonpath([path.parent for path in paths]) if paths else ""
        words = {path: _words(str(path.relative_to(base).with_suffix(""))) for path in paths}
        ends = {of[-1] for of in words.values() if len(of) > 1}
        if side and (ends >= {"a", "b"} or ends - {*TRUTH} == {"1", "2"}):
            words = {path: of[:-1] for path, of in words.items() if of[-1] in side}
        everywhere = set.intersection(*map(set, words.values())) if len(words) > 1 else set()
        self.folder = folder
        self.full = words
        self.names = {path: [word for word in of if word not in everywhere] for path, of in words.items()}

    def called(self, name: str) -> list[Path]:
        """Those whose own words are all in a name, or that have all of its words; of them those with the most."""
        wanted = Counter(_words(name))
        met = {path: len(own) for path, own in self.names.items() if own and Counter(own) <= wanted}
        met = met or {path: 0 for path, of in self.full.items() if wanted <= Counter(of)}
        return [path for path, count in met.items() if count == max(met.values())]

    def one(self, names: Sequence[str], fused: Path) -> Path:
        """The only one that goes by one of some names, tried in order; a single file needs no name."""
        if len(self.names) == 1:
            return next(iter(self.names))
        for name in names:
            found = self.called(name)
            if len(found) == 1:
                return found[0]
        why = f"several may be meant, {found[0].name} and {found[1].name}" if found else "none has its name"
        raise BadInput(f"{self.folder} holds {len(self.names)} images, but not one for {names[-1]} ({fused}): {why}")


def _words(text: str) -> list[str]:
    """The words and the numbers in a name, as 01 and 1 are one."""
    return [word.lstrip("0") or "0" for word in re.findall(r"\d+|[^\W\d_]+", text.lower())]


def _images(path: Path) -> list[Path]:
    found = [path] if path.is_file() else images_in(path, "**/*") if path.is_dir() else []
    if not found:
        raise BadInput(f"{path} {'holds no images' if path.is_dir() else 'does not exist'}")
    return found


def _of_method(folder: Path, method: str) -> list[Path]:
    """The fused images of a method: a file or folder of its name, or those that have it at an end of their names."""
    found = _images(folder)
    if folder.is_file():
        return found
    name = method.lower()
    for entry in sorted(folder.iterdir()):
        if name in (entry.name.lower(), entry.stem.lower()) and (entry.is_dir() or entry in found):
            return _images(entry)
    stems = {path: path.stem.lower() for path in found}
    for between in "_- .":
        ends = [path for path, stem in stems.items() if stem == name or stem.endswith(between + name)]
        if ends := ends or [path for path, stem in stems.items() if stem.startswith(name + between)]:
            return ends
    return []
