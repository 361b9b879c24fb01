"""Methods measured on pairs, each result once: a cache of results, so that an interrupted experiment resumes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from tqdm import tqdm

from reference.experiments.methods import Method
from reference.experiments.scores import Scores, tidy
from reference.jobs.manifest import computing_digest

T = TypeVar("T")
Pair = TypeVar("Pair")


class ResultCache:
    """Results by key, as JSON lines appended to a file; results of other versions of the code are ignored."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.code, self.lock = path, computing_digest(), Lock()
        self.values: dict[str, Any] = {}
        text = path.read_text() if path.exists() else ""
        if text and not text.endswith("\n"):  # a killed run left an incomplete line
            with open(path, "a") as file:
                file.write("\n")
        for line in text.splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and record.get("code") == self.code:
                self.values[record["key"]] = record["value"]

    def get(self, key: list[Any]) -> Any:
        """The value that is kept under a key (any JSON value); None for none."""
        return self.values.get(json.dumps(key))

    def put(self, key: list[Any], value: T) -> T:
        """Keep a value, in place of what its key had."""
        name = json.dumps(key)
        with self.lock, open(self.path, "a") as file:
            file.write(json.dumps({"code": self.code, "key": name, "value": value}) + "\n")
        self.values[name] = value
        return value

    def __call__(self, key: list[Any], compute: Callable[[], T]) -> T:
        """The value of a key, computed if it is not kept."""
        return self.values[name] if (name := json.dumps(key)) in self.values else self.put(key, compute())


def measure_all(
    methods: Sequence[Method], pairs: Mapping[str, Pair], load: Callable[[Pair], T],
    measure: Callable[[Method, T], dict[str, float]], key: Callable[[Method, Pair], list[Any]],
    result_cache: ResultCache, title: str,
) -> Scores:  # fmt: skip
    """Measure every method on every pair, two pairs at a time.

    load     what `measure` needs of a pair, only called where a result is not kept
    measure  values by metric
    key      of the result of a method on a pair
    """

    def measure_pair(name: str) -> list[tuple[str, str, str, float]]:
        load_once = cache(lambda: load(pairs[name]))
        return [
            (method.name, name, metric, value)
            for method in methods
            for metric, value in result_cache(
                key(method, pairs[name]),
                lambda method=method: measure(method, load_once()),  # type: ignore[misc]
            ).items()
        ]

    with ThreadPoolExecutor(2) as pool:
        measured = tqdm(pool.map(measure_pair, pairs), desc=title, total=len(pairs), unit="pair", leave=False)
        return tidy(value for values in measured for value in values)
