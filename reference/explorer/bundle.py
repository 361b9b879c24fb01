"""Everything of a run in one zip: each step as picture and as array, the result, and the command line."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from reference.explorer.session import Finished, suffix
from reference.files import replacing
from reference.fuse_files import output_paths
from reference.image_io import write_image
from reference.step_files import StepFiles

__all__ = ["command", "write_bundle"]


def command(run: Finished) -> str:
    """The command line that writes the result of a run, where the sources lie that it names."""
    names = _names(run)
    return run.choice.command([names["a"], names["b"]], run.result.name)


def write_bundle(run: Finished, path: Path) -> None:
    """Write the zip; sources that were scaled, or are called alike, are in it as the command line names them."""
    with TemporaryDirectory(dir=path.parent) as name:
        folder = Path(name)
        steps = StepFiles(folder / "steps")
        for step, value in run.values.items():
            steps(step, value)
        for side, source in run.given.items():
            if _names(run)[side] != source.name:
                write_image(folder / _names(run)[side], source.file.pixels, source.file.stored)
        (folder / "command.txt").write_text(command(run) + " --save-steps steps\n")
        with replacing(path) as temporary, ZipFile(temporary, "w", ZIP_DEFLATED, compresslevel=1) as file:
            file.write(run.result, run.result.name)
            for written in sorted(folder.rglob("*.*")):
                file.write(written, written.relative_to(folder))


def _names(run: Finished) -> dict[str, str]:
    """What the sources are called: as they were given, where that is clear and they are what was used."""
    given = [source.name for source in run.given.values()]
    written = {path.name for path in output_paths(run.result)}
    clear = len(set(given)) == 2 and written.isdisjoint(given)
    if clear and not any(source.scaled_from for source in run.given.values()):
        return {side: source.name for side, source in run.given.items()}
    return {side: f"{side}_{Path(source.name).stem}{suffix(source.file.stored)}" for side, source in run.given.items()}
