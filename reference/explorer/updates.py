"""What the page is told after a run: only what has changed; and the run as one zip."""

from __future__ import annotations

import html
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import gradio as gr

from reference.explorer.choice import Choice, ends
from reference.explorer.layout import BEFORE, MEASURES, PICTURES, Page, described, slider_label
from reference.explorer.session import Finished, Session, suffix
from reference.files import atomic_write
from reference.images.files import write_image
from reference.jobs.fuse import output_paths
from reference.jobs.step_files import write_steps

__all__ = ["Updates", "command", "message_update", "of_choice", "of_comparison", "of_run", "write_bundle"]


def command(run: Finished) -> str:
    """The command line that writes the result of a run, where the sources lie that it names."""
    names = _names(run)
    return run.choice.command([names["a"], names["b"]], run.result.name)


def write_bundle(run: Finished, path: Path) -> None:
    """Write the zip; sources that were scaled, or are called alike, are in it as the command line names them."""
    with TemporaryDirectory(dir=path.parent) as name:
        folder = Path(name)
        write_steps(folder / "steps", run.values)
        for side, source in run.given.items():
            if _names(run)[side] != source.name:
                write_image(folder / _names(run)[side], source.file.pixels, source.file.stored)
        (folder / "command.txt").write_text(command(run) + " --save-steps steps\n")
        with atomic_write(path) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED, compresslevel=1) as file:
            file.write(run.result, run.result.name)
            for written in sorted(folder.rglob("*.*")):
                file.write(written, written.relative_to(folder))


def _names(run: Finished) -> dict[str, str]:
    """What the sources are called: as they were given, where that is clear and they are what was used."""
    given = [source.name for source in run.given.values()]
    written = {path.name for path in output_paths(run.result)}
    clear = len(set(given)) == 2 and written.isdisjoint(given)
    if clear and not any(source.scaled_from for source in run.given.values()):
        return {side: source.name for side, source in run.given.items()}
    return {side: f"{side}_{Path(source.name).stem}{suffix(source.file.stored)}" for side, source in run.given.items()}


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
