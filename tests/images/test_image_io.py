"""Image files: what is read exactly, what is refused in one sentence, and that nothing is half-written."""

from __future__ import annotations

import contextlib
import os
import sys
from functools import partial
from itertools import product
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from matlab_compat import im2double
from reference.errors import BadInput, MissingExtra
from reference.files import atomic_write
from reference.images.files import check_output, images_in, read_image, read_photograph, write_image
from reference.images.stacks import planes
from tests.images.shared import is_read_as, later, opened, refused, saved, with_chunks
from tests.support.optional import posix

RGB8 = np.random.default_rng(0).integers(0, 256, (18, 20, 3), dtype=np.uint8)
RGB16 = np.random.default_rng(1).integers(0, 65536, (18, 20, 3), dtype=np.uint16)
GRAY8, GRAY16 = RGB8[..., 0], RGB16[..., 0].copy()
FLOATS = np.random.default_rng(2).random((18, 20, 3)).astype(np.float32)
COLOUR, BILEVEL = Image.fromarray(RGB8), Image.fromarray(GRAY8 > 100)
PALETTE = COLOUR.quantize(16)
by_pillow, tiff, of_bytes = (partial(later, write) for write in (saved, tifffile.imwrite, Path.write_bytes))


def by_opencv(path):
    cv2 = pytest.importorskip("cv2", reason="OpenCV does not load: libGL or glib is missing", exc_type=ImportError)
    ok, encoded = cv2.imencode(".tif", RGB16[..., ::-1], [cv2.IMWRITE_TIFF_COMPRESSION, 5])  # LZW
    assert ok
    path.write_bytes(encoded.tobytes())


EXACT = [
    *((f"x.{suffix}", by_pillow(x), x) for suffix, x in product(("png", "bmp", "tif"), (RGB8, GRAY8))),
    *((f"{codec}.tif", by_pillow(x, compression=f"tiff_{codec}"), x)
      for codec, x in product(("lzw", "adobe_deflate"), (RGB8, GRAY8))),
    ("gray16.png", by_pillow(GRAY16), GRAY16),
    *(("sixteen.tif", tiff(x, byteorder=order), x) for order, x in product("<>", (RGB16, GRAY16))),
    ("planes.tif", tiff(np.moveaxis(RGB16, -1, 0).copy(), photometric="rgb", planarconfig="separate"), RGB16),
    ("inverted.tif", tiff(GRAY16, photometric="miniswhite"), 65535 - GRAY16),
    ("lzw_of_16_bits.tif", by_opencv, RGB16),
    ("floats.tif", tiff(FLOATS, photometric="rgb"), FLOATS),
    ("palette.png", PALETTE.save, np.asarray(PALETTE.convert("RGB"))),
    ("bilevel.png", BILEVEL.save, np.uint8(255) * np.asarray(BILEVEL)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "pixels"), EXACT)
def test_what_is_stored_is_read_exactly(tmp_path, name, make, pixels):
    make(tmp_path / name)
    is_read_as(pixels, tmp_path / name)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("name", "image", "options"),
    [("palette.tif", PALETTE, {}), ("bilevel.tif", BILEVEL, {}), ("lzw.tif", COLOUR, {"compression": "tiff_lzw"}),
     ("jpeg.tif", COLOUR, {"compression": "jpeg"}), ("x.tif", COLOUR, {}), ("x.jpg", COLOUR, {})],
)  # fmt: skip
def test_what_pillow_turns_stays_as_stored_as_in_matlab(tmp_path, orientation, name, image, options):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(tmp_path / name, exif=exif, **options)
    image.save(tmp_path / f"upright_{name}", **options)
    expected = np.asarray(opened(tmp_path / f"upright_{name}").convert("L" if image.mode == "1" else "RGB"))
    is_read_as(expected, tmp_path / f"upright_{name}")
    is_read_as(expected, tmp_path / name)
    assert read_photograph(tmp_path / name).shape[:2] == ((18, 20) if orientation < 5 else (20, 18))


def test_a_compression_that_cannot_be_read_as_stored_names_what_is_missing(tmp_path, monkeypatch):
    missing = ValueError("<COMPRESSION.LZW: 5> requires the 'imagecodecs' package")
    monkeypatch.setattr(tifffile.TiffPage, "asarray", Mock(side_effect=missing))
    saved(tmp_path / "x.tif", GRAY16, tiffinfo={0x0112: 6}, compression="tiff_lzw")
    with pytest.raises(MissingExtra, match="compressed by LZW, needs: pip install imagecodecs"):
        read_image(tmp_path / "x.tif")


def test_an_unknown_compression_is_not_told_to_be_missing(tmp_path):
    tifffile.imwrite(tmp_path / "x.tif", GRAY8)
    with tifffile.TiffFile(tmp_path / "x.tif", mode="r+b") as tiff:
        tiff.pages[0].tags["Compression"].overwrite(12345)
    refused(tmp_path / "x.tif", r"x\.tif is not a readable image")


def new(mode, *following, **options):
    """Makes a file of one colour, with others behind it."""
    images = [Image.new(mode, (20, 20), colour) for colour in (0, *following)]
    return lambda path: images[0].save(path, append_images=images[1:], save_all=bool(following), **options)


@pytest.mark.parametrize(
    ("name", "make", "sentence"),
    [
        ("x.png", lambda path: None, "does not exist"),
        ("x.png", lambda path: path.mkdir(), "is a folder"),
        ("x.png", of_bytes(b"this is a note"), "is not a readable image"),
        ("x.png", of_bytes(b""), "is not a readable image"),
        ("x.tif", of_bytes(b"II*\0\x08\0\0\0"), "holds 0 images"),
        ("x.jpg", new("CMYK"), "is stored as CMYK, but an image here is gray or RGB"),
        ("x.tif", new("CMYK"), "is stored as .*, but an image here is gray or RGB"),
        ("x.png", new("RGBA"), r"has transparency \(RGBA\)"),
        ("x.png", new("LA"), r"has transparency \(LA\)"),
        ("x.png", lambda path: PALETTE.save(path, transparency=3), r"has transparency \(P\)"),
        ("x.tif", tiff(np.dstack([RGB16, GRAY16]), photometric="rgb", extrasamples=["unassalpha"]),
         r"has transparency \(4 channels\)"),
        ("x.png", new("L", 200), "holds 2 images, but one is needed"),
        ("x.png", new("RGB", "red"), "holds an animation, but one image is needed"),
        ("x.png", by_pillow(RGB8, transparency=(1, 2, 3)), r"has transparency \(RGB\)"),
        ("x.gif", new("L", 200), "is not a readable image: it is a GIF: write it as PNG or TIFF first"),
        ("x.jpg", by_pillow(RGB8, format="WEBP"), "it is a WebP: write it as PNG or TIFF first"),
        ("x.heic", of_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 40), "it is a HEIC: write it as PNG"),
        ("x.NEF", tiff(RGB8, photometric="rgb"), "is a raw file of a camera: develop it to PNG or TIFF first"),
        ("x.ppm", of_bytes(b"P6 20 18 65535\n" + RGB16.tobytes()), "is not a readable image"),
        ("x.tif", tiff(np.zeros((18, 20), np.int8)), "holds int8"),
        ("x.tif", tiff(GRAY16 / np.float32(65535), photometric="miniswhite"),
         "is stored as MINISWHITE of float32, for which there is no rule here"),
        ("x.tif", tiff(GRAY16, photometric="palette", colormap=np.zeros((3, 65536), np.uint16)),
         "is stored as PALETTE"),
        ("x.tif", tiff(np.stack([GRAY16, GRAY16]), photometric="minisblack"), "holds 2 images, but one is needed"),
        ("x.png", by_pillow(RGB8[:15]), "is 20 x 15 pixels, but a side must have at least 16"),
        ("x.tif", tiff(np.diag([np.nan, np.inf, *[0] * 16]).astype(np.float32)),
         "has 2 pixels that are NaN or infinite"),
        ("x.tif", tiff(np.full((18, 20), 7.5, np.float32)),
         r"has values from 7.5 to 7.5, but they must lie in \[0, 1\]"),
        ("x.tif", tiff(np.zeros((18, 20), np.int32)), "holds int32"),
        ("x.tif", new("LAB"), "is stored as"),
        ("x.tif", COLOUR.convert("YCbCr").save, "is stored as YCBCR, but an image here is gray or RGB"),
    ],
)  # fmt: skip
def test_unusable_files_get_one_sentence(tmp_path, name, make, sentence):
    path = tmp_path / name
    make(path)
    error = refused(path, sentence)
    assert str(path) in str(error)
    assert error.exit_code == 3
    assert "\n" not in str(error)


@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.bmp", "x.tif", "y.tif"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_truncated_files_are_refused(tmp_path, name, share):
    path = tmp_path / name
    tifffile.imwrite(path, RGB16) if name == "y.tif" else saved(path, np.kron(RGB8, np.ones((5, 5, 1), np.uint8)))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    refused(path, "is not a readable image")


@settings(max_examples=150)
@given(st.data())
def test_damaged_bytes_are_refused_or_harmless(tmp_path_factory, data):
    name = data.draw(st.sampled_from(["x.png", "x.jpg", "x.tif", "y.tif"]), label="file")
    path = tmp_path_factory.mktemp("damaged") / name
    tifffile.imwrite(path, RGB16) if name == "y.tif" else saved(path, RGB8)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4), label="flips")):
        content[data.draw(st.integers(0, len(content) - 1), label="at")] = data.draw(st.integers(0, 255), label="byte")
    path.write_bytes(content)
    with contextlib.suppress(BadInput, MissingExtra):
        assert np.isfinite(read_image(path).pixels).all()


@pytest.mark.parametrize(
    ("suffix", "image", "pixels"),
    [
        *((suffix, im2double(x), x) for suffix, x in product(("png", "tif", "bmp"), (RGB8, GRAY8))),
        *((suffix, im2double(x), x) for suffix, x in product(("png", "tif"), (RGB16, GRAY16))),
        ("tif", im2double(RGB16), im2double(RGB16).astype(np.float32)),
        ("png", np.full((16, 16), 1.03), np.full((16, 16), 255, np.uint8)),  # as the guided filter overshoots
    ],
)
def test_levels_are_written_exactly_and_need_no_opencv(tmp_path, suffix, image, pixels, monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    write_image(tmp_path / f"x.{suffix}", image, pixels.dtype)
    is_read_as(pixels, tmp_path / f"x.{suffix}")


@pytest.mark.parametrize(
    ("name", "stored", "sentence"),
    [
        ("x.xyz", np.uint8, r"ends in .xyz, but results are written as .png"),
        ("x", np.uint8, "has no ending"),
        ("x.jpg", np.uint16, "would lose 8 of the 16 bits of the inputs: write .png or .tif"),
        ("x.png", np.float32, "cannot hold the floating-point pixels of the inputs: write .tif"),
    ],
)
def test_outputs_that_cannot_hold_the_result_are_refused_early(tmp_path, name, stored, sentence):
    with pytest.raises(BadInput, match=sentence):
        check_output(tmp_path / name, np.dtype(stored))


def test_the_folder_of_a_result_is_made(tmp_path):
    check_output(tmp_path / "new" / "folder" / "x.png", np.dtype(np.uint8))
    assert (tmp_path / "new" / "folder").is_dir()


def test_an_interrupted_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")
    with pytest.raises(KeyboardInterrupt), atomic_write(path) as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert [p.name for p in tmp_path.iterdir()] == ["x.txt"]
    assert path.read_text() == "old"


def test_colour_in_a_jpeg_is_as_fine_as_in_its_source(tmp_path):
    stripes = np.zeros((32, 32, 3))
    stripes[:, ::2, 0] = stripes[:, 1::2, 2] = 1
    write_image(tmp_path / "x.jpg", stripes)
    error = read_image(tmp_path / "x.jpg").pixels - stripes
    assert 10 * np.log10(1 / np.mean(error**2)) > 25  # 11 dB where every second column of colour is dropped


def test_a_transparent_colour_of_16_bits_is_told_as_one_of_8(tmp_path):
    write_image(tmp_path / "x.png", im2double(RGB16), np.uint16)
    with_chunks(tmp_path / "x.png", [(b"tRNS", RGB16[0, 0].astype(">u2").tobytes())])
    refused(tmp_path / "x.png", r"x.png has transparency \(RGB\): flatten it first")


def test_a_link_in_the_place_of_the_temporary_file_is_not_followed(tmp_path, monkeypatch):
    monkeypatch.setattr("reference.files.secrets.token_hex", lambda size: "0")
    precious, link = tmp_path / "precious", tmp_path / f".x.{os.getpid()}.0.partial.png"
    precious.write_text("mine")
    link.symlink_to(precious)
    with pytest.raises(BadInput, match=r"x\.png cannot be written: File exists"):
        write_image(tmp_path / "x.png", im2double(RGB8))
    assert precious.read_text() == "mine"
    assert link.is_symlink()


def test_a_new_file_has_the_rights_that_the_user_gives(tmp_path):
    before = os.umask(0o027)
    try:
        write_image(tmp_path / "x.png", im2double(RGB8))
    finally:
        os.umask(before)
    assert (tmp_path / "x.png").stat().st_mode & 0o777 == 0o640


def test_hidden_files_of_a_folder_are_none_of_the_users(tmp_path):
    for name in ("b.png", "a.JPG", "._a.JPG", ".b.png", "notes.txt", ".thumbs/c.png", "more/d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in images_in(tmp_path)] == ["a.JPG", "b.png"]
    assert [path.name for path in images_in(tmp_path, "**/*")] == ["a.JPG", "b.png", "d.png"]


def test_the_previews_in_a_raw_file_are_no_stack(tmp_path):
    tifffile.imwrite(tmp_path / "x.dng", np.zeros((2, 18, 20), np.uint8), photometric="minisblack")
    (plane,) = planes([tmp_path / "x.dng"])
    refused(plane.path, "is a raw file of a camera", plane.page)


def test_a_jpeg_is_as_fine_as_cameras_write(tmp_path):
    write_image(tmp_path / "ours.jpg", RGB8 / 255)
    theirs = saved(tmp_path / "theirs.jpg", RGB8, quality=95, subsampling=0)
    assert opened(tmp_path / "ours.jpg").quantization == opened(theirs).quantization


@posix
def test_whoever_reads_the_old_file_keeps_it(tmp_path):
    """The new one takes its place at once, and is not written into it."""
    path = tmp_path / "a.txt"
    path.write_text("old")
    with open(path) as reader:
        with atomic_write(path) as temporary:
            temporary.write_text("new and longer")
        assert reader.read() == "old"
    assert path.read_text() == "new and longer"
