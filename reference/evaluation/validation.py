"""Loss and accuracy of a trained network on crops of the validation photographs, as training logs them."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

from reference.data_files import data_root
from reference.errors import BadInput
from reference.evaluation.remembered import Remembered
from reference.ground_truth import photographs_folder, photographs_of
from reference.network.training.crops import MARGIN
from reference.network.training.photographs import read_photographs
from reference.network.training.recipe import Recipe
from reference.network.training.train import validate

__all__ = ["validation"]


def validation(name: str, network: Remembered, data: Path | None) -> dict[str, float]:
    """Validate shipped weights by the recipe they were trained by (data/weights/NAME.json).

    returns  validation_loss and validation_accuracy, of patches or of the map, as the end of the run had them
    raises   MissingExtra where the photographs are not fetched, BadInput for a recipe of another version
    """
    path = data_root() / "weights" / f"{name}.json"
    numbers = json.loads(path.read_text())["recipe"]
    if other := set(numbers) ^ {field.name for field in fields(Recipe)}:
        raise BadInput(f"{path} has another kind of recipe than today's: {', '.join(sorted(other))}")
    recipe = Recipe(**numbers)
    photographs = read_photographs(photographs_folder(data), recipe.crop + 2 * MARGIN, without=photographs_of("test"))
    return validate(network.network.file.module, recipe, photographs, of_map=recipe.map_steps > 0)
