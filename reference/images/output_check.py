"""Whether a result can be written where it is wanted, asked before any work is done."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from reference.errors import BadInput
from reference.images.decoders import opencv
from reference.images.files import EIGHT_BIT_SUFFIXES, SUFFIXES

__all__ = ["check_output"]

LONGEST_NAME = 200  # bytes; most file systems take 255


def check_output(path: Path, stored: np.dtype[Any], colour: bool) -> None:
    """Refuse, before any work is done, an output file that could not be written or not without loss of depth."""
    if path.is_dir():
        raise BadInput(f"{path} is a folder: name a file in it")
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        ends = f"ends in {suffix}" if suffix else "has no ending"
        raise BadInput(f"{path} {ends}, but results are written as {', '.join(SUFFIXES)}")
    if len(os.fsencode(path.name)) > LONGEST_NAME:
        raise BadInput(
            f"{path.name[:20]}... is a name of over {LONGEST_NAME} bytes: those of files beside it are longer"
        )
    if not path.parent.is_dir():
        raise BadInput(f"{path} cannot be written: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise BadInput(f"{path} cannot be written: the folder {path.parent} is read-only")
    if stored == np.uint16 and suffix in EIGHT_BIT_SUFFIXES:
        raise BadInput(f"{path} would lose 8 of the 16 bits of the inputs: write .png or .tif")
    if stored == np.float32 and suffix not in (".tif", ".tiff"):
        raise BadInput(f"{path} cannot hold the floating-point pixels of the inputs: write .tif")
    if stored == np.uint16 and colour and suffix == ".png":
        opencv(f"writing 16-bit RGB to {path}")
