"""Pages made from what the code says of itself: the nine steps, the map of the paper, the deviations."""

from __future__ import annotations

import re
from pathlib import Path

from building.decisions import decisions_of, decisions_page
from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image, write_image
from reference.jobs.step_files import step_file, step_number, step_picture
from reference.methods.settings import OVERRIDES
from reference.network.loading import load_network
from reference.parameters import PAPER
from reference.pipeline import fuse
from reference.report.paper_map import PAPER_MAP
from reference.steps.table import STEP_TEXTS, STEPS, StepText

__all__ = ["write_generated_pages"]

PAIR = "cat_coffee"
NOT_SHOWN = re.compile(r"pyramid_[ab]_0")  # the gray image again


def write_generated_pages(folder: Path) -> None:
    """steps.md with its pictures, paper_map.md, deviations.md."""
    pictures = _pictures(folder / "pictures")
    (folder / "steps.md").write_text(_steps(pictures))
    (folder / "paper_map.md").write_text(_paper_map())
    (folder / "deviations.md").write_text(decisions_page())


def _pictures(folder: Path) -> dict[int, list[str]]:
    """Run the pipeline on one pair; the pictures of each step by its number."""
    folder.mkdir(parents=True, exist_ok=True)
    pair = next(pair for pair in embedded_pairs() if pair.name == PAIR)
    drawn: dict[int, list[str]] = {}
    image_a, image_b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    for name, value in fuse(image_a, image_b, load_network("half", deterministic=True)).steps.items():
        if not NOT_SHOWN.fullmatch(name):
            write_image(folder / f"{step_file(name)}.png", step_picture(name, value))
            drawn.setdefault(step_number(name), []).append(f"pictures/{step_file(name)}.png")
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
    names = [Path(path).stem[3:].replace("_", " ") for path in pictures]
    images = [f"![{name}]({path})" for name, path in zip(names, pictures, strict=True)]
    places = ", ".join(dict.fromkeys(step.paper for step in of_step))
    entries = " and ".join(f"{{py:func}}`{step.name} <{step.function.__module__}.{step.name}>`" for step in of_step)
    return [
        "", f"## {text.number} {text.title}", "", text.sentence, "",
        *(["{.pictures}"] if len(images) > 1 else []), *images, "",
        *([f"*{', '.join(names)}*", ""] if len(images) > 1 else []),
        *(line for formula in text.formula.splitlines() for line in ("$$", formula, "$$", "")),
        "```matlab", text.matlab, "```", "",
        *(f"- `--{option}` ({_default(option)}): {says}" for option, says in text.parameters.items()), "",
        f"Paper: {places}. Code: {entries}.{_rests_on(text)}",
    ]  # fmt: skip


def _default(option: str) -> str:
    """What the paper takes; its area depends on the image."""
    value = getattr(PAPER, OVERRIDES[option.replace("-", "_")])
    return f"default {value}" if value is not None else f"default {PAPER.small_region_ratio} of all pixels"


def _rests_on(text: StepText) -> str:
    """Links to the decisions that apply."""
    links = ", ".join(f"[{name}](deviations.md#{name.lower()})" for name in decisions_of(text))
    return f" Decided where the paper is silent: {links}." if links else ""


def _paper_map() -> str:
    rows = [
        f"| {entry.place} | {entry.what} | {{py:obj}}`{entry.function.removeprefix('reference.')} <{entry.function}>` "
        f"| `{entry.test}` |"
        for entry in PAPER_MAP
    ]
    about = (
        "Where each section and equation of the paper is in the code, and a test in `tests/` that holds it. What the "
        "paper leaves open is on [another page](deviations.md); [the nine steps](steps.md) have pictures."
    )
    header = ["| paper | what | function | test |", "|---|---|---|---|"]
    return "\n".join(["# From the paper to the code", "", about, "", *header, *rows]) + "\n"
