# SPDX-License-Identifier: Apache-2.0
"""Holds a running server to api/openapi.yaml: every operation, with good and bad parameters. What the
answers hold is in openapi_answers_test.py."""

import http.client
import re
import socket
import unittest
from typing import Any

from support import contract as contract_module
from support.contract import Contract, bad_values, good_values
from support.contract_case import Answer, Request, ServerTest
from support.server import TRACES, run_command

ALL_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"}


class DocumentTest(unittest.TestCase):
    """The document by itself."""

    def setUp(self) -> None:
        self.contract = Contract()
        self.components = self.contract.document["components"]["schemas"]

    def test_examples_follow_their_schemas(self) -> None:
        count = 0
        for name, schema in self.components.items():
            examples = [schema["example"]] if "example" in schema else schema.get("examples", [])
            for example in examples:
                count += 1
                self.assertEqual(self.contract.component_faults(name, example), [], name)
        self.assertGreater(count, 3)

    def test_no_text_ends_at_a_comma(self) -> None:
        """Inside braces a text with a comma needs quotes: what follows it becomes a key without a value."""

        def cut(node: Any, place: str) -> list[str]:
            if isinstance(node, list):
                return [one for i, item in enumerate(node) for one in cut(item, f"{place}/{i}")]
            if not isinstance(node, dict):
                return []
            here = [f"{place}: {key}" for key, value in node.items() if value is None and " " in str(key)]
            return here + [one for key, value in node.items() for one in cut(value, f"{place}/{key}")]

        self.assertEqual(cut(self.contract.document, ""), [])

    def test_every_component_is_used(self) -> None:
        text = contract_module.DOCUMENT.read_text(encoding="utf-8")
        for kind, members in self.contract.document["components"].items():
            for name in members:
                self.assertIn(f"'#/components/{kind}/{name}'", text, name)

    def test_operations_name_themselves_their_parameters_and_their_errors(self) -> None:
        names = [operation.node["operationId"] for operation in self.contract.operations()]
        self.assertEqual(len(names), len(set(names)))
        for operation in self.contract.operations():
            with self.subTest(str(operation)):
                in_path = {p["name"] for p in operation.parameters if p["in"] == "path"}
                self.assertEqual(in_path, set(re.findall(r"{(\w+)}", operation.path)))
                self.assertIn("default", operation.node["responses"])
                for status in operation.node["responses"]:
                    headers = self.contract.response(operation, status)["headers"]
                    self.assertIn("X-Request-Id", headers)

    def test_examples_of_events_follow_their_schema(self) -> None:
        content = self.contract.document["paths"]["/api/v1/events"]["post"]["requestBody"]["content"]
        schema = content["application/json"]["schema"]
        for name, example in content["application/json"]["examples"].items():
            self.assertEqual(self.contract.faults("events", schema, example["value"]), [], name)

    def test_has_the_version_of_the_program(self) -> None:
        self.assertIn(self.contract.document["info"]["version"], run_command("version").stdout)


class OperationsTest(ServerTest):
    """Every operation in turn, with what the document says about its parameters. What live feeds send
    is held to the document by openapi_feeds_test.py."""

    def test_answers_good_requests(self) -> None:
        for operation in self.contract.operations():
            if operation.is_stream:
                continue
            for request in self.good_requests(operation):
                with self.subTest(f"{operation} {request}"):
                    value = self.check_good(operation, request)
                    if operation.path == "/api/v1/events":
                        self.assertEqual(value["rejected"], [])
                        self.assertGreater(value["accepted"], 0)

    def test_answers_head_like_get_without_a_body(self) -> None:
        for operation in self.contract.operations():
            if operation.method != "GET":
                continue
            request = self.good_requests(operation)[0]
            with self.subTest(str(operation)):
                answer = self.send(operation, request, "HEAD")
                self.assertEqual(answer.body, b"")
                self.check_request_id(answer, str(operation))
                if operation.is_stream:
                    self.assertEqual((answer.status, answer.content_type), (200, "text/event-stream"))
                    self.connection.close()  # A stream ends with its connection.
                    continue
                got = self.send(operation, request)
                self.assertEqual((answer.status, answer.content_type), (got.status, got.content_type))

    def test_refuses_other_methods_and_says_which_it_allows(self) -> None:
        paths: dict[str, set[str]] = {}
        for operation in self.contract.operations():
            methods = paths.setdefault(operation.path, set())
            methods.update({"GET", "HEAD"} if operation.method == "GET" else {operation.method})
        for path, allowed in paths.items():
            where = re.sub(r"{\w+}", "x", path)
            for method in ALL_METHODS - allowed - {"HEAD"}:
                with self.subTest(f"{method} {path}"):
                    answer = self.ask(method, where)
                    self.check_error(answer, 405, method, where)
                    self.assertEqual(set(answer.headers["Allow"].split(", ")), allowed)

    def test_takes_every_good_value_of_every_query_parameter(self) -> None:
        for operation in self.contract.operations():
            if operation.is_stream:
                continue
            request = self.good_requests(operation)[0]
            for parameter in operation.query_parameters:
                name = parameter["name"]
                if name in request.query or name in ("cursor", "key"):
                    continue  # Only what the server gave is good.
                values = good_values(self.contract.resolve(parameter["schema"]))
                values = [self.specimen.run_id] if name == "execution_id" else values
                values = [self.specimen.span_id(2)] if name == "span_id" else values
                is_looked_up = name == "workflow_id" and "404" in operation.node["responses"]
                values = [self.specimen.workflow_id] if is_looked_up else values
                for value in ["", *values]:
                    with self.subTest(f"{operation} {name}={value}"):
                        self.check_good(operation, request.with_query(**{name: value}))

    def test_refuses_every_bad_value_and_names_the_parameter(self) -> None:
        count = 0
        for operation in self.contract.operations():
            request = self.good_requests(operation)[0]
            for parameter in operation.query_parameters:
                name = parameter["name"]
                bad = bad_values(self.contract.resolve(parameter["schema"]))
                bad += ["bogus"] if name == "cursor" else []
                bad += [""] if parameter.get("required") else []
                for value in bad:
                    count += 1
                    where = f"{operation} {name}={value}"
                    with self.subTest(where):
                        answer = self.send(operation, request.with_query(**{name: value}))
                        self.check_error(answer, 400, f"bad parameter {name}: ", where)
                        self.check(operation, answer, where)
        self.assertGreater(count, 20)

    def test_refuses_parameters_it_does_not_name(self) -> None:
        for operation in self.contract.operations():
            request = self.good_requests(operation)[0]
            known = [parameter["name"] for parameter in operation.query_parameters]
            for name in [name + "z" for name in known if "." not in name] or ["limit"]:
                where = f"{operation} {name}"
                with self.subTest(where):
                    answer = self.send(operation, request.with_query(**{name: "1"}))
                    self.check_error(answer, 400, f"bad parameter {name}: ", where)
                    self.check(operation, answer, where)
                    if known:
                        self.assertIn(f"the nearest is '{name[:-1]}'", answer.json()["detail"])
        answer = self.ask("GET", f"{TRACES}?min_score.=1")
        self.check_error(answer, 400, "the nearest is 'min_score.{name}'", "a score without a name")

    def test_repeats_of_a_parameter_do_not_count(self) -> None:
        answer = self.ask("GET", f"{TRACES}?limit=2&limit=1001")
        self.assertEqual(answer.status, 200)
        self.assertEqual(len(answer.json()["traces"]), 2)

    def test_does_not_know_other_ids(self) -> None:
        unknown = {"trace_id": "f" * 32, "span_id": "f" * 16, "log_id": "f" * 16}
        unknown |= {"provider": "nobody", "model": "no-such-model"}
        unknown |= {"execution_id": "nobody"}
        unknown |= {"view_id": "f" * 16, "dashboard_id": "f" * 16, "score_id": "f" * 16}
        unknown |= {"reprice_id": "f" * 16, "annotation_id": "f" * 16, "dataset_id": "f" * 16, "example_id": "f" * 16}
        unknown |= {"workflow_id": "nobody", "session_id": "nobody", "user_id": "nobody"}
        for operation in self.contract.operations():
            request = self.good_requests(operation)[0]
            is_made_by_asking = operation.method == "PUT" and "{model}" in operation.path
            for name in [] if operation.is_feed or is_made_by_asking else request.values:
                for value in (unknown[name], "0" * len(unknown[name]), "no such id", "é" * 40, "0x1"):
                    where = f"{operation} {name}={value}"
                    with self.subTest(where):
                        answer = self.send(operation, request.with_value(name, value))
                        self.check_error(answer, 404, value, where)
                        self.check(operation, answer, where)

    def test_judges_bodies_of_events(self) -> None:
        operation = self.operation("/api/v1/events", "POST")
        json_type, lines = "application/json", "application/x-ndjson"
        for body, content_type, status in (
            ("{", json_type, 400),
            ("[] []", json_type, 400),
            ("[" + "{}," * 10_000 + "{}]", json_type, 413),
            ("{}", "text/plain", 415),
            ("{}", None, 415),
        ):
            with self.subTest(f"{content_type} {body[:20]}"):
                answer = self.send(operation, Request(body=body, content_type=content_type))
                self.check_error(answer, status, "", body[:20])
                self.check(operation, answer, body[:20])
        events = '{"type":"log","execution_id":"e","message":"m"}\n\n{"type":"nap","execution_id":"e"}\nno\n{"type":"log"}'
        outcome = self.check_good(operation, Request(body=events, content_type=lines))
        self.assertEqual((outcome["accepted"], [r["index"] for r in outcome["rejected"]]), (1, [1, 2, 3]))
        again = self.check_good(operation, Request(body=events.splitlines()[0], content_type=lines))
        self.assertEqual((again["accepted"], again["repeated"]), (1, 1))

    def test_serves_this_document(self) -> None:
        self.assertEqual(self.get("/openapi.json"), self.contract.document)


class EdgesTest(ServerTest):
    """What holds for every path."""

    def test_unknown_paths_below_api_are_404_for_every_method(self) -> None:
        for path in ("/api", "/api/", "/api/v1/nope", f"{TRACES}/", f"{TRACES}/a/b", "/assets/nope.js"):
            for method in ("GET", "POST") if path.startswith("/api") else ("GET",):
                with self.subTest(f"{method} {path}"):
                    self.check_error(self.ask(method, path), 404, path, path)

    def test_pages_are_pages(self) -> None:
        for path in ("/", "/traces/abc"):
            answer = self.ask("GET", path)
            self.assertEqual((answer.status, answer.content_type), (200, "text/html; charset=utf-8"))
            self.check_request_id(answer, path)
        answer = self.ask("POST", "/traces/abc")
        self.check_error(answer, 405, "GET", "POST a page")
        self.assertEqual(answer.headers["Allow"], "GET, HEAD")

    def test_keeps_a_request_id_that_it_can_trust(self) -> None:
        for given, is_kept in (("a-b_c.d:9", True), ("x" * 128, True), ("x" * 129, False), ("a b", False)):
            answer = self.ask("GET", "/healthz", {"X-Request-Id": given})
            self.assertEqual(answer.headers["X-Request-Id"] == given, is_kept, given)
            self.check_request_id(answer, given)

    def raw(self, text: str) -> Answer:
        with socket.create_connection(("127.0.0.1", self.server.ports["http"]), timeout=30) as plug:
            plug.sendall(text.encode())
            response = http.client.HTTPResponse(plug)
            response.begin()
            return Answer(response)

    def test_refuses_what_is_no_request(self) -> None:
        host = "Host: localhost\r\n"
        for text, status, part in (
            (f"GET /api/%zz HTTP/1.1\r\n{host}\r\n", 400, "escape"),
            (f"GET /api/../etc HTTP/1.1\r\n{host}\r\n", 400, "dot segment"),
            ("GET /healthz HTTP/1.1\r\n\r\n", 400, "Host"),
            (f"GET /healthz HTTP/1.1\r\n{host}Content-Length: 99999999999\r\n\r\n", 413, "bytes"),
            (f"GET /healthz HTTP/1.1\r\n{host}Content-Encoding: brotli\r\n\r\n", 415, "brotli"),
            (f"GET /healthz HTTP/1.1\r\n{host}X: {'x' * 100_000}\r\n\r\n", 431, "header"),
            ("GET\r\n\r\n", 400, "request"),
        ):
            with self.subTest(text[:60]):
                self.check_error(self.raw(text), status, part, text[:60])

    def test_pages_of_other_origins_may_not_read(self) -> None:
        origin = {"Origin": "https://elsewhere.example"}
        answer = self.ask("GET", "/healthz", origin)
        self.assertNotIn("Access-Control-Allow-Origin", answer.headers)
        preflight = origin | {"Access-Control-Request-Method": "GET"}
        self.assertNotIn("Access-Control-Allow-Methods", self.ask("OPTIONS", "/healthz", preflight).headers)
        self.check_error(self.ask("POST", "/healthz", origin), 403, "origin", "POST of another origin")


if __name__ == "__main__":
    unittest.main(verbosity=2)
