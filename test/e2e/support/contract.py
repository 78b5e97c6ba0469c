# SPDX-License-Identifier: Apache-2.0
"""api/openapi.yaml as something that answers can be held to.

The document lets objects be open, since clients must bear new fields. For the server it is strict:
a field that the document does not name is a mistake in one of the two.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import yaml

DOCUMENT = Path(__file__).resolve().parents[3] / "api/openapi.yaml"
METHODS = ("get", "put", "post", "delete", "patch")

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time")
def is_time(value: object) -> bool:
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return not isinstance(value, str) or re.fullmatch(pattern, value) is not None


class Operation:
    """One path and method of the document."""

    def __init__(self, contract: "Contract", path: str, method: str, node: dict[str, Any]):
        self.path = path
        self.method = method.upper()
        self.node = node
        shared = contract.document["paths"][path].get("parameters", [])
        self.parameters = [contract.resolve(p) for p in shared + node.get("parameters", [])]
        self.is_websocket = "x-websocket" in node
        success = contract.resolve(next(iter(node["responses"].values())))
        self.is_stream = "text/event-stream" in success.get("content", {})
        self.is_feed = self.is_websocket or self.is_stream

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def query_parameters(self) -> list[dict[str, Any]]:
        """One whose name has a brace stands for many; it gets a name of that kind."""
        own = [p for p in self.parameters if p["in"] == "query"]
        return [p | {"name": p["name"].replace("{name}", "contract")} for p in own]


class Contract:
    def __init__(self, path: Path = DOCUMENT):
        self.document = yaml.safe_load(path.read_text(encoding="utf-8"))
        self.seen: set[tuple[str, str]] = set()  # Component and field, of all that was checked.
        self._validators: dict[str, jsonschema.Draft202012Validator] = {}

    def operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield Operation(self, path, method, item[method])

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """The node, or what its reference names; what stands beside the reference counts as well."""
        if "$ref" not in node:
            return node
        found: Any = self.document
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name.replace("~1", "/").replace("~0", "~")]
        return found | {k: v for k, v in node.items() if k != "$ref"}

    def strict(self, node: dict[str, Any], name: str = "") -> dict[str, Any]:
        """The schema without references and with every object closed that says nothing else.

        Each object remembers the component it comes from as `x-component`.
        """
        if "$ref" in node:
            name = node["$ref"].rsplit("/", 1)[-1]
        schema = dict(self.resolve(node))
        if "allOf" in schema:
            parts = [self.strict(part, name) for part in schema.pop("allOf")]
            schema["properties"] = {k: v for part in parts for k, v in part["properties"].items()}
            schema["required"] = [k for part in parts for k in part.get("required", [])]
            return schema | {"x-component": name, "additionalProperties": False}
        for key in ("properties", "$defs"):
            if key in schema:
                schema[key] = {k: self.strict(v, f"{name}.{k}") for k, v in schema[key].items()}
        for key in ("items", "not"):
            if key in schema:
                schema[key] = self.strict(schema[key], name)
        for key in ("anyOf", "oneOf"):
            if key in schema:
                schema[key] = [self.strict(part, name) for part in schema[key]]
        if isinstance(schema.get("additionalProperties"), dict):
            schema["additionalProperties"] = self.strict(schema["additionalProperties"], name)
        if "properties" in schema:
            schema["x-component"] = name
            schema.setdefault("additionalProperties", False)
        return schema

    def validator(self, name: str, schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
        if name not in self._validators:
            strict = self.strict(schema)
            jsonschema.Draft202012Validator.check_schema(strict)
            self._validators[name] = jsonschema.Draft202012Validator(
                strict, format_checker=FORMATS
            )
        return self._validators[name]

    def faults(self, name: str, schema: dict[str, Any], value: Any) -> list[str]:
        """What is wrong with a value, a line each; `name` names the schema."""
        validator = self.validator(name, schema)
        errors = [describe(error) for error in validator.iter_errors(value)]
        if not errors:
            self._note(validator.schema, value)
        return errors

    def component_faults(self, component: str, value: Any) -> list[str]:
        return self.faults(component, {"$ref": f"#/components/schemas/{component}"}, value)

    def response(self, operation: Operation, status: int) -> dict[str, Any]:
        """What the operation documents for a status, or for every other one."""
        responses = operation.node["responses"]
        return self.resolve(responses.get(str(status), responses["default"]))

    def fields_of_answers(self) -> set[tuple[str, str]]:
        """Every component and field that an answer may hold."""
        found: set[tuple[str, str]] = set()
        for operation in self.operations():
            for status in operation.node["responses"]:
                for media in self.response(operation, status).get("content", {}).values():
                    self._collect(self.strict(media["schema"]), found)
        return found

    def fields_of_feeds(self) -> set[tuple[str, str]]:
        """Every component and field that a message of a live feed may hold."""
        found: set[tuple[str, str]] = set()
        for operation in self.operations():
            if operation.is_feed:
                self._collect(self.strict(self.messages(operation)), found)
        return found

    def messages(self, operation: Operation) -> dict[str, Any]:
        """The schema of what a live feed sends."""
        if operation.is_websocket:
            return operation.node["x-websocket"]["sends"]
        return self.response(operation, 200)["content"]["text/event-stream"]["x-event-data"]

    def _collect(self, schema: dict[str, Any], found: set[tuple[str, str]]) -> None:
        for key, part in schema.get("properties", {}).items():
            found.add((schema["x-component"], key))
            self._collect(part, found)
        for part in [*schema.get("anyOf", []), schema.get("items"), schema.get("additionalProperties")]:
            if isinstance(part, dict):
                self._collect(part, found)

    def _note(self, schema: dict[str, Any], value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                self._note(schema.get("items", {}), item)
        for part in schema.get("anyOf", []):
            if jsonschema.Draft202012Validator(part).is_valid(value):
                self._note(part, value)
        if not isinstance(value, dict):
            return
        others = schema.get("additionalProperties")
        for key, item in value.items():
            if key in schema.get("properties", {}):
                self.seen.add((schema["x-component"], key))
                self._note(schema["properties"][key], item)
            elif isinstance(others, dict):
                self._note(others, item)


def describe(error: jsonschema.ValidationError) -> str:
    """Where and what, with the best guess of what was meant where there were alternatives."""
    best = jsonschema.exceptions.best_match([error])
    place = "/".join(str(step) for step in best.absolute_path)
    return f"at /{place}: {best.message[:300]}"


def good_values(schema: dict[str, Any]) -> list[str]:
    """Values at the edges of what a parameter may be."""
    if "enum" in schema:
        return list(schema["enum"])
    if "example" in schema:
        return [schema["example"]]
    match schema["type"]:
        case "boolean":
            return ["true", "false", "1", "0"]
        case "integer" | "number":
            return [str(schema[edge]) for edge in ("minimum", "maximum")]
        case "string":
            if schema.get("format") == "date-time":
                return ["2026-03-01T12:00:00Z", "2026-03-01T13:00:00.123456789+01:00"]
            return ["plain", "odd & é/%"]
    raise AssertionError(f"no values for {schema}")


def bad_values(schema: dict[str, Any]) -> list[str]:
    """Values that a parameter may not have."""
    if "enum" in schema or "pattern" in schema:
        return ["bogus"]
    match schema["type"]:
        case "boolean":
            return ["maybe", "2"]
        case "integer":
            return [str(schema["minimum"] - 1), str(schema["maximum"] + 1), "1.5", "ten"]
        case "number":
            return ["-1", str(schema["maximum"] + 1), "nan", "inf", "1x"]
    if schema.get("format") == "date-time":
        return ["yesterday", "2026-13-01T00:00:00Z"]
    return []
