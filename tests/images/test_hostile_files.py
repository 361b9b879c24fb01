"""Hostile files: made wrong, or claiming to be enormous; each gives an image or one sentence, and the exit code 3."""

from __future__ import annotations

import struct
import subprocess
import sys
import tracemalloc
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from reference.cli import main
from reference.datasets.pairs import embedded_pairs
from reference.errors import BadInput
from reference.images.files import read_image, write_image
from tests.images.shared import SIGNATURE, chunk, refused, tiff_of_pages
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
    def reads(path, page):
        raise broken

    monkeypatch.setattr(fuzzing, "read_photograph", reads)
    assert fuzzing.judged("x.png", b"", tmp_path).startswith(says)


@posix
def test_a_process_that_dies_is_a_finding(monkeypatch, capsys):
    monkeypatch.setattr(fuzzing, "BATCH", 10)
    monkeypatch.setattr(fuzzing.sys, "executable", "false")
    assert fuzzing.main(10) == 1
    assert "the process ended with 1 at file 0" in capsys.readouterr().out


def test_pages_that_go_round_in_a_circle_come_to_an_end(tmp_path):
    path = tmp_path / "a.tif"
    tiff_of_pages(path, *[(np.zeros((20, 30), np.uint8), {})] * 2)
    content = bytearray(path.read_bytes())
    (first,) = struct.unpack_from("<I", content, 4)
    (second,) = struct.unpack_from("<I", content, first + 2 + 12 * struct.unpack_from("<H", content, first)[0])
    struct.pack_into("<I", content, second + 2 + 12 * struct.unpack_from("<H", content, second)[0], first)
    path.write_bytes(content)
    read = "import sys; from reference.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", read, "fuse", path, path, "-o", tmp_path / "f.png", "--method", "gfdf"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert "holds 2 images" in done.stderr


def png_that_claims(side: int, depth: int) -> bytes:
    """A few hundred bytes of nothing, of a PNG of that size."""
    head = struct.pack(">IIBBBBB", side, side, depth, 2, 0, 0, 0)
    data = zlib.compress(bytes(100_000), 9)
    return SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.png", png_that_claims(12_500, 8), "12500 x 12500 pixels, but 150 megapixels are allowed"),
        ("x.png", png_that_claims(12_500, 16), "12500 x 12500 pixels, but 150 megapixels are allowed"),
        ("x.png", png_that_claims(200_000, 8), "far more than 150 megapixels, which are allowed"),
        ("x.tif", None, "30000 x 30000 pixels, but 150 megapixels are allowed"),
    ],
)
def test_a_bomb_is_refused_before_it_is_decoded(tmp_path, capsys, name, content, says):
    path = tmp_path / name
    if content is None:
        tifffile.imwrite(path, shape=(30_000, 30_000), dtype=np.uint8, tile=(4096, 4096), compression="zlib",
                         data=iter([b"x" * 10] * 64))  # fmt: skip
    else:
        path.write_bytes(content)
    assert path.stat().st_size < 20_000
    write_image(tmp_path / "sound.png", np.zeros((20, 20)))
    tracemalloc.start()
    arguments = ["fuse", str(path), str(tmp_path / "sound.png"), "-o", str(tmp_path / "f.png"), "--method", "gfdf"]
    assert main(arguments) == 3
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100e6  # it would be 470 MB
    error = capsys.readouterr().err.strip().splitlines()
    assert error[-1].endswith(says)
    assert not list(tmp_path.glob("f*"))


def test_what_is_allowed_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("reference.images.decoding.MOST_MEGAPIXELS", 0.0004)
    write_image(tmp_path / "x.png", np.zeros((20, 20)))
    assert read_image(tmp_path / "x.png").pixels.shape == (20, 20)
    write_image(tmp_path / "x.png", np.zeros((20, 21)))
    refused(tmp_path / "x.png", r"21 x 20 pixels, but 0.0004 megapixels are allowed")


@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_a_tiff_of_which_a_part_is_missing_is_refused(tmp_path, tile):
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, np.full((64, 48), 200, np.uint8), tile=tile, rowsperstrip=None if tile else 8)
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
    output = out / "al" if command == "align" else out / f"f.{suffix}"
    more = [] if command == "align" else ["--method", "gfdf"]
    limited = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
        "from reference.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    arguments = [sys.executable, "-c", limited, command, *map(str, sources), "-o", str(output), *more]
    done = subprocess.run(arguments, check=False, capture_output=True, text=True)
    assert done.returncode == 3
    last = done.stderr.strip().splitlines()[-1]
    first = output / f"a.{suffix}" if command == "align" else output
    said = last.rpartition("parfocal: ")[2]
    assert said.startswith(f"{first} cannot be written: ")
    assert "File too large" in said or "is the disk full?" in said
    assert not list(out.iterdir())


def test_a_chunk_that_claims_more_than_the_file_holds_is_refused_at_once(tmp_path):
    sound = png_that_claims(20, 16)
    path = tmp_path / "x.png"
    path.write_bytes(sound[:33] + struct.pack(">I", 0x7FFFFFFF) + sound[37:])
    refused(path, r"x.png is not a readable image: it ends too early")


@pytest.mark.parametrize(
    ("kind", "options", "tag", "at", "damage"),
    [
        # Its type, and how many values it has: tifffile would say nothing, and take the bytes as they are.
        (np.uint8, {"compression": "lzw", "byteorder": "<"}, 259, 2, b"\xff" * 6),
        (np.uint8, {"compression": "lzw", "byteorder": ">"}, 259, 2, b"\xff" * 6),
        (np.uint16, {}, 258, 4, (2).to_bytes(4, "little")),  # more depths than samples
    ],
)
def test_what_decides_on_the_pixels_is_not_taken_as_its_default(tmp_path, kind, options, tag, at, damage):
    path = tmp_path / "x.tif"
    tifffile.imwrite(path, np.zeros((24, 32), kind), **options)
    with tifffile.TiffFile(path) as tiff:
        at += tiff.pages[0].tags[tag].offset
    sound = path.read_bytes()
    path.write_bytes(sound[:at] + damage + sound[at + len(damage) :])
    refused(path, f"what it says under tag {tag} is damaged")


@pytest.mark.parametrize(("at", "value"), [(10, 0), (10, 53), (28, 8), (46, 300)])
def test_a_bmp_whose_pixels_begin_within_its_palette_is_refused(at, value, tmp_path, rng):
    """Found by fuzzing: no checksum tells of the damage, and two programs show two pictures."""
    path = tmp_path / "a.bmp"
    Image.fromarray(rng.integers(0, 256, (24, 32, 3), np.uint8)).save(path)
    sound = path.read_bytes()
    assert read_image(path).shape == (24, 32, 3)
    path.write_bytes(sound[:at] + value.to_bytes(2, "little") + sound[at + 2 :])
    refused(path, "its pixels would begin at byte")
