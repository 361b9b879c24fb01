"""Links that hold in a repository browser, made to hold in the built pages."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from building.public import modules, public_names

__all__ = ["LINK", "entry_of", "rewritten"]

LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]]+)\]\((?P<target>[^)#\s]*)(?P<anchor>#[^)\s]*)?\)")


def rewritten(text: str, origin: PurePosixPath, page: PurePosixPath, pages: Mapping[str, str]) -> str:
    """A page's Markdown with every relative link led to where its target is in the documentation.

    origin  where the page lies in the repository
    page    where it lies among the pages
    pages   path in the repository: path among the pages; pictures too

    >>> pages = {"docs/metrics.md": "metrics.md"}
    >>> where = PurePosixPath("data/weights/small.md"), PurePosixPath("cards/small.md")
    >>> rewritten("[how](../../docs/metrics.md#exact), [port](../../tests/ports/c99), [w](https://a.b)", *where, pages)
    '[how](../metrics.md#exact), port (`tests/ports/c99`), [w](https://a.b)'
    >>> rewritten("[gray](../../reference/steps/step_1_gray.py)", *where, pages)
    '{py:obj}`gray <reference.steps.step_1_gray.gray>`'
    >>> rewritten("[psnr](../../reference/metrics/truth.py)", *where, pages)
    '{py:obj}`psnr <reference.metrics.truth.psnr>`'
    """

    def led(match: re.Match[str]) -> str:
        target, anchor, name = match["target"], match["anchor"] or "", match["text"]
        if "://" in target or not target:
            return match[0]
        path = os.path.normpath(origin.parent / target)
        if path in pages:
            return f"{match['picture']}[{name}]({os.path.relpath(pages[path], page.parent)}{anchor})"
        if entry := entry_of(path, name.strip("`")):
            return f"{{py:obj}}`{name.strip('`')} <{entry}>`"
        return name if name.strip("`") in (path, PurePosixPath(path).name) else f"{name} (`{path}`)"

    return LINK.sub(led, text)


def entry_of(path: str, called: str = "") -> str | None:
    """The entry that a link to a file means: what the link is called, the file's function of its name, or the file."""
    module = ".".join(Path(path).with_suffix("").parts).removesuffix(".__init__")
    if module not in modules():
        return None
    package, _, name = module.rpartition(".")
    name = called if called in public_names(module) else re.sub(r"^step_\d_", "", name)
    if name not in public_names(module):
        return module
    return f"{package}.{name}" if package == "matlab_compat" else f"{module}.{name}"
