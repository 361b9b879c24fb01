"""The vectors: what they hold, that they are made again as they are, and that damage is refused."""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

from reference.cli import main
from reference.conformance.cases import BadArray, digest, read_array, write_array
from reference.conformance.compare import compare, holds, no_ties, ties_of
from reference.conformance.vectors import Damaged, load_vectors
from reference.datasets.registry import data_root
from reference.errors import BadInput
from reference.files import sha256_of
from reference.metrics.catalogue import METRICS
from tests.support.schemas import check_by_schema, jsonschema
from tests.vectors.functions import STEPS
from tests.vectors.make import main as make
from tests.vectors.mat_files import export_mat
from tests.vectors.micro_fusion import PIPELINE_CASES
from tests.vectors.micro_matlab import matlab_cases
from tests.vectors.mutants import MUTANTS

ROOT = data_root() / "vectors"
# What was released under a version does not change: another digest needs another version, and a line in the changelog.
DIGESTS = {
    "0.2.0": "5bab438571c0884a21d62e5a002b09342fd167e0add74ee9ab90cd79690ab5f8",
    "0.3.0": "ebec34e348188a515b4d20702bcb7bff812cfef500f5f659b59646710a5886f7",
    "0.4.0": "3cabf37b585199a703c964e84a16597a6421518052f7213c6d9c52b2b4ea5c7b",
}


def test_every_mutant_is_a_flag_of_a_case_and_every_step_has_one(vectors):
    assert {flag.name for case in vectors.cases for flag in case.flags} == set(MUTANTS)
    assert {mutant.step for mutant in MUTANTS.values()} == set(STEPS)
    assert {entry.step for case in vectors.cases for entry in case.outputs} == set(STEPS) == set(vectors.steps)


def test_a_flag_is_a_wrong_array(vectors):
    for case in vectors.cases:
        for flag in case.flags:
            entry = case.entries[flag.array]
            if flag.value.shape == entry.shape:
                difference = compare(entry.value, flag.value, no_ties(entry.value))
                assert not holds(difference, entry.limits["float64"]), (case.name, flag.name)


def test_what_honest_ports_gave_is_a_tenth_of_the_limits(vectors):
    measured = 0
    for case in vectors.cases:
        for entry in case.outputs:
            for limit in entry.limits.values():
                allowed = limit.get("peak") or limit.get("relative")
                if "measured" in limit and allowed:
                    assert 10 * limit["measured"] <= allowed, (case.name, entry.name)
                    measured += 1
    assert measured > 200


def test_no_pixel_of_a_natural_case_lies_on_an_edge(vectors):
    for case in vectors.cases:
        if case.name.startswith("natural/"):
            for entry in case.outputs:
                if entry.ties:
                    allowed = case.entries[entry.ties["of"]].limits["float64"]["peak"]
                    assert not ties_of(entry, case.entries, allowed).any(), (case.name, entry.name)


def test_what_was_worked_out_by_hand_is_what_the_reference_gives():
    by_hand = [spec for spec in [*PIPELINE_CASES, *matlab_cases()] if spec.expected is not None]
    assert len(by_hand) >= 20
    for spec in by_hand:
        np.testing.assert_allclose(np.asarray(spec.output), spec.expected, rtol=0, atol=1e-12, err_msg=spec.name)


@pytest.mark.slow
def test_regenerated_vectors_are_those_that_ship(tmp_path, vectors):
    """Proves "unchanged", on other threads and without wide instructions.

    Arrays of bytes, and of steps that only choose, have equal digests; all others agree within a tenth of their limits,
    and what is said of them is the same, but for what honest ports gave.
    """
    environment = os.environ | {
        "OMP_NUM_THREADS": "3", "OMP_WAIT_POLICY": "passive",  # or threads without a core of their own turn and turn
        "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512_SKX",
    }  # fmt: skip
    command = [sys.executable, "-W", "ignore", "-m", "tests.vectors.make", str(tmp_path / "new")]
    subprocess.run(command, check=True, env=environment, cwd=ROOT.parents[1])
    new = load_vectors(tmp_path / "new")
    assert new.names == vectors.names
    for name in sorted(name for name in vectors.names if name.startswith(("micro/", "natural/", "full/"))):
        assert said(ROOT / name) == said(tmp_path / "new" / name)
    for old_case, new_case in zip(vectors.cases, new.cases, strict=True):
        for name, entry in old_case.entries.items():
            found = new_case.entries[name]
            if entry.role == "input" or entry.dtype == "|u1" or entry.step in ("guide", "im2double"):
                assert digest(entry.value) == digest(found.value), (old_case.name, name)
            else:
                limit = entry.limits["float64"]
                allowed = (limit.get("peak") or limit.get("relative")) / 10
                scale = np.maximum(np.abs(entry.value), 1) if "relative" in limit else 1
                assert np.all(np.abs(found.value - entry.value) <= allowed * scale), (old_case.name, name)


def said(folder):
    """case.json without digests of numbers and without what was measured."""
    record = json.loads((folder / "case.json").read_text())
    for row in (*record["arrays"], *record["flags"]):
        if row.get("kind") not in ("mask", "levels") and row.get("role") != "input":
            del row["sha256"]
        for limit in row.get("limits", {}).values():
            limit.pop("measured", None)
    return record


def test_a_version_is_what_was_released_under_it(vectors):
    index = json.loads((ROOT / "index.json").read_text())
    rows = json.dumps([index["schemas"], index["steps"], index["cases"]], sort_keys=True)
    assert hashlib.sha256(rows.encode()).hexdigest() == DIGESTS[vectors.version]
    changelog = ROOT.parents[1] / "CHANGELOG.md"
    assert f"`data/vectors`, version {vectors.version}" in " ".join(changelog.read_text().split())


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    return shutil.copytree(ROOT, tmp_path_factory.mktemp("copy") / "vectors")


@pytest.fixture
def copy(copied):
    """Vectors to be damaged; what a test has changed is put right behind it."""
    yield copied
    files, others = ({path.relative_to(root) for path in root.rglob("*") if path.is_file()} for root in (ROOT, copied))
    for name in others - files:
        (copied / name).unlink()
    for name in files:
        if name not in others or not filecmp.cmp(ROOT / name, copied / name, shallow=False):
            shutil.copyfile(ROOT / name, copied / name)


def test_a_changed_byte_is_refused(copy):
    path = copy / "micro" / "corner_touch" / "consistency.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(Damaged, match=r"consistency\.npy has digest"):
        load_vectors(copy)


@pytest.mark.parametrize("name", [
    "micro/corner_touch/case.json", "micro/shrunk/image.npy", "schema/case.json", "index.json", "index.json.sha256",
    "full/enhanced/case.json",
])  # fmt: skip
def test_a_missing_file_is_refused(copy, name, capsys):
    (copy / name).unlink()
    assert main(["conform", "--outputs", str(copy), "--vectors", str(copy)]) == 3
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["micro/corner_touch/case.json", "full/enhanced/case.json", "schema/case.json", "index.json"]
)
def test_a_changed_text_is_refused(copy, name):
    path = copy / name
    path.write_text(path.read_text() + " ")
    with pytest.raises(Damaged, match="has sha256"):
        load_vectors(copy)


def test_a_case_that_sets_no_limit_is_refused(copy):
    """Its digests are right: who made it left one out."""
    path, index = copy / "micro" / "corner_touch" / "case.json", copy / "index.json"
    before = path.read_text()
    path.write_text(before.replace('"mismatches": 0', '"measured": 0'))
    index.write_text(index.read_text().replace(hashlib.sha256(before.encode()).hexdigest(), sha256_of(path)))
    (copy / "index.json.sha256").write_text(f"{sha256_of(index)}  index.json\n")
    with pytest.raises(Damaged, match="sets no limit for consistency"):
        load_vectors(copy)


@pytest.mark.parametrize("text", ["[]", "null", '{"type": "objekt"}', '{"$ref": "x"}'])
def test_a_broken_schema_is_refused(copy, text, capsys):
    for kind in ("index", "case"):
        (copy / "schema" / f"{kind}.json").write_text(text)
        assert main(["conform", "--outputs", str(copy), "--vectors", str(copy)]) == 3
    assert "Traceback" not in capsys.readouterr().err


def test_an_array_in_another_form_is_refused(copy):
    path = copy / "micro" / "pyramid_border" / "gray_a.npy"
    right = path.read_bytes()
    array = np.load(path)
    np.save(path, np.asfortranarray(array))
    with pytest.raises(Damaged, match="not in the form"):
        load_vectors(copy)
    path.write_bytes(right + b"z")
    with pytest.raises(Damaged, match="goes on for 1 bytes"):
        load_vectors(copy)


def test_a_file_too_many_is_refused(copy):
    write_array(copy / "micro" / "corner_touch" / "more.npy", np.zeros((2, 2)))
    with pytest.raises(Damaged, match="is no file of these vectors"):
        load_vectors(copy)


def test_vectors_are_not_made_in_the_place_of_something_else(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BadInput, match="holds no vectors"):
        make(tmp_path, full=True)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("kind", ["index", "case", "report"])
def test_a_schema_is_one(kind):
    jsonschema.Draft202012Validator.check_schema(json.loads((ROOT / "schema" / f"{kind}.json").read_text()))


@pytest.mark.slow
def test_every_record_is_as_its_schema_says():
    index = json.loads((ROOT / "index.json").read_text())
    check_by_schema(index, "index")
    for row in index["cases"]:
        check_by_schema(json.loads((ROOT / row["case"] / "case.json").read_text()), "case")


def test_an_unknown_field_is_seen():
    record = json.loads((ROOT / "micro" / "corner_touch" / "case.json").read_text())
    record["arrays"][0]["colour"] = "red"
    with pytest.raises(jsonschema.ValidationError, match="'colour' was unexpected"):
        check_by_schema(record, "case")


def test_arrays_are_known_by_what_they_hold(tmp_path):
    array = np.arange(6.0).reshape(2, 3)
    write_array(tmp_path / "a.npy", array)
    np.save(tmp_path / "b.npy", np.asfortranarray(array.astype(">f8")))
    assert digest(read_array(tmp_path / "a.npy")) == digest(read_array(tmp_path / "b.npy")) == digest(array)
    (tmp_path / "c.npy").write_text("no array")
    with pytest.raises(BadArray, match="no array that numpy reads"):
        read_array(tmp_path / "c.npy")
    with pytest.raises(BadArray, match="dtype is <i8"):
        digest(np.zeros((1, 1), dtype=np.int64).astype("<i8"))


def test_mat_twins_hold_the_same(vectors, tmp_path):
    from scipy.io import loadmat

    export_mat(ROOT, tmp_path)
    case = next(case for case in vectors.cases if case.name == "micro/rgb_order")
    twin = loadmat(tmp_path / "micro" / "rgb_order.mat")
    for name, entry in case.entries.items():
        assert digest(twin[name]) == digest(entry.value)
    assert digest(twin["wrong_BgrOrder"]) == digest(case.flags[0].value)
    assert len(list(tmp_path.glob("*/*.mat"))) == len(vectors.cases)
    assert loadmat(tmp_path / "small.mat")["convolutions_0_weight"].shape == (8, 1, 3, 3)


def test_the_page_for_porters_has_every_step_and_the_number_of_mistakes(vectors):
    page = (ROOT.parents[1] / "docs" / "porting.md").read_text()
    metrics = {one.name for one in METRICS if one.needs == "sources"}  # which the page leaves to their own
    numbered = re.compile(r"convolution_[2-5]|fully_connected_2|features_1|patch_softmax")  # "convolution_3 to ..."
    assert [
        step for step in vectors.steps if step not in page and step not in metrics and not numbered.fullmatch(step)
    ] == []
    assert f"{len(MUTANTS)} mistakes" in page
    assert f"vectors {vectors.version}" in page
