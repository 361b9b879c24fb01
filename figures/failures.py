"""Where the method fails. Run: python figures/failures.py [FOLDER]"""

import sys
from pathlib import Path

from reference.report.part_figures import part_failures
from reference.report.run import Run


def main(folder: str = "results") -> None:
    (figure,) = part_failures(Run(Path(folder))).sections
    print(figure.path)


if __name__ == "__main__":
    main(*sys.argv[1:])
