# SPDX-License-Identifier: Apache-2.0
"""One request with very many names of agents, and reads after it."""

import json
import secrets
import time

from harness import OBSERVABILITY, Api, Budget, Figure, Server, time_calls, wait_until

TITLE = "One request with 60,000 names of agents"
ORDER = 65

_NAMES = 60_000


def _request():
    now = time.time_ns()
    spans = [{"traceId": secrets.token_hex(16), "spanId": secrets.token_hex(8),
              "name": f"invoke_agent agent-{number}", "kind": 1, "startTimeUnixNano": str(now - 1_000_000),
              "endTimeUnixNano": str(now), "attributes": [
                  {"key": "gen_ai.operation.name", "value": {"stringValue": "invoke_agent"}},
                  {"key": "gen_ai.agent.name", "value": {"stringValue": f"agent-{number}"}}]}
             for number in range(_NAMES)]
    return json.dumps({"resourceSpans": [{"resource": {"attributes": [
        {"key": "service.name", "value": {"stringValue": "names"}}]}, "scopeSpans": [{"spans": spans}]}]})


def measure(options):
    body = _request()
    with Server(options) as server:
        sender = Api(server.ports["otlp_http"])
        begun = time.monotonic()
        status, answer = sender.request("POST", "/v1/traces", body, {"Content-Type": "application/json"})
        if status != 200:
            raise RuntimeError(f"status {status}: {answer[:300]!r}")
        yield Figure("the request", (time.monotonic() - begun) * 1000, "ms", None,
                     f"{len(body) / 1e6:.0f} MB of OTLP/JSON")
        sender.close()

        def runs():
            return server.api.get_json(f"{OBSERVABILITY}/overview")["system_health"]["total_executions"]

        wait_until(lambda: runs() == _NAMES, "all runs", 60)
        yield Figure("until all are in the overview", (time.monotonic() - begun) * 1000, "ms")
        count = 10 if options.quick else 50
        for what, path, limit in (
                ("overview", f"{OBSERVABILITY}/overview", 100),
                ("health", "/api/v1/monitoring/health", 100),
                ("list, newest 50 runs", f"{OBSERVABILITY}/traces?limit=50", 20),
                ("list, by agent", f"{OBSERVABILITY}/traces?limit=50&agent=agent-59999", 60),
                ("30 days: costs", "/api/v1/cost-tracking/summary?days=30", 100)):
            def read(_, path=path):
                assert server.api.get_json(path)

            yield from time_calls(server, what, read, count, Budget(limit))
        yield Figure("peak RSS", server.memory("VmHWM") / 2**20, "MiB", Budget(512))
