"""Part of the report: what the paper says it contributes (section 1), measured."""

from __future__ import annotations

import numpy as np
from tqdm import tqdm

from reference.evaluation.blending import Blend
from reference.evaluation.recorded import recorded
from reference.page import Table
from reference.report.contributions import SIGMA, SMALLER, behind_the_published, contributions
from reference.report.run import Part, Run
from reference.samples import embedded_pairs

__all__ = ["part_contributions"]


def part_contributions(run: Run) -> Part:
    """Sources of different size and noise on the embedded pairs; the comparison with others from the record."""
    scorer = run.scorer("enhanced")
    assert scorer is not None  # it ships
    pairs = tqdm(embedded_pairs(), desc="contributions", unit="pair", leave=False)
    found = {pair.name: contributions(pair, scorer) for pair in pairs}
    run.keep("contributions", {name: one._asdict() for name, one in found.items()})
    size, noise = np.mean(list(found.values()), axis=0)
    measured = {"contribution/1/size": float(size), "contribution/2/noise": float(noise)}
    behind = behind_the_published(recorded(), Blend().name)
    if behind is not None:
        measured["contribution/3/lytro"] = behind
    text = (
        f"PAPER parameters. Size: B is stored at {SMALLER:g} of its size and brought back onto the grid of A; dB by "
        "which the fused image beats the better source and the plain average. Noise: standard deviation "
        f"{255 * SIGMA:g} of 255 on both sources; what is left in the fused image, % of that: a hard map leaves 100, a "
        "plain average 71."
    )
    rows = [[name, f"{one.size:.2f}", f"{one.noise:.1f}"] for name, one in found.items()]
    return Part(measured, [Table("What the paper says it contributes", text, ["pair", "size", "noise"], rows)])
