"""Folders of fused images scored at once: the values of each alone, in rows, and nothing lost to a broken file."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest

from reference.cli import main
from reference.datasets.pairs import embedded_pairs


@pytest.fixture
def folders(tmp_path):
    """Three pairs as folders of sources and truth; the truth is what was fused."""
    for pair in embedded_pairs()[:3]:
        files = {"fused": pair.truth, "a": pair.image_a, "b": pair.image_b, "truth": pair.truth}
        for (folder, path), ending in zip(files.items(), ("_gfdf", "-A", "-B", ""), strict=True):
            (tmp_path / folder).mkdir(exist_ok=True)
            shutil.copy(path, tmp_path / folder / f"{pair.name}{ending}.png")
    return tmp_path


def arguments(folders, *more: str) -> list[str]:
    files = [str(folders / name) for name in ("fused", "a", "b")]
    return ["score", *files, "--metrics", "q_mi,cc,sf", "--pairs", *more]


def rows(text: str) -> dict[str, dict[str, str]]:
    return {row.pop("image"): row for row in csv.DictReader(io.StringIO(text))}


@pytest.mark.slow
def test_every_row_is_the_score_of_that_image_alone_and_the_last_their_mean(folders, capsys):
    assert main(arguments(folders, "--truth", str(folders / "truth"), "--jobs", "2")) == 0
    table = rows(capsys.readouterr().out)
    mean = {name: float(value) for name, value in table.pop("mean").items()}
    assert list(table) == [f"{pair.name}_gfdf.png" for pair in embedded_pairs()[:3]]
    for pair in embedded_pairs()[:3]:
        files = [folders / "fused" / f"{pair.name}_gfdf.png", pair.image_a, pair.image_b]
        assert main(["score", *map(str, files), "--truth", str(pair.truth), "--metrics", "q_mi,cc,sf", "--json"]) == 0
        alone = json.loads(capsys.readouterr().out)["scores"]
        row = {name: float(value) for name, value in table[files[0].name].items()}
        assert row == pytest.approx({name: float(value) for name, value in alone.items()}, rel=1e-12)  # other threads
    for name, value in mean.items():
        assert value == pytest.approx(sum(float(row[name]) for row in table.values()) / 3)


@pytest.mark.slow
def test_a_broken_file_is_told_and_the_others_are_scored(folders, capsys):
    broken = folders / "fused" / f"{embedded_pairs()[1].name}_gfdf.png"
    broken.write_bytes(b"")
    assert main(arguments(folders, "--json", "--jobs", "2")) == 3
    printed = capsys.readouterr()
    assert f"{broken} is not a readable image" in printed.err
    assert len(json.loads(printed.out)["images"]) == 2


@pytest.mark.slow
def test_files_of_one_name_in_two_folders_stay_apart(folders, capsys):
    for name in ("fused", "a", "b"):
        for number, path in enumerate(sorted((folders / name).iterdir()), 1):
            (folders / name / f"set{number}").mkdir()
            path.rename(folders / name / f"set{number}" / "one.png")
    assert main(arguments(folders, "--jobs", "2")) == 0
    assert list(rows(capsys.readouterr().out)) == ["set1/one.png", "set2/one.png", "set3/one.png", "mean"]


def test_what_has_no_partner_is_refused_before_any_work(folders, capsys):
    (folders / "b" / f"{embedded_pairs()[0].name}-B.png").unlink()
    assert main(arguments(folders)) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "but not one for" in printed.err


def test_folders_need_pairs_and_jobs_too(folders, capsys):
    one = arguments(folders)
    one.remove("--pairs")
    assert main(one) == 2
    assert "--pairs scores folders" in capsys.readouterr().err
    files = [str(embedded_pairs()[0].image_a)] * 3
    assert main(["score", *files, "--jobs", "2"]) == 2
    assert "--jobs goes with --pairs" in capsys.readouterr().err
