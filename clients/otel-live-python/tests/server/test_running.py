# SPDX-License-Identifier: Apache-2.0
"""An agent with the processor against a real server: SIGHTLINE_BIN names its binary."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from support import until  # noqa: E402

from opentelemetry import trace  # noqa: E402
from opentelemetry.sdk.resources import Resource  # noqa: E402
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider  # noqa: E402
from opentelemetry.trace import format_span_id, format_trace_id  # noqa: E402

from sightline_otel_live import LiveSpanProcessor  # noqa: E402
from sightline_otel_live._otlp_json import to_otlp_json  # noqa: E402
from sightline_otel_live._pending_span import PendingSpan  # noqa: E402


class Server:
    """The binary on free ports, in a directory of its own."""

    def __init__(self, binary):
        self._directory = tempfile.mkdtemp(prefix="sightline-python-")
        ports = ["--port", "0", "--otlp-grpc-port", "0", "--otlp-http-port", "0"]
        self._log = open(os.path.join(self._directory, "server.log"), "w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [binary, "serve", "--data-dir", self._directory, *ports],
            stdout=self._log,
            stderr=self._log,
        )
        found = until(self._ports, self._read_log)
        self.http = f"http://127.0.0.1:{found['http']}"
        self.otlp = f"http://127.0.0.1:{found['otlp_http']}"
        until(self._is_ready, self._read_log)

    def stop(self):
        self._process.terminate()
        status = self._process.wait(20)
        log = self._read_log()
        self._log.close()
        shutil.rmtree(self._directory)
        if status != 0:
            raise AssertionError(f"the server ended with status {status}:\n{log}")

    def get(self, path):
        with urllib.request.urlopen(self.http + path, timeout=10) as response:
            return json.load(response)

    def _ports(self):
        if self._process.poll() is not None:
            raise AssertionError(f"the server ended:\n{self._read_log()}")
        try:
            with open(os.path.join(self._directory, "ports.json"), encoding="utf-8") as file:
                return json.load(file)
        except (FileNotFoundError, ValueError):
            return None

    def _is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.http}/readyz", timeout=10) as response:
                return response.status == 200
        except urllib.error.URLError:
            return False

    def _read_log(self):
        self._log.seek(0)
        return self._log.read()


class SendWhenEnded(SpanProcessor):
    """Sends ended spans at once, as the batch processor of a program does later."""

    def __init__(self, url):
        self._url = url

    def on_end(self, span: ReadableSpan):
        body = to_otlp_json([PendingSpan(span, 0, 0)])
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"{self._url}/v1/traces", body, headers)
        with urllib.request.urlopen(request, timeout=10) as response:
            assert response.status == 200, response.status


class RunningTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(os.environ["SIGHTLINE_BIN"])
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.live = LiveSpanProcessor(self.server.otlp, delay_millis=20)
        provider = TracerProvider(
            resource=Resource({"service.name": "shop"}), shutdown_on_exit=False
        )
        provider.add_span_processor(self.live)
        provider.add_span_processor(SendWhenEnded(self.server.otlp))
        self.addCleanup(provider.shutdown)
        self.tracer = provider.get_tracer("test")
        self.session = str(uuid.uuid4())

    def start(self, operation, name, parent=None):
        key = "gen_ai.tool.name" if operation == "execute_tool" else "gen_ai.agent.name"
        return self.tracer.start_span(
            f"{operation} {name}",
            context=trace.set_span_in_context(parent) if parent else None,
            attributes={
                "gen_ai.operation.name": operation,
                "gen_ai.conversation.id": self.session,
                key: name,
            },
        )

    def until_trace(self, condition):
        seen = []

        def find():
            path = f"/api/v1/observability/traces?session_id={self.session}"
            seen[:] = self.server.get(path)["traces"]
            self.assertLessEqual(len(seen), 1, seen)
            return seen and condition(seen[0]) and seen[0]

        return until(find, lambda: f"the traces of the session are {seen}")

    def test_an_agent_is_seen_running_before_anything_of_it_has_ended(self):
        root = self.start("invoke_agent", "planner")
        running = self.until_trace(lambda found: found["status"] == "running")
        self.assertEqual(running["trace_id"], format_trace_id(root.get_span_context().trace_id))
        self.assertEqual(running["agent"], "planner")
        tool = self.start("execute_tool", "search", root)
        until(lambda: self.live.stats.sent == 2, lambda: str(self.live.stats))
        tool.end()
        root.end()
        over = self.until_trace(lambda found: found["status"] == "completed")
        self.assertEqual(over["span_count"], 2)
        whole = self.server.get(f"/api/v1/observability/traces/{over['trace_id']}")
        parents = {span["span_id"]: span["parent_span_id"] for span in whole["spans"]}
        root_id, tool_id = (format_span_id(s.get_span_context().span_id) for s in (root, tool))
        self.assertEqual(parents, {root_id: None, tool_id: root_id})


if __name__ == "__main__":
    unittest.main()
