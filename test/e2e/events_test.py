# SPDX-License-Identifier: Apache-2.0
"""Lifecycle events of platforms that do not speak OTLP: runs show while they go on and after, events
that are sent again count once, and nothing that was accepted is lost by a stop or a crash."""

import contextlib
import gzip
import http.client
import json
import socket
import threading
import uuid
from typing import Any, Iterator

from support.cases import FaultTest, main
from support.server import TRACES, Answer, wait_until

EVENTS = "/api/v1/events"
JSON = "application/json"
LINES = "application/x-ndjson"

# USD for a million tokens of gpt-4o: input, cached input, output.
GPT_4O = (2.5, 1.25, 10)


def at(seconds: float) -> str:
    """A time in another zone, as the old platform sends it."""
    return f"2026-03-01T14:{int(seconds) // 60:02}:{seconds % 60:06.3f}+02:00"


def event(event_type: str, run: str, seconds: float, **fields: Any) -> dict[str, Any]:
    return {"type": event_type, "execution_id": run, "timestamp": at(seconds), **fields}


def started(run: str) -> list[dict[str, Any]]:
    """A run that looks something up with an agent, up to the point where the tool is at work."""
    agent = {"step_id": "plan", "step_name": "Plan the answer", "agent_id": "planner"}
    return [
        event("execution.started", run, 0, workflow_id="wf-7", workflow_name="Refunds", input={"order": 7}),
        event("step.started", run, 1, kind="agent", **agent),
        event("step.started", run, 2, kind="tool", step_id="lookup", parent_step_id="plan",
              step_name="find_order", input={"id": 7}),
    ]


def finished(run: str) -> list[dict[str, Any]]:
    """The rest of that run: 1,000 tokens in, 400 of them cached, 100 out."""
    call = {"provider": "openai", "model": "gpt-4o", "input_tokens": 1000, "output_tokens": 100}
    return [
        event("step.finished", run, 4, step_id="lookup", status="completed", output={"total": 12}),
        event("llm.call", run, 6, step_id="plan", cache_read_tokens=400, metadata={"duration_ms": 1500}, **call),
        event("log", run, 6.5, step_id="plan", level="warning", message="low stock", metadata={"left": 1}),
        event("step.finished", run, 7, step_id="plan", status="failed", error_message="no stock", retry_count=2,
              resource_usage={"memory_usage": 120.5}),
        event("execution.finished", run, 8, status="completed", output="refunded"),
    ]


class Chunks:
    """A body of unknown length: sent chunked."""

    def __init__(self, lines: list[bytes]):
        self._lines = lines

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._lines)


class EventsTest(FaultTest):
    deadline_seconds = 120

    def setUp(self) -> None:
        super().setUp()
        self.server = self.start_server()

    def send(self, body: Any, content_type: str = JSON, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports["http"], timeout=60)
        with contextlib.closing(connection):
            fields = {"Content-Type": content_type, **{k.replace("_", "-"): v for k, v in headers.items()}}
            connection.request("POST", EVENTS, body, fields, encode_chunked=isinstance(body, Chunks))
            return Answer(connection.getresponse())

    def post(self, events: Any) -> dict[str, Any]:
        answer = self.send(json.dumps(events))
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()

    def accept(self, events: list[dict[str, Any]]) -> None:
        self.assertEqual(self.post(events), {"accepted": len(events), "repeated": 0, "rejected": []})

    def listed(self, run: str) -> list[dict[str, Any]]:
        return self.server.list_traces(execution_id=run)["traces"]

    def trace(self, run: str) -> dict[str, Any]:
        return self.server.get_json(f"{TRACES}/{run}")

    def assert_finished(self, run: str) -> None:
        """Everything that started() and finished() say, and nothing twice."""
        [row] = self.listed(run)
        trace = self.trace(run)
        for shown in (row, trace):
            self.assertEqual(shown["status"], "completed")
            self.assertEqual(shown["execution_id"], run)
            self.assertEqual(shown["workflow_name"], "Refunds")
            self.assertEqual(shown["start_time"], "2026-03-01T12:00:00.000000Z")
            self.assertEqual(shown["end_time"], "2026-03-01T12:00:08.000000Z")
            self.assertEqual(shown["duration"], 8)
            self.assertEqual(shown["span_count"], 4)
            self.assertEqual(shown["total_tokens"], 1100)
            expected = (600 * GPT_4O[0] + 400 * GPT_4O[1] + 100 * GPT_4O[2]) / 1e6
            self.assertAlmostEqual(shown["cost"], expected, places=9)
            self.assertEqual(shown["cost_status"], "priced")
        spans = {span["name"]: span for span in trace["spans"]}
        self.assertEqual(set(spans), {"Refunds", "Plan the answer", "find_order", "chat gpt-4o"})
        root, plan, tool, call = (
            spans[name] for name in ("Refunds", "Plan the answer", "find_order", "chat gpt-4o")
        )
        self.assertIsNone(root["parent_span_id"])
        self.assertEqual(plan["parent_span_id"], root["span_id"])
        self.assertEqual(tool["parent_span_id"], plan["span_id"])
        self.assertEqual(call["parent_span_id"], plan["span_id"])
        self.assertEqual((root["kind"], plan["kind"], tool["kind"], call["kind"]), ("workflow", "agent", "tool", "llm"))
        self.assertEqual((root["input_data"], root["output_data"]), ({"order": 7}, "refunded"))
        self.assertEqual((tool["input_data"], tool["output_data"]), ({"id": 7}, {"total": 12}))
        self.assertEqual((plan["status"], plan["error_message"]), ("failed", "no stock"))
        self.assertEqual(plan["agent_id"], "planner")
        self.assertEqual(plan["attributes"]["sightline.retry_count"], 2)
        self.assertEqual(plan["attributes"]["sightline.resource_usage.memory_usage"], 120.5)
        self.assertEqual((plan["duration"], tool["duration"], call["duration"]), (6, 2, 1.5))
        [log] = trace["logs"]
        self.assertEqual((log["level"], log["message"]), ("warning", "low stock"))
        self.assertEqual(log["metadata"]["left"], 1)
        self.assertEqual(log["span_id"], plan["span_id"])

    # A run

    def test_a_run_shows_while_it_goes_on_and_after(self) -> None:
        run = "run/with äny id"
        self.accept(started(run))
        [row] = self.listed(run)
        self.assertEqual(row["status"], "running")
        self.assertEqual(row["workflow_name"], "Refunds")
        self.assertEqual(row["start_time"], "2026-03-01T12:00:00.000000Z")
        self.assertIsNone(row["end_time"])
        spans = {span["name"]: span for span in self.server.get_json(f"{TRACES}/{row['trace_id']}")["spans"]}
        self.assertEqual({span["status"] for span in spans.values()}, {"running"})
        self.assertEqual(spans["find_order"]["parent_span_id"], spans["Plan the answer"]["span_id"])
        self.accept(finished(run))
        self.assertEqual(self.listed(run)[0]["trace_id"], row["trace_id"])
        self.assertEqual(self.server.get_json(f"{TRACES}/{row['trace_id']}")["status"], "completed")

    def test_no_run_is_listed_as_running_after_it_was_listed_as_completed(self) -> None:
        runs = [f"run {number}" for number in range(40)]
        for run in runs:
            self.accept(started(run))
        done = runs[:30]
        ended: set[str] = set()

        def listed(status: str) -> set[str]:
            traces = self.server.list_traces(status=status, limit=1000)["traces"]
            self.assertEqual({trace["status"] for trace in traces} - {status}, set())
            return {trace["execution_id"] for trace in traces}

        def look() -> bool:
            self.assertEqual(listed("running") & ended, set())
            ended.update(listed("completed"))
            return len(ended) == len(done)

        finisher = threading.Thread(target=lambda: [self.accept(finished(run)) for run in done])
        finisher.start()
        try:
            wait_until(look, 30, "all finished runs in the list")
        finally:
            finisher.join()
        for _ in range(2):
            wait_until(lambda: listed("running") == set(runs[30:]), 30, "the rest alone is running")
            self.assertEqual(listed("completed"), set(done))
            self.assertEqual(self.server.stop(), 0)
            self.server.start()

    def test_every_fact_of_a_run_is_shown(self) -> None:
        self.accept(started("r1"))
        self.accept(finished("r1"))
        self.assert_finished("r1")

    def test_each_event_may_come_alone_and_late(self) -> None:
        for item in reversed(started("r1") + finished("r1")):
            self.post(item)
        # Starts came after their finishes: too late, and said so.
        self.assertEqual(self.server.losses()["pending_after_final"], 3)
        trace = self.trace("r1")
        self.assertEqual((trace["status"], trace["span_count"]), ("completed", 4))
        # The finish of the run named no workflow and had no start to go by.
        [root] = [span for span in trace["spans"] if span["parent_span_id"] is None]
        self.assertEqual((root["name"], root["duration"]), ("execution", 0))
        self.assertTrue(root["attributes"]["sightline.start_unknown"])

    def test_one_request_may_list_its_events_in_any_order(self) -> None:
        self.accept(list(reversed(started("r1") + finished("r1"))))
        self.assert_finished("r1")

    def test_runs_fail_and_are_cancelled(self) -> None:
        outcomes = {"failed": {"error_message": "boom"}, "cancelled": {"status": "cancelled"}}
        for status, fields in outcomes.items():
            self.accept(started(status))
            self.accept([event("execution.finished", status, 9, **fields)])
            self.assertEqual(self.listed(status)[0]["status"], status)
        self.assertEqual(self.trace("failed")["error_message"], "boom")

    def test_a_step_of_a_run_that_was_not_announced_makes_the_run_visible(self) -> None:
        self.accept([event("step.finished", "r1", 3, step_id="a", step_name="look")])
        [row] = self.listed("r1")
        self.assertEqual((row["status"], row["name"]), ("running", "look"))
        self.accept([event("execution.finished", "r1", 5, workflow_name="Late")])
        [row] = self.listed("r1")
        self.assertEqual((row["status"], row["name"], row["span_count"]), ("completed", "Late", 2))

    # Repeats

    def test_what_is_sent_again_counts_once(self) -> None:
        events = started("r1") + finished("r1")
        self.accept(events)
        again = self.post(events)
        self.assertEqual(again, {"accepted": len(events), "repeated": len(events), "rejected": []})
        self.assert_finished("r1")
        self.assertEqual(self.server.losses()["event_repeated"], len(events))

    def test_the_first_of_two_finishes_stands(self) -> None:
        self.accept(started("r1") + finished("r1"))
        self.post(event("execution.finished", "r1", 20, status="failed"))
        self.assert_finished("r1")
        self.assertEqual(self.server.losses()["event_contradicted"], 1)

    def interrupted(self, interrupt: Any, **settings: Any) -> None:
        self.server.stop()
        self.server.settings |= settings
        self.server.start()
        self.accept(started("r1"))
        interrupt()
        [row] = self.listed("r1")
        self.assertEqual(row["status"], "running")
        again = self.post(started("r1"))
        self.assertEqual(again["repeated"], 3)
        self.accept(finished("r1"))
        self.assert_finished("r1")
        interrupt()
        self.assertEqual(self.post(started("r1") + finished("r1"))["repeated"], 8)
        self.assert_finished("r1")

    def test_a_restart_in_the_middle_loses_nothing(self) -> None:
        def restart() -> None:
            self.assertEqual(self.server.stop(), 0)
            self.server.start()

        self.interrupted(restart)

    def test_a_crash_in_the_middle_loses_nothing(self) -> None:
        def crash() -> None:
            self.server.kill()
            self.server.start()

        self.interrupted(crash)

    def test_a_crash_after_the_start_was_sealed_loses_nothing(self) -> None:
        def seal_and_crash() -> None:
            def is_sealed() -> bool:
                return self.server.metrics().get("sightline_store_unsealed_rows", -1) == 0

            wait_until(is_sealed, 30, "everything is in day folders")
            self.server.kill()
            self.server.start()

        self.interrupted(seal_and_crash, seal_rows=1, seal_seconds=1)

    # Requests

    def test_lines_are_taken_one_by_one(self) -> None:
        lines = [json.dumps(item).encode() + b"\n" for item in started("r1") + finished("r1")]
        lines[3:3] = [b"\n", b'{"type": "step.started", "execution_id"\n', b"[1]\n"]
        answer = self.send(Chunks(lines), LINES)
        self.assertEqual(answer.status, 200)
        answer = answer.json()
        self.assertEqual(answer["accepted"], 8)
        self.assertEqual([item["index"] for item in answer["rejected"]], [3, 4])
        self.assertIn("is not JSON", answer["rejected"][0]["detail"])
        self.assertIn("must be a JSON object", answer["rejected"][1]["detail"])
        self.assert_finished("r1")

    def test_bad_items_are_rejected_alone_with_a_reason(self) -> None:
        bad = [
            ({"type": "step.paused", "execution_id": "r1"}, "type 'step.paused' is unknown"),
            ({"type": "log"}, "execution_id is required"),
            (event("log", "r1", 0) | {"timestamp": "noon"}, "timestamp"),
            (event("log", "x" * 257, 0), "execution_id must not be longer than 256 bytes"),
            (event("llm.call", "r1", 0, output_tokens=-1), "output_tokens"),
            (event("step.finished", "r1", 0, step_id="s", status="odd"), "status 'odd'"),
        ]
        items = [item for item, _ in bad]
        answer = self.post(items + [event("log", "r1", 1, message="good")])
        self.assertEqual(answer["accepted"], 1)
        self.assertEqual([item["index"] for item in answer["rejected"]], list(range(len(bad))))
        for rejected, (_, detail) in zip(answer["rejected"], bad):
            self.assertIn(detail, rejected["detail"])
        losses = self.server.losses()
        self.assertEqual((losses["event_unknown_type"], losses["event_invalid"]), (2, 4))

    def test_ten_thousand_items_are_the_limit(self) -> None:
        run = str(uuid.uuid4())
        items = started(run) + [
            event("step.finished", run, 3, step_id=f"s{i}", step_name=f"step {i}") for i in range(9997)
        ]
        self.assertEqual(self.send(json.dumps(items + items[:1])).status, 413)
        self.assertEqual(self.listed(run), [])
        lines = "\n".join(json.dumps(item) for item in items + items[:1])
        too_many = self.send(lines, LINES)
        self.assertEqual(too_many.status, 413)
        self.assertIn("10000", too_many.json()["detail"])
        self.accept(items)
        self.assertEqual(self.post(items)["repeated"], 10_000)
        self.accept([event("execution.finished", run, 9)])
        self.assertEqual(self.listed(run)[0]["span_count"], 9998)

    def test_compressed_bodies_are_read(self) -> None:
        body = gzip.compress(json.dumps(started("r1") + finished("r1")).encode())
        answer = self.send(body, Content_Encoding="gzip")
        self.assertEqual((answer.status, answer.json()["accepted"]), (200, 8))
        self.assert_finished("r1")

    def test_what_cannot_be_read_is_refused_as_a_whole(self) -> None:
        good = json.dumps(event("log", "r1", 0))
        cases = [
            ("", JSON, 400), ("[" + good, JSON, 400), (good + good, JSON, 400), ("{", JSON, 400), ("\n", LINES, 400),
            (good, "text/plain", 415), (good, "application/x-www-form-urlencoded", 415),
        ]
        for body, content_type, status in cases:
            with self.subTest(body=body, content_type=content_type):
                answer = self.send(body, content_type)
                self.assertEqual(answer.status, status)
                self.assertTrue(answer.json()["detail"])
        self.assertEqual(self.send(good, Content_Encoding="gzip").status, 400)
        self.assertEqual(self.send(good, Content_Encoding="br").status, 415)
        self.assertEqual(self.server.get(EVENTS).status, 405)
        self.assertEqual(self.listed("r1"), [])

    def test_senders_are_pushed_back_when_too_much_is_in_flight(self) -> None:
        self.server.stop()
        self.server.settings["max_in_flight_bytes"] = 2048
        self.server.start()
        with socket.create_connection(("127.0.0.1", self.server.ports["http"]), timeout=30) as slow:
            head = f"POST {EVENTS} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {JSON}\r\nContent-Length: 4000\r\n\r\n"
            # What is only announced holds nobody up.
            slow.sendall(head.encode() + b"[" + b" " * 2039)

            def is_refused() -> Answer | None:
                answer = self.send(json.dumps(started("r1")))
                return answer if answer.status == 429 else None

            refused = wait_until(is_refused, 20, "the slow request holds the budget")
            self.assertEqual(refused.headers["Retry-After"], "1")
            self.assertTrue(refused.json()["detail"])
            # What has no body goes on.
            self.assertEqual(self.server.get("/readyz").status, 200)
        wait_until(lambda: self.send(json.dumps(started("r1"))).status == 200, 20, "there is room again")


if __name__ == "__main__":
    main()
