# SPDX-License-Identifier: Apache-2.0
"""Live clients by the hundred while spans stream in: latency to the frame, memory, what ingest pays."""

import asyncio
import json
import secrets
import time

from harness import Api, Budget, Figure, LoadInBackground, Server, percentile, progress

TITLE = "Live feeds: 10,000 spans/s with many WebSocket clients"
ORDER = 60

RATE = 10_000
FEEDS = "/api/v1/observability/ws"
MEGABYTE = 1 << 20
PROBE_PAUSE = 0.05


def _export(trace_id):
    """A run whose root has not come, in OTLP/JSON."""
    now = time.time_ns()
    span = {"traceId": trace_id, "spanId": secrets.token_hex(8), "parentSpanId": secrets.token_hex(8),
            "name": "probe", "kind": 1, "startTimeUnixNano": str(now - 1_000_000),
            "endTimeUnixNano": str(now), "attributes": [
                {"key": "gen_ai.operation.name", "value": {"stringValue": "execute_tool"}}]}
    return json.dumps({"resourceSpans": [{"resource": {"attributes": [
        {"key": "service.name", "value": {"stringValue": "probe"}}]}, "scopeSpans": [{"spans": [span]}]}]})


class Clients:
    """`count` sockets on /ws/metrics that read all they get."""

    def __init__(self, server, count):
        self._url = f"ws://127.0.0.1:{server.ports['http']}{FEEDS}"
        self._count = count
        self._tasks = []
        self.open = 0
        self.frames = 0
        self.heard_at = [0.0] * count

    async def _read(self, number):
        from websockets.client import connect
        async with connect(f"{self._url}/metrics", open_timeout=60, ping_interval=None,
                           compression=None) as feed:
            self.open += 1
            async for _ in feed:
                self.frames += 1
                self.heard_at[number] = time.perf_counter()

    async def __aenter__(self):
        for number in range(self._count):
            self._tasks.append(asyncio.create_task(self._read(number)))
            if number % 50 == 49:
                await asyncio.sleep(0.05)
        while self.open < self._count:
            await asyncio.sleep(0.05)
            for task in self._tasks:
                if task.done():
                    task.result()
        return self

    async def __aexit__(self, *_):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _probe(server, count):
    """Milliseconds from the acknowledgement of a span to the frame that shows it, one run after another."""
    from websockets.client import connect
    sender = Api(server.ports["otlp_http"])
    delays = []
    while len(delays) < count:
        trace_id = secrets.token_hex(16)
        url = f"ws://127.0.0.1:{server.ports['http']}{FEEDS}/executions/{trace_id}?wait=1"
        async with connect(url, open_timeout=60, ping_interval=None, compression=None) as feed:
            frame = asyncio.ensure_future(feed.recv())
            await asyncio.sleep(0)
            status, body = await asyncio.to_thread(
                sender.request, "POST", "/v1/traces", _export(trace_id), {"Content-Type": "application/json"})
            acknowledged = time.perf_counter()
            if status in (429, 503):
                frame.cancel()
                continue
            if status != 200:
                raise RuntimeError(f"status {status}: {body!r}")
            await asyncio.wait_for(frame, 20)
            delays.append(max(0.0, (time.perf_counter() - acknowledged) * 1000))
        await asyncio.sleep(PROBE_PAUSE)
    sender.close()
    return delays


async def _with_clients(options, clients_count, seconds):
    """Delays, frames a second, CPU of the server per span and its peak memory."""
    with Server(options) as server:
        async with Clients(server, clients_count) as clients:
            load = LoadInBackground(server, shape="agent", rate=RATE, seconds=seconds, connections=2)
            await asyncio.sleep(2)
            frames, cpu, begun = clients.frames, server.cpu_seconds(), time.monotonic()
            spans = server.metric("sightline_ingest_spans_total")
            delays = await _probe(server, 40 if options.quick else 200)
            while load.is_running() and time.monotonic() - begun < seconds - 4:
                await asyncio.sleep(0.1)
            elapsed = time.monotonic() - begun
            done = server.metric("sightline_ingest_spans_total") - spans
            result = {"delays": delays, "frames": (clients.frames - frames) / elapsed,
                      "cpu": (server.cpu_seconds() - cpu) / done * 1e6, "rate": done / elapsed,
                      "memory": server.memory("VmHWM")}
            await asyncio.to_thread(load.report)
            return result


def measure(options):
    try:
        import websockets  # noqa: F401
    except ImportError:
        progress("skipped: python3-websockets is not installed (tools/setup test)")
        return
    seconds = 15 if options.quick else 45
    alone = None
    for count, budget_ms in ((0, None), (100, 50), (1000, 150)):
        result = asyncio.run(_with_clients(options, count, seconds))
        what = f"{count:,} clients"
        if count == 0:
            alone = result
            yield Figure("server CPU per span, nobody watching", result["cpu"], "us", None,
                         f"at {result['rate']:,.0f} spans/s")
            continue
        yield Figure(f"p50 acknowledged to frame, {what}", percentile(result["delays"], 0.5), "ms")
        yield Figure(f"p99 acknowledged to frame, {what}", percentile(result["delays"], 0.99), "ms",
                     Budget(budget_ms), f"of {len(result['delays'])} runs; the clients run on the same cores")
        yield Figure(f"frames sent, {what}", result["frames"], "/s")
        yield Figure(f"server CPU per span, {what}", result["cpu"], "us", None,
                     f"{(result['cpu'] / alone['cpu'] - 1) * 100:+.0f} % at {result['rate']:,.0f} spans/s, "
                     "sending frames included")
        yield Figure(f"peak memory, {what}", result["memory"] / MEGABYTE, "MB", Budget(1024))
