# SPDX-License-Identifier: Apache-2.0
"""What runs and steps used of their machines: what they say themselves, else what the metrics of their
processes tell, from samples whose answers are known by hand."""

import http.client
import json
import secrets
from typing import Any

from support.cases import FaultTest, main
from support.server import TRACES, Answer, Server

START = 1_772_366_400  # 2026-03-01T12:00:00Z
WORKER = {"service.name": "shop", "service.instance.id": "w1"}


def attributes(values: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = {str: "stringValue", int: "intValue", float: "doubleValue"}
    return [{"key": key, "value": {kinds[type(value)]: value}} for key, value in values.items()]


def at(second: float) -> str:
    return str(int((START + second) * 1e9))


class ProcessMetricsTest(FaultTest):
    def setUp(self) -> None:
        super().setUp()
        self.server: Server = self.start_server()

    def post(self, path: str, body: dict[str, Any]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports["otlp_http"], timeout=30)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = Answer(connection.getresponse())
        connection.close()
        self.assertEqual((answer.status, answer.json()), (200, {}), answer.body)

    def send_run(self, resource: dict[str, Any], *steps: tuple[float, float], **of_root: Any) -> str:
        """A root around its steps, which have the ids 2, 3, ..."""
        trace_id = secrets.token_hex(16)
        times = [(min(s for s, _ in steps), max(e for _, e in steps)), *steps]
        spans = [
            {"traceId": trace_id, "spanId": f"{i + 1:016x}", "parentSpanId": f"{1:016x}" if i else "",
             "name": f"step {i}", "startTimeUnixNano": at(start), "endTimeUnixNano": at(end),
             "attributes": attributes({"gen_ai.operation.name": "execute_tool" if i else "invoke_agent"}
                                      | ({} if i else of_root))}
            for i, (start, end) in enumerate(times)
        ]
        self.post("/v1/traces", {"resourceSpans": [{"resource": {"attributes": attributes(resource)},
                                                    "scopeSpans": [{"spans": spans}]}]})
        return trace_id

    def send_metric(self, resource: dict[str, Any], name: str, samples: dict[float, float], counts: bool,
                    **of_points: Any) -> None:
        points = [{"timeUnixNano": at(second), "startTimeUnixNano": at(-3600), "asDouble": value,
                   "attributes": attributes(of_points)} for second, value in samples.items()]
        data: dict[str, Any] = {"dataPoints": points}
        if counts:
            data |= {"aggregationTemporality": 2, "isMonotonic": True}
        metric = {"name": name, "sum" if counts else "gauge": data}
        self.post("/v1/metrics", {"resourceMetrics": [{"resource": {"attributes": attributes(resource)},
                                                       "scopeMetrics": [{"metrics": [metric]}]}]})

    def resources(self, trace_id: str, **query: Any) -> dict[str, Any]:
        return self.server.get_json(f"{TRACES}/{trace_id}/resources", **query)

    def send_worker_metrics(self, resource: dict[str, Any]) -> None:
        self.send_metric(resource, "process.cpu.time", {0: 10, 60: 40, 120: 46}, True, **{"cpu.mode": "user"})
        self.send_metric(resource, "process.cpu.time", {0: 5, 60: 11, 120: 17}, True, **{"cpu.mode": "system"})
        self.send_metric(resource, "process.cpu.utilization", {0: 0.1, 60: 0.3, 120: 0.1}, False)
        self.send_metric(resource, "process.memory.usage", {0: 100e6, 60: 300e6, 120: 250e6}, False)
        self.send_metric(resource, "process.disk.io", {0: 0, 60: 600, 120: 600}, True, **{"disk.io.direction": "read"})

    def test_what_a_process_used_in_the_time_of_a_run_and_of_a_step(self) -> None:
        run = self.send_run(WORKER, (0, 30), (30, 60), (40, 50), (60, 120))
        self.send_run(WORKER, (100, 130))  # Another run in the same time.
        self.send_run(WORKER, (200, 230))
        self.send_worker_metrics(WORKER)
        self.send_worker_metrics(WORKER | {"service.instance.id": "w2"})
        found = self.resources(run)
        self.assertEqual((found["trace_id"], found["span_id"]), (run, None))
        self.assertEqual((found["source"], found["usage"], found["processes_left_out"]), ("process_metrics", None, 0))
        [process] = found["processes"]
        self.assertEqual((process["service"], process["service_instance"]), ("shop", "w1"))
        self.assertEqual((process["start_time"], process["end_time"]),
                         ("2026-03-01T12:00:00.000000Z", "2026-03-01T12:02:00.000000Z"))
        # 36 seconds of user and 12 of system time in two minutes.
        self.assertAlmostEqual(process["cpu_seconds"], 48)
        self.assertAlmostEqual(process["cpu_usage"], 40)
        self.assertAlmostEqual(process["cpu_share"], 50 / 3)
        self.assertAlmostEqual(process["memory_usage"], 300)
        self.assertAlmostEqual(process["memory_change_mb"], 150)
        self.assertAlmostEqual(process["disk_bytes"], 600)
        self.assertIsNone(process["network_bytes"])
        self.assertEqual((process["resolution"], process["is_ambiguous"]), (60, False))
        self.assertEqual(process["shared_with"], {"steps": None, "runs": 1})
        self.assertEqual(process["metrics"], ["process.cpu.time", "process.cpu.utilization",
                                              "process.memory.usage", "process.disk.io"])
        step = self.resources(run, span_id=f"{3:016X}")
        self.assertEqual(step["span_id"], f"{3:016x}")
        [process] = step["processes"]
        self.assertAlmostEqual(process["cpu_seconds"], 18)
        self.assertAlmostEqual(process["cpu_usage"], 60)
        self.assertAlmostEqual(process["disk_bytes"], 300)
        self.assertEqual(process["shared_with"], {"steps": 1, "runs": 0}, "the one from 40 to 50")
        self.assertEqual(self.server.stop(), 0)
        self.server.start()  # From disk.
        self.assertEqual(self.resources(run), found)
        self.assertEqual(self.resources(run, span_id=f"{3:016x}"), step)

    def test_what_was_said_is_not_measured(self) -> None:
        run = self.send_run(WORKER, (0, 60), **{"sightline.resource_usage.cpu_usage": 7.5})
        self.send_worker_metrics(WORKER)
        found = self.resources(run)
        self.assertEqual((found["source"], found["processes"]), ("reported", []))
        self.assertEqual((found["usage"]["cpu_usage"], found["usage"]["memory_usage"]), (7.5, None))
        self.assertEqual(self.resources(run, span_id=f"{2:016x}")["source"], "process_metrics", "it said nothing")

    def test_a_process_without_an_instance_is_found_by_its_host_and_id_or_not_at_all(self) -> None:
        agent = {"host.name": "web-1", "process.pid": 42}  # As a collector on the host sees it.
        by_pid = self.send_run(agent | {"service.name": "shop"}, (0, 60))
        self.send_worker_metrics(agent)
        [process] = self.resources(by_pid)["processes"]
        self.assertEqual((process["host"], process["pid"]), ("web-1", "42"))
        self.assertAlmostEqual(process["cpu_seconds"], 36)
        lone = self.send_run({"service.name": "lone"}, (0, 60))
        self.send_worker_metrics({"service.name": "lone", "service.instance.id": "a"})
        [process] = self.resources(lone)["processes"]
        self.assertAlmostEqual(process["cpu_seconds"], 36)
        self.send_worker_metrics({"service.name": "lone", "service.instance.id": "b"})
        found = self.resources(lone)
        self.assertIsNone(found["source"], "either could be it")
        [process] = found["processes"]
        self.assertEqual((process["is_ambiguous"], process["cpu_seconds"], process["metrics"]), (True, None, []))

    def test_no_metrics_are_no_answer_and_unknown_ids_are_told(self) -> None:
        run = self.send_run({"service.name": "quiet"}, (0, 60))
        found = self.resources(run)
        self.assertEqual((found["source"], found["usage"]), (None, None))
        self.assertEqual([p["cpu_seconds"] for p in found["processes"]], [None])
        for path, status in ((f"{TRACES}/{'f' * 32}/resources", 404), (f"{TRACES}/{run}/resources?span_id={'f' * 16}", 404),
                             (f"{TRACES}/{run}/resources?span_id=x", 404), (f"{TRACES}/{run}/resources?spanid=x", 400)):
            self.assertEqual(self.server.get(path).status, status, path)


if __name__ == "__main__":
    main()
