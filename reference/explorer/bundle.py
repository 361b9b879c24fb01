"""Everything of a run in one zip: each step as picture and as array, the result, and the command line."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from reference.errors import BadInput
from reference.explorer.session import Session
from reference.explorer.uploads import Source
from reference.files import replacing
from reference.image_io import write_image
from reference.step_files import StepFiles

__all__ = ["command", "write_bundle"]

COMPRESSED = zipfile.ZIP_DEFLATED


def command(session: Session) -> str:
    """The command line that writes the last result, where the sources lie that it names; BadInput without one."""
    if session.choice is None:
        raise BadInput("nothing has been fused yet")
    names = [_file_name(session.given[side]) for side in ("a", "b")]
    return session.choice.command(names, f"fused{session.suffix}")


def write_bundle(session: Session) -> Path:
    """Write the zip into the session's folder; scaled sources are in it, as the command line names them."""
    path = session.folder / "steps.zip"
    with TemporaryDirectory(dir=session.folder) as name:
        folder = Path(name)
        steps = StepFiles(folder / "steps")
        for step, value in session.values.items():
            steps(step, value)
        for source in session.given.values():
            if source.scaled_from:
                write_image(folder / _file_name(source), source.file.pixels, source.file.stored)
        (folder / "command.txt").write_text(command(session) + " --save-steps steps\n")
        with (
            replacing(path) as temporary,
            zipfile.ZipFile(temporary, "w", COMPRESSED, compresslevel=1) as file,
        ):
            file.write(session.result, session.result.name)
            for written in sorted(folder.rglob("*.*")):
                file.write(written, written.relative_to(folder))
    return path


def _file_name(source: Source) -> str:
    if not source.scaled_from:
        return source.name
    return f"{Path(source.name).stem}_scaled{'.tif' if source.file.stored == np.float32 else '.png'}"
