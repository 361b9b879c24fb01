"""The house's docstrings, plain text in a fixed layout, as reStructuredText.

A sentence; a formula; an aligned table of arguments; "MATLAB:" and "Parity:"; a doctest. Blocks stand apart by an empty
line, and each is known by how it looks.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from building.public import group_of, own_reference, reference_of, used_by

from extensions.inline import inline

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["as_rest", "setup"]

LABEL = re.compile(r"(MATLAB|Parity): ")
NAMES = re.compile(r"\*?\w+(, \*?\w+)*")
MOST = 8  # modules that are named as users
CALLED = {"returns", "raises", "inputs", "output"}  # words of a table that are no arguments


def as_rest(docstring: str, arguments: frozenset[str] = frozenset()) -> list[str]:
    """The lines of a docstring as reST; `arguments` are names that are never links.

    >>> as_rest("Add.\\n\\nx        a number\\nreturns  x + 1")[:5]
    ['Add.', '', '.. list-table::', '   :class: arguments', '']
    """
    lines = []
    for number, block in enumerate(re.split(r"\n\s*\n", docstring.strip("\n"))):
        lines += [*_block(block.split("\n"), arguments, first=number == 0), ""]
    return lines


def _block(lines: list[str], arguments: frozenset[str], first: bool) -> list[str]:
    if lines[0].startswith(">>>"):
        return lines
    if LABEL.match(lines[0]):
        return _labelled(lines, arguments)
    if rows := _rows(lines):
        return _table(rows, arguments)
    if not first and _is_formula(lines):
        return [".. code-block:: text", "   :class: formula", "", *(f"   {line}" for line in lines)]
    return [inline(" ".join(lines), arguments)]


def _labelled(lines: list[str], arguments: frozenset[str]) -> list[str]:
    """Paragraphs that begin with their label in bold."""
    found: list[str] = []
    for line in lines:
        if match := LABEL.match(line):
            found += ["", f"**{match[1]}:** "]
        found[-1] += inline(line[match.end() :] if match else f" {line}", arguments)
    return found


def _rows(lines: list[str]) -> list[tuple[str, str]] | None:
    """Names and descriptions of an aligned table, or None for lines that are none."""
    start = re.match(rf"({NAMES.pattern}) {{2,}}(?=\S)", lines[0])
    if not start:
        return None
    rows: list[tuple[str, str]] = []
    for line in lines:
        name, gap, text = line[: start.end()].rstrip(), line[start.end() - 1 : start.end()], line[start.end() :]
        if gap != " " or not text.strip() or (name and not NAMES.fullmatch(name)) or "   " in text.strip():
            return None
        rows.append((name, text.strip())) if name else rows.append((rows[-1][0], f"{rows.pop()[1]} {text.strip()}"))
    return rows


def _table(rows: list[tuple[str, str]], arguments: frozenset[str]) -> list[str]:
    lines = [".. list-table::", "   :class: arguments", ""]
    for name, text in rows:
        lines += [f"   * - {name}" if name in CALLED else f"   * - ``{name}``", f"     - {inline(text, arguments)}"]
    return lines


def _is_formula(lines: list[str]) -> bool:
    """A short left side before an equals sign, or spaces that align something."""
    return bool(re.match(r"[^=]{1,30} = ", lines[0])) or any(re.search(r"\S {2,}\S", line) for line in lines)


def process(app: Sphinx, what: str, name: str, documented: Any, options: Any, lines: list[str]) -> None:
    """Replace the lines that autodoc has found; an entry without a source shows that of its module."""
    text = "\n".join(lines)
    module = name if what == "module" else getattr(documented, "__module__", None) or ""
    if group_of(module).short:
        text = re.split(r"\n\s*\n", text.strip("\n"))[0]
    lines[:] = as_rest(text, _arguments(documented))
    if what in ("function", "class", "exception") and not own_reference(documented):
        lines += [*_source(module), ""]


def _source(module: str) -> list[str]:
    """What the module says of its source, or else what it serves."""
    if found := reference_of(module):
        return [f"**Reference:** {inline(found)}"]
    users = [f"``{name}``" for name in used_by(module)]
    more = f" and {len(users) - MOST} more" if len(users) > MOST else ""
    return [f"**Used by:** {', '.join(users[:MOST])}{more}"] if users else []


def _arguments(documented: Any) -> frozenset[str]:
    try:
        return frozenset(inspect.signature(documented).parameters)
    except (TypeError, ValueError):
        return frozenset()


def skip_member(app: Sphinx, what: str, name: str, member: Any, skip: bool, options: Any) -> bool | None:
    """Leave out "Alias for field number 0", which named tuples say of each field, and functions that are defaults."""
    is_default = inspect.isroutine(member) and getattr(member, "__name__", name) != name
    return True if "Alias for field" in (inspect.getdoc(member) or "") or is_default else None


def setup(app: Sphinx) -> dict[str, Any]:
    """Listen to what autodoc finds."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", process)
    app.connect("autodoc-skip-member", skip_member)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
