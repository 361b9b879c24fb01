"""Pages made from what the code says of itself: the nine steps, the map of the paper, the deviations, the cards."""

from __future__ import annotations

import json
import re
from pathlib import Path

from reference.data_files import data_root
from reference.image_io import read_image, write_image
from reference.network.loading import load_network
from reference.page import table_lines
from reference.parameters import PAPER
from reference.pipeline import fuse
from reference.report.deviations import deviations
from reference.report.paper_map import PAPER_MAP
from reference.samples import embedded_pairs
from reference.step_files import step_file, step_picture
from reference.step_texts import STEP_TEXTS, StepText
from reference.steps import STEPS

__all__ = ["write_generated_pages"]

PAIR = "cat_coffee"
NOT_SHOWN = re.compile(r"pyramid_[ab]_0")  # the gray image again


def write_generated_pages(folder: Path) -> None:
    """steps.md with its pictures, paper_map.md, deviations.md."""
    pictures = _pictures(folder / "pictures")
    (folder / "steps.md").write_text(_steps(pictures))
    (folder / "paper_map.md").write_text(_paper_map())
    (folder / "deviations.md").write_text(_deviations())


def _pictures(folder: Path) -> dict[int, list[str]]:
    """Run the pipeline on one pair; the pictures of each step by its number."""
    folder.mkdir(parents=True, exist_ok=True)
    pair = next(pair for pair in embedded_pairs() if pair.name == PAIR)
    drawn: dict[int, list[str]] = {}

    def draw(name: str, value: object) -> None:
        if not NOT_SHOWN.fullmatch(name):
            write_image(folder / f"{step_file(name)}.png", step_picture(name, value))  # type: ignore[arg-type]
            drawn.setdefault(int(step_file(name)[:2]), []).append(f"pictures/{step_file(name)}.png")

    images = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    fuse(*images, PAPER, load_network("enhanced", reference=True), draw)
    return drawn


def _steps(pictures: dict[int, list[str]]) -> str:
    lines = [
        "# The nine steps", "",
        "From two photographs to one, as `reference.pipeline.fuse` does it, on one of the embedded pairs, with the "
        "paper's parameters. White means that A is in focus. [The explorer](explorer.md) does the same with sliders; "
        "[lessons 2 to 4](lessons.md) teach it.",
    ]  # fmt: skip
    return "\n".join([*lines, *(line for text in STEP_TEXTS for line in _step(text, pictures[text.number]))]) + "\n"


def _step(text: StepText, pictures: list[str]) -> list[str]:
    """One section: sentence, pictures, formula, MATLAB, parameters, and where it is."""
    of_step = [step for step in STEPS if step.number == text.number]
    images = [f"![{Path(path).stem[3:].replace('_', ' ')}]({path})" for path in pictures]
    places = ", ".join(dict.fromkeys(step.paper for step in of_step))
    entries = " and ".join(f"{{py:func}}`reference.{step.name}.{step.name}`" for step in of_step)
    return [
        "", f"## {text.number} {text.title}", "", text.sentence, "",
        *(["{.pictures}"] if len(images) > 1 else []), *images, "",
        *(line for formula in text.formula.splitlines() for line in ("$$", formula, "$$", "")),
        "```matlab", text.matlab, "```", "",
        *(f"- `--{option}`: {says}" for option, says in text.parameters.items()), "",
        f"Paper: {places}. Code: {entries}.",
    ]  # fmt: skip


def _paper_map() -> str:
    rows = [f"| {entry.place} | {entry.what} | {{py:obj}}`{entry.function}` | `{entry.test}` |" for entry in PAPER_MAP]
    about = (
        "Where each section and equation of the paper is in the code, and a test in `tests/` that holds it. What the "
        "paper leaves open is on [another page](deviations.md); [the nine steps](steps.md) have pictures."
    )
    header = ["| paper | what | function | test |", "|---|---|---|---|"]
    return "\n".join(["# From the paper to the code", "", about, "", *header, *rows]) + "\n"


def _deviations() -> str:
    """The decisions, with the effects that the recorded evaluation has measured."""
    table = deviations(json.loads((data_root() / "weights" / "evaluation.json").read_text()))
    about = "Each decision has an id that the code uses; what is kept as a parameter can be had today."
    return "\n".join([f"# {table.title}", "", about, "", table.text, "", *table_lines(table)]) + "\n"
