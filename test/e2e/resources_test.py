# SPDX-License-Identifier: Apache-2.0
"""What enhanced monitoring tells of single runs and of what they used of their machines, from lifecycle
events whose answers are known by hand."""

import http.client
import json
from typing import Any

from support.cases import FaultTest, main
from support.server import Answer, Server

ENHANCED = "/api/v1/enhanced-monitoring"
PERIOD = {"start_time": "2026-03-01T00:00:00Z", "end_time": "2026-03-02T00:00:00Z"}


def at(minute: int, second: int) -> str:
    return f"2026-03-01T12:{minute:02}:{second:02}Z"


class ResourcesTest(FaultTest):
    def setUp(self) -> None:
        super().setUp()
        self.server: Server = self.start_server()

    def ask(self, method: str, path: str, body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports["http"], timeout=60)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def send(self, run: str, *events: dict[str, Any]) -> None:
        answer = self.ask("POST", "/api/v1/events", json.dumps([{"execution_id": run} | event for event in events]))
        self.assertEqual((answer.status, answer.json()["rejected"]), (200, []), answer.body)
        self.assertEqual(answer.json()["accepted"], len(events))

    def test_lists_the_logs_of_a_run_in_order_of_time(self) -> None:
        lines = [
            {"type": "log", "timestamp": at(0, 3), "level": "error", "message": "m" * 20_000},
            {"type": "log", "timestamp": at(0, 1), "level": "debug", "message": "one", "metadata": {"left": 1}},
            {"type": "log", "timestamp": at(0, 2), "level": "warning", "message": "two"},
        ]
        begin, end = {"type": "execution.started", "timestamp": at(0, 0)}, {"type": "execution.finished", "timestamp": at(0, 9)}
        self.send("r 1", begin, *lines, end)
        self.send("other", begin, lines[1], end)
        path = f"{ENHANCED}/logs/r%201"
        found = self.server.get_json(path)
        self.assertEqual([log["log_level"] for log in found], ["debug", "warning", "error"])
        self.assertEqual([log["message"] for log in found[:2]], ["one", "two"])
        self.assertEqual(found[0]["metadata"]["left"], 1)
        self.assertEqual(found[0]["timestamp"], "2026-03-01T12:00:01.000000Z")
        self.assertLess(len(found[2]["message"]), 20_000)
        self.assertEqual(self.ask("GET", found[2]["message_url"]).body.decode(), "m" * 20_000)
        trace_id = self.server.list_traces(execution_id="r 1")["traces"][0]["trace_id"]
        self.assertEqual(self.server.get_json(f"{ENHANCED}/logs/{trace_id}"), found)
        self.assertEqual(self.server.get_json(path, log_level="warning"), found[1:])
        self.assertEqual(self.server.get_json(path, log_level="fatal"), [])
        self.assertEqual(self.ask("GET", f"{ENHANCED}/logs/nobody").status, 404)
        self.assertEqual(self.ask("GET", f"{path}?log_level=loud").status, 400)

    def run_of(self, workflow: str, minute: int, steps: dict[str, dict[str, float]], **root: float) -> None:
        """A run with steps of a second each, by what they say they used; a name after a dot is below the one before."""
        events: list[dict[str, Any]] = [{"type": "execution.started", "timestamp": at(minute, 0), "workflow_id": workflow}]
        for i, (path, usage) in enumerate(steps.items()):
            parent, _, name = path.rpartition(".")
            step = {"step_id": name, "step_name": name, "kind": "task"} | ({"parent_step_id": parent} if parent else {})
            events.append({"type": "step.started", "timestamp": at(minute, i + 1)} | step)
            events.append({"type": "step.finished", "timestamp": at(minute, i + 2), "resource_usage": usage} | step)
        events.append({"type": "execution.finished", "timestamp": at(minute, 30), "resource_usage": root})
        self.send(f"{workflow}-{minute}", *events)

    def send_runs(self) -> None:
        first = {
            "sort": {"memory_usage": 150, "cpu_usage": 95, "io_operations": 4},
            "read": {"memory_usage": 50, "network_requests": 2},
            "sort.inner": {"memory_change_mb": 99, "io_operations": 100},
        }
        second = {
            "sort": {"memory_usage": 130, "cpu_usage": 85, "memory_change_mb": -2, "io_operations": 6},
            "read": {"memory_change_mb": 5},
            "load": {"memory_usage": 250},
        }
        self.run_of("heavy", 1, first, memory_change_mb=12, cpu_change_percent=3)
        self.run_of("heavy", 2, second)
        self.run_of("heavy", 3, {"sort": {}})
        self.run_of("silent", 4, {"sort": {}})

    def test_tells_what_each_run_used_and_nothing_of_those_that_did_not_say(self) -> None:
        self.send_runs()
        found = self.server.get_json(f"{ENHANCED}/analytics/resource-trends/heavy", **PERIOD)
        rows = {}
        for trend in ("memory_usage_trend", "cpu_usage_trend", "io_operations_trend", "network_requests_trend"):
            self.assertEqual([point["timestamp"][14:19] for point in found[trend]], ["01:00", "02:00", "03:00"])
            self.assertEqual([point["execution_id"] for point in found[trend]], ["heavy-1", "heavy-2", "heavy-3"])
            keys = [key for key in found[trend][0] if key not in ("timestamp", "execution_id")]
            rows |= {key: [point[key] for point in found[trend]] for key in keys}
        expected = {
            "memory_change_mb": [12, 3, None],  # As the run says; else of its outermost steps together.
            "memory_usage": [150, 250, None],
            "cpu_change_percent": [3, None, None],
            "cpu_usage": [95, 85, None],
            "io_operations": [4, 6, None],
            "network_requests": [2, None, None],
        }
        self.assertEqual(rows, expected)
        told = {key: sum(value is not None for value in values) for key, values in expected.items()}
        self.assertEqual(found["reported_runs"], told)
        self.assertEqual((found["sample"]["runs"], found["sample"]["has_more"]), (3, False))
        newest = self.server.get_json(f"{ENHANCED}/analytics/resource-trends/heavy", limit=1, **PERIOD)
        self.assertEqual([point["execution_id"] for point in newest["cpu_usage_trend"]], ["heavy-3"])
        self.assertEqual(self.ask("GET", f"{ENHANCED}/analytics/resource-trends/nobody").status, 404)

    def test_averages_what_steps_and_runs_used(self) -> None:
        self.send_runs()
        path = f"{ENHANCED}/enhanced-metrics/"
        steps = self.server.get_json(path + "step-executions", workflow_id="heavy", **PERIOD)
        self.assertEqual((steps["average_memory_usage"], steps["average_cpu_usage"]), (145, 90))
        self.assertAlmostEqual(steps["average_io_operations"], 110 / 3)
        self.assertEqual(steps["average_network_requests"], 2)
        told = {"memory_usage": 4, "cpu_usage": 2, "io_operations": 3, "network_requests": 1}
        self.assertEqual(steps["reported_steps"], told)
        runs = self.server.get_json(path + "workflow-executions", workflow_id="heavy", **PERIOD)["resource_usage"]
        self.assertEqual((runs["avg_memory_change_mb"], runs["avg_cpu_change_percent"]), (7.5, 3))
        self.assertEqual(runs["reported_runs"], {"memory_change_mb": 2, "cpu_change_percent": 1})
        silent = self.server.get_json(path + "step-executions", workflow_id="silent", **PERIOD)
        self.assertEqual({silent[f"average_{key}"] for key in told}, {None})
        self.assertEqual(silent["reported_steps"], dict.fromkeys(told, 0))
        runs = self.server.get_json(path + "workflow-executions", workflow_id="silent", **PERIOD)["resource_usage"]
        self.assertEqual((runs["avg_memory_change_mb"], runs["avg_cpu_change_percent"]), (None, None))

    def test_names_steps_that_use_much(self) -> None:
        self.send_runs()
        found = self.server.get_json(f"{ENHANCED}/analytics/bottlenecks/heavy", **PERIOD)
        memory = {"issue_type": "high_memory_usage"}
        expected = [
            memory | {"step_id": "load", "average_memory_usage": 250, "steps": 1, "severity": "high"},
            memory | {"step_id": "sort", "average_memory_usage": 140, "steps": 2, "severity": "medium"},
            {"step_id": "sort", "issue_type": "high_cpu_usage", "average_cpu_usage": 90, "steps": 2, "severity": "medium"},
        ]
        self.assertEqual(found["bottlenecks"], expected)
        self.assertEqual(found["reported_steps"], {"memory_usage": 4, "cpu_usage": 2})
        silent = self.server.get_json(f"{ENHANCED}/analytics/bottlenecks/silent", **PERIOD)
        self.assertEqual((silent["bottlenecks"], silent["reported_steps"]), ([], {"memory_usage": 0, "cpu_usage": 0}))


if __name__ == "__main__":
    main()
