# SPDX-License-Identifier: Apache-2.0
"""The contract that front ends were written against, where it lies beside the checkout, and api/openapi.yaml: each
path and each field that the contract names is in the document."""

import re
import unittest
from pathlib import Path
from typing import Any, Iterator

from support.contract import METHODS, Contract

CONTRACT = Path(__file__).resolve().parents[3] / "../shared/api.md"

# Paths of the contract that the document does not have yet, and why.
LATER = {
    r"/api/v1/cost-tracking/(budgets|alerts)": "budgets and their alerts come with alerting",
    r"/api/v1/budgets/check": "budgets and their alerts come with alerting",
    r"/api/v1/alerting/": "alerting is an issue of its own",
}
# Fields of the contract that the document does not have yet, and why.
NOT_YET = {
    "/api/v1/observability/traces: input_preview": "the list does not show yet what runs said",
    "/api/v1/observability/traces: output_preview": "the list does not show yet what runs said",
    "/api/v1/observability/traces: call_count": "the list calls it model_calls",
    "/api/v1/observability/traces: tool_count": "the list does not count calls of tools yet",
}

# What a line describes that does not begin with a path: the path whose answers hold it.
NAMED = {
    "trace": "/api/v1/observability/traces/{}",
    "span": "/api/v1/observability/traces/{}",
    "status_update": "/api/v1/observability/ws/executions/{}",
    "real_time": "/api/v1/observability/metrics/stream",
    "health": "/api/v1/observability/metrics/stream",
}

Named = tuple[str, list["Named"]]


def plain(path: str) -> str:
    """Without the names of its parameters, which the two call differently."""
    return re.sub(r"\{[^}]*\}", "{}", path.split("?")[0].rstrip("/"))


def parts(text: str) -> list[str]:
    """What stands between commas that are in no bracket."""
    found, depth = [""], 0
    for c in text:
        depth += (c in "{[") - (c in "}]")
        if c == "," and depth == 0:
            found.append("")
        else:
            found[-1] += c
    return [part.strip() for part in found if part.strip()]


def inner(text: str) -> str | None:
    """What is in the first bracket."""
    start = min((i for i in (text.find("{"), text.find("[")) if i >= 0), default=None)
    if start is None:
        return None
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] in "{[") - (text[i] in "}]")
        if depth == 0:
            return text[start + 1 : i]
    return text[start + 1 :]


def fields(text: str) -> list[Named]:
    """Names and what is inside them, of texts such as `{a, b[{c, d}], "e": {f}}`."""
    found: list[Named] = []
    while "(" in text:
        text = re.sub(r"\([^()]*\)|\($|\([^)]*$", "", text)
    for part in parts(text):
        part = re.sub(r"^(<=)?\d+(: | x )", "", part)  # How many there are.
        inside = inner(part) or ""
        if inside.startswith("...") or f"[{inside}]" in part and re.fullmatch(r"\w+", inside):
            inside = ""  # What is told elsewhere.
        name = re.match(r'"?([a-z]\w*)"?\??\s*(?=$|[\[{:;]| or )', part)
        if name is None:  # The whole answer, or an entry of a list.
            found += fields(inside)
            continue
        found.append((name[1], fields(inside)))
        found += [(other, []) for other in re.findall(r" or (?!null)(\w+)", part)]
    return found


class Answers:
    """Everything that operations of a path take and answer."""

    def __init__(self, contract: Contract):
        self.contract = contract
        self.paths: dict[str, list[dict[str, Any]]] = {}
        for path, item in contract.document["paths"].items():
            operations = [item[method] for method in METHODS if method in item]
            self.paths[plain(path)] = [schema for node in operations for schema in self.schemas(node)]

    def schemas(self, node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for holder in [node.get("requestBody", {}), *node.get("responses", {}).values()]:
            for media in self.contract.resolve(holder).get("content", {}).values():
                yield from (media[key] for key in ("schema", "x-event-data") if key in media)
        yield from node.get("x-websocket", {}).values()

    def objects(self, schema: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
        """The objects that a value of the schema can be, or a list of; and so many levels of their fields."""
        if not isinstance(schema, dict):
            return
        schema = self.contract.resolve(schema)
        below = [schema.get("items"), *(p for key in ("allOf", "anyOf", "oneOf") for p in schema.get(key, []))]
        if "properties" in schema or "additionalProperties" in schema:
            yield schema
            if depth > 0:
                for part in [*schema.get("properties", {}).values(), schema.get("additionalProperties")]:
                    yield from self.objects(part, depth - 1)
        for part in below:
            yield from self.objects(part, depth)

    def missing(self, named: list[Named], objects: list[dict[str, Any]], place: str = "") -> Iterator[str]:
        for name, below in named:
            holding = [one["properties"][name] for one in objects if name in one.get("properties", {})]
            maps = [one["additionalProperties"] for one in objects if isinstance(one.get("additionalProperties"), dict)]
            if not holding and (not maps or not place):
                yield f"{place}{name}"
            elif below:  # Of a map the name stands for any key.
                inside = [part for schema in holding or maps for part in self.objects(schema)]
                yield from self.missing(below, inside, f"{place}{name}.")

    def missing_of(self, path: str, text: str) -> Iterator[str]:
        """What is named first may be at any place of the answer."""
        objects = [part for schema in self.paths.get(path, []) for part in self.objects(schema, 4)]
        yield from (f"{path}: {name}" for name in self.missing(fields(text), objects))


def lines_of(text: str) -> Iterator[str]:
    """Lines, those joined that a piece of code runs across."""
    line = ""
    for part in text.splitlines():
        line = f"{line} {part}" if line else part
        if line.count("`") % 2 == 0:
            yield line
            line = ""


def described(text: str) -> Iterator[tuple[str, str]]:
    """Paths of the contract, and with each of them the texts that say what it answers."""
    prefix = current = ""
    for line in lines_of(text):
        if line.startswith("## "):
            heading = re.search(r"`(POST )?(/api/v1/[\w/-]*)`", line)
            prefix = heading[2] if heading else "/api/v1/observability" if line.startswith("## Added") else ""
            current = prefix if heading and heading[1] else ""
            continue
        if line.startswith(("| Method", "One filter grammar")):  # Names of columns, and of parameters.
            continue
        if (name := re.match(r"(?:A )?`?(\w+)`?: `", line)) and name[1] in NAMED:
            current = NAMED[name[1]]
            line = line.split(": ", 1)[1]
        for place in re.finditer(r"`([^`]+)`", line):
            span, is_added = place[1], "adds " in line[: place.start()]
            if path := re.match(r"(?:(?:GET|PUT|POST|DELETE|WS|\|)+ )?(/[\w./{}-]*)", span):
                current = plain(path[1] if path[1].startswith("/api/") or not prefix else prefix + path[1])
                yield current, ""
            elif current and not span.startswith("?") and (is_added or re.search(r"[\[{,]", span)):
                yield current, span.removeprefix("data: ")


@unittest.skipUnless(CONTRACT.exists(), "the contract is not beside this checkout")
class ContractNamesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.answers = Answers(Contract())
        self.described = [
            (path, text)
            for path, text in described(CONTRACT.read_text(encoding="utf-8"))
            if not any(re.match(later, path) for later in LATER)
        ]

    def test_each_path_is_in_the_document(self) -> None:
        named = {path for path, _ in self.described}
        self.assertGreater(len(named), 40)
        self.assertEqual(sorted(named - set(self.answers.paths)), [])

    def test_each_field_is_in_the_document(self) -> None:
        self.assertGreater(sum(len(fields(text)) for _, text in self.described), 200)
        missing = [name for path, text in self.described for name in self.answers.missing_of(path, text)]
        self.assertEqual(sorted(set(missing)), sorted(NOT_YET))


if __name__ == "__main__":
    unittest.main(verbosity=2)
