"""Formulas as MathML, which browsers draw themselves: no script, no font and no request to anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

__all__ = ["mathml", "setup"]

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
ACCENTS = set("ˉˆ˜˙¨ˇ˘´`→_")
ElementTree.register_namespace("", NAMESPACE)


def mathml(latex: str, block: bool = False) -> str:
    r"""A formula as MathML.

    raises  docutils.utils.math.MathError for LaTeX that docutils does not know

    >>> mathml("x^2")
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mi>x</mi><mn>2</mn></msup></math>'
    """
    tree = ElementTree.fromstring(
        tex2mathml(latex, as_block=block).replace("&ApplyFunction;", "\N{FUNCTION APPLICATION}")
    )
    for element in tree.iter():
        element.tail = None
        if not (element.text or "").strip():
            element.text = None
    for element in tree.iter(f"{{{NAMESPACE}}}munderover"):
        _beside_the_accent(element)
    return ElementTree.tostring(tree, encoding="unicode")


def _beside_the_accent(element: ElementTree.Element) -> None:
    """docutils puts the i of \\bar{a}_i below the a; it belongs to the right."""
    letter, index, accent = element
    if (accent.text or "") in ACCENTS:
        element.tag = f"{{{NAMESPACE}}}msub"
        over = ElementTree.Element(f"{{{NAMESPACE}}}mover", accent="true")
        over.extend([letter, accent])
        element[:] = [over, index]


def visit(translator: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    """Write a formula; what cannot be converted is a warning, and stands as it was written."""
    block = isinstance(node, nodes.math_block)
    try:
        shown = mathml(node.astext(), block)
    except MathError as error:
        logging.getLogger(__name__).warning("%s in %s", error, node.astext(), location=node)
        shown = f"<code>{translator.encode(node.astext())}</code>"
    if block:
        number = f'<span class="eqno">({get_node_equation_number(translator, node)})</span>' if node["number"] else ""
        shown = f"{translator.starttag(node, 'div', '', CLASS='math')}{number}{shown}</div>\n"
    translator.body.append(shown)
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer `mathml`."""
    app.add_html_math_renderer("mathml", (visit, None), (visit, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
