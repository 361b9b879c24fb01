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
    plain = [cell.replace("|", "\\|").replace("\n", " ") for cell in cells]
    shown = [f"**{text}**" if isinstance(cell, Bold) else text for cell, text in zip(cells, plain, strict=True)]
    return "| " + " | ".join(shown) + " |"


STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 110em; padding: 0 1em; color: #222 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .7em 0 1.5em }
th, td { padding: .2em .7em; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap }
.text, .long, th:first-child, td:first-child { text-align: left } .long { white-space: normal; min-width: 14em }
td { vertical-align: top } th { border-bottom: 2px solid #888; vertical-align: bottom; white-space: normal }
.wide { overflow-x: auto; font-size: 12px }
td b { background: #e6f2e6; padding: 0 .2em } summary { cursor: pointer; padding: .2em 0 }
img { max-width: 100%; height: auto } p { max-width: 60em } h2 { margin-top: 1.6em }
@media print { body { margin: 0; max-width: none; font-size: 11px } h2, img, tr { break-inside: avoid }
  .wide { font-size: 8px } }
"""


def as_html(title: str, about: Iterable[str], sections: Iterable[Section]) -> str:
    """A self-contained HTML page, pictures included."""
    parts = [
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body>',
        f"<h1>{html.escape(title)}</h1>",
        *(f"<p>{html.escape(line)}</p>" for line in about if line),
    ]
    for section in sections:
        shown = _html_table(section) if isinstance(section, Table) else _html_picture(section)
        inside = f"<p>{html.escape(section.text)}</p>{shown}"
        heading = html.escape(section.title)
        folded = f"<details><summary>{heading}</summary>{inside}</details>"
        parts.append(folded if section.folded else f"<h2>{heading}</h2>{inside}")
    return "\n".join([*parts, "</body></html>", ""])


def _html_picture(picture: Picture) -> str:
    data = base64.b64encode(picture.path.read_bytes()).decode()
    return f'<img alt="{html.escape(picture.title)}" src="data:image/png;base64,{data}">'


LONG = 32  # characters from which on a cell is broken into lines


def _html_table(table: Table) -> str:
    kinds = [_kind(column) for column in zip(*table.rows, strict=True)] or [""] * len(table.header)
    head, *rows = (
        "<tr>" + "".join(f"<{tag}{kind}>{_cell(cell)}</{tag}>" for cell, kind in zip(row, kinds, strict=True)) + "</tr>"
        for tag, row in (("th", table.header), *(("td", row) for row in table.rows))
    )
    body = "\n".join(rows)
    return f'<div class="wide"><table><thead>{head}</thead><tbody>\n{body}</tbody></table></div>'


def _kind(column: Sequence[str]) -> str:
    """The class attribute of a column: long text, text, or right-aligned numbers."""
    if max(map(len, column)) > LONG:
        return ' class="long"'
    numbers = sum(cell[:1] in "+-.0123456789" for cell in column)  # empty cells too
    return "" if 2 * numbers > len(column) else ' class="text"'


def _cell(cell: str) -> str:
    return f"<b>{html.escape(cell)}</b>" if isinstance(cell, Bold) else html.escape(cell)
