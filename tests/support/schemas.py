"""Records of the conformance kit by their JSON schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reference.datasets.registry import data_root

jsonschema = pytest.importorskip("jsonschema")


def check_by_schema(record: Any, kind: str) -> None:
    """ValidationError where a record is not as data/vectors/schema/KIND.json says."""
    schema = json.loads((data_root() / "vectors" / "schema" / f"{kind}.json").read_text())
    jsonschema.validate(json.loads(json.dumps(record)), schema, cls=jsonschema.Draft202012Validator)
