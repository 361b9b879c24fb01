"""The learning curves of the shipped networks. Run: python figures/learning_curves.py"""

import json
from pathlib import Path

from reference.datasets.registry import data_root
from reference.report.figures.learning_curves import draw, read_log
from reference.report.figures.save import save_figure


def main() -> None:
    weights = data_root() / "weights"
    logs = {path.name.split(".")[0]: read_log(path) for path in sorted(weights.glob("*.log.jsonl"))}
    figure = draw(logs, map_from=json.loads((weights / "enhanced.json").read_text())["recipe"]["steps"])
    save_figure(Path(__file__).parent / "learning_curves.png", figure)


if __name__ == "__main__":
    main()
