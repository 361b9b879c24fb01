"""What the tests of image files share."""

import struct
import zlib

import pytest
import tifffile

from reference.errors import BadInput
from reference.images.files import read_image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunks(path, chunks):
    """Chunks inserted behind the head of a PNG."""
    png = path.read_bytes()
    path.write_bytes(png[:33] + b"".join(chunk(kind, data) for kind, data in chunks) + png[33:])


def refused(path, sentence, page=None):
    with pytest.raises(BadInput, match=sentence) as raised:
        read_image(path, page)
    return raised.value


def tiff_of_pages(path, *pages, **options):
    """Each of its own: levels, and options of tifffile."""
    with tifffile.TiffWriter(path) as tiff:
        for levels, of_page in pages:
            tiff.write(levels, metadata=None, **of_page, **options)
    return str(path)
