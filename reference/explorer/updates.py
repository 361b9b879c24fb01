"""What the page is told after a run: only what has changed."""

from __future__ import annotations

import html
from typing import Any

import gradio as gr

from reference.explorer.choice import Choice, ends
from reference.explorer.layout import Page
from reference.explorer.session import Finished, Session, command
from reference.explorer.wording import BEFORE, MEASURES, PICTURES, described, slider_label

__all__ = ["Updates", "message_update", "of_choice", "of_comparison", "of_run"]


Updates = dict[Any, Any]


def of_run(page: Page, session: Session, run: Finished) -> Updates:
    """Pictures that changed, figures, command line, files to take along."""
    files, changed = session.pictures.files, session.pictures.changed
    pictures = {
        page.pictures[name]: gr.Image(value=str(files[name]) if name in files else None, visible=name in files)
        for names in PICTURES.values()
        for name in names
        if name in changed or name not in files
    }
    return (
        pictures
        | of_comparison(page, session)
        | message_update(page, " ".join(session.notices))
        | {
            page.figures: _table(run.measures),
            page.brief: _brief(run.measures),
            page.command: command(run),
            page.download: gr.DownloadButton(value=str(run.result)),
        }
    )


def of_comparison(page: Page, session: Session) -> Updates:
    """What lies left of the line, and the result right of it."""
    files = session.pictures.files
    known = [(label, name) for name, label in BEFORE.items() if name in files]
    left = session.before if session.before in files else "source_a"
    return {
        page.before: gr.Radio(known, value=left),
        page.compared: gr.ImageSlider((str(files[left]), str(files["fusion"]))),
    }


def of_choice(page: Page, choice: Choice, shape: tuple[int, ...]) -> Updates:
    """Every slider at the value of the choice, and what the method does; what it does not ask for is not there.

    The method itself is not told: it would take back what a visitor has chosen since.
    """
    network = choice.method != "gfdf"
    at = {"pool-window": choice.pool_window, "pool-p": choice.pool_p, "area": choice.area, "radius": choice.radius,
          "eps": choice.eps_exponent}  # fmt: skip
    updates: Updates = {
        page.options[option]: gr.Slider(
            minimum=low, maximum=high, value=at[option], label=slider_label(option, choice.method),
            visible=network or not option.startswith("pool"),
        )
        for option, (low, high, _) in ends(shape).items()
    }  # fmt: skip
    updates |= {page.options["pool-side"]: gr.Radio(value=choice.pool_side, visible=network)}
    return updates | {page.preset: gr.Radio(visible=network)} | _words(page, choice.method)


def _words(page: Page, method: str) -> Updates:
    return {
        part: gr.Markdown(words, visible=bool(words))
        for number, parts in page.texts.items()
        for part, words in zip(parts, described(number, method), strict=True)
    }


def message_update(page: Page, sentence: str, wrong: bool = False) -> Updates:
    """A sentence above the steps, or none."""
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
    """In one line, what the sliders move first."""
    of = {"truth": "PSNR against the truth {} dB", "piqe": "PIQE {}", "psnr": "PSNR against B {} dB"}
    return " · ".join(says.format(measures[name]) for name, says in of.items() if name in measures)
