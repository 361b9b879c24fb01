"""What stands on the page: words, pictures, sliders; nothing here computes."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from matlab_compat import im2uint8, psnr
from reference.datasets.pairs import embedded_pairs
from reference.experiments.lytro import columns
from reference.explorer.choice import METHODS, default, ends
from reference.steps.arrays import Image
from reference.steps.table import GFDF_TEXTS, STEP_TEXTS, STEPS, StepText

__all__ = [
    "ABOUT",
    "BEFORE",
    "FIRST_PAIR",
    "MEASURES",
    "PICTURES",
    "Described",
    "Page",
    "build",
    "described",
    "measures",
    "slider_label",
    "upload_label",
]

MEASURES = {
    "truth": "PSNR against the truth, dB, higher is better",
    "piqe": "PIQE, of the result alone, lower is better",
    "psnr": "PSNR against source B, dB: how much of B it is",
    "ssim": "SSIM against source B (Table 1's form)",
    "entropy": "Entropy of its gray, bits",
}


ABOUT = {
    "PSNR": "is how near two images are, in decibels: 10 log10(255² / MSE), with MSE the mean squared difference of "
    "their 8-bit values. Three decibels more halve the MSE. Only the embedded pairs have a truth, an image that is "
    "sharp everywhere, to compare with.",
    "PIQE": "guesses from the result alone how good it looks (Venkatanath et al. 2015); it says little of focus.",
    "SSIM": "compares mean, contrast and structure of two images around each pixel (Wang et al. 2004); 1 is equal. "
    "Against source B, it and PSNR say how much of B the result is, not how good it is.",
    "Entropy": "is how evenly the gray levels are used, at most 8 bits; it says little of focus.",
    "Table 1": "is the paper's table of results: PIQE, PSNR and SSIM against source B, and entropy, of one pair that "
    "only the paper has; here they are computed as its first row was found to be.",
}


def measures(fused: Image, image_b: Image, truth: Image | None) -> dict[str, str]:
    """Each of MEASURES as text, of 8-bit images; the columns of Table 1 by the protocol that its baseline row follows.

    >>> image = np.random.default_rng(0).random((32, 32))
    >>> measures(image, image, None)["psnr"]
    'infinite'
    """
    result = im2uint8(fused)
    found = columns(_in_colour(result), _in_colour(im2uint8(image_b)))
    if truth is not None:
        found["truth"] = float(psnr(result, im2uint8(truth)))
    digits = {"truth": 2, "piqe": 2, "psnr": 2, "ssim": 4, "entropy": 4}
    texts = {name: f"{found[name]:.{digits[name]}f}" for name in MEASURES if name in found}
    return {name: "infinite" if math.isinf(found[name]) else text for name, text in texts.items()}


def _in_colour(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Equal channels, whose gray is the image itself."""
    return image if image.ndim == 3 else np.repeat(image[..., np.newaxis], 3, axis=2)


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


FIRST_PAIR = "cat_coffee"
# The pictures of each step: name and label; GFDF has a focus measure in place of a focus map.
PICTURES = {text.number: {name: label for step in STEPS if step.number == text.number
                          for name, label in step.values.items()} for text in STEP_TEXTS}  # fmt: skip
PICTURES[4] |= {f"focus_measure_{side}": f"focus measure of {side.upper()}, 5 times as bright" for side in "ab"}
BEFORE = {"source_a": "photograph A", "source_b": "photograph B", "truth": "ground truth",
          "overlay": "decision map"}  # fmt: skip
INTRODUCTION = """# Multi-focus image fusion, step by step
Two photographs of one scene, each in focus in a different part, become one that is sharp everywhere. **First** choose a
pair, or drop two photographs of your own, taken from one place. **Then** go through the steps, and move a slider: what
depends on it changes at once."""
DELIMITERS: list[dict[str, str | bool]] = [{"left": "$$", "right": "$$", "display": True}]


@dataclass
class Page:
    """Everything on the page that changes; `options` are the sliders by the option of `parfocal fuse` that they set."""

    pair: Any = None
    method: Any = None
    preset: Any = None
    uploads: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    message: Any = None
    pictures: dict[str, Any] = field(default_factory=dict)
    texts: dict[int, tuple[Any, Any, Any]] = field(default_factory=dict)  # as in `wording.Described`
    before: Any = None
    compared: Any = None
    figures: Any = None
    brief: Any = None
    command: Any = None
    download: Any = None
    zip_button: Any = None
    zip_file: Any = None

    @property
    def changing(self) -> list[Any]:
        """Whatever an event may update."""
        chosen = [self.pair, self.method, self.preset, *self.uploads.values(), *self.options.values()]
        shown = [self.message, self.before, self.compared, self.figures, self.brief, *self.pictures.values()]
        texts = [part for parts in self.texts.values() for part in parts]
        return [*chosen, *shown, *texts, self.command, self.download, self.zip_file]


def build() -> Page:
    """Lay out the page, within `gr.Blocks`."""
    page = Page()
    gr.Markdown(INTRODUCTION, elem_id="introduction")
    _choice(page)
    page.message = gr.HTML(elem_id="message")
    with gr.Row(elem_id="main"):
        with gr.Column(scale=3, min_width=320), gr.Row(elem_id="steps"):
            for text in STEP_TEXTS:
                with gr.Column(min_width=340, elem_classes="step", elem_id=f"step-{text.number}"):
                    _step(page, text)
        with gr.Column(scale=2, min_width=320, elem_id="result"):
            _result(page)
    return page


def _choice(page: Page) -> None:
    """Where the photographs come from, and by what they are fused."""
    names = [pair.name for pair in embedded_pairs()]
    presets = [("the paper's", "paper"), ("tuned to the truth", "tuned")]
    methods = [("GFDF, without a network" if name == "gfdf" else f"network {name}", name) for name in METHODS]
    with gr.Row(elem_id="choice"):
        with gr.Column(min_width=300):
            pairs = [("your own photographs", ""), *((name, name) for name in names)]
            page.pair = gr.Dropdown(pairs, value=FIRST_PAIR, label="Pair", elem_id="pair")
            page.preset = gr.Radio(presets, value="paper", label="Set all sliders to", elem_id="preset",
                                   info="now, and again with every new pair or method")  # fmt: skip
        for side in ("a", "b"):
            page.uploads[side] = gr.File(label=upload_label(side), height=150, min_width=200, elem_id=f"upload-{side}")
        with gr.Column(min_width=300):
            page.method = gr.Dropdown(methods, value=METHODS[0], label="Focus is judged by", elem_id="method")


def _step(page: Page, text: StepText) -> None:
    """One card: pictures, what is done, the formula, the line of MATLAB, sliders."""
    words = described(text.number, METHODS[0])
    sentence = gr.Markdown(words.sentence)
    with gr.Row(elem_classes="pictures"):
        for name, label in PICTURES[text.number].items():
            page.pictures[name] = _picture(name, label)
    formula = gr.Markdown(words.formula, latex_delimiters=DELIMITERS, elem_classes="formula")
    page.texts[text.number] = sentence, formula, gr.Markdown(words.matlab, elem_classes="matlab")
    for option, says in text.parameters.items():
        page.options[option] = _slider(option, says)


def _picture(name: str, label: str) -> Any:
    return gr.Image(
        label=label,
        type="filepath",
        format="png",
        interactive=False,
        buttons=["download", "fullscreen"],
        min_width=150,
        alt_text=label,
        elem_id=f"picture-{name}",
        visible=not name.startswith("focus_measure"),
    )


def _slider(option: str, says: str) -> Any:
    """The control of a parameter; the values that it has on a pair come with the first run."""
    identity, label = f"option-{option}", slider_label(option, METHODS[0])
    if option == "pool-side":
        return gr.Radio(["a", "b"], value="a", label=label, info=says, elem_id=identity)
    low, high, step = ends((100, 100))[option]
    return gr.Slider(low, high, low, step=step, label=label, info=says, buttons=[], elem_id=identity)


def _result(page: Page) -> None:
    """Source and result to compare, the figures, and what can be taken along."""
    gr.Markdown("### Result")
    before = [(label, name) for name, label in BEFORE.items()]
    says = "Drag the line. On the left (in the decision map orange is A, blue is B)"
    page.before = gr.Radio(before, value="source_a", label=says, elem_id="before")
    page.compared = gr.ImageSlider(type="filepath", format="png", label="left: as chosen, right: fused", max_height=320,
                                   interactive=False, buttons=["fullscreen"], elem_id="compared")  # fmt: skip
    page.figures = gr.HTML(elem_id="figures")
    page.brief = gr.HTML(elem_id="brief")  # stays in view where the window is narrow
    about = "".join(f"<p><b>{html.escape(name)}</b> {html.escape(says)}</p>" for name, says in ABOUT.items())
    gr.HTML(f"<details><summary>What these figures are</summary>{about}</details>", elem_id="about")
    with gr.Row():
        page.download = gr.DownloadButton("Fused image", min_width=130, size="md", elem_id="download")
        page.zip_button = gr.Button("All steps (zip)", min_width=130, size="md", elem_id="zip")
        page.zip_file = gr.DownloadButton("zip", elem_id="zip-file")
    page.command = gr.Textbox(
        label="On the command line the same is (parfocal lies in .venv/bin)",
        buttons=["copy"],
        interactive=False,
        lines=2,
        elem_id="command",
    )
