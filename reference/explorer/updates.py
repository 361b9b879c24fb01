"""Updates of the page after an event, of changed parts only."""

from __future__ import annotations

import html
from typing import Any

import gradio as gr

from reference.explorer.choice import Choice, slider_ranges
from reference.explorer.layout import Page
from reference.explorer.session import Finished, Session, command
from reference.explorer.wording import BEFORE, MEASURES, PICTURES, described, slider_label

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
    network = choice.method != "gfdf"
    values = {
        "pool-window": choice.pool_window, "pool-p": choice.pool_p, "area": choice.area, "radius": choice.radius,
        "eps": choice.eps_exponent,
    }  # fmt: skip
    updates: Updates = {
        page.options[option]: gr.Slider(
            minimum=low, maximum=high, value=values[option], label=slider_label(option, choice.method),
            visible=network or not option.startswith("pool"),
        )
        for option, (low, high, _) in slider_ranges(shape).items()
    }  # fmt: skip
    updates |= {
        part: gr.Markdown(words, visible=bool(words))
        for number, parts in page.texts.items()
        for part, words in zip(parts, described(number, choice.method), strict=True)
    }
    updates |= {page.options["pool-side"]: gr.Radio(value=choice.pool_side, visible=network)}
    return updates | {page.preset: gr.Radio(visible=network)}


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
