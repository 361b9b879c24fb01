"""What scoring a pair takes, beside the time its multiply-adds take in large matrix products of the same run.

Run: python -m tests.benchmarks.inference [NETWORK ...]
"""

from __future__ import annotations

import sys

import numpy as np
import torch

from reference.experiments.benchmark import measure_usage
from reference.network import TRAINED
from reference.network.loading import load_network
from reference.network.summary import cost
from reference.steps import pyramid
from tests.benchmarks.side_by_side import machine

SIDE = 520
ROUNDS = 5
MOST_RATIO, MOST_MIB = 2.0, 2048.0


def matrix_rate(side: int = 4096) -> float:
    """10^9 operations a second in a product of two matrices of single precision."""
    a, b = torch.rand(2, side, side)
    _, usage = measure_usage(lambda: a @ b)
    return 2 * side**3 / usage.seconds / 1e9


def main(names: list[str]) -> int:
    """Exit 1 if a network takes more than twice the time of its arithmetic, or 2 GiB."""
    threads = torch.get_num_threads()
    print(f"{SIDE} x {SIDE}, fast mode, {threads} threads; {machine()}; the best of {ROUNDS} rounds in turns\n")
    print("| network | GFLOP | seconds | matrix product, GFLOP/s | at that rate | ratio | MiB |\n" + "|---" * 7 + "|")
    failed = False
    for name in names:
        network = load_network(name)
        sources = [pyramid(np.random.default_rng(seed).random((SIDE, SIDE)), network.levels) for seed in (0, 1)]
        gflop = cost(network.file.module, SIDE, SIDE).gflop
        rates, usage = [], []
        matrix_rate()
        network(*sources)  # the first of each is slower
        for _ in range(ROUNDS):
            rates.append(matrix_rate())
            usage.append(measure_usage(lambda: network(*sources))[1])  # noqa: B023
        seconds, rate, mib = min(t.seconds for t in usage), max(rates), max(t.peak_mib or 0 for t in usage)
        ratio = seconds * rate / gflop
        failed |= ratio > MOST_RATIO or mib > MOST_MIB
        print(f"| {name} | {gflop:.0f} | {seconds:.2f} | {rate:.0f} | {gflop / rate:.2f} s | {ratio:.2f} | {mib:.0f} |")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(TRAINED)))
