# SPDX-License-Identifier: Apache-2.0
"""Holds the answers from which the golden pictures of the web interface are drawn to api/openapi.yaml, so
that no picture shows what the server has ceased to say. Needs no server."""

import json
import re
import unittest
import urllib.parse
from pathlib import Path
from typing import Any

from support.contract import Contract, Operation

RECORDINGS = Path(__file__).resolve().parents[2] / "web/e2e/golden/answers"


class RecordedAnswersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.contract = Contract()
        cls.operations = list(cls.contract.operations())

    def recordings(self) -> list[tuple[str, dict[str, Any]]]:
        files = sorted(RECORDINGS.glob("*.json"))
        self.assertGreater(len(files), 2)
        return [(file.stem, json.loads(file.read_text(encoding="utf-8"))) for file in files]

    def operation(self, method: str, path: str) -> Operation:
        """The one that serves the path; a path without a parameter goes first."""
        for operation in sorted(self.operations, key=lambda one: one.path.count("{")):
            pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(operation.path))
            if operation.method == method and re.fullmatch(pattern, path):
                return operation
        raise AssertionError(f"the document has no {method} {path}")

    def test_requests_use_documented_parameters(self) -> None:
        for scene, recording in self.recordings():
            for answer in recording["answers"]:
                method, target = answer["request"].split(" ", 1)
                url = urllib.parse.urlsplit(target)
                operation = self.operation(method, url.path)
                known = {parameter["name"] for parameter in operation.query_parameters}
                with self.subTest(scene, request=answer["request"]):
                    self.assertLessEqual(urllib.parse.parse_qs(url.query).keys(), known)

    def test_answers_follow_their_schemas(self) -> None:
        for scene, recording in self.recordings():
            for answer in recording["answers"]:
                method, target = answer["request"].split(" ", 1)
                operation = self.operation(method, urllib.parse.urlsplit(target).path)
                content = self.contract.response(operation, answer["status"])["content"]
                with self.subTest(scene, request=answer["request"]):
                    if "text" in answer:
                        self.assertIn(answer["type"], content)
                        continue
                    name = f"{operation} {answer['status']}"
                    schema = content["application/json"]["schema"]
                    self.assertEqual(self.contract.faults(name, schema, answer["body"]), [])

    def test_first_messages_of_feeds_follow_their_schemas(self) -> None:
        for scene, recording in self.recordings():
            for feed in recording["feeds"]:
                operation = self.operation("GET", feed["path"])
                with self.subTest(scene, feed=feed["path"]):
                    schema = self.contract.messages(operation)
                    faults = self.contract.faults(f"{operation} message", schema, feed["message"])
                    self.assertEqual(faults, [])


if __name__ == "__main__":
    unittest.main()
