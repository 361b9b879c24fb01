"""Ports in other languages and runtimes pass the kit: C99, MATLAB's language under Octave, ONNX Runtime."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reference.conformance.check import check_folder, check_port
from reference.conformance.ports import by_command
from reference.conformance.report import as_text
from reference.datasets.registry import data_root
from reference.network.loading import load_network
from tests.support.optional import missing, needs
from tests.vectors.port import port_of

HERE = Path(__file__).parents[1]
ROOT = data_root() / "vectors"
FUSION = {
    "gray", "pyramid", "focus_map", "mixed_pooling", "segmentation", "consistency", "guide", "guided_filter", "fusion",
    "uint8",
}  # fmt: skip
NO_C = shutil.which("cc") is None or shutil.which("make") is None
OCTAVE = shutil.which("octave-cli")
NONE_KNOWN: frozenset[tuple[str, str]] = frozenset()


def computed(result):
    """The steps of which all arrays agree from golden inputs, with none absent."""
    judged = [judged for one in result.checked for judged in one.judged if not judged.in_row]
    absent = {one.entry.step for one in judged if one.status == "absent"}
    return {one.entry.step for one in judged if one.status == "agrees"} - absent


def checked(vectors, port, profile="float64"):
    result = check_port(vectors, port, profile, NONE_KNOWN, lambda cases: cases)
    assert result.verdict == "agrees", as_text(result)
    return result


@pytest.fixture(scope="module")
def c99(tmp_path_factory):
    if NO_C:
        missing("make and a C compiler", "apt-get install make gcc")
    port = tmp_path_factory.mktemp("c99") / "port"
    subprocess.run(["make", "-s", "-C", HERE / "ports" / "c99", f"OUT={port}"], check=True)
    return port


@pytest.mark.parametrize("profile", ["float64", "float32"])
def test_the_port_in_c99_passes(vectors, c99, profile):
    result = checked(vectors, by_command(f"{c99} {{case}} {{outputs}}"), profile)
    assert computed(result) == FUSION


def test_the_port_in_c99_refuses_what_is_no_case(c99, tmp_path):
    (tmp_path / "case.json").write_text(
        '{"parameters": {}, "arrays": [{"role": "input", "file": "a.npy", "name": "a"}]}'
    )
    failed = by_command(f"{c99} {{case}} {{outputs}}")(tmp_path, tmp_path)
    assert failed.startswith("it ended with exit code 1: ")
    assert "a.npy cannot be read" in failed


@pytest.mark.slow
def test_the_port_in_matlabs_language_passes(vectors, tmp_path):
    """All small cases in one run of Octave, then a chain by the command that porters would give."""
    if OCTAVE is None:
        missing("Octave", "apt-get install octave octave-image")
    octave = [OCTAVE, "--no-gui", "-qf", "--path", str(HERE / "matlab" / "port"), "--eval"]
    subprocess.run([*octave, f"run_vectors('{ROOT}', '{tmp_path}')"], check=True, capture_output=True)
    micro = replace(vectors, cases=tuple(case for case in vectors.cases if case.name.startswith("micro/")))
    result = check_folder(micro, tmp_path, "float64", NONE_KNOWN)
    assert result.verdict == "agrees", as_text(result)
    assert computed(result) == FUSION | {"rgb2gray", "guidedfilter", "bwareaopen", "psnr", "entropy"}

    first = {case.outputs[0].step: case for case in reversed(micro.cases) if case.outputs[0].step in FUSION}
    chain = next(case for case in vectors.cases if case.name == "natural/odd_sides")
    by_step = next(case for case in vectors.cases if case.name == "isolated/odd_sides")
    some = replace(vectors, cases=(*first.values(), chain, by_step))
    command = " ".join(octave) + " \"run_case('{case}', '{outputs}')\""
    assert computed(checked(some, by_command(command))) == FUSION


@pytest.mark.slow
def test_onnx_runtime_passes(vectors, tmp_path):
    needs("onnx", "onnxruntime")
    import onnxruntime

    from reference.network.onnx_export import export_onnx

    export_onnx(load_network("small").file, tmp_path / "small.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "small.onnx", providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_inputs()]

    def score_map(arrays, _parameters):
        levels = [np.asarray(x, dtype=np.float32)[None, None] for x in arrays]
        return session.run(None, dict(zip(names, levels, strict=True)))[0].astype(np.float64)

    result = checked(vectors, port_of({"score_map": score_map}))
    assert result.count["agrees"] == 7


# -- the port in TypeScript, run by Node


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """The port as one file, made from its sources; its packages are fetched where they are not here."""
    npm = shutil.which("npm")
    if npm is None:
        missing("npm", "apt-get install nodejs npm")
    folder = HERE / "ports" / "web"
    if not (folder / "node_modules" / "esbuild").exists():
        fetched = subprocess.run([npm, "ci", "--silent"], cwd=folder, check=False, capture_output=True, text=True)
        if fetched.returncode:
            missing("what tests/ports/web needs", f"npm ci in that folder ({fetched.stderr.strip()[-200:]})")
    subprocess.run([npm, "run", "--silent", "types"], cwd=folder, check=True)
    subprocess.run([npm, "run", "--silent", "build"], cwd=folder, check=True)
    return folder / "dist" / "port.mjs"


class Node:
    """A port in one process of Node, for many cases."""

    def __init__(self, program, model=""):
        command = ["node", str(program), "-", *([str(model)] if model else [])]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, case, outputs):
        self.process.stdin.write(f"{case}\t{outputs}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.mark.slow
def test_the_port_in_typescript_passes_in_both_precisions(vectors, web, tmp_path):
    needs("onnx")
    from reference.network.onnx_export import export_onnx

    export_onnx(load_network("small").file, tmp_path / "small.onnx")
    with Node(web, tmp_path / "small.onnx") as port:
        for profile in ("float64", "float32"):
            assert computed(checked(vectors, port, profile)) == FUSION | {"score_map"}
    case = replace(vectors, cases=tuple(case for case in vectors.cases if case.name == "micro/corner_touch"))
    assert computed(checked(case, by_command(f"node {web} {{case}} {{outputs}}"))) == {"consistency"}


WRONG = {  # by step: what stands in its port, and what a wrong one has
    "gray": ("0.2989360212937754", "0.2989"),
    "pyramid": ("[1 / 16, 4 / 16, 6 / 16", "[1 / 16, 4 / 16, 6.001 / 16"),
    "focus_map": ("patches.at[y * columns + x] += 1;", "patches.at[y * columns + x] += 1.001;"),
    "mixed_pooling": ("(1 - p) * average", "(0.999 - p) * average"),
    "segmentation": ("value > threshold", "value >= threshold"),
    "consistency": ("found < area", "found <= area"),
    "guide": ("return fusion(grayA, grayB, map)", "return fusion(grayB, grayA, map)"),
    "guided_filter": ("meanI[k] * meanI[k] + eps", "meanI[k] * meanI[k] + eps * eps"),
    "fusion": ("value * weight + imageB.at[k] * (1 - weight)", "value * weight + imageB.at[k] * (0.999 - weight)"),
    "uint8": ("255 * value", "256 * value"),
}


@pytest.mark.slow
@pytest.mark.parametrize("step", WRONG)
def test_a_port_that_is_wrong_by_a_constant_is_named_in_its_step(vectors, web, tmp_path, step):
    before, after = WRONG[step]
    sound = web.read_text()
    assert before in sound
    (tmp_path / "port.mjs").write_text(sound.replace(before, after))  # finds no packages there, and needs none
    asked = tuple(
        case for case in vectors.cases if case.name.startswith("micro/") and step in {one.step for one in case.outputs}
    )
    with Node(tmp_path / "port.mjs") as port:
        result = check_port(replace(vectors, cases=asked), port, "float64", NONE_KNOWN, lambda cases: cases)
    assert result.verdict == "diverges"
    assert result.wrong[0][1].entry.step == step
