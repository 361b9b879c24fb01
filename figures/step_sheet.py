"""The picture in the README: every step on one embedded pair. Run: python figures/step_sheet.py [PAIR]"""

import sys
from pathlib import Path

from reference.datasets.pairs import embedded_pairs
from reference.images.files import read_image
from reference.network.loading import load_network
from reference.pipeline import fuse
from reference.report.figures.figure_2 import draw_sheet
from reference.report.figures.save import save_figure


def main(name: str = "cat_coffee") -> None:
    pair = next(pair for pair in embedded_pairs() if pair.name == name)
    image_a, image_b, truth = (read_image(path).pixels for path in (pair.image_a, pair.image_b, pair.truth))
    fused = fuse(image_a, image_b, load_network("enhanced", reference=True))
    figure = draw_sheet(image_a, image_b, fused.steps, compare=("ground truth", truth))
    save_figure(Path(__file__).parent / f"steps_{name}.png", figure, dpi=80)


if __name__ == "__main__":
    main(*sys.argv[1:])
