"""Records of the conformance kit by their JSON schemas."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from reference.datasets.registry import data_root

jsonschema = pytest.importorskip("jsonschema")


def check_by_schema(record: Any, kind: str) -> None:
    """ValidationError where a record is not as data/vectors/schema/KIND.json says."""
    _validator(kind).validate(json.loads(json.dumps(record)))


@cache
def _validator(kind: str) -> Any:
    return jsonschema.Draft202012Validator(
        json.loads((data_root() / "vectors" / "schema" / f"{kind}.json").read_text())
    )
