"""Pages of text, tables and pictures, as Markdown and as a self-contained HTML file."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Bold", "Picture", "Table", "as_html", "as_markdown", "table_lines"]


@dataclass(frozen=True)
class Table:
    """A table; if `folded`, it is closed in HTML until clicked, and left out of the Markdown."""

    title: str
    text: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    folded: bool = False


@dataclass(frozen=True)
class Picture:
    """A PNG file below a title and text; `folded` as for a table."""

    title: str
    text: str
    path: Path
    folded: bool = False


class Bold(str):
    """The text of an emphasised cell."""


Section = Table | Picture


def as_markdown(title: str, about: Iterable[str], sections: Iterable[Section], folder: Path | None = None) -> str:
    """A Markdown page; paths of pictures are relative to `folder`, where the page is to lie."""
    lines = [f"# {title}", "", *about]
    for section in sections:
        if not section.folded:
            inside = table_lines(section) if isinstance(section, Table) else [_named(section, folder)]
            lines += ["", f"## {section.title}", "", section.text, "", *inside]
    return "\n".join(lines) + "\n"


def _named(picture: Picture, folder: Path | None) -> str:
    path = picture.path.relative_to(folder) if folder else picture.path
    return f"![{picture.title}]({path.as_posix()})"


def table_lines(table: Table) -> list[str]:
    """Header and rows of a table in Markdown, without title and text."""
    return [_line(table.header), "|---" * len(table.header) + "|", *(_line(row) for row in table.rows)]


def _line(cells: Sequence[str]) -> str:
    plain = [html.escape(cell, quote=False).replace("|", "\\|").replace("\n", " ") for cell in cells]
    shown = [f"**{text}**" if isinstance(cell, Bold) else text for cell, text in zip(cells, plain, strict=True)]
    return "| " + " | ".join(shown) + " |"


LONG = 32  # characters from which on a cell is broken into lines


def as_html(title: str, about: Iterable[str], sections: Iterable[Section]) -> str:
    """A self-contained HTML page, pictures included."""
    from jinja2 import Environment, FileSystemLoader

    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, keep_trailing_newline=True)
    templates.tests["bold"] = lambda cell: isinstance(cell, Bold)
    templates.filters |= {"base64": _in_base64, "kinds": _kinds}
    return templates.get_template("page.html").render(title=title, about=[*about], sections=[*sections])


def _in_base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _kinds(table: Table) -> list[str]:
    """The class of each column: long text, text, or right-aligned numbers."""
    return [_kind(column) for column in zip(*table.rows, strict=True)] or [""] * len(table.header)


def _kind(column: Sequence[str]) -> str:
    if max(map(len, column)) > LONG:
        return "long"
    numbers = sum(cell[:1] in "+-.0123456789" for cell in column)  # empty cells too
    return "" if 2 * numbers > len(column) else "text"
