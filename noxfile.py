"""What is done often: nox -s lint tests tests_all docs reproduce rooms. It runs in the environment that nox is in.

Set up: python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e ".[test-all,dev]"; then .venv/bin/nox -l
"""

from __future__ import annotations

import sys

import nox

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "tests"]
PARALLEL = ("-n", "auto", "--dist", "loadfile")


def python(session: nox.Session, *arguments: str, **environment: str) -> None:
    """Run python with these arguments and those that stand behind `--` on the command line."""
    session.run(sys.executable, *arguments, *session.posargs, env=environment, external=True)


@nox.session
def lint(session: nox.Session) -> None:
    """Style and types."""
    python(session, "-m", "ruff", "check", ".")
    python(session, "-m", "ruff", "format", "--check", ".")
    python(session, "-m", "mypy", "--strict")


@nox.session
def tests(session: nox.Session) -> None:
    """The fast part, in under a minute on two cores: nothing slow, few examples of each property."""
    python(session, "-m", "pytest", *PARALLEL, "-m", "not slow", HYPOTHESIS_PROFILE="quick")


@nox.session
def tests_all(session: nox.Session) -> None:
    """Everything, as the README has it."""
    python(session, "-m", "pytest", *PARALLEL)


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation as one site, site/index.html; its warnings are errors."""
    python(session, "docs/build.py", "--out", "site")


@nox.session
def reproduce(session: nox.Session) -> None:
    """The main job: every claim of the paper."""
    python(session, "-m", "reference", "reproduce", "--out", "results")


@nox.session
def rooms(session: nox.Session) -> None:
    """The rooms by layer, what each imports, and whether any import goes up."""
    python(session, "-m", "tests.support.rooms")
