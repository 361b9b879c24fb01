"""The kit judges: the reference passes, every mutant is named, damage and malformed output are told apart."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from reference.cli import main
from reference.conformance.arrays import BadArray, digest, read_array, write_array
from reference.conformance.check import check_folder, check_port, known_failures
from reference.conformance.compare import compare, holds, no_ties, ties_of
from reference.conformance.functions import STEPS
from reference.conformance.micro_fusion import DRAFTS
from reference.conformance.micro_matlab import drafts
from reference.conformance.mutants import MUTANTS
from reference.conformance.network_layers import LAYERS
from reference.conformance.port import port_of
from reference.conformance.ports import by_command, from_folder
from reference.conformance.report import as_json, as_text
from reference.conformance.schema import violations
from reference.conformance.twins import write_twins
from reference.conformance.variants import VARIANTS
from reference.conformance.vectors import Damaged, load_vectors
from reference.data_files import data_root
from reference.errors import WrongUsage
from reference.metrics.catalogue import METRICS

ROOT = data_root() / "vectors"
NONE_KNOWN: frozenset[tuple[str, str]] = frozenset()


@pytest.fixture(scope="module")
def vectors():
    return load_vectors(ROOT)


def of_step(vectors, *steps, suite="micro"):
    """The vectors of some steps alone: the others are as they were."""
    cases = (case for case in vectors.cases if case.name.startswith(suite))
    return replace(vectors, cases=tuple(case for case in cases if {entry.step for entry in case.outputs} & set(steps)))


def checked(vectors, functions, profile="float64", known=NONE_KNOWN):
    return check_port(vectors, port_of(functions), profile, known, lambda cases: cases)


def test_the_reference_passes(vectors):
    result = checked(vectors, STEPS)
    assert result.verdict == "agrees"
    assert result.count["absent"] == result.count["malformed"] == 0
    assert len([case for case in vectors.cases if case.name.startswith("micro/")]) >= 40
    assert len([case for case in vectors.cases if case.name.startswith("natural/")]) >= 6
    schema = json.loads((ROOT / "schema" / "report.json").read_text())
    assert list(violations(json.loads(json.dumps(as_json(result))), schema)) == []


@pytest.mark.parametrize("profile", VARIANTS)
@pytest.mark.parametrize("number", [0, 1], ids=["direct", "cumulative"])
def test_an_honest_variant_passes_ten_times_over(vectors, profile, number):
    """Other sums, single precision, torch as fast as it can: a tenth of every limit is enough for them."""
    result = checked(vectors, VARIANTS[profile][number], profile)
    assert result.verdict == "agrees"
    for one in result.checked:
        for judged in one.judged:
            functions = VARIANTS[profile][number]
            inputs = [one.case.entries[name].value for name in judged.entry.inputs]
            alone = np.asarray(functions[judged.entry.step](inputs, one.case.parameters)).reshape(judged.entry.shape)
            difference = compare(judged.entry.value, alone.astype(np.float64), no_ties(alone))
            for measure in ("peak", "rms", "relative"):
                if (limit := getattr(judged.limit, measure)) is not None:
                    assert 10 * getattr(difference, measure) <= limit, (one.case.name, judged.entry.name, measure)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_found_in_its_step_and_named(vectors, name):
    mutant = MUTANTS[name]
    result = checked(of_step(vectors, mutant.step), STEPS | {mutant.step: mutant.function})
    assert result.verdict in ("diverges", "malformed")  # some give another size
    assert {judged.entry.step for _, judged in result.wrong} == {mutant.step}
    assert result.looks_like[0] == name
    text = as_text(result)
    assert f"FIRST DIVERGENCE in step {mutant.step}" in text
    assert f"looks like  {name}" in text
    schema = json.loads((ROOT / "schema" / "report.json").read_text())
    assert list(violations(json.loads(json.dumps(as_json(result, "port"))), schema)) == []


@pytest.mark.parametrize(
    "name", ["BgrOrder", "NoFilter", "ExchangedClasses", "DividedBy64", "OtherSide", "ExchangedMap", "EpsSquared",
             "HardMap", "Truncated"],
)  # fmt: skip
def test_in_a_row_only_the_wrong_step_is_blamed(vectors, name):
    mutant = MUTANTS[name]
    odd = of_step(vectors, mutant.step, suite="natural/pooled_for_b")
    result = checked(odd, STEPS | {mutant.step: mutant.function})
    assert {judged.entry.step for _, judged in result.wrong} == {mutant.step}
    after = [judged for judged in result.checked[0].judged if judged.status == "diverges" and not judged.wrong]
    assert all(judged.inherits for judged in after)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_far_beyond_its_limit(vectors, name):
    """Ten times in some case, in either profile: a limit that no mistake breaks would be a mistake of the kit."""
    steps = of_step(vectors, MUTANTS[name].step)
    excesses = [excess(case, flag) for case in steps.cases for flag in case.flags if flag.name == name]
    assert max(double for double, _ in excesses) >= 10
    assert max(single for _, single in excesses) >= 10


def excess(case, flag):
    """How many times the wrong array is beyond its limit, by profile; one wrong mask or gray level is enough."""
    entry = case.entries[flag.array]
    if flag.value.shape != entry.shape:
        return np.inf, np.inf
    difference = compare(entry.value, flag.value, no_ties(entry.value))
    return tuple(beyond(difference, entry.limits[profile]) for profile in ("float64", "float32"))


def beyond(difference, limit):
    if limit.peak or limit.relative:
        return difference.peak / limit.peak if limit.peak else difference.relative / limit.relative
    return 0 if holds(difference, limit) else np.inf


def test_every_mutant_is_a_flag_of_a_case_and_every_step_has_one(vectors):
    assert {flag.name for case in vectors.cases for flag in case.flags} == set(MUTANTS)
    assert {mutant.step for mutant in MUTANTS.values()} == set(STEPS)
    assert {entry.step for case in vectors.cases for entry in case.outputs} == set(STEPS) == set(vectors.steps)


def test_no_pixel_of_a_natural_case_lies_on_an_edge(vectors):
    for case in vectors.cases:
        if case.name.startswith("natural/"):
            for entry in case.outputs:
                assert not ties_of(entry, case.entries, "float64").any(), (case.name, entry.name)


def test_a_port_that_lacks_a_step_goes_on_from_its_golden_array(vectors):
    result = checked(vectors, {name: STEPS[name] for name in STEPS if name not in ("score_map", *LAYERS)})
    natural = [judged for one in result.checked for judged in one.judged if one.case.name.startswith("natural/")]
    assert {judged.entry.step for judged in natural if judged.status == "absent"} == {"score_map"}
    assert {judged.status for judged in natural if judged.entry.step == "fusion"} == {"agrees"}


def test_what_comes_after_a_mistake_inherits_it(vectors):
    natural = of_step(vectors, "gray", suite="natural/cat_coffee")
    result = checked(natural, STEPS | {"gray": MUTANTS["BgrOrder"].function})
    inherited = {
        judged.entry.step: judged.inherits for one in result.checked for judged in one.judged if judged.inherits
    }
    assert inherited["pyramid"] in ("gray_a", "gray_b")
    assert inherited["score_map"] == "gray_a"
    assert "off in a row but right from golden inputs" in as_text(result)


def test_what_was_worked_out_by_hand_is_what_the_reference_gives():
    by_hand = [draft for draft in [*DRAFTS, *drafts()] if draft.expected is not None]
    assert len(by_hand) >= 20
    for draft in by_hand:
        np.testing.assert_allclose(np.asarray(draft.output), draft.expected, rtol=0, atol=1e-12, err_msg=draft.name)


def test_regenerated_vectors_are_those_that_ship(tmp_path, vectors):
    """Proves "unchanged", on one thread and without wide instructions.

    Arrays of bytes have equal digests, all others agree within a tenth of their limits.
    """
    environment = os.environ | {"OMP_NUM_THREADS": "1", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512_SKX"}
    command = [sys.executable, "-W", "ignore", "-m", "reference.conformance.make", str(tmp_path / "new")]
    subprocess.run(command, check=True, env=environment, cwd=ROOT.parents[1])
    new = load_vectors(tmp_path / "new")
    assert [case.name for case in new.cases] == [case.name for case in vectors.cases]
    for old_case, new_case in zip(vectors.cases, new.cases, strict=True):
        assert list(old_case.entries) == list(new_case.entries)
        for name, entry in old_case.entries.items():
            found = new_case.entries[name]
            if entry.role == "input" or entry.dtype == "|u1":
                assert digest(entry.value) == digest(found.value), (old_case.name, name)
            else:
                limit = entry.limits["float64"]
                allowed = (limit.peak or limit.relative) / 10
                scale = np.maximum(np.abs(entry.value), 1) if limit.relative else 1
                assert np.all(np.abs(found.value - entry.value) <= allowed * scale), (old_case.name, name)


def test_only_numpy_is_needed():
    """The checker, in an interpreter that finds nothing else, by a port that does nothing."""
    blocked = ("torch", "scipy", "skimage", "cv2", "matplotlib", "PIL", "tifffile", "safetensors", "tqdm")
    script = "; ".join([
        "import sys", f"sys.modules.update(dict.fromkeys({blocked}))", "from reference.cli import main",
        "sys.exit(main(['conform', '--port', 'true {case} {outputs}']))",
    ])  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT.parents[1], check=False
    )
    assert (done.returncode, "nothing was written" in done.stdout) == (5, True), done.stderr


def test_the_changelog_tells_of_the_version(vectors):
    changelog = ROOT.parents[1] / "CHANGELOG.md"
    assert f"`data/vectors`, version {vectors.version}" in " ".join(changelog.read_text().split())


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT, tmp_path / "vectors")
    return tmp_path / "vectors"


def test_a_changed_byte_is_refused(copy):
    path = copy / "micro" / "corner_touch" / "consistency.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(Damaged, match=r"consistency\.npy has digest"):
        load_vectors(copy)


@pytest.mark.parametrize(
    "name", ["micro/corner_touch/case.json", "micro/shrunk/image.npy", "schema/case.json", "index.json"]
)
def test_a_missing_file_is_refused(copy, name, capsys):
    (copy / name).unlink()
    assert main(["conform", "--outputs", str(copy), "--vectors", str(copy)]) == 3
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["micro/corner_touch/case.json", "schema/case.json", "index.json"])
def test_a_changed_text_is_refused(copy, name):
    path = copy / name
    path.write_text(path.read_text() + " ")
    with pytest.raises(Damaged, match="has sha256"):
        load_vectors(copy)


def test_an_unknown_field_is_refused():
    schema = json.loads((ROOT / "schema" / "case.json").read_text())
    record = json.loads((ROOT / "micro" / "corner_touch" / "case.json").read_text())
    assert list(violations(record, schema)) == []
    record["arrays"][0]["colour"] = "red"
    assert list(violations(record, schema)) == ["it.arrays[0] has the unknown field colour"]


def test_a_port_that_writes_nothing_is_malformed(vectors, tmp_path):
    result = check_folder(of_step(vectors, "gray"), from_folder(tmp_path), "float64", NONE_KNOWN)
    assert result.verdict == "malformed"
    assert "nothing was written" in as_text(result)


def test_a_subset_of_steps_is_allowed_and_counted(vectors):
    result = checked(vectors, {"gray": STEPS["gray"]})
    assert result.verdict == "agrees"
    assert result.count["agrees"] == sum(entry.step == "gray" for case in vectors.cases for entry in case.outputs)
    assert result.count["absent"] > 100


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.zeros((3, 3)), "has shape"),
        (np.full((1, 5), np.nan), "NaN"),
        (np.zeros((1, 5), dtype=np.uint8), "is due"),
        (np.zeros(5), "of two or more dimensions"),
    ],
)
def test_output_that_is_no_array_of_the_case_is_malformed(vectors, tmp_path, value, message):
    folder = tmp_path / "micro" / "primaries"
    folder.mkdir(parents=True)
    np.save(folder / "gray.npy", value)
    result = check_folder(of_step(vectors, "gray"), from_folder(tmp_path), "float64", NONE_KNOWN)
    assert result.verdict == "malformed"
    assert message in as_text(result)


def test_known_failures_are_left_out_and_stale_ones_named(vectors):
    known = known_failures("micro/corner_touch::consistency # as OpenCV's\nmicro/primaries::gray\n")
    functions = STEPS | {"consistency": MUTANTS["FourNeighbours"].function}
    result = checked(of_step(vectors, "gray", "consistency"), functions, known=known)
    assert ("micro/corner_touch", "consistency") not in {(case.name, j.entry.step) for case, j in result.wrong}
    assert result.stale == ["micro/primaries::gray"]


def test_a_command_is_a_port(copy, tmp_path, capsys):
    """Through the command line, on one case; and one that fails, and one that cannot be run."""
    port = f"{sys.executable} -c 'import sys; sys.exit(\"no luck\")' {{case}} {{outputs}}"
    message = by_command(port)(copy / "micro" / "primaries", tmp_path)
    assert message == "it ended with exit code 1: no luck"
    with pytest.raises(WrongUsage, match=r"does not say where \{outputs\} goes"):
        by_command("./port {case}")
    with pytest.raises(WrongUsage, match="cannot be run"):
        by_command("/nowhere/port {case} {outputs}")(copy, tmp_path)
    assert main(["conform", "--port", "./port"]) == 2
    command = f"{sys.executable} -m reference.conformance.port {{case}} {{outputs}}"
    assert by_command(command)(copy / "micro" / "corner_touch", tmp_path) == ""
    assert read_array(tmp_path / "consistency.npy").sum() == 18


def test_results_on_disk_are_judged_by_the_command(vectors, tmp_path, capsys):
    case = next(case for case in vectors.cases if case.name == "micro/corner_touch")
    folder = tmp_path / case.name
    folder.mkdir(parents=True)
    wrong = np.asfortranarray(np.zeros((12, 12), dtype=np.uint8))
    np.save(folder / "consistency.npy", wrong)
    report = tmp_path / "report.json"
    assert main(["conform", "--outputs", str(tmp_path), "--report", str(report)]) == 1
    assert "looks like  FourNeighbours" in capsys.readouterr().out
    assert json.loads(report.read_text())["first"]["looks_like"] == ["FourNeighbours"]
    np.save(folder / "consistency.npy", case.entries["consistency"].value)
    assert main(["conform", "--outputs", str(tmp_path), "--profile", "float32"]) == 0


def test_arrays_are_known_by_what_they_hold(tmp_path):
    array = np.arange(6.0).reshape(2, 3)
    write_array(tmp_path / "a.npy", array)
    np.save(tmp_path / "b.npy", np.asfortranarray(array.astype(">f8")))
    assert digest(read_array(tmp_path / "a.npy")) == digest(read_array(tmp_path / "b.npy")) == digest(array)
    (tmp_path / "c.npy").write_text("no array")
    with pytest.raises(BadArray, match="is not a readable"):
        read_array(tmp_path / "c.npy")
    with pytest.raises(BadArray, match="dtype is <i8"):
        digest(np.zeros((1, 1), dtype=np.int64).astype("<i8"))


def test_mat_twins_hold_the_same(vectors, tmp_path):
    from scipy.io import loadmat

    write_twins(ROOT, tmp_path)
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
