# SPDX-License-Identifier: Apache-2.0
"""What the answers of the HTTP API hold: every field that api/openapi.yaml names, what was sent, what a
filter, an order and a page ask for."""

import json
import re
import unittest
from typing import Any

from support.contract_case import PAGED_RUNS, PAGED_SERVICE, Request, ServerTest
from support.server import TRACES, wait_until
from support.specimen import LONG, MODEL

DETAILS = 40  # Demo runs that are looked at whole.

# What this server cannot be brought to send; every other field of the document must be seen once.
NEVER_SEEN = {
    ("Ready", "detail"),
    ("NotReady", "status"),
    ("NotReady", "detail"),
}


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


if __name__ == "__main__":
    unittest.main(verbosity=2)
