"""Settings of Sphinx; `docs/build.py` assembles the pages and runs it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import reference.steps.arrays

project = "Parfocal"
author = "The Parfocal authors"
copyright = author
version = release = reference.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.viewcode",
    "extensions.mathml",
    "extensions.house_docstrings",
    "extensions.signatures",
]
html_math_renderer = "mathml"
smartquotes = False  # texts are quoted as they are written
highlight_language = "none"  # what names no language is a command or what a program says

myst_enable_extensions = ["attrs_block", "attrs_inline", "dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # the lessons come executed
nb_ipywidgets_js = {}  # there are no widgets, and nothing is fetched

autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False
autodoc_preserve_defaults = True
autodoc_type_aliases = {name: name for name in reference.steps.arrays.__all__}
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
viewcode_follow_imported_members = True

html_theme = "furo"
html_title = f"Parfocal {release}"
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_copy_source = False
html_show_sphinx = False


def _same_sidebar(app, pagename, templatename, context, doctree):
    """Source pages in folders of one depth share the sidebar; drawing it for each took most of the time."""
    if pagename.startswith("_modules/") and "toctree" in context:
        draw, depth = context["toctree"], pagename.count("/")
        context["toctree"] = lambda **options: _SIDEBARS.get(depth) or _SIDEBARS.setdefault(depth, draw(**options))


_SIDEBARS: dict[int, str] = {}


def setup(app):
    """Before the theme, which asks for the sidebar."""
    app.connect("html-page-context", _same_sidebar, priority=400)
