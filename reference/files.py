"""Writing files whole or not at all, and identifying them by their sha256."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from reference.errors import BadInput

_TEMPORARY: set[Path] = set()  # paths of this process that are being written


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, which replaces `path` at the end if no error occurred.

    The temporary name has the same suffix, by which image libraries choose the format. Nested calls reuse the outer
    temporary path.

    raises  BadInput if the file cannot be written: the disk is full, the file too large, or the folder read-only
    """
    if path in _TEMPORARY:
        yield path
        return
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.{secrets.token_hex(4)}.partial{path.suffix}")
    _TEMPORARY.add(temporary)
    try:
        open(temporary, "xb").close()  # no file or link of another's
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())  # on the disk before it takes the place
        os.replace(temporary, path)
    except BaseException as error:  # an interrupt, too, leaves nothing behind
        if not isinstance(error, FileExistsError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(temporary)):
            raise BadInput(f"{path} cannot be written: {error.strerror or f'is the disk full? {error}'}") from error
        raise
    finally:
        _TEMPORARY.discard(temporary)


@contextmanager
def atomic_writes(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """The same for several files, all or nothing; they take their places in the order of the arguments."""
    with ExitStack() as stack:
        temporary = [stack.enter_context(atomic_write(path)) for path in reversed(paths)]
        yield tuple(reversed(temporary))


def refuse_overwrite(outputs: Iterable[Path], sources: Iterable[Path]) -> None:
    """Refuse, before any work, outputs that are folders or sources."""
    taken = {resolved(source) for source in sources}
    for path in outputs:
        if path.is_dir():
            raise BadInput(f"{path} is a folder, but a file of that name is to be written")
        if resolved(path) in taken:
            raise BadInput(f"{path} is one of the files that are read: choose another output")


def resolved(path: Path) -> Path:
    """The path with all links resolved; for a circle of links, one of them."""
    return Path(os.path.realpath(path))


def sha256_of(path: Path) -> str:
    """The sha256 of a file, as hexadecimal digits; BadInput if it cannot be read."""
    with readable(path), open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """A context in which a file is read; BadInput if it cannot be."""
    try:
        yield
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error


def check_sha256(path: Path) -> str:
    """The sha256 of a file; BadInput if `path`.sha256 exists and names another."""
    digest = sha256_of(path)
    note = path.with_name(path.name + ".sha256")
    if note.exists() and (noted := note.read_text(errors="replace").split()[:1]) != [digest]:
        raise BadInput(f"{path} has sha256 {digest}, but {note.name} says {' '.join(noted) or 'nothing'}")
    return digest


def described_file(path: Path, name: str | None = None) -> dict[str, str]:
    """The name and sha256 of a file; `name` for a temporary file that will get that name."""
    return {"file": name or path.name, "sha256": sha256_of(path)}


def write_json(path: Path, record: Any) -> None:
    """Write a record as JSON, whole or not at all."""
    write_text(path, json.dumps(record, indent=2) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a text, whole or not at all."""
    with atomic_write(path) as temporary:
        temporary.write_text(text)
