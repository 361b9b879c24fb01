"""The kit judges: the reference passes, every mutant is named, what the checker says of a port is true."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from reference.cli import main
from reference.conformance.cases import read_array, write_array
from reference.conformance.check import check_folder, check_port, known_failures
from reference.conformance.compare import compare, no_ties
from reference.conformance.ports import by_command
from reference.conformance.report import as_json, as_text
from reference.datasets.registry import data_root
from reference.errors import WrongUsage
from tests.support.schemas import check_by_schema
from tests.vectors.functions import STEPS
from tests.vectors.mutants import MUTANTS
from tests.vectors.network_layers import LAYERS
from tests.vectors.port import port_of
from tests.vectors.variants import VARIANTS

ROOT = data_root() / "vectors"
NONE_KNOWN: frozenset[tuple[str, str]] = frozenset()


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
    check_by_schema(as_json(result), "report")


@pytest.mark.slow
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
                if (limit := judged.limit.get(measure)) is not None:
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
    check_by_schema(as_json(result, "port"), "report")


@pytest.mark.parametrize(
    "name", ["BgrOrder", "NoFilter", "ExchangedClasses", "DividedBy64", "OtherSide", "ExchangedMap", "EpsSquared",
             "HardMap", "Truncated"],
)  # fmt: skip
@pytest.mark.slow
def test_in_a_row_only_the_wrong_step_is_blamed(vectors, name):
    mutant = MUTANTS[name]
    result = checked(natural(vectors, "pooled_for_b"), STEPS | {mutant.step: mutant.function})
    assert {judged.entry.step for _, judged in result.wrong} == {mutant.step}
    assert not result.wrong[0][1].in_row


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_far_beyond_its_limit(vectors, name):
    """Ten times in some case, in either profile: a limit that no mistake breaks would be a mistake of the kit."""
    steps = of_step(vectors, MUTANTS[name].step)
    excesses = [excess(case, flag) for case in steps.cases for flag in case.flags if flag.name == name]
    assert max(double for double, _ in excesses) >= 10
    assert max(single for _, single in excesses) >= 10


def excess(case, flag):
    """How many times the wrong array is beyond its limit, by profile."""
    entry = case.entries[flag.array]
    if flag.value.shape != entry.shape:
        return np.inf, np.inf
    difference = compare(entry.value, flag.value, no_ties(entry.value))
    return tuple(beyond(difference, entry.limits[profile]) for profile in ("float64", "float32"))


def beyond(difference, limit):
    """A mask has no wrong value to spare, nor has a gray level in double: there one is as many times as one likes."""
    measured = {
        "peak": difference.peak, "relative": difference.relative, "mismatches": difference.differing,
        "levels": difference.peak, "fraction": difference.differing / difference.size,
    }  # fmt: skip
    limits = {name: limit.get(name) for name in measured}
    return max(
        measured[name] / allowed if allowed else np.inf if measured[name] else 0
        for name, allowed in limits.items() if allowed is not None
    )  # fmt: skip


@pytest.mark.slow
def test_a_port_that_lacks_a_step_goes_on_from_its_golden_array(vectors):
    result = checked(vectors, {name: STEPS[name] for name in STEPS if name not in ("score_map", *LAYERS)})
    by_step = [judged for one in result.checked for judged in one.judged if one.case.name == "isolated/cat_coffee"]
    assert {judged.entry.step for judged in by_step if judged.status == "absent"} == {"score_map"}
    assert {judged.status for judged in by_step if judged.entry.step == "fusion"} == {"agrees"}


def test_what_comes_after_a_mistake_is_not_judged(vectors):
    result = checked(natural(vectors), STEPS | {"gray": MUTANTS["BgrOrder"].function})
    whole, by_step = result.checked
    assert {judged.entry.name for judged in whole.judged if judged.wrong} == {"gray_a", "gray_b"}
    assert {"pyramid", "score_map", "fusion"} <= {
        judged.entry.step for judged in whole.judged if judged.status == "not judged"
    }
    assert {judged.status for judged in by_step.judged} == {"agrees"}


def test_a_case_is_asked_once_and_has_its_steps_from_golden_inputs_beside_it(vectors):
    asked = []

    def port(case, outputs):
        asked.append(json.loads((case / "case.json").read_text())["case"])
        return port_of(STEPS)(case, outputs)

    some = natural(vectors)
    check_port(some, port, "float64", NONE_KNOWN, lambda cases: cases)
    assert asked == ["natural/cat_coffee", "isolated/cat_coffee"]
    whole, by_step = some.cases
    assert all(by_step.entries[name].role == "input" for entry in by_step.outputs for name in entry.inputs)
    golden = {name for case in some.cases for entry in case.outputs for name in [entry.name]
              if all(case.entries[one].role == "input" for one in entry.inputs)}  # fmt: skip
    assert golden == {entry.name for entry in whole.outputs}


def natural(vectors, name="cat_coffee"):
    """A whole case, and its steps from golden inputs."""
    names = (f"natural/{name}", f"isolated/{name}")
    return replace(vectors, cases=tuple(case for case in vectors.cases if case.name in names))


def wired(**wrong):
    """A port whose steps are right one by one, and wrong where it computes a whole case."""
    right = port_of(STEPS)

    def port(case, outputs):
        whole = json.loads((case / "case.json").read_text())["case"].startswith("natural/")
        return port_of(STEPS | wrong)(case, outputs) if whole else right(case, outputs)

    return port


def test_a_port_that_is_wired_wrongly_is_found(vectors):
    """From golden inputs every step is right; nothing that comes into the wrong one differs."""
    port = wired(fusion=MUTANTS["ExchangedWeights"].function)
    result = check_port(natural(vectors), port, "float64", NONE_KNOWN, lambda cases: cases)
    assert [judged.entry.step for _, judged in result.wrong] == ["fusion"]
    assert "what the port goes on with is not what it writes" in as_text(result)


@pytest.mark.parametrize(
    ("step", "wrong"),
    [
        ("mixed_pooling", lambda x, p: STEPS["mixed_pooling"]([np.rint(255 * x[0]) / 255], p)),
        ("guide", lambda x, p: STEPS["guide"]([x[0], x[1], 1 - x[2]], p)),
        ("fusion", lambda x, p: STEPS["fusion"]([x[0], x[1], np.rint(255 * x[2]) / 255], p)),
    ],
    ids=["map in bytes", "another mask", "decision map in bytes"],
)
def test_a_port_without_the_network_that_is_wired_wrongly_is_found(vectors, step, wrong):
    """Each step is right, but goes on with something else than the one before has written."""
    names = (f"{suite}/cat_coffee" for suite in ("natural", "isolated", "behind_network"))
    some = replace(vectors, cases=tuple(case for name in names for case in vectors.cases if case.name == name))
    right = {name: function for name, function in STEPS.items() if name not in ("score_map", *LAYERS)}

    def port(case, outputs):
        whole = json.loads((case / "case.json").read_text())["case"].startswith("behind_network/")
        return port_of(right | ({step: wrong} if whole else {}))(case, outputs)

    assert check_port(some, port_of(right), "float64", NONE_KNOWN, lambda cases: cases).verdict == "agrees"
    result = check_port(some, port, "float64", NONE_KNOWN, lambda cases: cases)
    assert result.wrong[0][1].entry.step == step
    assert "what the port goes on with is not what it writes" in as_text(result)


def test_a_port_that_goes_on_in_8_bits_is_found(vectors):
    """Gray is written as it should be; the pyramid is made from what was rounded."""
    rounded = wired(pyramid=lambda x, p: STEPS["pyramid"]([np.rint(255 * x[0]) / 255], p))
    result = check_port(natural(vectors), rounded, "float64", NONE_KNOWN, lambda cases: cases)
    assert {judged.entry.name for _, judged in result.wrong} >= {"pyramid_a_1", "pyramid_b_1"}
    assert not {judged.entry.step for _, judged in result.wrong} & {"focus_map", "consistency", "fusion"}


@pytest.mark.slow
def test_rounding_in_a_row_is_explained_only_as_far_as_it_goes(vectors):
    """A score map within its limit may move the focus map; not by more than that."""

    def port(shift):
        off = STEPS | {
            "score_map": lambda x, p: np.clip(STEPS["score_map"](x, p) + 4e-7, 0, 1),
            "focus_map": lambda x, p: np.clip(STEPS["focus_map"](x, p) + shift, 0, 1),
        }  # fmt: skip
        return wired(score_map=off["score_map"], focus_map=off["focus_map"])

    def found(shift):
        return check_port(natural(vectors), port(shift), "float64", NONE_KNOWN, lambda cases: cases)

    assert found(0).verdict == "agrees"
    assert [judged.entry.step for _, judged in found(0.01).wrong] == ["focus_map"]


@pytest.mark.slow
def test_rounding_excuses_no_mistake_two_steps_on(vectors):
    """The focus map is off by what the network rounds; what is pooled from it in a row is wrong by far more."""
    off = {
        "score_map": lambda x, p: np.clip(STEPS["score_map"](x, p) + 4e-7, 0, 1),
        "mixed_pooling": lambda x, p: np.clip(STEPS["mixed_pooling"](x, p) + 0.01, 0, 1),
    }  # fmt: skip
    result = check_port(natural(vectors), wired(**off), "float64", NONE_KNOWN, lambda cases: cases)
    assert [judged.entry.step for _, judged in result.wrong] == ["mixed_pooling"]


def test_golden_outputs_are_not_in_reach_of_a_port(vectors):
    def copies(case, outputs):
        for path in case.glob("*.npy"):
            shutil.copy(path, outputs)
        return ""

    some = replace(vectors, cases=(*of_step(vectors, "gray").cases, *natural(vectors).cases))
    result = check_port(some, copies, "float64", NONE_KNOWN, lambda cases: cases)
    assert result.verdict == "malformed"
    assert result.count["agrees"] == 0


def test_natural_cases_alone_go_on_behind_a_missing_step_too(vectors):
    functions = {name: STEPS[name] for name in STEPS if name not in ("score_map", *LAYERS)}
    whole, by_step = checked(natural(vectors), functions).checked
    assert [judged.status for judged in whole.judged if judged.entry.step == "fusion"] == ["absent"]
    assert [judged.entry.step for judged in by_step.judged if judged.status != "agrees"] == ["score_map"]


def test_results_on_disk_of_an_honest_network_pass(vectors, tmp_path):
    """Nothing can be tried again there: what a score map within its limit explains is not judged."""
    functions = STEPS | {"score_map": lambda x, p: np.clip(STEPS["score_map"](x, p) + 4e-7, 0, 1)}
    case = natural(vectors).cases[0]
    (tmp_path / case.name).mkdir(parents=True)
    port_of(functions)(case.folder, tmp_path / case.name)
    result = check_folder(natural(vectors), tmp_path, "float64", NONE_KNOWN)
    assert result.verdict == "agrees"
    assert result.count["not judged"] >= 1
    write_array(tmp_path / case.name / "fusion.npy", 1 - case.entries["fusion"].value)
    assert check_folder(natural(vectors), tmp_path, "float64", NONE_KNOWN).verdict == "diverges"


def test_the_first_wrong_step_is_the_first_in_the_pipeline(vectors):
    wrong = {name: MUTANTS[bug].function for name, bug in (("gray", "BgrOrder"), ("convolution_1", "GrayAsItIs"))}
    result = checked(of_step(vectors, *wrong), STEPS | wrong)
    assert result.wrong[0][1].entry.step == "gray"
    layer = checked(of_step(vectors, "convolution_1"), STEPS | {"convolution_1": wrong["convolution_1"]})
    assert "at channel " in as_text(layer)


def test_a_port_that_writes_nothing_is_malformed(vectors, tmp_path):
    result = check_folder(of_step(vectors, "gray"), tmp_path, "float64", NONE_KNOWN)
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
    result = check_folder(of_step(vectors, "gray"), tmp_path, "float64", NONE_KNOWN)
    assert result.verdict == "malformed"
    assert message in as_text(result)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content.replace(b"), }", b"    "), "no array that numpy reads"),
        (lambda content: content.replace(b"(1, 5)", b"(9, 5)"), "no array that numpy reads"),
        (lambda content: content + b"zzz", "goes on for 3 bytes"),
        (lambda content: b"no array", "no array that numpy reads"),
    ],
    ids=["header", "shape", "bytes behind", "text"],
)
def test_a_file_that_is_no_array_is_malformed(vectors, tmp_path, change, message):
    folder = tmp_path / "micro" / "primaries"
    folder.mkdir(parents=True)
    np.save(folder / "gray.npy", np.zeros((1, 5)))
    (folder / "gray.npy").write_bytes(change((folder / "gray.npy").read_bytes()))
    result = check_folder(of_step(vectors, "gray"), tmp_path, "float64", NONE_KNOWN)
    assert result.verdict == "malformed"
    assert message in as_text(result)


def test_a_file_of_another_name_is_malformed(vectors, tmp_path):
    folder = tmp_path / "micro" / "primaries"
    folder.mkdir(parents=True)
    for name in ("gray", "grey"):
        write_array(folder / f"{name}.npy", of_step(vectors, "gray").cases[0].entries["gray"].value)
    result = check_folder(of_step(vectors, "gray"), tmp_path, "float64", NONE_KNOWN)
    assert result.verdict == "malformed"
    assert "grey.npy, which the case does not have" in as_text(result)
    folder.rename(tmp_path / "micro" / "primary")
    with pytest.raises(WrongUsage, match="there is no micro/primary"):
        check_folder(vectors, tmp_path, "float64", NONE_KNOWN)


def test_known_failures_are_left_out_and_stale_ones_named(vectors):
    known = known_failures("micro/corner_touch::consistency # as OpenCV's\nmicro/primaries::gray\n")
    functions = STEPS | {"consistency": MUTANTS["FourNeighbours"].function}
    result = checked(of_step(vectors, "gray", "consistency"), functions, known=known)
    assert ("micro/corner_touch", "consistency") not in {(case.name, j.entry.step) for case, j in result.wrong}
    assert result.stale == ["micro/primaries::gray"]


def test_what_fails_as_known_does_not_agree(vectors):
    case = next(case for case in vectors.cases if case.name == "micro/primaries")
    known = known_failures("micro/primaries::gray\nmicro/corner_touch::consistency\n")
    result = checked(replace(vectors, cases=(case,)), {"gray": MUTANTS["BgrOrder"].function}, known=known)
    assert result.verdict == "diverges"
    assert "known failures: 1" in as_text(result)
    assert result.stale == []  # of the other case nothing is known here


@pytest.mark.slow
def test_a_command_is_a_port(tmp_path, capsys):
    """Through the command line, on one case; and one that fails, and one that cannot be run."""
    port = f"{sys.executable} -c 'import sys; sys.exit(\"no luck\")' {{case}} {{outputs}}"
    message = by_command(port)(ROOT / "micro" / "primaries", tmp_path)
    assert message == "it ended with exit code 1: no luck"
    with pytest.raises(WrongUsage, match=r"does not say where \{outputs\} goes"):
        by_command("./port {case}")
    with pytest.raises(WrongUsage, match="cannot be run"):
        by_command("/nowhere/port {case} {outputs}")(ROOT, tmp_path)
    assert main(["conform", "--port", "./port"]) == 2
    assert main(["conform", "--port", ""]) == 2
    assert main(["conform", "--port", "./port {case} {outputs}", "--known", str(tmp_path / "none")]) == 2
    assert main(["conform", "--port", "./port {case} {outputs}", "--report", str(tmp_path / "no" / "x.json")]) == 2
    assert main(["conform", "--port", "./port {case} {outputs}", "--cases", "none"]) == 2
    command = f"{sys.executable} -m tests.vectors.port {{case}} {{outputs}}"
    assert by_command(command)(ROOT / "micro" / "corner_touch", tmp_path) == ""
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
    assert main(["conform", "--outputs", str(tmp_path), "--profile", "float32", "--least", "1"]) == 0
    assert main(["conform", "--outputs", str(tmp_path), "--least", "2"]) == 1
    assert "1 arrays agree, fewer than --least 2" in capsys.readouterr().out


@pytest.mark.slow
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


def test_a_tie_excuses_one_level_and_no_more():
    golden, at_ties = np.array([[10, 10]], np.uint8), np.ones((1, 2), bool)
    one, two = (compare(golden, np.array([[10 + n, 10]], np.uint8), at_ties) for n in (1, 2))
    assert (one.differing, one.ties) == (0, 1)
    assert (two.differing, two.peak, two.ties) == (1, 2.0, 0)
