"""Checks a port in continuous integration: `parfocal conform`, with job summary, badge, annotation and outputs.

The runner gives what action.yml names as environment; the exit code is that of `parfocal conform`.
"""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
COLOURS = {"agrees": "#2e7d32", "diverges": "#b71c1c", "malformed": "#b71c1c"}
BADGE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="parfocal: {text}">
<rect width="60" height="20" fill="#555"/><rect x="60" width="{rest}" height="20" fill="{colour}"/>
<g fill="#fff" font-family="Verdana,sans-serif" font-size="11" text-anchor="middle">
<text x="30" y="14">parfocal</text><text x="{middle}" y="14">{text}</text></g></svg>
"""


def main() -> int:
    """Check, and tell it in every form that a runner knows."""
    names = ("PORT", "PROFILE", "CASES", "KNOWN", "LEAST", "BADGE", "REPORT")
    given = {name: os.environ.get(name, "") for name in names}
    report = Path(given["REPORT"] or "conform.json")
    command = [sys.executable, "-m", "reference", "conform", "--port", given["PORT"], "--report", str(report)]
    for name, option in {"PROFILE": "--profile", "CASES": "--cases", "KNOWN": "--known", "LEAST": "--least"}.items():
        command += [option, given[name]] if given[name] else []
    paths = os.pathsep.join(map(str, filter(None, (ROOT, ROOT / "reference", os.environ.get("PYTHONPATH")))))
    report.unlink(missing_ok=True)
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr, sep="", end="", flush=True)
    found = json.loads(report.read_text()) if report.exists() else {}
    first = f"{found['first']['step']} in {found['first']['case']}" if "first" in found else ""
    told = done.stdout or done.stderr
    if done.returncode:
        head, rows = told.strip().partition("\n\n")[0], told.strip().splitlines()
        fewer = found.get("verdict") == "agrees"  # than were asked for, as the last line says
        title = f"parfocal conform: {first or ('a step has vanished' if fewer else 'no result')}"
        print(f"::error title={_property(title)}::{_data(rows[-1] if fewer else head)}")
    _append("GITHUB_STEP_SUMMARY", _summary(found, first, told))
    _append("GITHUB_OUTPUT", f"verdict={found.get('verdict', '')}\nfirst={first}\n")
    Path(given["BADGE"] or "conform.svg").write_text(_badge(found, first))
    return done.returncode


def _append(variable: str, text: str) -> None:
    """Append to a file that the runner names."""
    if path := os.environ.get(variable):
        with open(path, "a", encoding="utf-8") as file:
            file.write(text)


def _summary(found: dict[str, Any], first: str, told: str) -> str:
    """The verdict, the first wrong step and the table, as Markdown."""
    head = f"## parfocal conform: {found.get('verdict', 'not checked')}\n\n"
    head += f"First wrong step: **{first}**\n\n" if first else ""
    return head + f"<pre>{html.escape(told.strip())}</pre>\n"


def _badge(found: dict[str, Any], first: str) -> str:
    """A badge with the verdict: how many arrays agree, or the first wrong step."""
    verdict = found.get("verdict", "not checked")
    text = html.escape(f"{found['count']['agrees']} arrays agree" if verdict == "agrees" else first or verdict)
    rest = 12 + 7 * len(text)
    return BADGE.format(
        width=60 + rest, rest=rest, middle=60 + rest / 2, text=text, colour=COLOURS.get(verdict, "#757575")
    )


def _data(text: str) -> str:
    """Text as the message of a workflow command."""
    return text.strip().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Text as a property of one."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


if __name__ == "__main__":
    sys.exit(main())
