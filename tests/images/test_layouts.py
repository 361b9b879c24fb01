"""Every layout of TIFF, PNG and JPEG: right to the bit, or refused with the reason."""

from __future__ import annotations

import struct
import zlib
from itertools import product

import numpy as np
import pytest
import tifffile

from reference.images.files import read_image
from tests.images.shared import opened, png, refused, saved

SHAPE = (37, 50)  # no multiple of a tile or of a strip
CLASSES = ("uint8", "uint16", "float16", "float32", "float64")
CODECS = (None, "lzw", "deflate", "zstd", "packbits", "lzma")
PLANES = (("minisblack", None), ("rgb", "contig"), ("rgb", "separate"))
PARTS = ({"rowsperstrip": 8}, {"tile": (16, 32)})


def pixels_of(kind, colour):
    """Ramps and noise, with the ends of the range."""
    rng = np.random.default_rng(0)
    shape = (*SHAPE, 3) if colour else SHAPE
    ramp = np.linspace(0, 0.5, SHAPE[1])
    values = 0.5 * rng.random(shape) + (ramp[:, None] if colour else ramp)
    values.flat[:2] = 0, 1
    if kind.startswith("float"):
        return values.astype(kind)
    return np.round(values * np.iinfo(kind).max).astype(kind)


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("codec", CODECS)
def test_tiff_of_every_layout(kind, codec, tmp_path):
    """Colour or gray, interleaved or in planes, strips or tiles, both byte orders, with and without a predictor."""
    predictors = (None,) if codec in (None, "packbits") else (None, 3 if kind.startswith("float") else 2)
    top = 1 if kind.startswith("float") else np.iinfo(kind).max
    for (photometric, planes), parts, byteorder, predictor in product(PLANES, PARTS, "<>", predictors):
        pixels = pixels_of(kind, photometric == "rgb")
        stored = np.ascontiguousarray(np.moveaxis(pixels, -1, 0)) if planes == "separate" else pixels
        options = {"photometric": photometric, "planarconfig": planes, "byteorder": byteorder, **parts}
        tifffile.imwrite(tmp_path / "x.tif", stored, compression=codec, predictor=predictor, **options)
        found = read_image(tmp_path / "x.tif").pixels
        np.testing.assert_array_equal(found, pixels.astype(float) / top, err_msg=f"{options}, {predictor}")


@pytest.mark.parametrize("bits", [1, 2, 4, 9, 10, 12, 14, 15])
@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
def test_fewer_bits_fill_the_range(bits, photometric, tmp_path):
    """The least level is black and the highest white; between them every level is the nearest."""
    top = 2**bits - 1
    levels = np.random.default_rng(bits).integers(0, top + 1, SHAPE).astype(np.uint8 if bits < 9 else np.uint16)
    levels.flat[:2] = 0, top
    path = packed(tmp_path / "x.tif", levels, bits, {"minisblack": 1, "miniswhite": 0}[photometric])
    image = read_image(path)
    assert image.stored == (np.uint8 if bits < 8 else np.uint16)
    expected = levels / top if photometric == "minisblack" else 1 - levels / top
    np.testing.assert_allclose(image.pixels, expected, rtol=0, atol=0.5 / np.iinfo(image.stored).max + 1e-12)


def packed_rows(levels, bits):
    """The bits of each sample, the highest first, every row in whole bytes."""
    samples = levels.reshape(len(levels), -1, 1) >> np.arange(bits - 1, -1, -1) & 1
    return np.packbits(samples.astype(np.uint8).reshape(len(levels), -1), axis=1)


def packed(path, levels, bits, photometric):
    """A TIFF of one strip, its rows packed bit by bit, written by hand."""
    data = packed_rows(levels, bits).tobytes()
    height, width = levels.shape
    tags = {256: width, 257: height, 258: bits, 259: 1, 262: photometric, 273: 8, 277: 1, 278: height, 279: len(data)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    data += b"\0" * (len(data) % 2)
    head = struct.pack("<4sI", b"II*\0", 8 + len(data))
    path.write_bytes(head + data + struct.pack("<H", len(tags)) + entries + bytes(4))
    return path


@pytest.mark.parametrize("quality", [50, 95])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("restart", [0, 2])
def test_jpeg_is_read_as_libjpeg_reads_it(quality, subsampling, progressive, colour, restart, tmp_path):
    """To the bit as by OpenCV, which has another build of libjpeg than Pillow."""
    cv2 = pytest.importorskip("cv2")
    pixels = pixels_of("uint8", colour)
    options = {"quality": quality, "subsampling": subsampling, "progressive": progressive}
    path = saved(tmp_path / "x.jpg", pixels, restart_marker_rows=restart, **options)
    expected = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(read_image(path).raw, expected[..., ::-1] if colour else expected)


@pytest.mark.parametrize("photometric", ["minisblack", "rgb", "ycbcr"])
def test_jpeg_in_a_tiff_is_read_as_pillow_reads_it(photometric, tmp_path):
    path, pixels = tmp_path / "x.tif", pixels_of("uint8", photometric != "minisblack")
    if photometric == "minisblack":
        saved(path, pixels, compression="jpeg")
    else:
        tifffile.imwrite(path, pixels, photometric=photometric, compression="jpeg", compressionargs={"level": 90})
    np.testing.assert_array_equal(read_image(path).raw, opened(path).convert("L" if pixels.ndim == 2 else "RGB"))


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("kind", ["gray1", "gray2", "gray4", "gray8", "gray16", "rgb8", "rgb16", "palette"])
@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_png_of_every_kind(kind, interlaced, level, tmp_path):
    """Written by hand, filter by filter; interlaced ones by Adam7's passes."""
    pixels = pixels_of("uint16" if kind.endswith("16") else "uint8", kind.startswith("rgb"))
    bits = 4 if kind == "palette" else int(kind.removeprefix("gray").removeprefix("rgb"))
    colour = {"p": 3, "g": 0, "r": 2}[kind[0]]
    levels = pixels >> (8 - bits) if bits < 8 else pixels
    palette = np.random.default_rng(1).integers(0, 256, (16, 3)).astype(np.uint8)
    parts = [levels[y::dy, x::dx] for y, x, dy, dx in PASSES] if interlaced else [levels]
    data = zlib.compress(b"".join(filtered(packed_rows(part, bits)) for part in parts), level)
    between = [(b"PLTE", palette.tobytes())] if kind == "palette" else []
    (tmp_path / "x.png").write_bytes(png(*SHAPE[::-1], bits, colour, data, interlaced, between))
    expected = palette[levels] / 255 if kind == "palette" else levels / (2**bits - 1)
    np.testing.assert_allclose(read_image(tmp_path / "x.png").pixels, expected, rtol=0, atol=1e-12)


PASSES = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))


def filtered(rows):
    """Every second row as its difference from the one above, by the filter Up."""
    coded = np.insert(rows, 0, 0, axis=1)
    coded[1::2] = np.insert(np.diff(rows, axis=0)[::2], 0, 2, axis=1)
    return coded.tobytes()


def test_a_head_that_says_another_size_is_refused(tmp_path, monkeypatch):
    tifffile.imwrite(tmp_path / "x.tif", pixels_of("uint8", True), photometric="rgb")
    monkeypatch.setattr(tifffile.TiffPage, "asarray", lambda page: np.zeros((37, 50), np.uint8))
    refused(tmp_path / "x.tif", r"its head says \(37, 50, 3\), but its pixels are \(37, 50\)")
