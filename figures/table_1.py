"""Table 1, its protocol, and what it cannot show; needs Children. Run: python figures/table_1.py [FOLDER]"""

import sys
from pathlib import Path

from reference.jobs.page import as_markdown
from reference.report.part_table_1 import part_protocols, part_table_1, part_truth
from reference.report.run import Run


def main(folder: str = "results") -> None:
    run = Run(Path(folder))
    parts = [part(run) for part in (part_table_1, part_protocols, part_truth)]
    missing = [f"{what}: {command}" for part in parts for what, command in part.missing.items()]
    print(as_markdown("Table 1", missing, [section for part in parts for section in part.sections]))


if __name__ == "__main__":
    main(*sys.argv[1:])
