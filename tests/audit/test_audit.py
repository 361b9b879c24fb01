"""The search for the protocol of a printed number: by hand, on MATLAB's values, and on numbers made up at random."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.io import loadmat

from matlab_compat import entropy, rgb2gray, ssim
from reference.audit.printed import Cell, find_images, read_table
from reference.audit.protocols import Images, geometries, protocols
from reference.audit.search import NEAR, judged, metrics_of, of_images
from reference.cli import main
from reference.errors import BadInput
from reference.experiments.scores import SURVEY_METHODS
from reference.images.files import write_stored
from reference.metrics.catalogue import METRICS, SURVEY
from reference.metrics.gradient import q_g
from reference.metrics.gray_levels import gray_levels
from reference.metrics.score import score
from reference.report.protocols import audited
from tests.support.published import read


@pytest.fixture
def three(rng):
    """A fused image and its sources, in colour."""
    return Images(*(rng.integers(0, 256, (48, 56, 3)).astype(np.uint8) for _ in range(3)))


def values_of(images, *metrics):
    return of_images(images, set(metrics))


# -- the protocols


def test_psnr_by_hand(three):
    fused, a, b = (image.astype(float) for image in three[:3])
    found = values_of(three, "psnr", "mse", "rmse")
    error = np.mean((fused - b) ** 2)
    assert found["psnr: against B, colour, uint8"] == pytest.approx(10 * np.log10(255**2 / error))
    by_channel = [10 * np.log10(255**2 / np.mean((fused[..., c] - a[..., c]) ** 2)) for c in range(3)]
    assert found["psnr: against A, colour, mean over R, G, B, uint8"] == pytest.approx(np.mean(by_channel))
    gray, gray_a, gray_b = (rgb2gray(image).astype(float) for image in three[:3])
    of_gray = [10 * np.log10(255**2 / np.mean((gray - other) ** 2)) for other in (gray_a, gray_b)]
    both = "psnr: mean of those against A and against B, gray, uint8"
    assert found[both] == pytest.approx(np.mean(of_gray))
    error = np.mean((fused - np.floor((a + b) / 2 + 0.5)) ** 2)
    assert found["psnr: against the mean image of A and B, colour, uint8"] == pytest.approx(
        10 * np.log10(255**2 / error)
    )
    assert found["psnr: against B, gray, double 0 to 255"] == pytest.approx(of_gray[1] - 20 * np.log10(255))
    cut = np.mean((gray - gray_b)[4:-4, 4:-4] ** 2)
    assert found["mse: against B, both cut by 4 on each side, gray, double 0 to 255"] == pytest.approx(cut)
    assert found["rmse: against A, colour, double in [0, 1]"] == pytest.approx(np.sqrt(np.mean((fused - a) ** 2)) / 255)
    assert all(np.isfinite(value) for value in found.values())


@pytest.mark.slow
def test_the_truth_is_another_reference(three):
    found = values_of(three._replace(truth=three.b), "ssim")
    plain = {name for name in values_of(three, "ssim")}
    assert {name.replace("the truth", "B") for name in found if "the truth" in name} == {
        name for name in plain if "against B" in name and "mean" not in name.partition(",")[0]
    }
    for name in found:
        if "the truth" in name:
            assert found[name] == found[name.replace("the truth", "B")]
    double = [rgb2gray(image).astype(float) for image in (three.fused, three.b)]
    assert found["ssim: against B, gray, double 0 to 255"] == ssim(*double).ssimval


@pytest.mark.slow
def test_the_plain_values_are_those_that_score_gives(three):
    fitting = [entry for entry in METRICS if entry.least <= min(three.fused.shape[:2])]
    names = [entry.name for entry in fitting if entry.needs in ("sources", "fused")]
    plain = score(*three[:3], names=names)
    found = values_of(three, *names)
    for name, value in plain.items():
        assert found[f"{name}: {'of the gray, uint8, 256 bins' if name == 'entropy' else 'gray'}"] == value


def test_other_grays_and_entropy_by_hand(three):
    found = values_of(three, "standard_deviation", "entropy", "q_g")
    red, green, blue = (three.fused[..., c].astype(float) for c in range(3))
    assert found["standard_deviation: mean over R, G, B"] == pytest.approx(
        np.mean([red.std(), green.std(), blue.std()])
    )
    weights = np.linalg.inv([[1, 0.956, 0.621], [1, -0.272, -0.647], [1, -1.106, 1.703]])[0]
    gray = three.fused.astype(float) @ weights
    assert found["standard_deviation: gray, not rounded"] == pytest.approx(gray.std())
    assert found["standard_deviation: gray as fractions of 1"] == pytest.approx(gray.std() / 255)
    assert found["entropy: mean over R, G, B"] == np.mean([entropy(three.fused[..., c]) for c in range(3)])
    levels = [gray_levels(image)[2:-2, 2:-2] for image in (three.a, three.b, three.fused)]
    assert found["q_g: gray, cut by 2 on each side"] == q_g(*levels)


@pytest.mark.slow
def test_gray_images_have_the_protocols_of_gray(three):
    gray = Images(*(rgb2gray(image) for image in three[:3]))
    names = {f"{one.metric}: {one.computed}" for one in protocols(gray)}
    assert not [name for name in names if "colour" in name or "R, G" in name or "YCbCr" in name]
    found, in_colour = values_of(gray, "psnr", "ssim", "q_mi"), values_of(three, "psnr", "ssim", "q_mi")
    for name in found:
        if not any(
            word in name for word in ("[0, 1]", "fractions", "resized", "mean image")
        ):  # which are of colour first
            assert found[name] == pytest.approx(in_colour[name], rel=1e-12), name


def test_images_are_changed_as_it_is_said(three):
    image = three.fused
    changed = {text: change(image) for text, change in geometries(image.shape).items()}
    np.testing.assert_array_equal(changed["mirrored"], np.fliplr(image))
    np.testing.assert_array_equal(changed["turned by 180 degrees"], np.rot90(image, 2))
    np.testing.assert_array_equal(changed["transposed"], image.transpose(1, 0, 2))
    np.testing.assert_array_equal(changed["cut by 4 on each side"], image[4:44, 4:52])
    padded = changed["padded to multiples of 16 with its mirror image"]
    assert padded.shape == (48, 64, 3)
    np.testing.assert_array_equal(padded[:, 56:], image[:, :47:-1])
    np.testing.assert_array_equal(changed["padded to multiples of 16 with its edge"][:, 63], image[:, 55])
    assert not changed["padded to multiples of 16 with zeros"][:, 56:].any()
    assert changed["resized to 492 x 574"].shape == (492, 574, 3)


# -- headings and tables


@pytest.mark.parametrize(
    ("heading", "some"),
    [("PSNR/dB", "psnr"), ("$Q^{AB/F}$", "q_g_zl"), ("Q_MI", "q_mi"), ("NMI", "q_mi"), ("EN", "entropy"),
     ("SSIM ↑", "ssim"), ("SD", "standard_deviation_columns"), ("MI", "q_mi"), ("Q_Y", "q_y")],
)  # fmt: skip
def test_a_heading_names_its_metrics(heading, some):
    assert some in metrics_of(heading)
    assert len(metrics_of(heading)) < 12


def test_every_metric_is_named_by_its_own_heading():
    for entry in METRICS:
        assert entry.name in metrics_of(entry.symbol), entry.symbol


def table(folder, text):
    path = folder / "table.csv"
    path.write_text(text, "utf-8")
    return path


def test_numbers_are_read_as_they_are_printed(tmp_path):
    text = 'Method,Image,PSNR (dB),"Q^{AB/F}"\ncnn,01,**29.61**,0.7464\ngff,02,\\textbf{30.1},-\n,03,28.4 ± 1.2,−.5\n'
    cells = read_table(table(tmp_path, text))
    assert [(cell.method, cell.image, cell.column, cell.text) for cell in cells] == [
        ("cnn", "01", "PSNR (dB)", "29.61"), ("cnn", "01", "Q^{AB/F}", "0.7464"), ("gff", "02", "PSNR (dB)", "30.1"),
        ("", "03", "PSNR (dB)", "28.4"), ("", "03", "Q^{AB/F}", "-.5"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "says"),
    [("name,PSNR\ncnn,1", "has no column method"), ("method,PSNR\ncnn,good", "line 2, PSNR: 'good' is no number"),
     ("method,PSNR\ncnn,-", "holds no numbers"), ("", "has no column method")],
)  # fmt: skip
def test_what_is_no_table_is_refused(tmp_path, text, says):
    with pytest.raises(BadInput, match=says):
        read_table(table(tmp_path, text))


@given(st.integers(-(10**6), 10**6), st.integers(0, 5), st.floats(-3, 3))
def test_a_value_that_rounds_to_the_printed_number_meets_it(number, decimals, off):
    cell = Cell("", "", "", f"{number / 10**decimals:.{decimals}f}")
    value = cell.value + off * cell.unit
    if abs(abs(off) - 0.5) > 1e-3:
        assert cell.is_met_by(value) == (f"{value:.{decimals}f}".lstrip("-") == cell.text.lstrip("-") and abs(off) < 1)


# -- images found by their names


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_stored(path, np.zeros((16, 16), np.uint8))


def names_of(found):
    return {row: [tuple(path.name for path in one if path) for one in files] for row, files in found.items()}


def test_images_are_found_by_method_and_number(tmp_path):
    put(tmp_path, *(f"lytro/lytro-{n:02d}-{side}.png" for n in (1, 2, 11) for side in "AB"))
    put(tmp_path, *(f"out/cnn/result_{n}.png" for n in (1, 2, 11)), *(f"out/c_{n:02d}_nsct-sr.png" for n in (1, 2)))
    put(tmp_path, "out/c_01_sr.png", "out/lone.png")
    sides = (tmp_path / "lytro", tmp_path / "lytro")
    rows = [("cnn", ""), ("cnn", "lytro_11"), ("sr", "1"), ("nsct-sr", ""), ("none", "")]
    found = names_of(find_images(rows, tmp_path / "out", sides))
    sources = {n: (f"lytro-{n:02d}-A.png", f"lytro-{n:02d}-B.png") for n in (1, 2, 11)}
    assert sorted(found.pop(("cnn", ""))) == sorted((f"result_{n}.png", *of) for n, of in sources.items())
    assert found == {
        ("cnn", "lytro_11"): [("result_11.png", *sources[11])],
        ("sr", "1"): [("c_01_sr.png", *sources[1])],
        ("nsct-sr", ""): [(f"c_{n:02d}_nsct-sr.png", *sources[n]) for n in (1, 2)],
    }


def test_folders_that_mix_kinds_are_told_apart_by_words(tmp_path):
    put(tmp_path, *(f"{side}/{kind}_{n:02d}.png" for side in "ab" for kind in "cg" for n in (1, 2, 3)))
    put(tmp_path, *(f"out/{kind}_{n:02d}_gff.png" for kind in "cg" for n in (1, 2, 3)))
    found = find_images([("gff", ""), ("gff", "g_02")], tmp_path / "out", (tmp_path / "a", tmp_path / "b"))
    assert all(a == b == fused.replace("_gff", "") for fused, a, b in names_of(found)["gff", ""])
    assert names_of(found)["gff", "g_02"] == [("g_02_gff.png", "g_02.png", "g_02.png")]


def test_a_folder_for_each_pair(tmp_path):
    put(
        tmp_path,
        *(f"{scene}/{name}.png" for scene in ("scene_1", "scene_2") for name in ("A", "B", "GT", "cnn", "gff")),
    )
    found = find_images([("gff", ""), ("cnn", "scene 2")], tmp_path, (tmp_path, tmp_path), tmp_path)
    places = {row: [[path.relative_to(tmp_path).as_posix() for path in one] for one in of] for row, of in found.items()}
    assert places == {
        ("gff", ""): [[f"scene_{n}/{name}.png" for name in ("gff", "A", "B", "GT")] for n in (1, 2)],
        ("cnn", "scene 2"): [[f"scene_2/{name}.png" for name in ("cnn", "A", "B", "GT")]],
    }


def test_an_image_that_may_be_several_is_refused(tmp_path):
    put(tmp_path, "a/1.png", "a/2.png", "b/1.png", "b/2.png", "out/cnn.png", "two/gff/x_1.png", "two/gff/y_1.png")
    sides = (tmp_path / "a", tmp_path / "b")
    with pytest.raises(BadInput, match="holds 2 images, but not one for cnn"):
        find_images([("cnn", "")], tmp_path / "out", sides)
    with pytest.raises(BadInput, match=r"image 1 of gff may be .*x_1.png or .*y_1.png"):
        find_images([("gff", "1")], tmp_path / "two", sides)


# -- the judgement


def test_how_many_fit_by_chance_is_what_numbers_made_up_at_random_have(rng):
    rows = [("m", str(k)) for k in range(3)]
    cells = [Cell(*row, "x", text) for row, text in zip(rows, ("10.1", "20.3", "5.6"), strict=True)]
    near = {row: cell.value * (1 + 0.04 * rng.standard_normal(40)) for row, cell in zip(rows, cells, strict=True)}
    values = {f"q: {k}": {row: of[k] for row, of in near.items()} for k in range(40)}
    values["q: right"] = {row: cell.value for row, cell in zip(rows, cells, strict=True)}
    values["q: twice"] = {rows[0]: 10.1, rows[1]: 20.3, rows[2]: 7.0}
    found = judged("x", cells, values)
    assert (found.fits[0].computed, found.fits[0].met, found.says) == ("right", 3, "fits")
    assert found.tried == 42

    once = judged("x", cells[:1], {name: {rows[0]: of[rows[0]]} for name, of in values.items()})
    drawn = cells[0].value * (1 + NEAR * rng.uniform(-1, 1, 20_000))
    mine = np.array([of[rows[0]] for of in values.values()])
    distinct = np.unique(np.round(mine, 9))
    counted = np.mean([np.sum(np.round(distinct, 1) == one) for one in np.round(drawn, 1)])
    assert once.by_chance == pytest.approx(counted, rel=0.05)
    assert once.says.endswith("which says nothing")


def test_equal_values_count_once_and_the_plain_one_is_named():
    cells = [Cell("m", "", "x", "1.50")]
    values = {"psnr: plain": {("m", ""): 1.501}, "psnr: odd": {("m", ""): 1.501}, "psnr: near": {("m", ""): 1.52}}
    found = judged("x", cells, values)
    assert [(fit.computed, fit.equal, fit.met) for fit in found.fits] == [("plain", ["odd"], 1), ("near", [], 0)]
    assert judged("x", cells, {"psnr: near": {("m", ""): 1.52}}).says == "nothing fits"
    assert judged("x", cells, {}).says == "nothing fits"


# -- published numbers


@pytest.mark.matlab
def test_the_baseline_row_of_table_1(shared_data):
    """PIQE, PSNR, SSIM and entropy of Liu's published result: what fits, and that it says nothing."""
    files = ("fused_cnn", "children_1", "children_2")
    found = audited(Images(*(read(shared_data / "children" / f"{name}.tif") for name in files)))
    assert {column: of.fits[0].computed for column, of in found.items()} == {
        "piqe": "of the fused image resized to 492 x 492",
        "psnr": "against B, both cut by 1 on each side, gray, uint8",
        "ssim": "against B, gray, double 0 to 255",
        "entropy": "of the gray, uint8, 256 bins",
    }
    assert all(of.says.endswith("which says nothing") for of in found.values())
    of_psnr = {fit.computed: value for fit in found["psnr"].fits for value in fit.values.values()}
    as_it_is = {name: value for name, value in of_psnr.items() if "both" not in name}
    nearest = min(as_it_is, key=lambda name: abs(as_it_is[name] - 29.61))
    assert (nearest, f"{as_it_is[nearest]:.3f}") == ("against B, gray, uint8", "29.593")


NOISY = ("q_e", "q_y")  # whose values in MATLAB are moved by the noise of its sums: see their docstrings


@pytest.mark.matlab
@pytest.mark.slow
def test_the_surveys_dialects_are_found_from_its_images(shared_data, tmp_path, monkeypatch):
    """MATLAB's values of eight metrics to five digits, and the same moved at random."""
    rng, rows, made_up = np.random.default_rng(0), [], []
    stored = loadmat(shared_data / "survey" / "evaluation" / "Q_grayscale.mat")["Q"]
    for method in ("cnn", "gff"):
        for number in (5, 9):
            values = stored[SURVEY_METHODS.index(method), :, number - 1]
            rows.append([method, f"g_{number:02d}", *(f"{value:.5g}" for value in values)])
            made_up.append([*rows[-1][:2], *(f"{value * rng.uniform(0.96, 1.04):.5g}" for value in values)])
    survey = shared_data / "survey"
    folders = ["--fused", survey / "Results" / "grayscale", "--a", survey / "sources", "--b", survey / "sources"]
    monkeypatch.chdir(tmp_path)

    def audited_columns(lines):
        with open("table.csv", "w", newline="") as file:
            csv.writer(file).writerows([["method", "image", *SURVEY], *lines])
        assert main(["audit", "table.csv", *map(str, folders)]) == 0
        return json.loads((tmp_path / "audit" / "audit.json").read_text())["columns"]

    for name, column in audited_columns(rows).items():
        best, *others = column["fits"]
        assert (best["metric"], best["computed"]) == (name, "gray")
        assert best["met"] == 4 or (name in NOISY and best["met"] >= 2)
        assert all(other["met"] < best["met"] for other in others) or name in NOISY
    for column in audited_columns(made_up).values():
        assert column["verdict"] == "nothing fits" or column["verdict"].endswith("which says nothing")


# -- the command


@pytest.mark.slow
def test_the_command_writes_a_page_json_and_csv_and_keeps_what_it_computed(tmp_path, monkeypatch, capsys, three):
    for name, image in zip(("cnn", "a", "b"), three[:3], strict=True):
        write_stored(tmp_path / f"{name}.png", image)
    psnr = values_of(three, "psnr")["psnr: against A, colour, uint8"]
    (tmp_path / "table.csv").write_text(f"method,PSNR,SSIM\ncnn,{psnr:.6f},0.123456\n=gff,1,2\n")
    arguments = ["audit", "table.csv", "--fused", ".", "--a", "a.png", "--b", "b.png", "--out", "found"]
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert "| PSNR | fits | PSNR | against A, colour, uint8 | 1 of 1 |" in told.out
    assert "| SSIM | nothing fits |" in told.out
    assert "1 of 2 rows have no images here" in told.err
    found = json.loads((tmp_path / "found" / "audit.json").read_text())
    assert found["missing"] == [["=gff", ""]]
    assert found["values"][0]["value"] == psnr
    with open(tmp_path / "found" / "audit.csv", newline="") as file:
        lines = [*csv.DictReader(file)]
    assert next(line["met"] for line in lines if line["column"] == "PSNR") == "True"
    assert "against A, colour, uint8" in (tmp_path / "found" / "audit.html").read_text()
    kept = (tmp_path / "found" / "cache.jsonl").read_text()
    monkeypatch.setattr("reference.audit.search.of_images", None)  # nothing is computed again
    assert main(arguments) == 0
    assert (tmp_path / "found" / "cache.jsonl").read_text() == kept


def test_a_column_that_the_images_do_not_allow_fits_nothing(tmp_path, monkeypatch, capsys, rng):
    for name in ("cnn", "a", "b"):
        write_stored(tmp_path / f"{name}.png", rng.integers(0, 256, (30, 30)).astype(np.uint8))
    (tmp_path / "table.csv").write_text("method,VIFP\ncnn,0.5\n")
    monkeypatch.chdir(tmp_path)
    assert main(["audit", "table.csv", "--fused", "cnn.png", "--a", "a.png", "--b", "b.png"]) == 0
    assert "| VIFP | nothing fits |" in capsys.readouterr().out
    assert (tmp_path / "audit/audit.csv").read_text() == "method,image,column,text,metric,computed,value,met\n"


def test_the_command_refuses_what_does_not_go_together(tmp_path, monkeypatch, capsys, three):
    monkeypatch.chdir(tmp_path)
    write_stored(tmp_path / "cnn.png", three.fused)
    write_stored(tmp_path / "small.png", three.a[:20])
    (tmp_path / "table.csv").write_text("method,PSNR\ncnn,30\n")
    common = ["audit", "table.csv", "--fused", "cnn.png", "--a", "small.png"]
    assert main([*common, "--b", "none"]) == 3
    assert "none does not exist" in capsys.readouterr().err
    assert main([*common, "--b", "cnn.png"]) == 3
    assert "small.png is 56 x 20 pixels, but cnn.png 56 x 48" in capsys.readouterr().err
    (tmp_path / "table.csv").write_text("method,PSNR\nnsct,30\n")
    assert main(["audit", "table.csv", "--fused", ".", "--a", "cnn.png", "--b", "cnn.png"]) == 3
    assert "has no image of nsct" in capsys.readouterr().err
