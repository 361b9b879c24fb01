"""The explorer: the same bytes as the command line, only what is touched done again, and the page in a browser."""

from __future__ import annotations

import shlex
import tracemalloc
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from matlab_compat import imresize
from reference.cli import main, parser
from reference.commands.arguments import method_settings
from reference.datasets.pairs import embedded_pairs
from reference.errors import BadInput
from reference.explorer.choice import METHODS, Choice, default
from reference.explorer.session import Pictures, Session, command, write_bundle
from reference.explorer.uploads import Limits, Source, read_upload
from reference.explorer.wording import MEASURES, PICTURES, measures
from reference.images.files import read_image, write_image
from reference.network.scoring import ScoringNetwork
from tests.support.optional import needs

LIMITS = Limits()
choices = st.builds(
    Choice,
    method=st.sampled_from(METHODS),
    pool_window=st.integers(0, 32).map(lambda half: 2 * half + 1),
    pool_p=st.integers(0, 20).map(lambda twentieths: round(twentieths * 0.05, 2)),
    pool_side=st.sampled_from("ab"),
    area=st.integers(0, 10_000),
    radius=st.integers(0, 60),
    eps_exponent=st.integers(-12, 0).map(lambda half: half / 2),
)


@pytest.fixture
def photographs(tmp_path):
    """A and B of an embedded pair, a crop of each, as JPEG."""
    pair = next(pair for pair in embedded_pairs() if pair.name == "cat_coffee")
    for name, path in (("a.jpg", pair.image_a), ("b.jpg", pair.image_b)):
        write_image(tmp_path / name, read_image(path).pixels[60:188, 60:220])
    return tmp_path


@pytest.fixture
def session(photographs, tmp_path_factory):
    """One with both photographs; they are read from copies, since reading an upload deletes it."""
    visit = Session(tmp_path_factory.mktemp("session"))
    for side in "ab":
        upload = visit.folder / f"{side}.jpg"
        upload.write_bytes((photographs / upload.name).read_bytes())
        visit.take(side, read_upload(upload, LIMITS))
    return visit


@given(choices)
def test_the_command_line_means_what_was_chosen(choice):
    words = shlex.split(choice.command(["a.jpg", "b.jpg"], "fused.png"))
    assert words[:2] == ["parfocal", "fuse"]
    asked, chosen = method_settings(parser().parse_args(words[1:])), choice.parameters
    if choice.method == "pixel":
        assert words[6:] == ["--method", "pixel"]
    elif choice.method == "gfdf":
        parameters = asked.load().parameters
        assert parameters == replace(chosen, small_region_ratio=parameters.small_region_ratio)
    else:
        parameters = asked.chosen()
        assert (asked.method, asked.network) == ("network", choice.method)
        same = {"pool_window", "small_region_area", "guide_radius", "guide_eps"}
        same |= {"pool_p", "pool_side"} if choice.pool_window > 1 else set()  # a window of 1 changes nothing
        for name in same:
            assert getattr(parameters, name) == getattr(chosen, name)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("preset", ["paper", "tuned"])
def test_a_method_begins_with_the_parameters_that_the_command_line_begins_with(method, preset):
    words = ["fuse", "a", "b", "-o", "f.png"]
    own = method in ("gfdf", "pixel")
    words += ["--method", method] if own else ["--network", method, "--parameters", preset]
    asked, begun = (
        method_settings(parser().parse_args(words)).load().parameters,
        default(method, preset, (100, 200)).parameters,
    )
    assert asked.area((100, 200)) == begun.area((100, 200))
    for name in ("pool_window", "pool_p", "pool_side", "guide_radius", "guide_eps"):
        assert getattr(asked, name) == getattr(begun, name)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["small", "gfdf", "pixel"])
def test_files_are_the_bytes_of_the_command_line(session, photographs, monkeypatch, method):
    monkeypatch.chdir(photographs)
    first = default(method, "paper", session.sources.a.pixels.shape)
    changes = [{}, {"area": 0}, {"radius": 2}, {"eps_exponent": -3.5}] if method != "pixel" else [{}]
    changes += [{"pool_window": 9, "pool_p": 0.85, "pool_side": "b"}] if method == "small" else []
    for change in changes:
        choice = replace(first, **change)
        session.run(choice)
        assert main([*shlex.split(command(session.finished))[1:], "--save-steps", "steps"]) == 0
        assert session.finished.result.read_bytes() == Path("fused.png").read_bytes()
        drawn = {path.name: path.read_bytes() for path in session.pictures.files.values()}
        for path in Path("steps").glob("*.png"):
            assert drawn[path.name] == path.read_bytes(), path.name


@pytest.mark.slow
def test_the_network_is_asked_again_for_other_photographs_only(session, monkeypatch):
    asked, scores = [], ScoringNetwork.__call__
    monkeypatch.setattr(
        ScoringNetwork, "__call__", lambda self, *pyramids: asked.append(self) or scores(self, *pyramids)
    )
    first = default("small", "paper", session.sources.a.pixels.shape)
    for change in ({}, {}, {"radius": 3}, {"eps_exponent": -2.0}, {"pool_window": 33, "pool_p": 0.1}, {"area": 7}):
        session.run(replace(first, **change))
    assert len(asked) == 1
    session.run(replace(first, method="liu2017"))
    session.run(first)  # of each network the last scores are kept
    assert [network.file.name for network in asked] == ["small", "liu2017"]
    session.take("b", session.photographs["a"])
    session.run(first)
    assert len(asked) == 3


def test_a_network_that_fails_is_asked_the_next_time(session, monkeypatch):
    first = default("small", "paper", session.sources.a.pixels.shape)
    with monkeypatch.context() as patch, pytest.raises(ValueError, match="once"):
        patch.setattr(ScoringNetwork, "__call__", lambda self, *pyramids: (_ for _ in ()).throw(ValueError("once")))
        session.run(first)
    assert session.run(first).values["score_map"].any()


def test_only_what_has_changed_is_drawn_again(session):
    first = default("small", "paper", session.sources.a.pixels.shape)
    session.run(first)
    assert {"source_a", "gray_b", "pyramid_a", "score_map", "overlay", "fusion"} <= session.pictures.changed
    session.run(replace(first, radius=3))
    assert session.pictures.changed == {"guided_filter", "fusion", "overlay"}
    session.run(replace(first, method="gfdf"))
    assert "focus_measure_a" in session.pictures.files
    assert "score_map" not in session.pictures.files
    session.run(replace(first, method="pixel"))
    assert {"decision_map", "expected_error", "fusion"} <= session.pictures.files.keys()
    assert not {"focus_measure_a", "guided_filter"} & session.pictures.files.keys()


def test_an_embedded_pair_has_its_truth_and_leaves_with_the_first_upload(session):
    pair = embedded_pairs()[0]
    source = session.photographs["a"]
    session.take_pair(pair)
    assert not session.missing
    assert "truth" in measures(*[read_image(pair.truth).pixels] * 3)
    session.take("b", source)
    assert session.missing == ["A"]
    assert session.truth is None
    with pytest.raises(BadInput, match="photograph A is still missing"):
        session.sources  # noqa: B018


def test_the_figures_are_those_of_the_pair():
    image = np.random.default_rng(0).random((32, 32, 3))
    found = measures(image, image, image)
    assert list(found) == list(MEASURES)
    assert found["truth"] == found["psnr"] == "infinite"
    assert found["ssim"] == "1.0000"


def test_an_upload_is_refused_in_one_sentence_and_deleted(tmp_path):
    text, large = tmp_path / "notes.jpg", tmp_path / "large.png"
    for path, limits, sentence in (
        (text, LIMITS, "notes.jpg is not a readable image"),
        (text, Limits(megabytes=0), "notes.jpg has 0 megabytes, but 0 are allowed"),
        (large, Limits(megapixels=0.001), "large.png is 40 x 30 pixels, but 0.001 megapixels are allowed"),
    ):
        text.write_text("no picture\n")
        write_image(large, np.zeros((30, 40)))
        with pytest.raises(BadInput) as refused:
            read_upload(path, limits)
        assert str(refused.value).startswith(sentence)
        assert "\n" not in str(refused.value)
        assert str(tmp_path) not in str(refused.value)
        assert not path.exists()


@pytest.mark.parametrize("stored", [np.uint8, np.uint16, np.float32])
def test_a_large_photograph_is_scaled_and_the_zip_holds_what_was_used(tmp_path, photographs, monkeypatch, stored):
    suffix = ".png" if stored == np.uint8 else ".tif"
    image = read_image(photographs / "a.jpg").pixels.mean(axis=2)
    visit = Session(tmp_path)
    for side in "ab":
        upload = tmp_path / f"{side}{suffix}"
        write_image(upload, image if side == "a" else image[:, ::-1], stored)
        visit.take(side, read_upload(upload, Limits(working=0.01)))
    choice = default("gfdf", "paper", visit.sources.a.pixels.shape)
    assert visit.sources.a.pixels.shape[0] * visit.sources.a.pixels.shape[1] <= 10_000
    visit.run(choice)
    assert visit.notices[0].startswith(f"a{suffix} has 160 x 128 pixels; scaled to 111 x 89")
    out = tmp_path / "unpacked"
    write_bundle(visit.finished, tmp_path / "steps.zip")
    with zipfile.ZipFile(tmp_path / "steps.zip") as bundle:
        bundle.extractall(out)
    monkeypatch.chdir(out)
    fused = Path(f"fused{suffix}").read_bytes()
    steps = {path: path.read_bytes() for path in Path("steps").iterdir()}
    line = Path("command.txt").read_text()
    assert line.startswith(f"parfocal fuse a_a{suffix} b_b{suffix} ")
    for path in (*steps, next(Path().glob("fused.*"))):
        path.unlink()
    assert main(shlex.split(line)[1:]) == 0
    assert next(path for path in Path().glob("fused.*") if path.suffix != ".json").read_bytes() == fused
    assert {path: path.read_bytes() for path in Path("steps").iterdir()} == steps


def test_without_gradio_a_sentence_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr("reference.commands.explore.find_spec", lambda name: None)
    assert main(["explore"]) == 4
    assert capsys.readouterr().err == 'parfocal: the explorer needs gradio: pip install "parfocal[explore]"\n'


@pytest.fixture
def events(tmp_path):
    """What the page does, on a page whose parts are their names; gradio's own leave event loops open."""
    needs("gradio")
    from reference.explorer.events import Events
    from reference.explorer.layout import Page

    options = ["pool-window", "pool-p", "pool-side", "area", "radius", "eps"]
    single = ("pair", "method", "preset", "message", "before", "compared", "figures", "brief",
              "command", "download", "zip_file")  # fmt: skip
    page = Page(
        uploads={"a": "upload a", "b": "upload b"},
        options={option: f"option {option}" for option in options},
        pictures={name: f"picture {name}" for names in PICTURES.values() for name in names},
        texts={number: (f"text {number}", f"formula {number}", f"matlab {number}") for number in PICTURES},
        **{name: name for name in single},
    )
    return Events(page, tmp_path, LIMITS)


SLIDERS = (1, 0.5, "a", 100, 8, -1.0)  # in the order of the page: window, p, side, area, radius, eps


def test_a_value_that_cannot_be_is_a_sentence_and_changes_nothing(events, session):
    answer = events._in_words(events.move)
    assert "parfocal fuse" in answer(session, "gfdf", *SLIDERS)[events.page.command]
    drawn = {name: path.read_bytes() for name, path in session.pictures.files.items()}
    before = command(session.finished)
    for position, value, says in (
        (0, 4, "pool_window is 4, but a window around a pixel is odd"),
        (1, 7.0, "pool-p is 7, but it goes from 0 to 1 here"),
        (3, -1, "area is -1, but it goes from 0 to 1024 here"),
        (4, 61, "radius is 61, but it goes from 0 to 60 here"),
        (4, 2.5, "radius is 2.5, but it is a whole number"),
        (4, None, "radius has no value"),
        (5, float("nan"), "eps is nan, but it goes from -6 to 0 here"),
    ):
        moved = [*SLIDERS[:position], value, *SLIDERS[position + 1 :]]
        updates = answer(session, "small", *moved)
        assert updates[events.page.options["pool-window"]].value == 1  # the box too goes back
        assert updates[events.page.options["radius"]].value == 8
        assert updates[events.page.method] == "gfdf"
        assert events.page.command not in updates
        assert says in updates[events.page.message]
        assert 'role="alert"' in updates[events.page.message]
        assert command(session.finished) == before
        assert {name: path.read_bytes() for name, path in session.pictures.files.items()} == drawn


def test_a_visit_that_has_ended_is_told_so(events):
    for function in (events.move, events.compare, events.bundle):
        updates = events._in_words(function)(None, *SLIDERS)
        assert list(updates) == [events.page.message]
        assert "load the page again" in updates[events.page.message]


def test_what_was_not_foreseen_is_told_without_its_details(events, session, capsys):
    def breaks(session):
        raise RuntimeError("the inside")

    updates = events._in_words(breaks)(session)
    assert "the inside" not in updates[events.page.message]
    assert "RuntimeError: the inside" in capsys.readouterr().err


def test_names_of_files_are_text_on_the_page(events, session, tmp_path):
    upload = events.folder / "uploads" / "<script>x.jpg"
    upload.parent.mkdir(exist_ok=True)
    upload.write_text("no picture")
    updates = events._in_words(partial(events.upload, "a"))(session, "small", "paper", {"path": str(upload)})
    assert "&lt;script&gt;x.jpg is not a readable image" in updates[events.page.message]
    assert (updates["upload a"].value, updates["upload a"].label) == (None, "photograph A: a.jpg")
    assert session.photographs["a"].name == "a.jpg"


def test_sources_that_do_not_fit_leave_the_page_as_it_was(events, session, photographs):
    session.run(default("gfdf", "paper", session.sources.a.pixels.shape))
    gray = events.folder / "uploads" / "gray.png"
    gray.parent.mkdir(exist_ok=True)
    write_image(gray, read_image(photographs / "a.jpg").pixels.mean(axis=2))
    updates = events._in_words(partial(events.upload, "b"))(session, "small", "paper", {"path": str(gray)})
    assert "a.jpg is colour but gray.png is gray: convert one of them first" in updates[events.page.message]
    assert command(session.finished).startswith("parfocal fuse a.jpg b.jpg")
    assert events.page.zip_file in events._in_words(events.bundle)(session)
    assert updates[events.page.method] == "gfdf"  # the controls too are those of what is shown
    assert events.page.command not in updates


@pytest.mark.parametrize("names", [("x.jpg", "x.jpg"), ("fused.png", "x.jpg"), ("x.jpg", "fused_decision_map.png")])
def test_names_that_are_not_clear_get_others(session, names):
    for side, name in zip("ab", names, strict=True):
        session.photographs[side] = session.photographs[side]._replace(name=name)
    words = shlex.split(command(session.run(default("gfdf", "paper", session.sources.a.pixels.shape))))
    assert words[2:6] == [f"a_{names[0][:-4]}.png", f"b_{names[1][:-4]}.png", "-o", "fused.png"]


def test_where_one_source_is_scaled_both_get_names_that_cannot_clash(session):
    session.photographs["a"] = session.photographs["a"]._replace(name="big.png", scaled_from=(999, 999))
    session.photographs["b"] = session.photographs["b"]._replace(name="a_big.png")
    words = shlex.split(command(session.run(default("gfdf", "paper", session.sources.a.pixels.shape))))
    assert words[2:4] == ["a_big.png", "b_a_big.png"]


@pytest.mark.parametrize("name", ["session.png", "uploads/../session.png", "uploads/link.png"])
def test_only_uploads_are_read_and_deleted(events, session, name):
    """What a visitor sends may name any file of this machine, or lead to it by a link."""
    path, uploads = events.folder / name, events.folder / "uploads"
    uploads.mkdir()
    write_image(events.folder / "session.png", np.zeros((20, 20)))
    (uploads / "link.png").symlink_to(events.folder / "session.png")
    updates = events._in_words(partial(events.upload, "a"))(session, "small", "paper", {"path": str(path)})
    assert "was not uploaded: drop it again" in updates[events.page.message]
    assert (events.folder / "session.png").exists()


def test_after_half_an_upload_nothing_of_the_pair_before_is_shown(events, session, photographs):
    events._in_words(events.begin)(session, "cat_coffee", "gfdf", "paper")
    upload = events.folder / "uploads" / "a.jpg"
    upload.parent.mkdir()
    upload.write_bytes((photographs / "a.jpg").read_bytes())
    updates = events._in_words(partial(events.upload, "a"))(session, "gfdf", "paper", {"path": str(upload)})
    assert "Now drop photograph B" in updates[events.page.message]
    assert [updates[part] for part in ("figures", "brief", "command")] == [""] * 3
    assert all(updates[picture].value is None for picture in events.page.pictures.values())
    assert updates["download"].value is None
    assert "nothing has been fused yet" in events._in_words(events.bundle)(session)[events.page.message]
    upload.with_name("b.jpg").write_bytes((photographs / "b.jpg").read_bytes())
    sent = {"path": str(upload.with_name("b.jpg"))}
    updates = events._in_words(partial(events.upload, "b"))(session, "gfdf", "paper", sent)
    assert updates["picture gray_a"].value["path"].endswith("01_gray_a.png")  # all are drawn anew
    assert updates["command"].startswith("parfocal fuse a.jpg b.jpg")


def test_a_notice_calls_the_command_lines_options_so(session):
    image = session.photographs["b"].file
    session.take("b", Source("dark.png", replace(image, raw=image.raw // 2)))
    assert "dark.png is" in (sentence := (session.sources, session.notices)[1][0])
    assert sentence.endswith(": on the command line --match-exposure makes it as bright")


@pytest.mark.slow
def test_a_large_upload_is_scaled_before_it_is_doubled(tmp_path):
    """Doubles of this one would take 700 MB; to a level of what imresize gives where it is smooth."""
    tracemalloc.start()
    rows, columns = np.indices((3600, 8000), dtype=np.uint16)
    smooth = np.stack([rows // 16, columns // 32, (rows + columns) // 64], axis=2).astype(np.uint8)
    Image.fromarray(smooth).save(tmp_path / "large.png", compress_level=1)
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    source = read_upload(tmp_path / "large.png", LIMITS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert source.scaled_from == (3600, 8000)
    assert peak - before < 250e6
    height, width = source.file.shape[:2]
    assert height * width <= 1e6
    whole = imresize(smooth[:, :, 1], [height, width])
    assert np.abs(source.file.raw[4:-4, 4:-4, 1].astype(int) - whole[4:-4, 4:-4]).max() <= 1


def test_an_upload_that_is_gone_is_a_sentence(tmp_path):
    with pytest.raises(BadInput, match=r"^a.jpg has gone already: drop it again$"):
        read_upload(tmp_path / "a.jpg", LIMITS)


def test_boxes_show_what_ran_when_a_slider_was_moved_before_the_page_began_anew(events, session):
    session.just_started = True
    moved = events._in_words(events.move)(session, "gfdf", *SLIDERS[:4], 20, SLIDERS[5])
    assert moved[events.page.options["radius"]].value == 20
    again = events._in_words(events.move)(session, "gfdf", *SLIDERS)
    assert events.page.options["radius"] not in again  # nothing pulls a slider from under the hand


def test_a_name_is_no_option():
    line = Choice("gfdf", 1, 0.5, "a", 0, 5, -0.5).command(["-a.jpg", "b.jpg"], "fused.png")
    assert str(parser().parse_args(shlex.split(line)[1:]).a) == "-a.jpg"


@pytest.mark.parametrize("kind", [np.float16, np.float64])
def test_the_size_of_every_tiff_is_known_before_it_is_read(tmp_path, kind):
    import tifffile

    tifffile.imwrite(tmp_path / "large.tif", np.zeros((30, 40), kind))
    with pytest.raises(BadInput, match=r"large.tif is 40 x 30 pixels, but 0.001 megapixels are allowed"):
        read_upload(tmp_path / "large.tif", Limits(megapixels=0.001))


def test_with_gfdf_stands_what_gfdf_does(events, session):
    updates = events._in_words(events.begin)(session, "", "gfdf", "tuned")
    options = events.page.options
    assert [updates[options[name]].visible for name in ("pool-window", "pool-p", "pool-side")] == [False] * 3
    assert updates[options["radius"]].label == "radius, pixels; GFDF: 5"
    assert not updates[events.page.preset].visible
    assert "GFDF has no such step" in updates["text 2"].value
    assert not updates["formula 2"].visible
    assert "fA > fB" in updates["matlab 6"].value
    back = events._in_words(events.begin)(session, "", "small", "paper")
    assert "impyramid" in back["matlab 2"].value
    assert back[options["pool-p"]].visible
    assert back[options["radius"]].label == "radius, pixels; paper: 8"


def test_a_photograph_is_called_as_the_visitor_calls_it(tmp_path, photographs):
    source = read_upload(photographs / "a.jpg", LIMITS, "Bild 1 (A).jpg")
    assert source.name == "Bild 1 (A).jpg"
    (tmp_path / "notes.txt").write_text("no picture")
    with pytest.raises(BadInput, match=r"^x\.jpg is not a readable image"):
        read_upload(tmp_path / "notes.txt", LIMITS, "../x.jpg")


def test_minus_zero_is_another_value(tmp_path):
    pictures = Pictures(tmp_path)
    for value, changed in ((0.0, {"fusion"}), (0.0, set()), (-0.0, {"fusion"})):
        pictures.draw({"fusion": np.full((20, 20), value)})
        assert pictures.changed == changed
