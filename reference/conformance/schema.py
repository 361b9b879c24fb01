"""The part of JSON Schema that the kit's own schemas use, so that the checker needs no other package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["violations"]

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "number": (int, float),
    "boolean": (bool,),
}  # fmt: skip
KNOWN = {
    "$schema", "$id", "title", "description", "type", "enum", "pattern", "minimum", "properties", "required",
    "additionalProperties", "items", "minItems", "maxItems",
}  # fmt: skip


def violations(value: Any, schema: Mapping[str, Any], place: str = "it") -> Iterator[str]:
    """One sentence for everything in a value that its schema does not allow.

    raises   ValueError for a schema with a keyword that is not understood here

    >>> list(violations({"x": 1}, {"type": "object", "properties": {}, "additionalProperties": False}))
    ['it has the unknown field x']
    """
    if unknown := set(schema) - KNOWN:
        raise ValueError(f"the schema of {place} has {', '.join(sorted(unknown))}, which is not understood")
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{place} is {type(value).__name__}, but must be {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place} is {value!r}, but must be one of {', '.join(map(str, schema['enum']))}"
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f"{place} is {value!r}, but must look like {schema['pattern']}"
    if "minimum" in schema and value < schema["minimum"]:
        yield f"{place} is {value}, but must be at least {schema['minimum']}"
    if isinstance(value, dict):
        yield from _of_object(value, schema, place)
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{place} has {len(value)} items, but must have at least {schema['minItems']}"
        if len(value) > schema.get("maxItems", len(value)):
            yield f"{place} has {len(value)} items, but must have at most {schema['maxItems']}"
        for number, item in enumerate(value):
            yield from violations(item, schema.get("items", {}), f"{place}[{number}]")


def _is(value: Any, name: str) -> bool:
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _of_object(value: dict[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{place} has no field {name}"
    for name, item in value.items():
        if name in known:
            yield from violations(item, known[name], f"{place}.{name}")
        elif others is False:
            yield f"{place} has the unknown field {name}"
        elif isinstance(others, dict):
            yield from violations(item, others, f"{place}.{name}")
