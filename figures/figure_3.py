"""Figure 3 of the paper: sources, result and close-ups. Run: python figures/figure_3.py [FOLDER]"""

import sys
from pathlib import Path

from reference.report.part_figures import part_figure_3
from reference.report.run import Run


def main(folder: str = "results") -> None:
    (figure,) = part_figure_3(Run(Path(folder))).sections
    print(figure.path)


if __name__ == "__main__":
    main(*sys.argv[1:])
