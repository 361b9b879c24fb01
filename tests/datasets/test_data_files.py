"""Data: what ships is whole, what is fetched is checked, and where it is looked for."""

from __future__ import annotations

import hashlib
import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from reference.datasets import registry as data_files
from reference.datasets.pairs import embedded_pairs, fetched_pairs
from reference.datasets.registry import data_root, fetch, find, find_group, registry, search_path
from reference.errors import BadInput, MissingExtra, WrongUsage
from reference.files import sha256_of

CONTENT = b"a small file"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A registry of one file, served from this machine, and an empty cache."""
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "thing.bin").write_bytes(CONTENT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    file = {
        "name": "things/thing.bin", "url": f"http://127.0.0.1:{server.server_port}/thing.bin",
        "bytes": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest(),
    }  # fmt: skip
    root = tmp_path / "data"
    root.mkdir()
    (root / "registry.json").write_text(json.dumps({"groups": {"things": {"about": "a thing", "files": [file]}}}))
    monkeypatch.setattr(data_files, "data_root", lambda: root)
    monkeypatch.setattr(data_files, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setenv("PARFOCAL_DATA", "")
    yield folder
    server.shutdown()
    server.server_close()
    thread.join()


def test_fetch_downloads_checks_and_is_found(served, tmp_path):
    assert find("things/thing.bin") is None
    assert find_group("things") is None
    (path,) = fetch(["things"])
    assert path == tmp_path / "cache" / "things" / "thing.bin"
    assert path.read_bytes() == CONTENT
    assert find_group("things") == {"thing.bin": path}


def test_a_download_with_another_content_is_refused(served, tmp_path):
    (served / "thing.bin").write_bytes(b"something else")
    with pytest.raises(BadInput, match="is not the file meant"):
        fetch(["things"])
    assert not list((tmp_path / "cache").rglob("*.bin"))


def test_a_download_that_fails_says_so(served):
    (served / "thing.bin").unlink()
    with pytest.raises(MissingExtra, match="could not be fetched"):
        fetch(["things"])


def test_an_unknown_group_is_refused(served):
    with pytest.raises(WrongUsage, match="there is no nothing to fetch: choose things"):
        fetch(["nothing"])


def test_the_hash_is_checked_on_every_use(served, tmp_path):
    fetch(["things"])
    (tmp_path / "cache" / "things" / "thing.bin").write_bytes(b"changed since")
    with pytest.raises(BadInput, match=r"thing.bin has sha256 [0-9a-f]{64}, but the registry says"):
        find("things/thing.bin")


def test_the_search_path_is_data_then_environment_then_cache(served, tmp_path, monkeypatch):
    for name in ("first", "second"):
        (tmp_path / name / "things").mkdir(parents=True)
        (tmp_path / name / "things" / "thing.bin").write_bytes(CONTENT)
    fetch(["things"])
    assert find("things/thing.bin") == tmp_path / "cache" / "things" / "thing.bin"
    monkeypatch.setenv("PARFOCAL_DATA", str(tmp_path / "second"))
    assert find("things/thing.bin") == tmp_path / "second" / "things" / "thing.bin"
    assert find("things/thing.bin", tmp_path / "first") == tmp_path / "first" / "things" / "thing.bin"
    assert search_path(tmp_path / "first") == [tmp_path / name for name in ("first", "second", "cache")]


def test_the_registry_is_complete():
    for name, group in registry().items():
        assert {"about", "origin", "licence", "files"} <= set(group), name
        for file in group["files"]:
            assert set(file) == {"name", "url", "bytes", "sha256"}
            assert file["url"].startswith("https://raw.githubusercontent.com/")
            assert len(file["sha256"]) == 64


def test_registered_hashes_are_those_of_the_files_at_hand(shared_data):
    for name in registry():
        files = find_group(name, shared_data)
        assert files, name
        sizes = {file["name"].split("/")[-1]: file["bytes"] for file in registry()[name]["files"]}
        assert {key: path.stat().st_size for key, path in files.items()} == sizes


def test_embedded_samples_match_their_sums():
    folder = data_root() / "samples"
    listed = dict(reversed(line.split()) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert set(listed) == {str(path.relative_to(folder)) for path in folder.rglob("*.png")}
    for name, digest in listed.items():
        assert sha256_of(folder / name) == digest, name


def test_pairs_are_found(shared_data):
    assert len(embedded_pairs()) == 6
    assert [pair.name for pair in fetched_pairs(shared_data)] == ["children", *(f"lytro_{n:02d}" for n in range(1, 21))]


def test_without_data_there_are_no_fetched_pairs(tmp_path, monkeypatch):
    monkeypatch.setattr(data_files, "cache_folder", lambda: tmp_path)
    monkeypatch.setenv("PARFOCAL_DATA", "")
    assert fetched_pairs() == []


def test_an_installed_package_finds_its_data_inside(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "reference"
    (package / "data").mkdir(parents=True)
    (package / "data" / "registry.json").write_text("{}")
    monkeypatch.setattr(data_files, "__file__", str(package / "datasets" / "registry.py"))
    assert data_root() == package / "data"
