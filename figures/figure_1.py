"""Figure 1 of the paper: the enhanced network, drawn from itself. Run: python figures/figure_1.py [FOLDER]"""

import sys
from pathlib import Path

from reference.report.part_figures import part_figure_1
from reference.report.run import Run


def main(folder: str = "results") -> None:
    (figure,) = part_figure_1(Run(Path(folder))).sections
    print(figure.path)


if __name__ == "__main__":
    main(*sys.argv[1:])
