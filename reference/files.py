"""Files: written whole or not at all, and known by their sha256."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from reference.errors import BadInput

__all__ = [
    "atomic_write",
    "atomic_writes",
    "check_sha256",
    "described_file",
    "refuse_overwrite",
    "resolved",
    "sha256_of",
    "write_json",
]


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to; it takes the place of `path` only when all went well.

    The temporary name keeps the suffix, by which image libraries choose the format. A path that was itself given so is
    given as it is.

    raises  BadInput where it cannot be written: a disk that is full, a file that grows too large, a folder that takes
            none
    """
    ending = f".{os.getpid()}.partial{path.suffix}"
    if path.name.endswith(ending):
        yield path
        return
    temporary = path.with_name(f".{path.stem}{ending}")
    try:
        yield temporary
        os.replace(temporary, path)
    except BaseException as error:  # an interrupt too leaves nothing behind
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(temporary)):
            raise BadInput(f"{path} cannot be written: {error.strerror or f'is the disk full? {error}'}") from error
        raise


@contextmanager
def atomic_writes(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """The same for several files, all or nothing; they take their places in the order in which they are given."""
    with ExitStack() as stack:
        temporary = [stack.enter_context(atomic_write(path)) for path in reversed(paths)]
        yield tuple(reversed(temporary))


def refuse_overwrite(outputs: Iterable[Path], sources: Iterable[Path]) -> None:
    """Refuse, before any work is done, to write where a folder or a source lies."""
    taken = {resolved(source) for source in sources}
    for path in outputs:
        if path.is_dir():
            raise BadInput(f"{path} is a folder, but a file of that name is to be written")
        if resolved(path) in taken:
            raise BadInput(f"{path} is one of the files that are read: choose another output")


def resolved(path: Path) -> Path:
    """Where a path leads, through links; of links that go round in a circle, one of them."""
    return Path(os.path.realpath(path))


def sha256_of(path: Path) -> str:
    """The sha256 of a file, as hexadecimal digits; BadInput if it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise BadInput(f"{path} does not exist") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error


def check_sha256(path: Path) -> str:
    """The sha256 of a file; BadInput if it differs from the one noted in `path`.sha256, where there is one."""
    digest = sha256_of(path)
    note = path.with_name(path.name + ".sha256")
    if note.exists() and (noted := note.read_text(errors="replace").split()[:1]) != [digest]:
        raise BadInput(f"{path} has sha256 {digest}, but {note.name} says {' '.join(noted) or 'nothing'}")
    return digest


def described_file(path: Path, name: str | None = None) -> dict[str, str]:
    """A file by content and name; `name` where it is still to get its own."""
    return {"file": name or path.name, "sha256": sha256_of(path)}


def write_json(path: Path, record: Any) -> None:
    """Write a record as JSON, whole or not at all."""
    with atomic_write(path) as temporary:
        temporary.write_text(json.dumps(record, indent=2) + "\n")
