"""Chunks of PNG files, written by hand."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunks(path, chunks):
    """Chunks inserted behind the head of a PNG."""
    png = path.read_bytes()
    path.write_bytes(png[:33] + b"".join(chunk(kind, data) for kind, data in chunks) + png[33:])
