"""The learning curves of the shipped networks. Run: python figures/learning_curves.py"""

from pathlib import Path

from reference.data_files import data_root
from reference.report.figure_files import save_figure
from reference.report.learning_curves import draw, read_log


def main() -> None:
    logs = sorted((data_root() / "weights").glob("*.log.jsonl"))
    figure = draw({path.name.split(".")[0]: read_log(path) for path in logs})
    save_figure(Path(__file__).parent / "learning_curves.png", figure)


if __name__ == "__main__":
    main()
