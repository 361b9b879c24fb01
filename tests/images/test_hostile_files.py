"""Hostile files: made wrong, or claiming to be enormous; each gives an image or one sentence, and the exit code 3."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import tracemalloc
import zlib
from unittest.mock import Mock

import numpy as np
import pytest
import tifffile

from reference.datasets.pairs import embedded_pairs
from reference.errors import BadInput
from reference.images.files import read_image, write_image
from tests.images.shared import damage, png, refused, saved, tiff_of, tiff_of_pages
from tests.support import fuzzing
from tests.support.optional import posix


@posix
@pytest.mark.slow
def test_five_hundred_wrong_files_give_an_image_or_a_sentence(capsys):
    assert fuzzing.main(500, seed=1) == 0
    assert "read" in capsys.readouterr().out  # not all were refused


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (ValueError("no sentence on the file"), "ValueError: no sentence"),
        (BadInput("x.png is bad\nvery"), "not one sentence"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_the_judge_sees_what_is_wrong(monkeypatch, tmp_path, broken, says):
    monkeypatch.setattr(fuzzing, "read_photograph", Mock(side_effect=broken))
    assert fuzzing.judged("x.png", b"", tmp_path).startswith(says)


@posix
def test_a_process_that_dies_is_a_finding(monkeypatch, capsys):
    monkeypatch.setattr(fuzzing, "BATCH", 10)
    monkeypatch.setattr(fuzzing.sys, "executable", "false")
    assert fuzzing.main(10) == 1
    assert "the process ended with 1 at file 0" in capsys.readouterr().out


def in_a_process(*arguments, before=""):
    """The command line in a process of its own, after a statement."""
    program = f"import sys; {before}from reference.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def test_pages_that_go_round_in_a_circle_come_to_an_end(tmp_path):
    path = tiff_of_pages(tmp_path / "a.tif", *[(np.zeros((20, 30), np.uint8), {})] * 2)
    with tifffile.TiffFile(path) as tiff:
        first, second = tiff.pages
        end = second.offset + 2 + 12 * len(second.tags)
    damage(path, end, struct.pack("<I", first.offset))
    done = in_a_process("fuse", path, path, "-o", tmp_path / "f.png", "--method", "gfdf")
    assert done.returncode == 3
    assert "holds 2 images" in done.stderr


def png_that_claims(side, depth):
    return png(side, side, depth, 2, zlib.compress(bytes(100_000), 9))


def tiff_that_claims(side):
    tiles, content = iter([b"x" * 10] * 64), io.BytesIO()
    tifffile.imwrite(content, tiles, shape=(side, side), dtype=np.uint8, tile=(4096, 4096), compression="zlib")
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "claims", "size", "says"),
    [
        ("x.png", png_that_claims, (12_500, 8), "12500 x 12500 pixels, but 150 megapixels are allowed"),
        ("x.png", png_that_claims, (12_500, 16), "12500 x 12500 pixels, but 150 megapixels are allowed"),
        ("x.png", png_that_claims, (200_000, 8), "far more than 150 megapixels, which are allowed"),
        ("x.tif", tiff_that_claims, (30_000,), "30000 x 30000 pixels, but 150 megapixels are allowed"),
    ],
)
def test_a_bomb_is_refused_before_it_is_decoded(tmp_path, gfdf, name, claims, size, says):
    (tmp_path / name).write_bytes(claims(*size))
    assert (tmp_path / name).stat().st_size < 20_000
    write_image(tmp_path / "sound.png", np.zeros((20, 20)))
    tracemalloc.start()
    told = gfdf("fuse", tmp_path / name, tmp_path / "sound.png", code=3)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100e6  # it would be 470 MB
    assert told.strip().endswith(says)
    assert not list(tmp_path.glob("f*"))


def test_what_is_allowed_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("reference.images.decoding.MOST_MEGAPIXELS", 0.0004)
    write_image(tmp_path / "x.png", np.zeros((20, 20)))
    assert read_image(tmp_path / "x.png").pixels.shape == (20, 20)
    write_image(tmp_path / "x.png", np.zeros((20, 21)))
    refused(tmp_path / "x.png", r"21 x 20 pixels, but 0.0004 megapixels are allowed")


@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_a_tiff_of_which_a_part_is_missing_is_refused(tmp_path, tile):
    levels = np.full((64, 48), 200, np.uint8)
    path = tiff_of(tmp_path / "x.tif", levels, tile=tile, rowsperstrip=None if tile else 8)
    assert read_image(path).pixels.min() > 0.5
    with tifffile.TiffFile(path, mode="r+b") as tiff:
        tag = tiff.pages.first.tags["TileByteCounts" if tile else "StripByteCounts"]
        tag.overwrite([*tag.value[:-1], 0])
    refused(path, r"it holds \d+ of its \d+ strips or tiles")


@posix
@pytest.mark.slow
@pytest.mark.parametrize("command", ["fuse", "stack", "align"])
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_a_full_disk_leaves_nothing(tmp_path, command, suffix):
    """No file may be larger than 50 kB, as if the disk were full then."""
    pair, out = embedded_pairs()[0], tmp_path / "out"
    sources = [tmp_path / f"{name}.{suffix}" for name in "ab"]
    for source, image in zip(sources, (pair.image_a, pair.image_b), strict=True):
        write_image(source, read_image(image).pixels)
    out.mkdir()
    output, more = (out / "al", []) if command == "align" else (out / f"f.{suffix}", ["--method", "gfdf"])
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)); "
    done = in_a_process(command, *sources, "-o", output, *more, before=limit)
    assert done.returncode == 3
    first = output / f"a.{suffix}" if command == "align" else output
    said = done.stderr.strip().splitlines()[-1].rpartition("parfocal: ")[2]
    assert said.startswith(f"{first} cannot be written: ")
    assert "File too large" in said or "is the disk full?" in said
    assert not list(out.iterdir())


def test_a_chunk_that_claims_more_than_the_file_holds_is_refused_at_once(tmp_path):
    path = tmp_path / "x.png"
    path.write_bytes(png_that_claims(20, 16))
    damage(path, 33, struct.pack(">I", 0x7FFFFFFF))
    refused(path, r"x.png is not a readable image: it ends too early")


@pytest.mark.parametrize(
    ("kind", "options", "tag", "at", "wrong"),
    [
        # Its type, and how many values it has: tifffile would say nothing, and take the bytes as they are.
        (np.uint8, {"compression": "lzw", "byteorder": "<"}, 259, 2, b"\xff" * 6),
        (np.uint8, {"compression": "lzw", "byteorder": ">"}, 259, 2, b"\xff" * 6),
        (np.uint16, {}, 258, 4, (2).to_bytes(4, "little")),  # more depths than samples
    ],
)
def test_what_decides_on_the_pixels_is_not_taken_as_its_default(tmp_path, kind, options, tag, at, wrong):
    path = tiff_of(tmp_path / "x.tif", np.zeros((24, 32), kind), **options)
    with tifffile.TiffFile(path) as tiff:
        entry = tiff.pages.first.tags[tag].offset
    damage(path, entry + at, wrong)
    refused(path, f"what it says under tag {tag} is damaged")


@pytest.mark.parametrize(("at", "value"), [(10, 0), (10, 53), (28, 8), (46, 300)])
def test_a_bmp_whose_pixels_begin_within_its_palette_is_refused(at, value, tmp_path, rng):
    """Found by fuzzing: no checksum tells of the damage, and two programs show two pictures."""
    path = saved(tmp_path / "a.bmp", rng.integers(0, 256, (24, 32, 3), np.uint8))
    assert read_image(path).shape == (24, 32, 3)
    damage(path, at, value.to_bytes(2, "little"))
    refused(path, "its pixels would begin at byte")
