"""What the page is told after a run: only what has changed."""

from __future__ import annotations

import html
from typing import Any

import gradio as gr

from reference.explorer.bundle import command
from reference.explorer.choice import Choice
from reference.explorer.layout import BEFORE, PICTURES, Page
from reference.explorer.measures import MEASURES
from reference.explorer.session import Finished, Session

__all__ = ["Updates", "of_comparison", "of_run", "of_sliders", "said"]

Updates = dict[Any, Any]
ABSENT = "GFDF has no such step."
OF_GFDF = {
    2: ABSENT,
    3: ABSENT,
    4: "In its place GFDF measures focus in each source: how far a pixel is from the mean of the 7 × 7 pixels around "
    "it, smoothed by a guided filter (r = 5, eps = 0.3).",
    5: ABSENT,
    6: "GFDF decides for A where A has the greater focus measure.",
}


def of_run(page: Page, session: Session, run: Finished) -> Updates:
    """Pictures that changed, figures, command line, files to take along."""
    files, changed = session.pictures.files, session.pictures.changed
    pictures = {
        page.pictures[name]: gr.Image(value=str(files[name]) if name in files else None, visible=name in files)
        for names in PICTURES.values()
        for name in names
        if name in changed or name not in files
    }
    notes = {
        page.notes[number]: gr.HTML(OF_GFDF.get(number, ""), visible=run.choice.method == "gfdf" and number in OF_GFDF)
        for number in page.notes
    }
    return (
        pictures
        | notes
        | of_comparison(page, session)
        | said(page, " ".join(session.notices))
        | {
            page.figures: _table(run.measures),
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


def of_sliders(page: Page, choice: Choice, shape: tuple[int, ...]) -> Updates:
    """Every slider at the value of the choice; areas go to a twentieth of the image."""
    at = {"pool-window": choice.pool_window, "pool-p": choice.pool_p, "pool-side": choice.pool_side,
          "area": choice.area, "radius": choice.radius, "eps": choice.eps_exponent}  # fmt: skip
    updates: Updates = {page.options[option]: value for option, value in at.items()}
    return updates | {page.options["area"]: gr.Slider(maximum=shape[0] * shape[1] // 20, value=choice.area)}


def said(page: Page, sentence: str, wrong: bool = False) -> Updates:
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
