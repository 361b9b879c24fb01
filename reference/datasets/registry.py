"""Data files: those that ship with the project, and those that each user fetches.

`data/registry.json` lists the latter with address, size, sha256 and terms. They are searched for in --data, then in
PARFOCAL_DATA, then in the download cache, and their hash is checked on every use.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import platformdirs

from reference.errors import BadInput, MissingExtra, WrongUsage
from reference.files import sha256_of


def data_root() -> Path:
    """The folder `data` that ships: beside the packages in a checkout, within `reference` in an installed wheel."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parent / "data"
    return checkout if (checkout / "registry.json").exists() else package / "data"


def registry() -> dict[str, Any]:
    """The groups of files to fetch: name -> about, origin, licence, files (name, url, bytes, sha256)."""
    return json.loads((data_root() / "registry.json").read_text())["groups"]  # type: ignore[no-any-return]


def cache_folder() -> Path:
    """The folder for files from `parfocal fetch`."""
    return Path(platformdirs.user_cache_dir("parfocal"))


def search_path(data: Path | None = None) -> list[Path]:
    """The folders to search, in order."""
    named = (data, os.environ.get("PARFOCAL_DATA"))
    return [*(Path(folder) for folder in named if folder), cache_folder()]


def find(name: str, data: Path | None = None) -> Path | None:
    """The first file with a registered name on the search path, or None; BadInput if its hash is wrong."""
    entry = next((file for group in registry().values() for file in group["files"] if file["name"] == name), None)
    for folder in search_path(data):
        path = folder / name
        if entry and path.exists():
            if (digest := sha256_of(path)) != entry["sha256"]:
                raise BadInput(f"{path} has sha256 {digest}, but the registry says {entry['sha256']}")
            return path
    return None


def find_group(group: str, data: Path | None = None) -> dict[str, Path] | None:
    """The files of a group by their names without folder, or None if one is missing."""
    paths = {file["name"].split("/")[-1]: find(file["name"], data) for file in registry()[group]["files"]}
    existing = {name: path for name, path in paths.items() if path}
    return existing if len(existing) == len(paths) else None


def fetch(groups: Iterable[str], folder: Path | None = None, timeout: float = 30) -> list[Path]:
    """Download groups of files, each checked against its sha256 before it is put in place.

    timeout  seconds in which an address must answer
    raises   WrongUsage for a group that is not registered, BadInput for content that differs from the registered,
             MissingExtra where a download fails, OSError where the folder cannot be written
    """
    import pooch

    known = registry()
    if unknown := [group for group in groups if group not in known]:
        raise WrongUsage(f"there is no {', '.join(unknown)} to fetch: choose {', '.join(known)}")
    target = folder or cache_folder()
    paths = []
    for file in (file for group in groups for file in known[group]["files"]):
        file_path = target / file["name"]
        file_path.parent.mkdir(parents=True, exist_ok=True)
        try:
            digest, name, place = f"sha256:{file['sha256']}", file_path.name, file_path.parent
            download = pooch.HTTPDownloader(progressbar=True, timeout=timeout)
            paths.append(Path(pooch.retrieve(file["url"], digest, fname=name, path=place, downloader=download)))
        except ValueError as error:
            raise BadInput(f"{file['url']} is not the file meant: {error}") from error
        except Exception as error:  # requests raises errors of many kinds
            raise MissingExtra(f"{file['url']} could not be fetched: {error}") from error
    return paths
