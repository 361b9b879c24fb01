"""Everything there is to reproduce, into one folder with claims.json at its root."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from tqdm import tqdm

from reference.data_files import find_group
from reference.manifest import network_record, versions, write_json
from reference.network import AUTHORS
from reference.network.loading import load_network
from reference.network.scoring import ScoringNetwork
from reference.report.claims import Claim, at_least, not_checked, summary
from reference.report.pair_report import Measures, report_pair
from reference.samples import Pair, embedded_pairs, fetched_pairs

__all__ = ["reproduce"]

GAIN = "enhanced beats the better source and the plain average by 3 dB PSNR against ground truth"
CHILDREN_PSNR = "Liu's slight weights on Children give 62 dB against his published result"
CHILDREN_IDENTICAL = "Liu's slight weights on Children give 98.2 % of the published values exactly"
LYTRO = "Liu's slight weights on the 20 Lytro pairs give a mean of 62.2 dB against his published results"


def reproduce(out: Path, data: Path | None, say: Callable[[str], None]) -> list[Claim]:
    """Run every pair in reference arithmetic, write results and claims.json, and return the claims.

    out   folder; what it holds already from the same inputs and code is not computed again
    data  folder with fetched data, searched first
    say   told one line for every pair and every claim
    """
    enhanced, small = (load_network(name, data=data, reference=True) for name in ("enhanced", "small"))
    claims: list[Claim] = []
    measured: dict[str, dict[str, Measures]] = {"enhanced": {}, "small": {}}
    for pair in tqdm(embedded_pairs(), desc="embedded pairs", unit="pair", leave=False):
        measures = report_pair(pair, enhanced, out / "embedded" / pair.name)
        measured["enhanced"][pair.name] = measures
        measured["small"][pair.name] = report_pair(pair, small, out / "embedded_small" / pair.name)
        claims.append(at_least(f"embedded/{pair.name}", GAIN, 3.0, measures["gain"]))
        say(_line(pair, measures))
    networks: dict[str, object] = {"enhanced": network_record(enhanced), "small": network_record(small)}
    claims += _against_liu(out, data, say, enhanced, networks)
    record = {**summary(claims), "embedded": measured, "networks": networks, "versions": versions()}
    write_json(out / "claims.json", record)
    return claims


def _against_liu(
    out: Path, data: Path | None, say: Callable[[str], None], enhanced: ScoringNetwork, networks: dict[str, object]
) -> list[Claim]:
    """Children and Lytro, where they and Liu's weights are here."""
    pairs = {pair.name: pair for pair in fetched_pairs(data)}
    liu = load_network(AUTHORS, data=data, reference=True) if find_group("liu_weights", data) else None
    if liu:
        networks["liu2017"] = network_record(liu)
    claims = _children(pairs.pop("children", None), liu, enhanced, out, say)
    if not liu or len(pairs) < 20:
        why = "not here: parfocal fetch lytro lytro_results liu_weights"
        return [*claims, not_checked("lytro/liu2017", LYTRO, 62.2, why)]
    progress = tqdm(pairs.values(), desc="Lytro", unit="pair", leave=False)
    values = [report_pair(pair, liu, out / "lytro" / pair.name)["psnr_published"] for pair in progress]
    say(f"lytro: {np.mean(values):.2f} dB on the mean of 20 pairs, {min(values):.1f} to {max(values):.1f}")
    return [*claims, at_least("lytro/liu2017", LYTRO, 62.2, float(np.mean(values)))]


def _children(
    pair: Pair | None, liu: ScoringNetwork | None, enhanced: ScoringNetwork, out: Path, say: Callable[[str], None]
) -> list[Claim]:
    """The paper's own pair, by both networks."""
    if pair:
        report_pair(pair, enhanced, out / "children" / "enhanced")
    if not pair or not liu:
        why = "not here: parfocal fetch children liu_weights"
        return [
            not_checked("children/liu2017/psnr", CHILDREN_PSNR, 62.0, why),
            not_checked("children/liu2017/identical", CHILDREN_IDENTICAL, 98.2, why),
        ]
    measures = report_pair(pair, liu, out / "children" / "liu2017")
    say(f"children: {measures['psnr_published']:.2f} dB, {measures['identical']:.2f} % identical to Liu's result")
    return [
        at_least("children/liu2017/psnr", CHILDREN_PSNR, 62.0, measures["psnr_published"]),
        at_least("children/liu2017/identical", CHILDREN_IDENTICAL, 98.2, measures["identical"]),
    ]


def _line(pair: Pair, m: Measures) -> str:
    """One row about an embedded pair."""
    return (
        f"{pair.name:17} {m['psnr_fused']:6.2f} dB fused, {max(m['psnr_a'], m['psnr_b']):6.2f} better source, "
        f"{m['psnr_average']:6.2f} average, {m['psnr_local_contrast']:6.2f} local contrast; "
        f"map off by {m['map_distance_fused']:.3f} (local contrast {m['map_distance_local_contrast']:.3f})"
    )
