"""Build the documentation: lessons executed, pages assembled, Sphinx run. Run: python docs/build.py --out site"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath

from building.api_pages import write_api_pages
from building.generated import write_generated_pages
from building.lessons import execute, lessons
from building.links import rewritten

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
# Path in the repository: path among the pages; those of docs/ keep their names.
ELSEWHERE = {
    "matlab_compat/DIFFERENCES.md": "parity.md",
    "data/README.md": "data.md",
    "data/ablation/README.md": "cards/ablation.md",
    **{f"data/weights/{name}.md": f"cards/{name}.md" for name in ("enhanced", "half", "small", "liu2017", "pixel")},
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    **{f"figures/{path.name}": f"pictures/{path.name}" for path in (ROOT / "figures").glob("*.[ps][nv]g")},
}
# Whose place a generated page takes, or the first page.
GENERATED = {
    "README.md": "index.md",
    "reference/DECISIONS.md": "deviations.md",
    "reference/report/paper_map.py": "paper_map.md",
    "reference/steps/table.py": "steps.md",
    "reference": "api/index.rst",
}


def main(arguments: list[str] | None = None) -> int:
    """Lessons only, or everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("site"), help="folder for the pages (default: site)")
    parser.add_argument("--lessons", type=Path, metavar="FOLDER", help="take the notebooks executed before from here")
    parser.add_argument("--lessons-only", type=Path, metavar="FOLDER", help="only make the notebooks, in this folder")
    options = parser.parse_args(arguments)
    if options.lessons_only:
        make_notebooks(options.lessons_only, fetched=True)
        return 0
    work = options.out.with_name(f".{options.out.name}-source")
    assemble(work, options.lessons or make_notebooks(work / "executed"))
    put_the_page(options.out / "try", work / "pages" / "try_it.md")
    return build(work, options.out)


def put_the_page(folder: Path, entry: Path) -> None:
    """The page that computes in the browser, and the entry that leads to it or says that it is not there."""
    made = subprocess.run(
        [sys.executable, "-m", "docs.building.web", str(folder.resolve())], cwd=ROOT, check=False, text=True,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    if made.returncode:
        print(f"the page that computes in the browser is left out: {made.stderr.strip()}", file=sys.stderr)
    text = "The page was left out when this site was made: npm was missing, or had no network."
    link = '<p><a href="try/index.html">Fuse two photographs in this browser</a>: they do not leave it.</p>'
    entry.write_text(f"# Try it here\n\n{text if made.returncode else link}\n")


def make_notebooks(folder: Path, fetched: bool = False) -> Path:
    """Execute every lesson; helpers that they import come along, so that the notebooks run where they are."""
    from tqdm import tqdm

    folder.mkdir(parents=True, exist_ok=True)
    for lesson in (bar := tqdm(lessons(), desc="lessons", unit="lesson")):
        bar.set_postfix_str(lesson.stem)
        execute(lesson, folder / f"{lesson.stem}.ipynb", fetched)
    for name in ("lesson.py", "answers.py"):
        shutil.copy(HERE / "lessons" / name, folder / name)
    return folder


def assemble(work: Path, notebooks: Path) -> None:
    """All pages in one folder, their links led to one another."""
    source = work / "pages"
    shutil.rmtree(source, ignore_errors=True)
    pages = ELSEWHERE | {f"docs/{path.name}": path.name for path in HERE.glob("*.md")}
    pages |= {f"docs/lessons/{path.name}": f"lessons/{path.stem}.ipynb" for path in lessons()}
    led = partial(_led, pages=pages | GENERATED)
    for origin, page in pages.items():
        to = source / page
        to.parent.mkdir(parents=True, exist_ok=True)
        if page.startswith("pictures/"):
            shutil.copy(ROOT / origin, to)
        elif page.endswith(".ipynb"):
            to.write_text(linked_notebook((notebooks / to.name).read_text(), led(origin, page)))
        else:
            to.write_text(led(origin, page)((ROOT / origin).read_text()))
    write_generated_pages(source)
    write_api_pages(source / "api")


def _led(origin: str, page: str, pages: dict[str, str]) -> Callable[[str], str]:
    """What leads the links of a page to where their targets are."""
    return partial(rewritten, origin=PurePosixPath(origin), page=PurePosixPath(page), pages=pages)


def linked_notebook(text: str, led: Callable[[str], str]) -> str:
    """A notebook with its words led, and its code as it is."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = led("".join(cell["source"]))
    return json.dumps(notebook)


def build(work: Path, out: Path) -> int:
    """Sphinx, whose warnings are errors; 0 if there was none."""
    from sphinx.cmd.build import main as sphinx

    settings = ["-c", str(HERE), "-d", str(work / "doctrees"), "-E", "-b", "html", "-W", "--keep-going", "-q"]
    return int(sphinx([*settings, str(work / "pages"), str(out)]))


if __name__ == "__main__":
    sys.exit(main())
