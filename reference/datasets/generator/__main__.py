"""Write the embedded pairs: python -m reference.datasets.generator FOLDER."""

import sys
from pathlib import Path

from reference.datasets.generator.scenes import SCENES, make_scene
from reference.files import sha256_of
from reference.images.files import write_image


def main(folder: Path) -> None:
    """Write a.png, b.png, truth.png and focus.png of every scene, and SHA256SUMS over all of them."""
    sums = []
    for scene in SCENES:
        scene_folder = folder / scene.name
        scene_folder.mkdir(parents=True, exist_ok=True)
        pair = make_scene(scene)
        images = {"a": pair.image_a, "b": pair.image_b, "truth": pair.truth, "focus": pair.focus}
        for name, image in images.items():
            write_image(scene_folder / f"{name}.png", image)
            sums.append(f"{sha256_of(scene_folder / f'{name}.png')}  {scene.name}/{name}.png\n")
    (folder / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
