"""The photographs a network is trained on: a folder of images, as gray.

Source: decision D13, as the paper says nothing of its training.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from reference.errors import BadInput
from reference.gray import gray
from reference.image_io import SUFFIXES, read_image

__all__ = ["read_photographs"]


def read_photographs(folder: Path, least_side: int, without: Collection[str] = ()) -> list[NDArray[np.float32]]:
    """Read every image of a folder, in the order of their names, as gray in [0, 1], single.

    least_side  pixels; smaller images are left out
    without     names of files that are left out too
    raises      BadInput if the folder holds no image of that size, or one that cannot be read
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder")
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES and path.name not in without)
    images = (gray(read_image(path).pixels) for path in tqdm(files, desc=f"reading {folder.name}", unit="image"))
    photographs = [image.astype(np.float32) for image in images if min(image.shape) >= least_side]
    if not photographs:
        raise BadInput(f"{folder} holds no PNG, JPEG, TIFF or BMP of at least {least_side} x {least_side} pixels")
    return photographs
