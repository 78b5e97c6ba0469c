# SPDX-License-Identifier: Apache-2.0
"""Asks a running server what nobody thought of: requests made at random from api/openapi.yaml, with values
from its examples, from answers that came before, and from what breaks programs. Whatever is asked, the
answer is one that the document describes, and never that of a server that failed.

SIGHTLINE_SEED repeats a run; SIGHTLINE_REQUESTS asks more.
"""

import copy
import json
import os
import random
import secrets
import unittest
import urllib.parse
from typing import Any

from support.contract import Operation, bad_values, good_values
from support.contract_case import Request, ServerTest

REQUESTS = int(os.environ.get("SIGHTLINE_REQUESTS", "1500"))
SEED = int(os.environ.get("SIGHTLINE_SEED") or secrets.randbits(32))

MOST_KEPT = 2000  # Values from answers.
ODD_TEXTS = [
    "", " ", "0", "-1", "1e999", "NaN", "null", "true", "[]", "{}", "'", '"', "\\", "\x00", "\u2028", "\ud7ff", "é" * 500,
    "x" * 4000, "%", "%00", "../../etc/passwd", "a,b,,c", ",", "a:b", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1.5", "0x10",
    "Europe/Berlin", "Mars/Olympus", "count", "cost,tokens", "agent,model", "\U0001f600", "a\nb", "*", "^(a+)+$", "; DROP TABLE runs",
]  # fmt: skip
ODD_VALUES: list[Any] = [None, True, False, 0, -1, 2**63, -(2**63), 1.5, 1e308, "", "x" * 5000, [], {}, [[[]]], {"": {}}]


class PropertiesTest(ServerTest):
    """The properties hold for every request."""

    def setUp(self) -> None:
        self.random = random.Random(SEED)
        self.kept: list[str] = []
        self.operations = [o for o in self.contract.operations() if not o.is_feed]
        self.good = {str(o): self.good_requests(o) for o in self.operations}

    def keep(self, value: Any) -> None:
        """Ids, names and times of an answer are asked for later."""
        if isinstance(value, dict):
            for item in list(value.values())[:40]:
                self.keep(item)
        elif isinstance(value, list):
            for item in value[:5]:
                self.keep(item)
        elif isinstance(value, str) and len(value) < 200:
            if len(self.kept) < MOST_KEPT:
                self.kept.append(value)
            else:
                self.kept[self.random.randrange(MOST_KEPT)] = value

    def text(self) -> str:
        pools = [ODD_TEXTS, self.kept or ODD_TEXTS]
        return self.random.choice(self.random.choice(pools))

    def value_of(self, parameter: dict[str, Any]) -> str:
        schema = self.contract.resolve(parameter["schema"])
        match self.random.randrange(4):
            case 0 | 1:
                return self.random.choice(good_values(schema))
            case 2:
                return self.random.choice(bad_values(schema) or ODD_TEXTS)
        return self.text()

    def body(self, body: str) -> str:
        """A body of the document with something changed in it, or cut off."""
        try:
            value = json.loads(body)
        except ValueError:
            return body[: self.random.randrange(len(body) + 1)]
        for _ in range(self.random.randrange(4)):
            value = self.changed(value)
        text = json.dumps(value)
        return text if self.random.random() < 0.9 else text[: self.random.randrange(len(text) + 1)]

    def changed(self, value: Any) -> Any:
        """The value with one thing in it, at any depth, left out, replaced or added."""
        if isinstance(value, dict) and value and self.random.random() < 0.8:
            value = dict(value)
            key = self.random.choice(list(value))
            match self.random.randrange(6):
                case 0:
                    del value[key]
                case 1:
                    value[self.text()] = copy.deepcopy(value[key])
                case _:
                    value[key] = self.changed(value[key])
            return value
        if isinstance(value, list) and value and self.random.random() < 0.8:
            value = list(value)
            at = self.random.randrange(len(value))
            match self.random.randrange(4):
                case 0:
                    value += [copy.deepcopy(value[at])] * self.random.choice([1, 3, 100])
                case _:
                    value[at] = self.changed(value[at])
            return value
        return self.random.choice([*ODD_VALUES, self.text()])

    def request(self, operation: Operation) -> Request:
        request = self.random.choice(self.good[str(operation)])
        query = dict(request.query)
        for parameter in operation.query_parameters:
            if self.random.random() < 0.3:
                query[parameter["name"]] = self.value_of(parameter)
        if query and self.random.random() < 0.1:
            del query[self.random.choice(list(query))]
        values = dict(request.values)
        for name in values:
            if self.random.random() < 0.2:
                values[name] = self.text() or "x"
        body = request.body
        if body is not None and self.random.random() < 0.8:
            body = self.body(body)
        return Request(values, query, body, request.content_type)

    def test_every_answer_is_one_that_the_document_describes(self) -> None:
        statuses: dict[int, int] = {}
        for number in range(REQUESTS):
            operation = self.random.choice(self.operations)
            request = self.request(operation)
            where = f"seed {SEED}, request {number}: {operation} {urllib.parse.unquote(str(request))[:1500]}"
            answer = self.send(operation, request)
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
            self.assertLess(answer.status, 500, f"{where}: {answer.body[:500]!r}")
            value = self.check(operation, answer, where)
            if answer.status == 200:
                self.keep(value)
        self.assertGreater(statuses.get(200, 0), REQUESTS // 5, "requests that mean something")
        self.assertGreater(statuses.get(400, 0), REQUESTS // 50, "requests that do not")


if __name__ == "__main__":
    unittest.main()
