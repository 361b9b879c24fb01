"""Images and arrays that others published: MATLAB's, and the results of fusion methods by their authors."""

from __future__ import annotations

import numpy as np
import scipy.io
from PIL import Image

from matlab_compat import im2double, imresize

MIDDLE = np.arange(225.0).reshape(15, 15)
SMALL = np.arange(64.0).reshape(8, 8)  # the input of most of the small arrays


def read(path):
    with Image.open(path) as image:
        return np.asarray(image)


def published(folder, method):
    """Sources and result of every pair that the method's authors published and that is here."""
    for result in sorted((folder / "survey" / "Results").glob(f"*/*_{method}.tif")):
        name = result.stem.removesuffix(f"_{method}")
        if name.startswith("c"):
            sources = sorted((folder / "lytro").glob(f"lytro-{name[2:]}-*"))
        else:
            sources = sorted((folder / "survey" / "sources").glob(f"{name}_?.tif"))
        assert len(sources) == 2, (name, sources)
        yield name, *(im2double(read(source)) for source in sources), read(result)


def small_arrays(folder):
    """Name, ours and MATLAB's of sixteen double arrays of R2019b, with and without antialiasing."""
    top_left = np.zeros((4, 4))
    top_left[0] = [100, 1, 0, 100]
    top_left[1, 0] = 10
    inputs = {
        "butterfly": im2double(read(folder / "butterfly.png")), "small": np.arange(16.0).reshape(4, 4), "x3": MIDDLE,
        "x5": MIDDLE, "topleft": top_left, "bottomright": top_left[::-1, ::-1],
    }  # fmt: skip
    for file in sorted(folder.glob("*.mat")):
        matlab = next(v for k, v in scipy.io.loadmat(file).items() if not k.startswith("__"))
        image = next((array for key, array in inputs.items() if key in file.stem), SMALL)
        scale = abs(image).max()
        ours = imresize(image, matlab.shape[:2], antialiasing=not file.stem.endswith("noaa"))
        yield file.name, ours / scale, matlab / scale


def bits_equal(folder):
    """Share of the small arrays' values that are MATLAB's to the last bit."""
    pairs = [(ours, matlab) for _, ours, matlab in small_arrays(folder)]
    return sum(np.sum(a == b) for a, b in pairs) / sum(b.size for _, b in pairs)
