"""Fuse pairs by StackMFF V3 as the package openfocus has it (1.72.0, MIT). Run by a Python that has that package:

    PYTHON tests/benchmarks/stackmff_v3.py pairs.json     # [{"a": ..., "b": ..., "soft": ..., "hard": ...}, ...]

It imports nothing of this project, since openfocus needs another OpenCV than this project does.
"""

import json
import sys
import time
from pathlib import Path

import cv2
import weights
from fusion_methods import stackmffv3

FILE = str(Path(weights.__file__).with_name("stackmff_v3_final.pth"))


def main() -> None:
    for pair in json.loads(Path(sys.argv[1]).read_text()):
        images = [cv2.imread(pair[side], cv2.IMREAD_COLOR) for side in "ab"]
        for mode in ("soft", "hard"):
            began = time.perf_counter()
            fused = stackmffv3._stackmffv3_impl(images, None, FILE, False, mode)
            pair[f"seconds_{mode}"] = time.perf_counter() - began
            cv2.imwrite(pair[mode], fused)
        print(json.dumps(pair), flush=True)


if __name__ == "__main__":
    main()
