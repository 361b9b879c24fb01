"""The texts of the page: names and descriptions of its figures, steps and sliders, and the measures as text."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

from matlab_compat import im2uint8, psnr
from reference.experiments.lytro import columns, in_colour
from reference.explorer.choice import default
from reference.steps.arrays import Image
from reference.steps.table import OWN_TEXTS, STEP_TEXTS, STEPS

WORDS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
MEASURES, ABOUT, BEFORE = (WORDS[name] for name in ("measures", "about", "before"))
METHOD_NAMES = {"gfdf": "GFDF", "pixel": "The pixel method"}
# The pictures of each step: name and label; GFDF has a focus measure in place of a focus map, the pixel method weights.
PICTURES = {text.number: {name: label for step in STEPS if step.number == text.number
                          for name, label in step.values.items()} for text in STEP_TEXTS}  # fmt: skip
PICTURES[4] |= {f"focus_measure_{side}": f"focus measure of {side.upper()}, 5 times as bright" for side in "ab"}
PICTURES[8] |= {"decision_map": "weight of A", "expected_error": "expected error, 10 times as bright"}
OF_PAPER = {name for step in STEPS for name in step.values}


def measures(fused: Image, image_b: Image, truth: Image | None) -> dict[str, str]:
    """Each of MEASURES as text, of 8-bit images; the columns of Table 1 by the protocol that its baseline row follows.

    >>> image = np.random.default_rng(0).random((32, 32))
    >>> measures(image, image, None)["psnr"]
    'infinite'
    """
    result = im2uint8(fused)
    measured = columns(in_colour(result), in_colour(im2uint8(image_b)))
    if truth is not None:
        measured["truth"] = float(psnr(result, im2uint8(truth)))
    digits = {"truth": 2, "piqe": 2, "psnr": 2, "ssim": 4, "entropy": 4}
    texts = {name: f"{measured[name]:.{digits[name]}f}" for name in MEASURES if name in measured}
    return {name: "infinite" if math.isinf(measured[name]) else text for name, text in texts.items()}


def described(number: int, method: str) -> tuple[str, str, str]:
    """A step in the version of a method, as Markdown: sentence, formula and MATLAB lines, no two for a step it lacks.

    >>> described(2, "gfdf")
    ('### 2  Gaussian pyramid\\nGFDF has no such step.', '', '')
    """
    text = STEP_TEXTS[number - 1]
    own = OWN_TEXTS.get(method, {}).get(number, text)
    if own is None:
        return f"### {number}  {text.title}\n{METHOD_NAMES[method]} has no such step.", "", ""
    formulas = "\n\n".join(f"$$ {line} $$" for line in own.formula.splitlines())
    return f"### {number}  {own.title}\n{own.sentence}", formulas, f"```matlab\n{own.matlab}\n```" if own.matlab else ""


def slider_label(option: str, method: str) -> str:
    """The name of a parameter, its unit, and its value in the paper or in GFDF.

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
    """The label of an upload field: the photograph in it, or an invitation.

    >>> upload_label("a"), upload_label("a", "cat.jpg")
    ('or drop photograph A here', 'photograph A: cat.jpg')
    """
    return f"photograph {side.upper()}: {name}" if name else f"or drop photograph {side.upper()} here"
