"""The page that needs no installation: a static folder, made from the port in TypeScript.

Run: python -m docs.building.web FOLDER     (then any plain web server: python -m http.server -d FOLDER)
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from docs.extensions.mathml import mathml
from reference.conformance.vectors import load_vectors
from reference.datasets.pairs import embedded_pairs
from reference.datasets.registry import data_root
from reference.network.loading import load_network
from reference.network.onnx_export import export_onnx
from reference.steps.table import OWN_TEXTS, STEP_TEXTS, STEPS, StepText

__all__ = ["build_page", "lacking"]

WEB = Path(__file__).parents[2] / "tests" / "ports" / "web"
RUNTIME = WEB / "node_modules" / "onnxruntime-web" / "dist"
OF_PORT = ("gray", "pyramid", "score_map", "focus_map", "mixed_pooling", "segmentation", "consistency", "guide",
           "guided_filter", "fusion", "uint8")  # fmt: skip
LONGEST = 60_000  # values of the arrays of a case that the page fetches
# Pictures of the page besides the values of steps: number of the step, and title.
MORE = {
    "pyramid_a_1": (2, "A at half its size"), "pyramid_a_2": (2, "A at a quarter"),
    "focus_measure_a": (4, "focus measure of A, 5 times as bright"),
    "focus_measure_b": (4, "focus measure of B, 5 times as bright"),
    "decision_map": (8, "weight of A, the decision map D"), "expected_error": (8, "error expected, 10 times as bright"),
}  # fmt: skip


def lacking() -> str:
    """Why the page cannot be made here; empty if it can."""
    if shutil.which("npm") is None:
        return "npm is not installed: apt-get install nodejs npm"
    if not RUNTIME.exists():
        fetched = subprocess.run(["npm", "ci", "--silent"], cwd=WEB, check=False, capture_output=True, text=True)
        if fetched.returncode:
            return f"npm ci in {WEB.name} failed: {fetched.stderr.strip()[-200:]}"
    return ""


def build_page(out: Path) -> None:
    """Write the folder: page, worker, runtime, network, words, the kit's small cases, and a sample pair."""
    subprocess.run(["npm", "run", "--silent", "page"], cwd=WEB, check=True)
    out.mkdir(parents=True, exist_ok=True)
    for path in (*(WEB / "page").iterdir(), *(WEB / "dist" / "page").glob("*.js")):
        shutil.copy(path, out / path.name)
    for name in ("ort-wasm-simd-threaded.wasm", "ort-wasm-simd-threaded.mjs"):
        shutil.copy(RUNTIME / name, out / name)
    export_onnx(load_network("small").file, out / "small.onnx")
    shutil.copy(data_root() / "weights" / "pixel.onnx", out / "pixel.onnx")
    (out / "texts.json").write_text(json.dumps(words(), ensure_ascii=False))
    pair = next(pair for pair in embedded_pairs() if pair.name == "cat_coffee")
    (out / "sample").mkdir(exist_ok=True)
    for name, path in (("a", pair.image_a), ("b", pair.image_b)):
        shutil.copy(path, out / "sample" / f"{name}.png")
    write_cases(out / "cases")


def words() -> dict[str, Any]:
    """What the page says of each step: from the table of steps, formulas as MathML."""
    panels: dict[str, tuple[int, str]] = {name: (step.number, title) for step in STEPS
                                          for name, title in step.values.items() if step.name != "pyramid"}  # fmt: skip
    return {
        "paper": [_word(text) for text in STEP_TEXTS],
        "own": {
            method: {number: text and _word(text) for number, text in texts.items()}
            for method, texts in OWN_TEXTS.items()
        },
        "panels": panels | MORE,
    }


def _word(text: StepText) -> dict[str, Any]:
    return text._asdict() | {"formula": "".join(mathml(line, block=True) for line in text.formula.splitlines())}


def write_cases(folder: Path) -> None:
    """The small cases of the kit of the steps that the port has, with golden results."""
    names = []
    for case in load_vectors(data_root() / "vectors").cases:
        steps = {entry.step for entry in case.outputs}
        sizes = sum(entry.value.size for entry in case.entries.values())
        if case.name.startswith("micro/") and steps <= set(OF_PORT) and sizes < LONGEST:
            shutil.copytree(data_root() / "vectors" / case.name, folder / case.name, dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns("wrong_*"))  # fmt: skip
            names.append(case.name)
    (folder / "index.json").write_text(json.dumps(names))


if __name__ == "__main__":
    if why := lacking():
        sys.exit(why)
    build_page(Path(sys.argv[1]))
