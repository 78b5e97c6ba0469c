# SPDX-License-Identifier: Apache-2.0
"""How long after its acknowledgement a span can be read."""

import json
import secrets
import time

from harness import OBSERVABILITY, Api, Budget, Figure, LoadInBackground, Server, percentile

TITLE = "Acknowledged to visible in the trace read"
ORDER = 50


def _request(trace_id):
    now = time.time_ns()
    span = {"traceId": trace_id, "spanId": secrets.token_hex(8), "name": "probe", "kind": 1,
            "startTimeUnixNano": str(now - 1_000_000), "endTimeUnixNano": str(now)}
    return json.dumps({"resourceSpans": [{"resource": {"attributes": [
        {"key": "service.name", "value": {"stringValue": "probe"}}]}, "scopeSpans": [{"spans": [span]}]}]})


def _delays_ms(server, count):
    sender = Api(server.ports["otlp_http"])
    reader = Api(server.ports["http"])
    delays = []
    for _ in range(count):
        trace_id = secrets.token_hex(16)
        status, body = sender.request("POST", "/v1/traces", _request(trace_id),
                                      {"Content-Type": "application/json"})
        acknowledged = time.perf_counter()
        if status != 200:
            if status in (429, 503):
                continue  # Pushed back: not acknowledged.
            raise RuntimeError(f"status {status}: {body!r}")
        while reader.request("GET", f"{OBSERVABILITY}/traces/{trace_id}")[0] != 200:
            if time.perf_counter() - acknowledged > 10:
                raise TimeoutError(f"trace {trace_id} was acknowledged and did not become visible")
        delays.append((time.perf_counter() - acknowledged) * 1000)
    sender.close()
    reader.close()
    return delays


def measure(options):
    count = 100 if options.quick else 500
    with Server(options) as server:
        for what, rate, budget in (("on an idle server", 0, Budget(100)),
                                   ("at 5,000 spans/s", 5_000, Budget(100))):
            background = LoadInBackground(server, shape="agent", rate=rate, seconds=60 if not options.quick
                                          else 10, connections=2) if rate else None
            delays = _delays_ms(server, count)
            if background is not None:
                background.report()
            note = f"of {len(delays)} spans; one read included"
            yield Figure(f"p50 {what}", percentile(delays, 0.5), "ms")
            yield Figure(f"p99 {what}", percentile(delays, 0.99), "ms", budget, note)
