"""Fit the error that the pixel network expects to the true one on the pairs that choose; show both on those that test.

What says it is the second half of the last convolution, which does not move the image: log v = w . h + b, h the head's
3 x 3 neighbourhood, mean over the photographs. Fitted is the mean of e / v + log v over pixels of all conditions, e the
squared error: a gamma regression with a logarithmic link, which is convex.

    python -m tests.benchmarks.calibrate_pixel data/weights/pixel.safetensors --data DIR --write OUT
    python -m tests.benchmarks.calibrate_pixel data/weights/pixel.safetensors --data DIR          # the tables alone
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.optimize import minimize
from torch.nn import functional
from tqdm import tqdm

from reference.datasets.generator.scenes import smooth_shape
from reference.datasets.generator.thin_lens import disc_blur
from reference.datasets.ground_truth import Role, make_pair, physical_scenes, scenes
from reference.experiments.against_truth import CONDITIONS, cast, photographed
from reference.methods.pixel import PixelMethod
from reference.network.loading import load_engine
from reference.network.pixel import PixelNetwork
from reference.network.weights import config_of, read_weights, write_weights
from reference.steps import gray

EVERY = 97  # pixels, of which one is taken
BOTH = "blurred in both"
LARGE = 10 / 255
OF = {"simple": ("clean", "noise_5", "noise_10", BOTH), "physical": ("clean", BOTH)}


def pairs_of(role: Role, data: Path | None) -> Iterator[tuple[str, Any, Any, Any]]:
    """Kind and condition, A and B as photographed, and the truth."""
    for kind, conditions in OF.items():
        for scene in tqdm(
            scenes(role) if kind == "simple" else physical_scenes(role), desc=f"{kind} pairs that {role}"
        ):
            pair = make_pair(scene, data)
            for condition in conditions:
                how = CONDITIONS["clean" if condition == BOTH else condition]
                there = cast(pair, how)
                a, b = photographed(there, how, scene.seed)
                a, b = blurred_in_both(a, b, scene.seed) if condition == BOTH else (a, b)
                yield f"{kind}, {condition}", a, b, there.truth


def blurred_in_both(a: Any, b: Any, seed: int) -> list[Any]:
    """A tenth to four tenths of the picture out of focus in both, as depths that no photograph was focused on."""
    rng = np.random.default_rng([seed, 2])
    inside = smooth_shape(a.shape[:2], 40.0, rng.uniform(0.1, 0.4), rng)
    inside = inside if a.ndim == 2 else inside[..., None]
    blurred = [(1 - inside) * x + inside * disc_blur(x, rng.uniform(3.0, 8.0)) for x in (a, b)]
    return [np.round(255 * np.clip(x, 0, 1)) / 255 for x in blurred]


def squared_error(image: Any, truth: Any) -> Any:
    squared = (np.clip(image, 0, 1) - truth) ** 2
    return squared.mean(axis=-1) if squared.ndim == 3 else squared


def fit(module: PixelNetwork, data: Path | None) -> tuple[np.ndarray, float]:
    """Weights and bias of the second half of the last convolution."""
    seen: list[torch.Tensor] = []
    module.decide.register_forward_pre_hook(lambda layer, inputs: seen.append(inputs[0]))
    rows, errors = [], []
    for kind, a, b, truth in pairs_of("choose", data):
        if kind.endswith(BOTH):  # fitted to them too, the error is overstated where nothing is blurred
            continue
        seen.clear()
        grays = torch.from_numpy(np.stack([gray(a), gray(b)]).astype(np.float32))[:, None, None]
        with torch.inference_mode():
            weights, _ = module(grays)
            of_a = weights[0, 0, 0].double().numpy()
            head = functional.unfold(seen[0].mean(dim=0, keepdim=True), 3, padding=1)[0]  # (9 C, H W)
        of_a = of_a[..., None] if a.ndim == 3 else of_a
        error = squared_error(of_a * a + (1 - of_a) * b, truth)
        rows.append(head[:, ::EVERY].T.double().numpy())
        errors.append(error.ravel()[::EVERY])
    x, e = np.concatenate(rows), np.concatenate(errors) + (0.3 / 255) ** 2  # of the rounding to 8 bits

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        log_v = x @ parameters[:-1] + parameters[-1]
        ratio = e * np.exp(-np.clip(log_v, -30, 5))
        slope = 1 - ratio
        return float((ratio + log_v).mean()), np.append(slope @ x, slope.sum()) / len(e)

    start = np.append(np.zeros(x.shape[1]), np.log(e.mean()))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000, "maxfun": 4000})
    print(f"{len(e)} pixels, loss {found.fun:.4f} ({found.message})")
    return found.x[:-1], float(found.x[-1])


def reliability(method: PixelMethod, role: Role, data: Path | None) -> None:
    """Expected and true error in tenths by the expected one, and the worst tenth's share of the squared error."""
    by_kind: dict[str, list[tuple[Any, Any]]] = {}
    told: dict[str, list[bool]] = {}  # whether a notice of the expected error would say that much is sharp in neither
    for kind, a, b, truth in pairs_of(role, data):
        fused = method(a, b)
        error = squared_error(fused.image, truth).ravel()[::7], fused.steps["expected_error"].ravel()[::7] ** 2
        by_kind.setdefault(kind, []).append(error)
        told.setdefault(kind, []).append(bool(np.mean(fused.steps["expected_error"] > LARGE) > 0.05))
    clean = [pairs for kind in ("simple, clean", "physical, clean") for pairs in by_kind[kind]]
    for kind, pairs in {**by_kind, "both, clean": clean}.items():
        true, said = (np.concatenate(each) for each in zip(*pairs, strict=True))
        tenths = np.array_split(np.argsort(said), 10)
        root = [[255 * np.sqrt(values[tenth].mean()) for tenth in tenths] for values in (said, true)]
        print(f"{role}, {kind}: {true[tenths[-1]].sum() / true.sum():.0%} of the squared error in the worst tenth")
        for name, values in zip(("said", "true"), root, strict=True):
            print(f"  {name}  " + " ".join(f"{value:6.2f}" for value in values))
        print("  ratio " + " ".join(f"{b / a:6.2f}" for a, b in zip(*root, strict=True)))
    for kind, pictures in told.items():
        print(
            f"{role}, {kind}: more than 10 levels are expected on over 5 % of {np.mean(pictures):.0%} of the pictures"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--write", type=Path, help="where the fitted weights go")
    options = parser.parse_args()
    path = options.weights
    if options.write:
        file = read_weights(path, "pixel")
        module = file.module.eval()
        assert isinstance(module, PixelNetwork)
        weights, bias = fit(module, options.data)
        with torch.no_grad():
            module.decide.weight[1] = torch.from_numpy(weights.reshape(module.decide.weight[1].shape))
            module.decide.bias[1] = bias
        write_weights(options.write, "pixel", module.state_dict(), config_of(module), half=True)
        path = options.write
    for role in ("choose", "test"):
        reliability(PixelMethod(load_engine(path)), role, options.data)


if __name__ == "__main__":
    main()
