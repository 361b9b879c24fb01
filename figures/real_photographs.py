"""The pictures of docs/real_photographs.md: a moved camera, and a stack. Run: python -m figures.real_photographs"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from reference.align.align import align
from reference.align.warp import warp
from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image
from reference.jobs.stack_fusion import stack
from reference.methods.base import GfdfMethod, NetworkMethod
from reference.network.loading import load_network
from reference.parameters import TUNED
from reference.report.figures.save import save_figure
from reference.steps import gray
from tests.benchmarks.stacks import through_focus
from tests.support.motions import motion

HERE = Path(__file__).parent


def moved_camera(name: str = "astronaut_rocket") -> plt.Figure:
    """What a moved camera costs, and what alignment gives back."""
    pair = next(pair for pair in embedded_pairs() if pair.name == name)
    a, b = (read_image(path).pixels for path in (pair.image_a, pair.image_b))
    photographed = np.clip(warp(b, np.linalg.inv(motion("affine", a.shape, 3)), a.shape), 0, 1)
    found = align(gray(a), gray(photographed), "affine")
    by = NetworkMethod(load_network("small", reference=True), TUNED)
    part = found.region.of
    aligned = warp(photographed, found.motion.matrix, a.shape)
    pictures = {
        "A": a,
        "B, the camera moved": photographed,
        "fused as they are": by(a, photographed).image,
        "B moved onto A, cut": part(aligned),
        "fused with --align affine": by(part(a), part(aligned)).image,
    }
    return drawn(pictures)


def through_depth(name: str = "cat_coffee") -> plt.Figure:
    """Seven photographs of one scene, which is sharp where, and what they become."""
    pair = next(pair for pair in embedded_pairs() if pair.name == name)
    images = through_focus(read_image(pair.truth).pixels, seed=3, noise=0)
    stacked = stack([lambda image=image: image for image in images], GfdfMethod())
    pictures = {
        "photograph 1 of 7": images[0],
        "photograph 7 of 7": images[-1],
        "index: which is sharp": stacked.index_map / 6,
        "depth: the same, soft": stacked.depth,
        "fused": stacked.image,
    }
    return drawn(pictures)


def drawn(pictures: dict[str, np.ndarray]) -> plt.Figure:
    figure, axes = plt.subplots(1, len(pictures), figsize=(15, 2.7), layout="constrained")
    for axis, (title, picture) in zip(axes, pictures.items(), strict=True):
        axis.imshow(np.clip(picture, 0, 1), cmap="gray", vmin=0, vmax=1)
        axis.set_title(title, fontsize=11)
        axis.axis("off")
    return figure


if __name__ == "__main__":
    save_figure(HERE / "moved_camera.png", moved_camera(), dpi=80)
    save_figure(HERE / "stack.png", through_depth(), dpi=80)
