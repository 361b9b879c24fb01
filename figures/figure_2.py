"""Figure 2 of the paper: the algorithm, with the maps of a real run. Run: python figures/figure_2.py [FOLDER]"""

import sys
from pathlib import Path

from reference.report.part_figures import part_figure_2
from reference.report.run import Run


def main(folder: str = "results") -> None:
    (figure,) = part_figure_2(Run(Path(folder))).sections
    print(figure.path)


if __name__ == "__main__":
    main(*sys.argv[1:])
