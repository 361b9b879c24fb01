"""What Table 1's columns do when B wins more ground; needs Children. Run: python figures/bias.py [FOLDER]"""

import sys
from pathlib import Path

from reference.report.part_table_1 import part_bias
from reference.report.run import Run


def main(folder: str = "results") -> None:
    part = part_bias(Run(Path(folder)))
    print(*(figure.path for figure in part.sections), *(f"{what}: {command}" for what, command in part.missing.items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
