"""What the tests of image files share."""

import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from matlab_compat import im2double
from reference.errors import BadInput
from reference.images.files import read_image


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, bits, colour, data, interlaced=0, between=()):
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced)
    chunks = [(b"IHDR", head), *between, (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in chunks)


def with_chunks(path, chunks, at=33):
    """Chunks inserted in a PNG, behind its head if not told otherwise."""
    sound = path.read_bytes()
    path.write_bytes(sound[:at] + b"".join(chunk(kind, data) for kind, data in chunks) + sound[at:])


def damage(path, at, wrong):
    sound = path.read_bytes()
    path.write_bytes(sound[:at] + wrong + sound[at + len(wrong) :])


def saved(path, levels, **options):
    Image.fromarray(levels).save(path, **options)
    return path


def tiff_of(path, levels, **options):
    """Gray, or a stack of gray, if not told otherwise."""
    tifffile.imwrite(path, levels, **{"photometric": "minisblack", **options})
    return path


def tiff_of_pages(path, *pages):
    """Each of its own: levels, and options of tifffile."""
    with tifffile.TiffWriter(path) as tiff:
        for levels, options in pages:
            tiff.write(levels, metadata=None, **options)
    return path


def later(write, *arguments, **options):
    """What writes them once it is given a path."""
    return lambda path: write(path, *arguments, **options)


def opened(path):
    """As another program reads it."""
    with Image.open(path) as image:
        image.load()
    return image


def is_read_as(levels, path):
    image = read_image(path)
    assert image.stored == levels.dtype
    np.testing.assert_array_equal(image.raw, levels)
    np.testing.assert_array_equal(image.pixels, im2double(levels))


def refused(path, sentence, page=None):
    with pytest.raises(BadInput, match=sentence) as raised:
        read_image(path, page)
    return raised.value
