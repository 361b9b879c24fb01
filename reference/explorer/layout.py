"""What stands on the page, and where, and how an event updates it; nothing here computes."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from reference.datasets.pairs import embedded_pairs
from reference.explorer.choice import METHODS, Choice, slider_ranges
from reference.explorer.session import Finished, Session, command
from reference.explorer.wording import (
    ABOUT,
    BEFORE,
    MEASURES,
    OF_PAPER,
    PICTURES,
    described,
    slider_label,
    upload_label,
)
from reference.steps.table import STEP_TEXTS, StepText

FIRST_PAIR = "cat_coffee"
INTRODUCTION = """# Multi-focus image fusion, step by step
Two photographs of one scene, each in focus in a different part, become one that is sharp everywhere. **First** choose a
pair, or drop two photographs of your own, taken from one place. **Then** go through the steps, and move a slider: what
depends on it changes at once."""
SHOWN: dict[str, Any] = {"type": "filepath", "format": "png", "interactive": False}  # pictures, as files
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
    texts: dict[int, tuple[Any, Any, Any]] = field(default_factory=dict)  # as `wording.described` gives them
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
    labels = {"gfdf": "GFDF, without a network", "pixel": "pixel by pixel, beyond the paper"}
    methods = [(labels.get(name, f"network {name}"), name) for name in METHODS]
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
    said, formulas, matlab = described(text.number, METHODS[0])
    sentence = gr.Markdown(said)
    with gr.Row(elem_classes="pictures"):
        for name, label in PICTURES[text.number].items():
            identity, visible = f"picture-{name}", name in OF_PAPER
            page.pictures[name] = gr.Image(
                **SHOWN, label=label, alt_text=label, elem_id=identity, visible=visible, min_width=150,
                buttons=["download", "fullscreen"],
            )  # fmt: skip
    formula = gr.Markdown(formulas, latex_delimiters=DELIMITERS, elem_classes="formula")
    page.texts[text.number] = sentence, formula, gr.Markdown(matlab, elem_classes="matlab")
    for option, says in text.parameters.items():
        page.options[option] = _slider(option, says)


def _slider(option: str, says: str) -> Any:
    """The control of a parameter; the values that it has on a pair come with the first run."""
    identity, label = f"option-{option}", slider_label(option, METHODS[0])
    if option == "pool-side":
        return gr.Radio(["a", "b"], value="a", label=label, info=says, elem_id=identity)
    low, high, step = slider_ranges((100, 100))[option]
    return gr.Slider(low, high, low, step=step, label=label, info=says, buttons=[], elem_id=identity)


def _result(page: Page) -> None:
    """Source and result to compare, the figures, and what can be taken along."""
    gr.Markdown("### Result")
    before = [(label, name) for name, label in BEFORE.items()]
    says = "Drag the line; the wheel enlarges. On the left (in the decision map orange is A, blue is B)"
    page.before = gr.Radio(before, value="source_a", label=says, elem_id="before")
    sides = "left: as chosen, right: fused"
    page.compared = gr.ImageSlider(**SHOWN, label=sides, max_height=320, buttons=["fullscreen"], elem_id="compared")
    page.figures = gr.HTML(elem_id="figures")
    page.brief = gr.HTML(elem_id="brief")  # stays in view where the window is narrow
    about = "".join(f"<p><b>{html.escape(name)}</b> {html.escape(says)}</p>" for name, says in ABOUT.items())
    gr.HTML(f"<details><summary>What these figures are</summary>{about}</details>", elem_id="about")
    with gr.Row():
        page.download = gr.DownloadButton("Fused image", min_width=130, size="md", elem_id="download")
        page.zip_button = gr.Button("All steps (zip)", min_width=130, size="md", elem_id="zip")
        page.zip_file = gr.DownloadButton("zip", elem_id="zip-file")
    same = "On the command line the same is (parfocal lies in .venv/bin)"
    page.command = gr.Textbox(label=same, buttons=["copy"], interactive=False, lines=2, elem_id="command")


Updates = dict[Any, Any]


def run_updates(page: Page, session: Session, run: Finished) -> Updates:
    """Changed pictures, figures, the command line, and files for download."""
    files, changed = session.pictures.files, session.pictures.changed
    pictures = {
        page.pictures[name]: gr.Image(value=str(files[name]) if name in files else None, visible=name in files)
        for names in PICTURES.values()
        for name in names
        if name in changed or name not in files
    }
    updates = pictures | comparison_updates(page, session) | message_update(page, " ".join(session.notices))
    updates |= {page.figures: _table(run.measures), page.brief: _brief(run.measures), page.command: command(run)}
    return updates | {page.download: gr.DownloadButton(value=str(run.result))}


def empty_updates(page: Page) -> Updates:
    """A page without a run: of what was shown before, nothing belongs to a photograph that has just arrived."""
    pictures: Updates = {picture: gr.Image(value=None) for picture in page.pictures.values()}
    texts = dict.fromkeys((page.figures, page.brief, page.command), "")
    return {**pictures, **texts, page.compared: gr.ImageSlider(None), page.download: gr.DownloadButton(value=None)}


def comparison_updates(page: Page, session: Session) -> Updates:
    """The picture left of the line, and the result right of it."""
    files = session.pictures.files
    known = [(label, name) for name, label in BEFORE.items() if name in files]
    left = session.before if session.before in files else "source_a"
    compared = str(files[left]), str(files["fusion"])
    return {page.before: gr.Radio(known, value=left), page.compared: gr.ImageSlider(compared)}


def choice_updates(page: Page, choice: Choice, shape: tuple[int, ...]) -> Updates:
    """Every slider at the value of the choice, and the texts of the method; sliders that it does not use are hidden.

    The choice of the method itself is not updated, since that would undo a later choice of the visitor.
    """
    values = {
        "pool-window": choice.pool_window, "pool-p": choice.pool_p, "area": choice.area, "radius": choice.radius,
        "eps": choice.eps_exponent,
    }  # fmt: skip
    updates: Updates = {
        page.options[option]: gr.Slider(
            minimum=low, maximum=high, value=values[option], label=slider_label(option, choice.method),
            visible=option in choice.options,
        )
        for option, (low, high, _) in slider_ranges(shape).items()
    }  # fmt: skip
    updates |= {
        part: gr.Markdown(words, visible=bool(words))
        for number, parts in page.texts.items()
        for part, words in zip(parts, described(number, choice.method), strict=True)
    }
    pooled = "pool-side" in choice.options  # of the paper's method, which alone has presets
    updates |= {page.options["pool-side"]: gr.Radio(value=choice.pool_side, visible=pooled)}
    return updates | {page.preset: gr.Radio(visible=pooled)}


def message_update(page: Page, sentence: str, wrong: bool = False) -> Updates:
    """A sentence above the steps; empty for none."""
    kind = 'class="wrong" role="alert"' if wrong else 'role="status"'
    return {page.message: f"<p {kind}>{html.escape(sentence)}</p>" if sentence else ""}


def _table(measures: dict[str, str]) -> str:
    rows = (
        f'<tr><td>{html.escape(says)}</td><td id="figure-{name}">{measures[name]}</td></tr>'
        for name, says in MEASURES.items()
        if name in measures
    )
    return f"<table>{''.join(rows)}</table>"


def _brief(measures: dict[str, str]) -> str:
    """The measures that respond most to the sliders, in one line."""
    texts = {"truth": "PSNR against the truth {} dB", "piqe": "PIQE {}", "psnr": "PSNR against B {} dB"}
    return " · ".join(text.format(measures[name]) for name, text in texts.items() if name in measures)
