"""Kubernetes' own schema, as strict as its API server with fieldValidation=Strict: types, unknown fields,
required fields."""
import functools
import json
import lzma
import os
import pathlib

import pytest

import world

NAME = "samples/kubernetes-openapi-v1.35.json.xz"


@functools.lru_cache(maxsize=None)
def definitions():
    """The schema's definitions by name; skips the test where the schema is not at hand."""
    shared = pathlib.Path(os.environ.get("LOADLINE_SHARED", world.SOURCE.parent / "shared"))
    if not (shared / NAME).exists():
        pytest.skip(f"no {NAME} in {shared}: set LOADLINE_SHARED to the folder that has it")
    with lzma.open(shared / NAME) as file:
        return json.load(file)["definitions"]


@functools.lru_cache(maxsize=None)
def _by_kind():
    return {(kind["group"], kind["version"], kind["kind"]): name for name, schema in definitions().items()
            for kind in schema.get("x-kubernetes-group-version-kind", [])}


def problems(document, partial=False):
    """What is wrong with an object, one line each. A partial one (a patch, an applied manifest) may lack
    required fields and hold null. None where the schema does not know the kind."""
    group, _, version = document["apiVersion"].rpartition("/")
    name = _by_kind().get((group, version, document["kind"]))
    if name is None:
        return None
    return list(check(document, {"$ref": f"#/definitions/{name}"}, document["kind"], partial))


JSON_TYPES = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list,
              "number": (int, float)}


def check(value, schema, path, partial=False):
    if "$ref" in schema:
        schema = definitions()[schema["$ref"].rpartition("/")[2]]
    if value is None and partial:
        return
    expected = schema.get("type")
    if schema.get("format") == "int-or-string":
        expected = None
    if expected and (not isinstance(value, JSON_TYPES[expected]) or
                     (expected != "boolean" and isinstance(value, bool))):
        yield f"{path}: {value!r} is no {expected}"
    elif isinstance(value, dict):
        yield from _check_map(value, schema, path, partial)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from check(item, schema["items"], f"{path}[{index}]", partial)


def _check_map(value, schema, path, partial):
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties")
    for key, member in value.items():
        if key in properties or others:
            yield from check(member, properties.get(key, others), f"{path}.{key}", partial)
        elif properties:
            yield f"{path}.{key}: no such field"
    if not partial:
        for key in schema.get("required", []):
            if key not in value:
                yield f"{path}.{key} is missing"
