"""Words on the page that depend on what was chosen: of a step, of a slider, of the place for a photograph."""

from __future__ import annotations

from typing import NamedTuple

from reference.explorer.choice import default
from reference.step_texts import GFDF_TEXTS, STEP_TEXTS

__all__ = ["Described", "described", "slider_label", "upload_label"]


class Described(NamedTuple):
    """A step, as Markdown: what is done, the formula, the lines of MATLAB; these are empty where it is not done."""

    sentence: str
    formula: str
    matlab: str


def described(number: int, method: str) -> Described:
    """The step as a method does it.

    >>> described(2, "gfdf").sentence
    '### 2  Gaussian pyramid\\nGFDF has no such step.'
    """
    text = STEP_TEXTS[number - 1]
    own = GFDF_TEXTS.get(number, text) if method == "gfdf" else text
    if own is None:
        return Described(f"### {number}  {text.title}\nGFDF has no such step.", "", "")
    formulas = "\n\n".join(f"$$ {line} $$" for line in own.formula.splitlines())
    return Described(f"### {number}  {own.title}\n{own.sentence}", formulas, f"```matlab\n{own.matlab}\n```")


def slider_label(option: str, method: str) -> str:
    """The name of a parameter, its unit, and the value that it has in the paper, or in GFDF.

    >>> slider_label("eps", "gfdf")
    'eps, as a power of ten; GFDF: −0.5, which is 0.3'
    """
    own, whose = default(method, "paper", (1, 1)), "GFDF" if method == "gfdf" else "paper"
    exponent = f"{own.eps_exponent:g}".replace("-", "−")
    return {
        "pool-window": "window, pixels; default: 1",
        "pool-p": f"p; paper: {own.pool_p:g}",
        "pool-side": "side",
        "area": f"area, pixels; {whose}: a hundredth of the image",
        "radius": f"radius, pixels; {whose}: {own.radius}",
        "eps": f"eps, as a power of ten; {whose}: {exponent}, which is {own.eps:g}",
    }[option]


def upload_label(side: str, name: str = "") -> str:
    """Of the place where a photograph is dropped: what lies there, and what to do.

    >>> upload_label("a"), upload_label("a", "cat.jpg")
    ('or drop photograph A here', 'photograph A: cat.jpg')
    """
    return f"photograph {side.upper()}: {name}" if name else f"or drop photograph {side.upper()} here"
