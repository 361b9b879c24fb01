"""A line of a house docstring as reST: names and calls as code, links where the name is public, the rest escaped."""

from __future__ import annotations

import re
from functools import cache

from building.public import modules, public_names

__all__ = ["inline"]

# `name`, a dotted name of this project, or a call with its arguments, up to three brackets deep.
CALL = r"[A-Za-z][\w.]*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
CODE = re.compile(rf"`(?P<quoted>[^`]+)`|(?P<dotted>\b(?:matlab_compat|reference)(?:\.\w+)+\b(?!\())|(?P<call>{CALL})")

APART = "\\ "  # markup needs a space or punctuation on each side; an escaped space is none to the reader


def inline(text: str, arguments: frozenset[str] = frozenset()) -> str:
    """One paragraph of reST; `arguments` are code and never links.

    >>> inline("Smooth `target` as `reference.steps.step_1_gray` does, by f(x * y): a_1 *")
    'Smooth ``target`` as ``reference.steps.step_1_gray`` does, by ``f(x * y)``: a\\\\_1 \\\\*'
    """
    found, end = [], 0
    for match in CODE.finditer(text):
        found += [_escaped(text[end : match.start()]), _code(match, arguments)]
        end = match.end()
    return "".join([*found, _escaped(text[end:])])


def _code(match: re.Match[str], arguments: frozenset[str]) -> str:
    name = match["quoted"] or match["dotted"] or ""
    target = None if name in arguments else _targets().get(name)
    shown = f":py:obj:`{name} <{target}>`" if target else f"``{match[0].strip('`')}``"
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return (APART if before.strip("([{<'\"-/: ") else "") + shown + (APART if after.strip(")]}>'\"-/:.,;!? ") else "")


def _escaped(text: str) -> str:
    return re.sub(r"([\\*`|_])", r"\\\1", text)


@cache
def _targets() -> dict[str, str]:
    """The full name for each way to name an entry: in full, by its end, by its module; those that are clear."""
    found: dict[str, set[str]] = {}
    for module in modules():
        for name in public_names(module):
            own = module if not module.startswith("matlab_compat.") else _package_of(module, name)
            full = f"{own}.{name}"
            for short in (full, name, f"{module.rpartition('.')[2]}.{name}", f"{module}.{name}"):
                found.setdefault(short, set()).add(full)
    return {short: full.pop() for short, full in found.items() if len(full) == 1}


def _package_of(module: str, name: str) -> str:
    """MATLAB's functions are entries of the package; what they share, of its module."""
    return "matlab_compat" if name in public_names("matlab_compat") else module
