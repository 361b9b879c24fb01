"""The command line, as the tests of image files call it."""

import pytest

from reference.cli import main


@pytest.fixture
def gfdf(tmp_path, capsys):
    """Runs a command on files by the method of that name, and gives what it says on stderr."""

    def run(command, *files, to="f.png", code=0):
        assert main([command, *map(str, files), "-o", str(tmp_path / to), "--method", "gfdf"]) == code
        return capsys.readouterr().err

    return run
