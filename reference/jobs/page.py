"""Pages of text, tables and pictures, as Markdown and as a self-contained HTML file."""

from __future__ import annotations

import base64
import html
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reference.files import atomic_write


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


class Words:
    """What a page says besides what is computed: titles, texts and headers of sections, by name, in a TOML file."""

    def __init__(self, path: Path) -> None:
        self.sections: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))

    def table(self, section: str, rows: Sequence[Sequence[str]], header: Sequence[str] = (), **values: Any) -> Table:
        """A table; `values` are put into its title and text, `header` behind the columns that are always there."""
        header = [*self.sections[section].get("header", ()), *header]
        return Table(self._filled(section, "title", values), self._filled(section, "text", values), header, rows)

    def picture(self, section: str, path: Path, **values: Any) -> Picture:
        """A picture."""
        return Picture(self._filled(section, "title", values), self._filled(section, "text", values), path)

    def _filled(self, section: str, part: str, values: dict[str, Any]) -> str:
        return " ".join(self.sections[section].get(part, "").split()).format(**values)


class Bold(str):
    """The text of an emphasised cell."""


Section = Table | Picture


def as_markdown(title: str, about: Iterable[str], sections: Iterable[Section], folder: Path | None = None) -> str:
    """A Markdown page; paths of pictures are relative to `folder`, where the page is to lie."""
    lines = [f"# {title}", "", *about]
    for section in (section for section in sections if not section.folded):
        if isinstance(section, Table):
            inside = table_lines(section)
        else:
            path = section.path.relative_to(folder) if folder else section.path
            inside = [f"![{section.title}]({path.as_posix()})"]
        lines += ["", f"## {section.title}", "", section.text, "", *inside]
    return "\n".join(lines) + "\n"


def table_lines(table: Table) -> list[str]:
    """Header and rows of a table in Markdown, without title and text."""
    return [_line(table.header), "|---" * len(table.header) + "|", *(_line(row) for row in table.rows)]


def _line(cells: Sequence[str]) -> str:
    plain = [html.escape(cell, quote=False).replace("|", "\\|").replace("\n", " ") for cell in cells]
    shown = [f"**{text}**" if isinstance(cell, Bold) else text for cell, text in zip(cells, plain, strict=True)]
    return "| " + " | ".join(shown) + " |"


LONG = 32  # characters from which on a cell is broken into lines


def as_html(title: str, about: Iterable[str], sections: Iterable[Section], above: str = "") -> str:
    """A self-contained HTML page, pictures included; `above` is HTML that stands before the text."""
    page = templates(Path(__file__).parent).get_template("page.html")
    return str(page.render(title=title, about=[*about], sections=[*sections], above=above))


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
DATE = re.compile(rb"D:\d{14}")  # of a PDF


def print_pdf(page: Path) -> Path | None:
    """Print an HTML page to a PDF beside it, the same bytes in every run; None without a Chromium that does it."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return None
    with TemporaryDirectory() as folder:
        printed = Path(folder) / "page.pdf"
        # Tags would have numbers that differ from run to run.
        options = ["--headless", "--disable-gpu", "--no-pdf-header-footer", "--disable-pdf-tagging", "--no-sandbox"]
        options += [f"--user-data-dir={folder}", f"--print-to-pdf={printed}"]
        command = [browser, *options, page.resolve().as_uri()]
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(command, check=True, capture_output=True, timeout=120)
            with atomic_write(page.with_suffix(".pdf")) as temporary:
                temporary.write_bytes(DATE.sub(b"D:20000101000000", printed.read_bytes()))
            return page.with_suffix(".pdf")
    return None


def templates(folder: Path) -> Any:
    """The templates of Jinja2 in a folder."""
    from jinja2 import Environment, FileSystemLoader

    found = Environment(loader=FileSystemLoader(folder), autoescape=True, keep_trailing_newline=True)
    found.tests["bold"] = lambda cell: isinstance(cell, Bold)
    found.filters["base64"] = lambda path: base64.b64encode(path.read_bytes()).decode()
    found.filters["kinds"] = lambda of: [_kind(each) for each in zip(*of.rows, strict=True)] or [""] * len(of.header)
    return found


def _kind(column: Sequence[str]) -> str:
    if max(map(len, column)) > LONG:
        return "long"
    numbers = sum(cell[:1] in "+-.0123456789" for cell in column)  # empty cells too
    return "" if 2 * numbers > len(column) else "text"
