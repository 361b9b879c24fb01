"""What a result depends on: the code that computes, and not how it is written."""

from __future__ import annotations

from reference.jobs.manifest import syntax_of

CODE = """
\"\"\"About it.\"\"\"

def f(x):
    \"\"\"Twice x.\"\"\"
    return 2 * x  # doubled


class C:
    \"\"\"A class.\"\"\"

    y = 1
"""


def test_docstrings_comments_and_layout_change_nothing_and_code_does(tmp_path):
    def written(text):
        path = tmp_path / "code.py"
        path.write_text(text)
        return syntax_of(path)

    before = written(CODE)
    for old, new in (
        ("About it.", "Of it."),
        ("Twice x.", "x + x."),
        ("# doubled", "# 2 x"),
        ("2 * x", "(2*x)"),
        ("A class.", "C."),
    ):
        assert written(CODE.replace(old, new)) == before, old
    for old, new in (("2 * x", "x * 2"), ("y = 1", "y = 2"), ("def f", "def g")):
        assert written(CODE.replace(old, new)) != before, old
