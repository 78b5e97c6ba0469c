# SPDX-License-Identifier: Apache-2.0
"""Holds a running server to api/openapi.yaml: every operation, with good and bad parameters, and every
field of every answer, in both directions."""

import http.client
import json
import re
import socket
import unittest
from typing import Any

from support import contract as contract_module
from support.contract import Contract, bad_values, good_values
from support.contract_case import PAGED_RUNS, PAGED_SERVICE, Answer, Request, ServerTest
from support.server import TRACES, run_command, wait_until
from support.specimen import LONG, MODEL

DETAILS = 40  # Demo runs that are looked at whole.
ALL_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"}

# What this server cannot be brought to send; every other field of the document must be seen once.
NEVER_SEEN = {
    ("Ready", "detail"),
    ("NotReady", "status"),
    ("NotReady", "detail"),
}


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


class AnswersTest(ServerTest):
    """What the answers hold."""

    def test_every_field_of_the_document_is_sent(self) -> None:
        statuses, kinds = set(), set()
        for status in ("running", "completed", "failed", "cancelled"):
            page = self.get(TRACES, status=status, limit=DETAILS // 4)
            if status != "running":  # A run may end while it is being listed.
                self.assertTrue(all(trace["status"] == status for trace in page["traces"]))
            for summary in page["traces"]:
                trace = self.get(f"{TRACES}/{{trace_id}}", {"trace_id": summary["trace_id"]})
                statuses.add(trace["status"])
                kinds.update(span["kind"] for span in trace["spans"])
        self.assertGreaterEqual(statuses, {"completed", "failed"})
        self.assertGreaterEqual(kinds, {"agent", "llm", "tool", "retriever", "embedding"})
        for operation in self.contract.operations():
            if not operation.is_stream:
                for request in self.good_requests(operation):
                    self.check_good(operation, request)
        events = Request(body='[{"type": "nap"}]', content_type="application/json")
        self.check_good(self.operation("/api/v1/events", "POST"), events)
        self.get_priced_span()
        self.get_repriced_span()
        self.get(f"{TRACES}/{{trace_id}}", {"trace_id": "refund-8812"})  # An example of the document.
        for mine in ({"limit": DETAILS}, {"execution_id": self.specimen.run_id}, {"q": "the"}):
            self.get(TRACES, include="steps", **mine)
        self.wait_for_signs()
        where = f"{TRACES}/{'f' * 32}"
        self.check(self.operation(f"{TRACES}/{{trace_id}}"), self.ask("GET", where), where)
        named = self.contract.fields_of_answers()
        self.assertEqual(named - self.contract.seen - NEVER_SEEN, set(), "never sent")

    def get_priced_span(self) -> None:
        """A span whose cost has lines that add up to it."""
        completed = self.get(TRACES, status="completed", limit=1000)["traces"]
        for summary in [summary for summary in completed if summary["demo"]][:DETAILS]:
            trace = self.get(f"{TRACES}/{{trace_id}}", {"trace_id": summary["trace_id"]})
            for row in trace["spans"]:
                if row["cost_status"] == "priced" and row["cost"]:
                    where = {"trace_id": summary["trace_id"], "span_id": row["span_id"]}
                    span = self.get(f"{TRACES}/{{trace_id}}/spans/{{span_id}}", where)
                    lines = span["cost_breakdown"]["lines"]
                    self.assertAlmostEqual(sum(line["amount"] for line in lines), span["cost"], delta=1e-12)
                    return
        self.fail("no priced span among the demo runs")

    def get_repriced_span(self) -> None:
        """A span that says what it cost before it was priced again."""
        self.send_otlp("/v1/traces", self.specimen.run_to_price_again())
        price = json.dumps({"effective_from": "2020-01-01", "prices": {"input": 1, "output": 2}})
        path = f"/api/v1/cost-tracking/prices/contract/{self.specimen.repriced_model}"
        self.assertEqual(self.ask("PUT", path, {"Content-Type": "application/json"}, price).status, 200)
        body = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2200-01-01T00:00:00Z", "dry_run": False}
        operation = self.operation("/api/v1/cost-tracking/reprice", "POST")
        request = Request(body=json.dumps(body), content_type="application/json")

        def is_priced_again() -> bool:  # Once it has settled and is stored.
            self.check_good(operation, request)
            self.wait_for_repricings(operation)
            jobs = self.get("/api/v1/cost-tracking/reprice")["repricings"]
            return any(job["changed_runs"] > 0 for job in jobs)

        wait_until(is_priced_again, 60, "a run that is priced again")
        where = {"trace_id": self.specimen.repriced_trace_id, "span_id": self.specimen.span_id(2)}
        span = self.get(f"{TRACES}/{{trace_id}}/spans/{{span_id}}", where)
        [old] = span["cost_breakdown"]["replaced"]
        self.assertEqual((old["cost_status"], span["cost_status"]), ("unpriced", "priced"))

    def wait_for_signs(self) -> None:
        """The open run shows signs of trouble, in the list and by itself."""
        run = {"execution_id": self.specimen.open_run_id}
        wait_until(lambda: self.get(TRACES, **run)["traces"][0]["signs"], 30, "signs of the open run")
        trace = self.get(f"{TRACES}/{{trace_id}}", {"trace_id": self.specimen.open_run_id})
        self.assertEqual(trace["status"], "running")
        self.assertIn("repeated_call", [sign["kind"] for sign in trace["signs"]])
        self.assertIn("running", [span["status"] for span in trace["spans"]])

    def specimen_trace(self) -> dict[str, Any]:
        return self.get(f"{TRACES}/{{trace_id}}", {"trace_id": self.specimen.trace_id})

    def test_a_span_says_which_rule_gave_each_field(self) -> None:
        where = {"trace_id": self.specimen.trace_id, "span_id": self.specimen.span_id(2)}
        span = self.get(f"{TRACES}/{{trace_id}}/spans/{{span_id}}", where)
        mapping = {entry["field"]: entry for entry in span["mapping"]}
        self.assertEqual(len(mapping), len(span["mapping"]), "one entry for each field")
        self.assertEqual(mapping["kind"]["key"], "gen_ai.operation.name")
        self.assertEqual(mapping["request_model"]["key"], "gen_ai.request.model")
        self.assertEqual(mapping["request_model"]["rule"], "gen_ai rank 0")
        self.assertEqual(mapping["usage.cache_write"]["rule"], "gen_ai rank 1")
        self.assertEqual(mapping["service"]["from"], "resource")
        whole = self.specimen_trace()
        self.assertNotIn("mapping", whole["spans"][0], "only where one span is asked for")

    def test_keys_that_no_rule_knows_are_listed(self) -> None:
        listed = self.get("/api/v1/observability/unmapped", limit=2000)
        counts = {(row["key"], row["scope"]): row["spans"] for row in listed["keys"]}
        for span in self.specimen_trace()["spans"]:
            for key in span["unmapped"]:
                if not any(part.isdigit() for part in key.split(".")):
                    self.assertGreater(counts[(key, span["scope"])], 0, key)
        self.assertNotIn("gen_ai.request.model", {key for key, _ in counts})
        self.assertEqual(listed["total"], len(listed["keys"]))
        self.assertEqual(len(self.get("/api/v1/observability/unmapped", limit=1)["keys"]), 1)

    def test_values_arrive_as_they_were_sent(self) -> None:
        trace = self.specimen_trace()
        self.assertEqual(trace["execution_id"], self.specimen.run_id)
        self.assertEqual((trace["status"], trace["agent"]), ("failed", "contract agent"))
        self.assertEqual((trace["session_id"], trace["user_id"]), ("contract-session", "contract-user"))
        self.assertEqual((trace["span_count"], trace["models"]), (6, [MODEL]))
        self.assertEqual((trace["cost"], trace["cost_status"]), (None, "unpriced"))
        root, call, tool, odd, lost, _ = trace["spans"]
        self.assertEqual(call["usage"]["cache_read"], 100)
        self.assertEqual(call["time_to_first_token"], 0.25)
        self.assertEqual(tool["input_data"], {"tag": 7})
        self.assertEqual(root["error_type"], "LostError")
        self.assertIsNotNone(lost["parent_missing"])
        self.assertEqual(odd["attributes"]["integer"], 2**53 + 1)
        self.assertEqual(odd["attributes"]["not_a_number"], {"$double": "NaN"})
        self.assertEqual(odd["attributes"]["bytes"], {"$bytes": "aGk="})
        self.assertEqual(odd["attributes"]["list"], [1, "two", None, [3]])
        self.assertEqual(odd["attributes"]["text"], 'quotes " and \\ and \u0001 and \U0001f600')
        levels = [log["level"] for log in trace["logs"]]
        self.assertEqual(levels, ["info", "warning", "trace", "info", "error", "fatal", "debug"])
        self.assertEqual(trace["logs"][4]["message"], "contract.event")

    def test_long_values_keep_their_beginning_and_lead_to_the_whole(self) -> None:
        trace = self.specimen_trace()
        urls: dict[str, str] = {}

        def collect(value: Any, place: str) -> None:
            if isinstance(value, list):
                for i, item in enumerate(value):
                    collect(item, f"{place}/{i}")
            elif isinstance(value, dict):
                if "content_url" in value:
                    self.assertEqual(len(value["preview"].encode()), 16 * 1024, place)
                    urls[place] = value["content_url"]
                for key, item in value.items():
                    if key.endswith("_url") and key != "content_url":
                        self.assertEqual(len(value[key.removesuffix("_url")].encode()), 16 * 1024)
                        urls[f"{place}/{key}"] = item
                    collect(item, f"{place}/{key}")

        collect(trace, "")
        self.assertGreater(len(urls), 12)
        for place, url in urls.items():
            with self.subTest(place):
                answer = self.ask("GET", url)
                self.assertEqual((answer.status, answer.content_type), (200, "text/plain; charset=utf-8"))
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
                self.assertIn(LONG if "long_list" not in place else '"item",' * 4999, answer.body.decode())

    def test_filters_give_exactly_what_matches(self) -> None:
        mine = {"execution_id": self.specimen.run_id}
        for name, good, bad in (
            ("execution_id", self.specimen.trace_id, "f" * 32),
            ("workflow_id", "contract agent", "contract"),
            ("status", "failed", "completed"),
            ("agent", "contract agent", "agent"),
            ("session_id", "contract-session", "contract"),
            ("user_id", "contract-user", "other"),
            ("model", MODEL, "contract-model"),
            ("service", "contract", "contract-api"),
            ("has_error", "true", "false"),
            ("min_duration", "8.5", "9.5"),
            ("max_duration", "9.5", "8.5"),
            ("min_tokens", "1", "1000000000"),
            ("q", "WHERE IS my bag", "where is my hat"),
            ("start_time", "2026-01-01T00:00:00Z", "2200-01-01T00:00:00Z"),
            ("end_time", "2200-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ):
            with self.subTest(name):
                found = self.get(TRACES, **(mine | {name: good}))
                self.assertEqual([t["trace_id"] for t in found["traces"]], [self.specimen.trace_id])
                self.assertEqual(self.get(TRACES, **(mine | {name: bad}))["total"], 0)

    def test_pages_follow_each_other_without_gaps_or_repeats(self) -> None:
        only = {"service": PAGED_SERVICE}
        whole = self.get(TRACES, limit=1000, **only)
        self.assertEqual((whole["total"], whole["next_cursor"]), (PAGED_RUNS, None))
        ids, cursor = [], ""
        while cursor is not None:
            page = self.get(TRACES, limit=37, cursor=cursor, count="exact", **only)
            self.assertEqual(page["total"], PAGED_RUNS)
            ids += [trace["trace_id"] for trace in page["traces"]]
            cursor = page["next_cursor"]
        self.assertEqual(ids, [trace["trace_id"] for trace in whole["traces"]])
        self.assertEqual(len(set(ids)), PAGED_RUNS)
        times = [trace["start_time"] for trace in whole["traces"]]
        self.assertEqual(times, sorted(times, reverse=True))

    def test_sorts_pages_by_what_is_asked_for(self) -> None:
        for sort, value in (
            ("start", lambda run: run["start_time"]),
            ("cost", lambda run: run["cost"]),
            ("tokens", lambda run: run["total_tokens"] or None),
            ("errors", lambda run: run["error_count"]),
        ):
            runs, cursor = [], ""
            while cursor is not None:
                page = self.get(TRACES, sort=sort, limit=40, cursor=cursor, status="completed")
                runs += page["traces"]
                cursor = page["next_cursor"]
            self.assertEqual(len({run["trace_id"] for run in runs}), len(runs))
            known = [value(run) for run in runs if value(run) is not None]
            self.assertEqual(known, sorted(known), sort)
        page = self.get(TRACES, sort="-cost", limit=1)
        answer = self.server.get(TRACES, sort="cost", cursor=page["next_cursor"])
        self.assertEqual((answer.status, b"cursor" in answer.body), (400, True))

    def test_health_and_load_follow_their_rules(self) -> None:
        overview = self.get("/api/v1/observability/overview")
        self.check_health(overview["system_health"])
        real_time = overview["real_time_metrics"]
        is_high = real_time["failed_executions_last_hour"] > 3 or real_time["running_executions"] > 10
        self.assertEqual(real_time["system_load"], "high" if is_high else "normal")
        self.assertEqual(overview["ports"], self.server.ports)
        self.check_health(self.get("/api/v1/monitoring/health"))
        only = self.get("/api/v1/monitoring/health", workflow_id="contract agent")
        self.assertEqual((only["failed_executions"], only["success_rate"]), (1, 0))

    def check_health(self, health: dict[str, Any]) -> None:
        done, failed = health["completed_executions"], health["failed_executions"]
        rate = health["success_rate"]
        self.assertAlmostEqual(rate, 100 * done / (done + failed), delta=0.005001)
        self.assertEqual(rate, round(rate, 2))
        runs, steps = health["recent_failed_executions_24h"], health["recent_failed_steps_24h"]
        status = "healthy"
        if runs >= 2 or steps >= 5 or rate < 90:
            status = "warning"
        if runs >= 5 or steps >= 10 or rate < 80:
            status = "critical"
        self.assertEqual(health["health_status"], status)
        states = ("running", "completed", "failed", "cancelled", "abandoned")
        total = sum(health[f"{state}_executions"] for state in states)
        self.assertEqual(health["total_executions"], total)

    def test_metrics_are_prometheus_text(self) -> None:
        text = self.get("/metrics")
        sample = re.compile(r'([a-z_]+)(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? (\S+)')
        types: dict[str, str] = {}
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.assertNotIn(name, types, "declared twice")
                types[name] = kind
            elif not line.startswith("# HELP "):
                found = sample.fullmatch(line)
                self.assertIsNotNone(found, line)
                self.assertIn(found.group(1), types, line)
                self.assertGreaterEqual(float(found.group(6)), 0, line)
        self.assertEqual(types["sightline_loss_total"], "counter")
        self.assertGreater(self.server.metrics()["sightline_ingest_spans_total"], 6)


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
