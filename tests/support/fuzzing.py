"""Image files made wrong on purpose: whatever they hold, one gives images that can be written, or one sentence.

Run: python -m tests.support.fuzzing [FILES] [SEED]  (20,000 files; a process that dies or hangs is a finding too)

What is read is held against OpenCV's libpng, libjpeg and libtiff: "read" is the same to the bit, "read here alone" is
what those refuse or take for another size or class. Other pixels are a finding, but in a JPEG: it has no checksums, and
where its data is damaged every library fills up in its own way, which is listed.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import tifffile
from PIL import Image

from reference.errors import BadInput, MissingExtra
from reference.images.files import read_image, read_photograph, write_stored
from reference.images.stacks import planes

BATCH = 500  # files a process
SECONDS = 300  # that a batch may take
SLOW = 5.0  # seconds for one small file: a hang, nearly
NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


@cache
def seeds() -> dict[str, bytes]:
    """A sound file of every kind that is read, and of some that are not; small, so that a change hits something."""
    rng = np.random.default_rng(0)
    rgb8, rgb16 = (rng.integers(0, top, (24, 32, 3)).astype(kind) for top, kind in ((256, "u1"), (65536, "u2")))
    smooth = np.add.outer(np.arange(24), np.arange(32)).astype("u1")
    files: dict[str, bytes] = {}
    for suffix, options in {
        "png": {}, "bmp": {}, "jpg": {"quality": 90}, "tif": {"compression": "tiff_lzw"},
        "gif": {}, "webp": {},
    }.items():  # fmt: skip
        for kind, image in {"rgb": Image.fromarray(rgb8), "gray": Image.fromarray(smooth)}.items():
            files[f"{kind}.{suffix}"] = _saved(image, suffix, **options)  # type: ignore[arg-type]
    files["progressive.jpg"] = _saved(Image.fromarray(rgb8), "jpg", progressive=True)
    files["palette.png"] = _saved(Image.fromarray(rgb8).quantize(16), "png")
    files["bilevel.png"] = _saved(Image.fromarray(smooth > 20), "png")
    files["alpha.png"] = _saved(Image.fromarray(rgb8).convert("RGBA"), "png")
    files["gray16.png"] = _saved(Image.fromarray(rgb16[..., 0]), "png")
    try:
        import cv2

        files["rgb16.png"] = cv2.imencode(".png", rgb16)[1].tobytes()
    except ImportError:
        pass
    for name, pixels, options in (
        ("rgb16.tif", rgb16, {"photometric": "rgb"}), ("gray16.tif", rgb16[..., 0], {}),
        ("float.tif", (rgb16 / 65535).astype("f4"), {"photometric": "rgb"}),
        ("tiled.tif", rgb8, {"photometric": "rgb", "tile": (16, 16)}),
        ("planar.tif", np.moveaxis(rgb8, -1, 0), {"photometric": "rgb", "planarconfig": "separate"}),
        ("deflated.tif", rgb16, {"photometric": "rgb", "compression": "zlib"}),
        ("big.tif", rgb8, {"photometric": "rgb", "bigtiff": True}), ("motorola.tif", rgb16, {"byteorder": ">"}),
        ("pages.tif", np.moveaxis(rgb8, -1, 0), {"photometric": "minisblack"}),
        ("ome.tif", np.moveaxis(rgb8, -1, 0), {"photometric": "minisblack", "ome": True, "metadata": {"axes": "ZYX"}}),
    ):  # fmt: skip
        buffer = io.BytesIO()
        tifffile.imwrite(buffer, pixels, **options)
        files[name] = buffer.getvalue()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x8769], exif[0x8825] = "Maker", 6, {0xA434: "50 mm", 0xA002: 32}, {1: "N"}
    for suffix in ("jpg", "png", "tif"):
        beside = {"exif": exif.tobytes(), "icc_profile": bytes(200), "dpi": (300, 300)}
        files[f"told.{suffix}"] = _saved(Image.fromarray(smooth), suffix, **beside)
    return files


def _saved(image: Image.Image, suffix: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, {"jpg": "JPEG", "tif": "TIFF"}.get(suffix, suffix), **options)
    return buffer.getvalue()


def mutant(rng: np.random.Generator) -> tuple[str, bytes]:
    """A sound file, made wrong in one to four places."""
    files = seeds()
    name = sorted(files)[rng.integers(len(files))]
    content = bytearray(files[name])
    for _ in range(rng.integers(1, 5)):
        content = _changed(content, rng)
    sound = name.endswith("png") and rng.random() < 0.5
    return name, _with_checksums(bytes(content)) if sound else bytes(content)


def _changed(content: bytearray, rng: np.random.Generator) -> bytearray:
    """Cut off, flip, put an extreme number, remove, repeat, or put a piece of another file."""
    # The head, where sizes and kinds stand, is hit half of the time.
    at = int(rng.integers(max(1, min(len(content), 200) if rng.random() < 0.5 else len(content))))
    length = int(rng.integers(1, 64))
    way = rng.integers(6)
    if way == 0:
        return content[:at]
    if way == 1:
        content[at : at + 1] = bytes([int(rng.integers(256))])
    elif way == 2:
        size, order = int(rng.choice([1, 2, 4])), ("little", "big")[rng.integers(2)]
        number = int(rng.choice(NUMBERS)) & (256**size - 1)
        content[at : at + size] = number.to_bytes(size, order)  # type: ignore[arg-type]
    elif way == 3:
        del content[at : at + length]
    elif way == 4:
        content[at:at] = content[at : at + length]
    else:
        other = list(seeds().values())[rng.integers(len(seeds()))]
        start = int(rng.integers(len(other)))
        content[at : at + length] = other[start : start + length]
    return content


def _with_checksums(content: bytes) -> bytes:
    """A PNG whose chunks are wrong, but vouched for: else no decoder looks at what is in them."""
    at, parts = 8, [content[:8]]
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        end = at + 8 + length
        if end + 4 > len(content):
            break
        parts += [content[at:end], zlib.crc32(content[at + 4 : end]).to_bytes(4, "big")]
        at = end + 4
    return b"".join([*parts, content[at:]])


def judged(name: str, content: bytes, folder: Path) -> str:
    """What comes of a file: read, refused, missing; anything else is what went wrong."""
    path = folder / f"x.{name.rpartition('.')[2]}"
    path.write_bytes(content)
    began, readings = time.perf_counter(), []
    try:
        for plane in planes([path]):
            photograph = read_photograph(path, page=plane.page)
            readings.append(read_image(path, plane.page).raw)
            for suffix in (".tif", ".png") if photograph.stored != np.float32 else (".tif",):
                write_stored(folder / f"written{suffix}", photograph.raw, photograph.metadata)
        outcome = "read"
    except (BadInput, MissingExtra) as error:
        says = str(error)
        outcome = "missing" if isinstance(error, MissingExtra) else "refused"
        if "\n" in says or str(path) not in says:
            return f"not one sentence on the file: {says!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if (took := time.perf_counter() - began) >= SLOW:
        return f"{took:.0f} s"
    return beside(content, readings) if outcome == "read" else outcome


def beside(content: bytes, readings: list[np.ndarray]) -> str:
    """How OpenCV reads the same file; only one image of 8 or 16 bits is compared."""
    try:
        import cv2
    except ImportError:
        return "read here alone"
    how = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        other = cv2.imdecode(np.frombuffer(content, np.uint8), how)
    except cv2.error:
        other = None
    ours = readings[0]
    if other is None or len(readings) > 1 or (other.dtype, other.shape) != (ours.dtype, ours.shape):
        return "read here alone"
    other = other[..., ::-1] if other.ndim == 3 else other
    if np.array_equal(ours, other):
        return "read"
    # Of 9 to 15 bits OpenCV leaves the lowest ones 0.
    if ours.dtype == np.uint16 and any(np.array_equal(ours >> low << low, other) for low in range(1, 8)):
        return "read"
    # It leaves 16 bits in which 0 is white as they are.
    if ours.dtype == np.uint16 and np.array_equal(65535 - ours, other):
        return "read"
    if not other.any():  # what its libtiff cannot decode OpenCV leaves black
        return "read here alone"
    if content[:2] == b"\xff\xd8":
        return "read otherwise, a JPEG"
    return f"other pixels: {np.mean(ours != other):.0%} differ"


KNOWN = ("read", "read here alone", "read otherwise, a JPEG", "refused", "missing")


def tried(first: int, files: int, seed: int) -> Iterator[tuple[int, str, str]]:
    """The outcome of each file, by its number."""
    with TemporaryDirectory() as folder:
        for number in range(first, first + files):
            name, content = mutant(np.random.default_rng([seed, number]))
            yield number, name, judged(name, content, Path(folder))


def main(files: int = 20_000, seed: int = 0) -> int:
    """Batch after batch in a process of its own; says what came of them, and 1 if anything went wrong."""
    from tqdm import tqdm

    outcomes: Counter[str] = Counter()
    for first in tqdm(range(0, files, BATCH), unit="batch"):
        count = min(BATCH, files - first)
        command = [sys.executable, "-c", f"from tests.support.fuzzing import batch; batch({first}, {count}, {seed})"]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS)
            lines, wrong = done.stdout.splitlines(), done.returncode and f"the process ended with {done.returncode}"
        except subprocess.TimeoutExpired as hung:
            output = hung.stdout.decode() if isinstance(hung.stdout, bytes) else hung.stdout or ""
            lines, wrong = output.splitlines(), "the process hung"
        outcomes.update(lines)
        if wrong:
            outcomes[f"{wrong} at file {first + len(lines)}"] += 1
    for outcome, times in outcomes.most_common():
        print(f"{times:7} {outcome}")
    return int(any(outcome not in KNOWN for outcome in outcomes))


def batch(first: int, files: int, seed: int) -> None:
    """One line a file, at once; with no more memory than a hostile file needs to be noticed."""
    import logging
    import resource

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    for number, name, outcome in tried(first, files, seed):
        print(outcome if outcome in KNOWN else f"file {number} ({name}): {outcome}".replace("\n", " "), flush=True)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
