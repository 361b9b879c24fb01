"""Signatures as the source writes them, with links where its module means a type of this project."""

from __future__ import annotations

import inspect
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from building.public import modules, public_names
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.util.inspect import stringify_signature

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["setup"]


def as_written(
    app: Sphinx, what: str, name: str, documented: Any, options: Any, arguments: str | None, returned: str | None
) -> tuple[str, str] | None:
    """Annotations before they are evaluated: `ArrayLike` says more than the eight types that it stands for.

    A protocol is never called by its name; what has no signature of its own keeps what Sphinx found.
    """
    if what not in ("function", "class", "method") or arguments is None:
        return None
    if getattr(documented, "_is_protocol", False):
        return "", ""
    try:
        signature = inspect.signature(documented)
    except (TypeError, ValueError):
        return None
    shown = [parameter for name, parameter in signature.parameters.items() if name != "self"]
    whole = stringify_signature(signature.replace(parameters=shown), unqualified_typehints=True)
    arguments, _, returned = whole.rpartition(" -> ") if " -> " in whole else (whole, "", "")
    return arguments, "" if what == "class" else returned


@cache
def _entries() -> dict[str, list[tuple[str, Any]]]:
    """The modules in which each public name is defined, and what it is there."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for module in modules():
        for name in public_names(module):
            found.setdefault(name, []).append((module, getattr(import_module(module), name)))
    return found


def _full_name(module: str, name: str) -> str | None:
    """The entry of what `name` means in a module."""
    meant = getattr(import_module(module), name, None)
    return next((f"{home}.{name}" for home, value in _entries().get(name, ()) if value is meant), None)


def resolve(app: Sphinx, doctree: nodes.document) -> None:
    """Left to itself, Sphinx searches all names that end alike, for each `int` again."""
    for node in list(doctree.findall(pending_xref)):
        if node.get("reftype") == "class" and "py:module" in node and "refspecific" in node:
            if found := _full_name(node["py:module"] or "reference", node["reftarget"]):
                node["reftarget"] = found
                del node["refspecific"]
            else:
                node.replace_self(nodes.Text(node.children[-1].astext()))


def setup(app: Sphinx) -> dict[str, Any]:
    """Listen to what autodoc finds, and to what has been read."""
    app.connect("autodoc-process-signature", as_written)
    app.connect("doctree-read", resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
