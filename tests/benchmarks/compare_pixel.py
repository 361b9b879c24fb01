"""The pixel method beside others on pairs with truth: those that test, and sets made another way than its training.

    python -m tests.benchmarks.compare_pixel --out DIR --data DIR [--v3 PYTHON] [--sets NAMES] [--networks NAMES]
                                             [--weights FILE]

FILE holds other weights of the pixel method than those that ship, such as those of another seed. PYTHON is that of an
environment with openfocus (see stackmff_v3.py). Results are kept in DIR and used again. Written are
DIR/comparison.json and the tables on stdout: PSNR in dB on the mean by kind of pair, what the pixel method is above
each other method with the 95 % interval, for the halos the root of the squared error near bright things, and the
median seconds that the pixel method and V3 take for a pair once they are loaded (measure them on a quiet machine).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image
from tqdm import tqdm

from matlab_compat import im2uint8
from reference.datasets.ground_truth import make_pair, physical_scenes, scenes
from reference.datasets.pairs import embedded_pairs
from reference.experiments.against_truth import CONDITIONS, cast, photographed
from reference.experiments.methods import FUNCTIONS, by_function
from reference.experiments.scores import mean
from reference.files import write_json
from reference.images.files import read_image
from reference.jobs.manifest import versions
from reference.methods.pixel import PixelMethod
from reference.network.loading import load_engine, load_network
from reference.parameters import PRESETS
from reference.pipeline import fuse
from tests.benchmarks.other_pairs import SETS

ABOUT = (__doc__ or "").partition("\n")[0]


class Pair(NamedTuple):
    """8-bit A, B and truth; its kind; pairs of one group are not independent; the pixels it is judged by."""

    name: str
    kind: str
    group: str
    images: tuple[Any, Any, Any]
    judged: Any = None


def embedded() -> Iterator[Pair]:
    for pair in embedded_pairs():
        images = [im2uint8(read_image(path).pixels) for path in (pair.image_a, pair.image_b, pair.truth) if path]
        yield Pair(pair.name, "embedded", pair.name, (images[0], images[1], images[2]))


def that_test(condition: str, data: Path | None) -> Iterator[Pair]:
    for scene in physical_scenes("test") if condition == "physical" else scenes("test"):
        made = make_pair(scene, data)
        kind = scene.capture.kind if condition == "physical" else scene.boundary
        given = CONDITIONS["clean" if condition == "physical" else condition]
        a, b = photographed(cast(made, given), given, scene.seed)
        yield Pair(scene.name, kind, scene.photograph, (im2uint8(a), im2uint8(b), im2uint8(made.truth)))


def made_otherwise(name: str) -> Iterator[Pair]:
    for made in SETS[name]():
        yield Pair(made.name, name, made.name, (made.image_a, made.image_b, made.truth), made.judged)


def squared_error(image: Any, pair: Pair) -> float:
    squared = (image / 255.0 - pair.images[2] / 255.0) ** 2
    return float((squared if pair.judged is None else squared[pair.judged]).mean())


def best_blend(a: Any, b: Any, truth: Any) -> Any:
    """What no map of one weight a pixel can better: the point between A and B that is nearest to the truth."""
    a3, b3, t3 = (np.atleast_3d(x) for x in (a, b, truth))
    step = a3 - b3
    weight = ((t3 - b3) * step).sum(axis=2) / np.maximum((step**2).sum(axis=2), 1e-9)
    return (b3 + np.clip(weight, 0, 1)[..., None] * step).reshape(a.shape)


def by_v3(pairs: list[Pair], python: str, folder: Path) -> Iterator[tuple[str, dict[str, Any], list[float]]]:
    """StackMFF V3, soft and hard: images by name of the pair, and the seconds that each took."""
    tasks = []
    for pair in pairs:
        task = {side: str(folder / f"{pair.name}_{side}.png") for side in ("a", "b", "soft", "hard")}
        for side, image in zip("ab", pair.images, strict=False):
            Image.fromarray(image).save(task[side])
        tasks.append(task)
    listed = folder / "pairs.json"
    listed.write_text(json.dumps(tasks))
    command = [python, str(Path(__file__).with_name("stackmff_v3.py")), str(listed)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds = [json.loads(line) for line in told.splitlines() if line.startswith("{")]

    def read(path: str, like: Any) -> Any:
        image = np.asarray(Image.open(path))
        return image[..., 0] if like.ndim == 2 and image.ndim == 3 else image

    for mode in ("soft", "hard"):
        images = {pair.name: read(task[mode], pair.images[0]) for pair, task in zip(pairs, tasks, strict=True)}
        yield f"V3 {mode}", images, [each[f"seconds_{mode}"] for each in seconds]


def compare(
    pairs: list[Pair], pixel: PixelMethod, networks: list[str], v3: str | None, say: str
) -> tuple[dict[str, dict[str, float]], dict[str, list[float]]]:
    """The mean squared error by method and pair, and the seconds that the networks of pixels took."""
    loaded = {name: load_network(name.partition(":")[0]) for name in networks}
    found: dict[str, dict[str, float]] = {}
    seconds: dict[str, list[float]] = {"pixel": []}
    for pair in tqdm(pairs, desc=say, unit="pair", leave=False):
        a, b = (image / 255.0 for image in pair.images[:2])
        began = time.perf_counter()
        fused = pixel(a, b).image
        seconds["pixel"].append(time.perf_counter() - began)
        results = {
            "pixel": fused,
            "better source": None,
            "best blend": best_blend(a, b, pair.images[2] / 255.0),
        }
        results |= {name: by_function(name, a, b).image for name in FUNCTIONS if name != "pixel"}
        for name, network in loaded.items():
            results[name] = fuse(a, b, network, PRESETS[name.partition(":")[2] or "paper"]).image
        for name, image in results.items():
            errors = [squared_error(im2uint8(image), pair)] if image is not None else [
                squared_error(source, pair) for source in pair.images[:2]
            ]  # fmt: skip
            found.setdefault(name, {})[pair.name] = min(errors)
    if v3:
        with tempfile.TemporaryDirectory() as folder:
            for name, images, seconds[name] in by_v3(pairs, v3, Path(folder)):
                found[name] = {pair.name: squared_error(images[pair.name], pair) for pair in pairs}
    return found, seconds


def summary(pairs: list[Pair], errors: dict[str, dict[str, float]], seconds: dict[str, list[float]]) -> dict[str, Any]:
    """PSNR by kind, differences from the pixel method, the root of the squared error in gray levels, and seconds."""
    psnr = {name: {k: -10 * np.log10(max(e, 1e-9)) for k, e in of.items()} for name, of in errors.items()}
    kinds = {"all": pairs, **{kind: [p for p in pairs if p.kind == kind] for kind in sorted({p.kind for p in pairs})}}
    groups: dict[str, list[str]] = {}
    for pair in pairs:
        groups.setdefault(pair.group, []).append(pair.name)
    rows: dict[str, Any] = {}
    for name, of in psnr.items():
        less = [float(np.mean([psnr["pixel"][k] - of[k] for k in names])) for names in groups.values()]
        interval = mean(np.array(less))
        rows[name] = {
            "psnr": {kind: float(np.mean([of[pair.name] for pair in members])) for kind, members in kinds.items()},
            "pixel_less_this": [interval.value, interval.low, interval.high],
            "rms": 255 * float(np.sqrt(np.mean(list(errors[name].values())))),
            **({"seconds": float(np.median(seconds[name]))} if name in seconds else {}),
        }
    return rows


def show(name: str, rows: dict[str, Any]) -> None:
    kinds = list(rows["pixel"]["psnr"])
    print(f"\n{name}: PSNR, dB: {', '.join(kinds)}; pixel less this, with its 95 % interval; root of the squared error")
    for method, row in sorted(rows.items(), key=lambda item: -item[1]["psnr"]["all"]):
        values = " ".join(f"{row['psnr'][kind]:6.2f}" for kind in kinds)
        less = "{:+.2f} [{:+.2f}, {:+.2f}]".format(*row["pixel_less_this"])
        took = f"   {row['seconds']:.3f} s a pair" if "seconds" in row else ""
        print(f"  {method:18} {values}   {less if method != 'pixel' else '':24} {row['rms']:.2f}{took}")


def main() -> None:
    names = ["embedded", *CONDITIONS, "physical", *SETS]
    parser = argparse.ArgumentParser(description=ABOUT)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--v3", metavar="PYTHON")
    parser.add_argument("--weights", type=Path, metavar="FILE")
    parser.add_argument("--sets", default=",".join(names))
    parser.add_argument("--networks", default="small:tuned", help="with commas; for example enhanced,enhanced:tuned")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    path, pixel = options.out / "comparison.json", PixelMethod(load_engine(options.weights))
    record: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    for name in options.sets.split(","):
        if name not in record.get("sets", {}):
            made = embedded() if name == "embedded" else made_otherwise(name) if name in SETS else None
            pairs = list(made or that_test(name, options.data))
            networks = [network for network in options.networks.split(",") if network]
            found = compare(pairs, pixel, networks, options.v3, name)
            record.setdefault("sets", {})[name] = summary(pairs, *found)
            write_json(path, {**record, "versions": versions()})
        show(name, record["sets"][name])
    print(f"\npixel by {pixel.record()['arithmetic']}")


if __name__ == "__main__":
    main()
