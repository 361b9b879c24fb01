"""What moved cameras, other sizes and stacks cost, with ground truth, as the tables of docs/real_photographs.md.

Run: python -m tests.benchmarks.real_photographs [PART ...]
Parts: motions, unrelated, smoothing, sizes, resampling, stacks, memory, tiles, board. Stacks and the board need
enfuse, the board PARFOCAL_DATA.
"""

from __future__ import annotations

import os
import shutil
import sys

from tests.benchmarks.moved_cameras import motions, smoothing, unrelated
from tests.benchmarks.other_sizes import resampling, sizes
from tests.benchmarks.stacks import board, memory, stacks
from tests.benchmarks.tiles_and_whole import tiles

PARTS = {
    "motions": motions, "unrelated": unrelated, "smoothing": smoothing, "sizes": sizes, "resampling": resampling,
    "stacks": stacks, "memory": memory, "tiles": tiles, "board": board,
}  # fmt: skip

if __name__ == "__main__":
    wanted = sys.argv[1:] or [part for part in PARTS if part != "board" or "PARFOCAL_DATA" in os.environ]
    if not shutil.which("enfuse") and {"stacks", "board"} & set(wanted):
        sys.exit("enfuse is not here (Debian: apt-get install enfuse)")
    for part in wanted:
        for line in PARTS[part]():
            print(line, flush=True)
        print()
