"""Every layout of TIFF, PNG and JPEG: right to the bit, or refused with the reason."""

from __future__ import annotations

import struct
import zlib
from itertools import product

import numpy as np
import pytest
import tifffile
from PIL import Image

from reference.images.files import read_image
from tests.images.shared import SIGNATURE, chunk, refused

SHAPE = (37, 50)  # no multiple of a tile or of a strip
CLASSES = ("uint8", "uint16", "float16", "float32", "float64")
CODECS = (None, "lzw", "deflate", "zstd", "packbits", "lzma")
LAYOUTS = ({"rowsperstrip": 8}, {"tile": (16, 32)})


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


def in_the_unit_range(pixels):
    levels = pixels.astype(np.float64)
    return levels if pixels.dtype.kind == "f" else levels / np.iinfo(pixels.dtype).max


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("codec", CODECS)
def test_tiff_of_every_layout(kind, codec, tmp_path):
    """Colour or gray, interleaved or in planes, strips or tiles, both byte orders, with and without a predictor."""
    predictors = (None,) if codec in (None, "packbits") else (None, 3 if kind.startswith("float") else 2)
    for number, (colour, separate, layout, byteorder, predictor) in enumerate(
        product((False, True), (False, True), LAYOUTS, "<>", predictors)
    ):
        if separate and not colour:
            continue
        pixels = pixels_of(kind, colour)
        stored = np.ascontiguousarray(np.moveaxis(pixels, -1, 0)) if separate else pixels
        path = tmp_path / f"{number}.tif"
        tifffile.imwrite(
            path, stored, photometric="rgb" if colour else "minisblack", byteorder=byteorder, compression=codec,
            predictor=predictor, planarconfig="separate" if separate else ("contig" if colour else None), **layout,
        )  # fmt: skip
        np.testing.assert_array_equal(read_image(path).pixels, in_the_unit_range(pixels), err_msg=str(path))


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


def packed_row(samples, bits):
    """The bits of each sample, the highest first, in whole bytes."""
    return np.packbits(((samples[:, None] >> np.arange(bits - 1, -1, -1)) & 1).astype(np.uint8).ravel()).tobytes()


def packed(path, levels, bits, photometric):
    """A TIFF of one strip, its rows packed bit by bit, written by hand."""
    data = b"".join(packed_row(row, bits) for row in levels)
    height, width = levels.shape
    tags = {256: width, 257: height, 258: bits, 259: 1, 262: photometric, 273: 8, 277: 1, 278: height, 279: len(data)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    data += b"\0" * (len(data) % 2)
    path.write_bytes(
        struct.pack("<4sI", b"II*\0", 8 + len(data)) + data + struct.pack("<H", len(tags)) + entries + bytes(4)
    )
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
    Image.fromarray(pixels).save(tmp_path / "x.jpg", restart_marker_rows=restart, **options)
    expected = cv2.imread(str(tmp_path / "x.jpg"), cv2.IMREAD_UNCHANGED)
    found = read_image(tmp_path / "x.jpg").raw
    np.testing.assert_array_equal(found, expected[..., ::-1] if colour else expected)


@pytest.mark.parametrize("photometric", ["rgb", "ycbcr"])
@pytest.mark.parametrize("colour", [False, True])
def test_jpeg_in_a_tiff_is_read_as_pillow_reads_it(photometric, colour, tmp_path):
    pixels = pixels_of("uint8", colour)
    if colour:
        tifffile.imwrite(tmp_path / "x.tif", pixels, photometric=photometric, compression="jpeg",
                         compressionargs={"level": 90})  # fmt: skip
    else:
        Image.fromarray(pixels).save(tmp_path / "x.tif", compression="jpeg")
    with Image.open(tmp_path / "x.tif") as image:
        expected = np.asarray(image.convert("RGB" if colour else "L"))
    np.testing.assert_array_equal(read_image(tmp_path / "x.tif").raw, expected)


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
    (tmp_path / "x.png").write_bytes(
        png(levels, bits, colour, interlaced, level, palette if kind == "palette" else None)
    )
    expected = palette[levels] / 255 if kind == "palette" else levels / (2**bits - 1)
    np.testing.assert_allclose(read_image(tmp_path / "x.png").pixels, expected, rtol=0, atol=1e-12)


PASSES = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))


def png(levels, bits, colour, interlaced, level, palette):
    def rows(part):
        """Unfiltered rows, every second one by the filter Up."""
        samples = part.reshape(len(part), -1)
        lines = [row.astype(">u2").tobytes() if bits == 16 else packed_row(row, bits) for row in samples]
        coded, before = b"", b"\0" * len(lines[0])
        for number, line in enumerate(lines):
            difference = bytes((a - b) % 256 for a, b in zip(line, before, strict=True))
            coded += b"\2" + difference if number % 2 else b"\0" + line
            before = line
        return coded

    parts = [levels[y::dy, x::dx] for y, x, dy, dx in PASSES] if interlaced else [levels]
    data = b"".join(rows(part) for part in parts if part.size)
    height, width = levels.shape[:2]
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced)
    table = chunk(b"PLTE", palette.tobytes()) if palette is not None else b""
    end = chunk(b"IDAT", zlib.compress(data, level)) + chunk(b"IEND", b"")
    return SIGNATURE + chunk(b"IHDR", head) + table + end


def test_a_head_that_says_another_size_is_refused(tmp_path, monkeypatch):
    tifffile.imwrite(tmp_path / "x.tif", pixels_of("uint8", True), photometric="rgb")
    monkeypatch.setattr(tifffile.TiffPage, "asarray", lambda page: np.zeros((37, 50), np.uint8))
    refused(tmp_path / "x.tif", r"its head says \(37, 50, 3\), but its pixels are \(37, 50\)")
