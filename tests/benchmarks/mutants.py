"""Wrong versions of the code that a review once found alive, and the tests that kill them.

Run: python -m tests.benchmarks.mutants [WORD ...]   (those whose file or change has the word; exit code 1 if one lives)

Each is made in a copy of the checkout, in which its tests then have to fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tqdm import tqdm

ROOT = Path(__file__).parents[2]


class Mutant(NamedTuple):
    """A file of reference/, what stands there, what the wrong version has, and a file of tests/ that has to fail."""

    file: str
    before: str
    after: str
    tests: str


# Of the review's list two are equivalent: another seed of OpenCV, whose RANSAC has a generator of its own (the call is
# gone), and a COARSEST of 50 in align: motions of the six embedded pairs differ by .004 pixel, in the same time.
MUTANTS = (
    Mutant("report/contributions.py", "SIGMA = 5 / 255", "SIGMA = 1 / 255", "report/test_reproduction.py"),
    Mutant("report/contributions.py", "SMALLER = 0.8", "SMALLER = 0.99", "report/test_reproduction.py"),
    Mutant("report/claims.toml", 'expected = "3.0"\nrule = "at least"\n\n[[claim]]\nid = "embedded/astronaut_rocket"',
           'expected = "0.1"\nrule = "at least"\n\n[[claim]]\nid = "embedded/astronaut_rocket"',
           "report/test_reproduction.py"),
    Mutant("report/table_1.py", "(liu - ours) / liu", "(liu - ours) / ours", "report/test_reproduction.py"),
    Mutant("report/table_1.py", "pool_window=window, pool_p=1.0", "pool_window=window, pool_p=0.5",
           "report/test_reproduction.py"),
    Mutant("report/failures.py", "SHIFT = 5", "SHIFT = 9", "report/test_reproduction.py"),
    Mutant("experiments/baseline.py", '"rank": 0.126', '"rank": 5', "experiments/test_evaluation.py"),
    Mutant("conformance/compare.py", "(difference <= 1)", "(difference <= 2)", "conformance/test_conformance.py"),
    Mutant("align/align.py", "SMOOTHING = 15", "SMOOTHING = 5", "align/test_align.py"),
    Mutant("align/placement.py", "abs(scale - 1) < 0.05", "abs(scale - 1) < 0.3", "align/test_align.py"),
    Mutant("jobs/stack_fusion.py", "SEAM = PAPER.guide_radius, PAPER.guide_eps", "SEAM = 1, PAPER.guide_eps",
           "jobs/test_stack.py"),
    Mutant("methods/laplacian_pyramid.py", "LEVELS = 4", "LEVELS = 3", "steps/test_methods.py"),
    Mutant("network/training/crops.py", "MARGIN = 12", "MARGIN = 4", "network/test_training.py"),
    Mutant("jobs/sources.py", "ASPECT = 0.01", "ASPECT = 0.03", "jobs/test_agreement.py"),
    Mutant("images/write.py", "QUALITY = 95", "QUALITY = 75", "images/test_image_io.py"),
    Mutant("files.py", "os.replace(temporary, path)", "import shutil; shutil.copy(temporary, path)",
           "images/test_image_io.py"),
    Mutant("network/scoring.py", "    torch.set_num_threads(1)", "    torch.set_num_threads(threads)",
           "network/test_networks.py"),
    Mutant("network/scoring.py", "        torch.set_num_threads(threads)", "        pass", "network/test_networks.py"),
    Mutant("steps/step_4_focus_map.py", "for dy in reversed(range(PATCH)):", "for dy in range(PATCH):",
           "steps/test_steps.py"),
)  # fmt: skip


def killed(mutant: Mutant, copy: Path) -> bool:
    """Whether its tests fail on the wrong version."""
    path = copy / "reference" / mutant.file
    sound = path.read_text()
    assert sound.count(mutant.before) == 1, f"{mutant.file} has {mutant.before!r} {sound.count(mutant.before)} times"
    path.write_text(sound.replace(mutant.before, mutant.after))
    try:
        paths = os.pathsep.join(map(str, (copy, copy / "reference")))
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"tests/{mutant.tests}"]
        done = subprocess.run(
            command, cwd=copy, env=os.environ | {"PYTHONPATH": paths}, check=False, capture_output=True
        )
        return done.returncode == 1
    finally:
        path.write_text(sound)


def main(*words: str) -> int:
    """Say what became of each."""
    chosen = [one for one in MUTANTS if not words or any(word in f"{one.file} {one.after}" for word in words)]
    alive = 0
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("reference", "matlab_compat", "tests", "setup.cfg", "pyproject.toml", "docs", "figures"):
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "_build"))
            elif (ROOT / name).exists():
                shutil.copy(ROOT / name, copy / name)
        (copy / "data").symlink_to(ROOT / "data")
        for mutant in tqdm(chosen, unit="mutant", leave=False):
            dead = killed(mutant, copy)
            alive += not dead
            tqdm.write(f"{'killed' if dead else 'ALIVE '} {mutant.file}: {mutant.after.splitlines()[0].strip()}")
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
