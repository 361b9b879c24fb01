"""Train a network on a folder of photographs; an interrupted run resumes."""

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from reference.commands.arguments import add_device, number, whole_number
from reference.network import PIXEL, TRAINED

OF_SETTING = "of the network, in place of the recipe's, as levels=2 or filters=[8,16,32,64,128]; may be repeated"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Photographs, result, and the parts of the recipe that are often changed; the recipe is that of the network."""
    parser.add_argument("images", type=Path, metavar="FOLDER", help="sharp photographs")
    parser.add_argument("--validation", type=Path, required=True, metavar="FOLDER", help="other photographs")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="weights, record, log, checkpoint")
    parser.add_argument("--network", choices=(*TRAINED, PIXEL), default="enhanced")
    parser.add_argument("--start", type=Path, metavar="FILE", help="weights to go on from; narrower ones are widened")
    parser.add_argument("--setting", action="append", type=_setting, default=[], metavar="NAME=VALUE", help=OF_SETTING)
    parser.add_argument("--steps", type=whole_number(1), help="training steps")
    parser.add_argument("--map-steps", type=whole_number(0), help="steps after them, by the loss of the focus map")
    parser.add_argument("--batch", type=whole_number(1), help="crops a step")
    parser.add_argument("--learning-rate", type=number(0, 1, open_low=True), help="at its highest")
    parser.add_argument("--seed", type=whole_number(0))
    parser.add_argument("--physical-share", type=number(0, 1), help="of crops made as a camera makes them")
    add_device(parser)
    parser.add_argument("--threads", type=whole_number(1), help="processor threads (default: all)")


def _setting(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE with a value as JSON has it") from None


def run(options: argparse.Namespace) -> int:
    """Train, then write weights as float16 with their sha256 and the recipe beside them."""
    import torch

    from reference.datasets.ground_truth import photographs_of
    from reference.files import sha256_of, write_json
    from reference.jobs.manifest import versions
    from reference.network.training.crops import MARGIN, read_photographs
    from reference.network.training.recipe import FURTHER, RECIPES
    from reference.network.training.train import train
    from reference.network.weights import config_of, write_weights
    from reference.report.figures.learning_curves import draw, read_log
    from reference.report.figures.save import save_figure

    recipe = (FURTHER if options.start else RECIPES)[options.network]
    names = ("steps", "map_steps", "batch", "learning_rate", "seed", "physical_share")
    changes = {name: value for name in names if (value := getattr(options, name)) is not None}
    recipe = replace(recipe, settings=recipe.settings | dict(options.setting), **changes)
    if options.threads:
        torch.set_num_threads(options.threads)
    least = recipe.crop + 2 * MARGIN
    testing = photographs_of("test")
    photographs = read_photographs(options.images, least, without=testing | photographs_of("choose"))
    validation = read_photographs(options.validation, least, without=testing)
    module = train(recipe, photographs, validation, options.out, options.start, options.device)

    weights = options.out / f"{recipe.network}.safetensors"
    digest = write_weights(weights, recipe.network, module.state_dict(), config_of(module), half=True)
    write_json(options.out / f"{recipe.network}.json", {
        "weights": weights.name, "sha256": digest, "recipe": asdict(recipe), "photographs": len(photographs),
        "validation_photographs": len(validation), "versions": versions(),
        "start": sha256_of(options.start) if options.start else None,
    })  # fmt: skip
    save_figure(options.out / "learning_curves.png", draw({recipe.network: read_log(options.out / "log.jsonl")}))
    print(weights)
    option = "--method" if recipe.network == "pixel" else "--network"
    print(f"use it with: parfocal fuse A B -o F {option} {recipe.network} --weights {weights}", file=sys.stderr)
    return 0
