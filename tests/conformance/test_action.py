"""The action for continuous integration, in the environment that a runner gives; results as .mat files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat, savemat

from reference.conformance.check import check_folder
from reference.conformance.report import as_text
from reference.datasets.registry import data_root
from reference.errors import WrongUsage
from tests.vectors.mat_files import export_mat

ACTION = Path(__file__).parents[2] / ".github" / "actions" / "conform"
ROOT = data_root() / "vectors"
CASES = "micro/*corner*"
PORT = """
import json, sys
from pathlib import Path
import numpy as np
from matlab_compat import bwareaopen
case, outputs = map(Path, sys.argv[1:])
record = json.loads((case / "case.json").read_text())
for row in record["arrays"]:
    if row.get("step") in ("consistency", "bwareaopen"):
        mask = np.load(case / f"{row['from'][0]}.npy") > 0
        area = record["parameters"]["small_region_area"] + WRONG
        kept = bwareaopen(mask, area)
        if row["step"] == "consistency":
            kept = ~bwareaopen(~kept, area)
        np.save(outputs / f"{row['name']}.npy", kept.astype(np.uint8))
"""


def run(folder, port, **more):
    """The script, in a folder of the port's repository, with the files that a runner names."""
    (folder / "port.py").write_text(port)
    files = {name: str(folder / name.lower()) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    command = f"{sys.executable} port.py {{case}} {{outputs}}"
    given = {"PORT": command, "CASES": CASES, "PROFILE": "float64", "KNOWN": "", "BADGE": "badge.svg",
             "REPORT": "report.json"}  # fmt: skip
    script = [sys.executable, str(ACTION / "conform.py")]
    environment = os.environ | files | given | more
    done = subprocess.run(script, cwd=folder, env=environment, check=False, capture_output=True, text=True)
    outputs = dict(line.split("=", 1) for line in Path(files["GITHUB_OUTPUT"]).read_text().splitlines())
    return done, Path(files["GITHUB_STEP_SUMMARY"]).read_text(), outputs


def badge(folder):
    return " ".join(ET.fromstring((folder / "badge.svg").read_text()).itertext()).split()


@pytest.mark.slow
def test_a_port_that_is_right_passes(tmp_path):
    done, summary, outputs = run(tmp_path, PORT.replace("WRONG", "0"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert summary.startswith("## parfocal conform: agrees")
    assert outputs == {"verdict": "agrees", "first": ""}
    assert "::error" not in done.stdout
    assert badge(tmp_path)[0] == "parfocal"
    assert badge(tmp_path)[2:] == ["arrays", "agree"]
    assert json.loads((tmp_path / "report.json").read_text())["verdict"] == "agrees"


@pytest.mark.slow
def test_a_port_that_is_wrong_is_annotated_with_its_first_wrong_step(tmp_path):
    done, summary, outputs = run(tmp_path, PORT.replace("WRONG", "100"))
    assert done.returncode == 1
    assert outputs["verdict"] == "diverges"
    assert outputs["first"].startswith(("consistency in micro/", "bwareaopen in micro/"))
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("::error"))
    assert line.startswith("::error title=parfocal conform%3A " + outputs["first"].split(" ")[0])
    assert "FIRST DIVERGENCE in step" in line
    assert "%0A" in line
    assert "absent" not in line  # the summary has the table
    assert f"First wrong step: **{outputs['first']}**" in summary
    assert badge(tmp_path)[1] == outputs["first"].split(" ")[0]


@pytest.mark.slow
def test_a_port_that_has_lost_a_step_fails_where_a_number_is_asked(tmp_path):
    done, _, outputs = run(tmp_path, PORT.replace("WRONG", "0"), LEAST="1000")
    assert (done.returncode, outputs["verdict"]) == (1, "agrees")
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("::error"))
    assert line.startswith("::error title=parfocal conform%3A a step has vanished::")
    assert line.endswith(" arrays agree, fewer than --least 1000")


def test_what_cannot_be_checked_is_told_too(tmp_path):
    done, summary, outputs = run(tmp_path, "", CASES="nothing/*")
    assert done.returncode == 2
    assert outputs == {"verdict": "", "first": ""}
    assert "fits none" in summary
    assert "::error title=parfocal conform%3A no result::" in done.stdout
    assert "not checked" in " ".join(badge(tmp_path))


def test_the_action_names_what_its_script_reads():
    text = (ACTION / "action.yml").read_text()
    for name in ("PORT", "PROFILE", "CASES", "KNOWN", "LEAST", "BADGE", "REPORT"):
        assert f"{name}: ${{{{ inputs.{name.lower()} }}}}" in text
        assert f'"{name}"' in (ACTION / "conform.py").read_text()


# -- results as .mat files


@pytest.fixture(scope="module")
def stored(vectors, tmp_path_factory):
    """Every case as a .mat file, golden results included."""
    folder = tmp_path_factory.mktemp("mat")
    export_mat(ROOT, folder)
    return folder


def test_results_are_read_from_one_mat_file_a_case(vectors, stored):
    result = check_folder(vectors, stored, "float64", frozenset())
    assert result.verdict == "agrees", as_text(result)
    assert not result.count["absent"]


def test_masks_may_be_logical_and_a_wrong_value_is_found(vectors, tmp_path, stored):
    case = next(case for case in vectors.cases if case.name == "micro/corner_touch")
    values = {name: x for name, x in loadmat(stored / "micro/corner_touch.mat").items() if name in case.entries}
    for wrong in (False, True):
        mask = values["consistency"].astype(bool)
        mask[0, 0] ^= wrong
        (tmp_path / case.name).mkdir(parents=True, exist_ok=True)
        savemat(tmp_path / case.name / "mine.mat", {"consistency": mask})
        result = check_folder(vectors, tmp_path, "float64", frozenset())
        assert result.verdict == ("diverges" if wrong else "agrees")
    (tmp_path / case.name / "mine.mat").write_bytes(b"MATLAB 7.3 MAT-file" + b"\0" * 200)
    with pytest.raises(WrongUsage, match=r"mine\.mat cannot be read, save it as -v7"):
        check_folder(vectors, tmp_path, "float64", frozenset())
    assert np.array_equal(values["segmentation"].shape, case.entries["segmentation"].shape)
