# SPDX-License-Identifier: Apache-2.0
"""What one durable span costs the server: from the socket until it lies in a day file."""

from harness import Budget, Figure, Server, load, progress

TITLE = "Durable ingest: CPU time of the server over acknowledged spans, sealing included"
ORDER = 20

# Protocol, shape, content, spans a request, connections, spans, budget in us a span.
_CASES = [
    ("grpc", "agent", "shared", 256, 4, 250_000, 8),
    ("http", "agent", "shared", 256, 4, 250_000, None),
    ("grpc", "agent", "unique", 256, 4, 250_000, None),
    ("grpc", "steps", "shared", 256, 4, 250_000, 4),
    ("grpc", "single", "shared", 256, 4, 250_000, None),
    ("grpc", "long", "shared", 256, 4, 100_000, None),
    ("grpc", "agent", "shared", 16, 8, 100_000, None),
    ("grpc", "agent", "shared", 1, 32, 30_000, 60),
    ("http", "agent", "shared", 1, 32, 30_000, 60),
]
_QUICK_CASES = [
    ("grpc", "agent", "shared", 256, 4, 70_000, 8),
    ("grpc", "steps", "shared", 256, 4, 70_000, 4),
    ("grpc", "agent", "shared", 1, 32, 10_000, 60),
]


def measure(options):
    cases = _QUICK_CASES if options.quick else _CASES
    for protocol, shape, content, batch, connections, spans, limit in cases:
        server = Server(options)
        try:
            idle = server.cpu_seconds()
            report = load(server, protocol, shape=shape, content=content, batch=batch,
                          connections=connections, spans=spans)
            threads = server.thread_cpu_seconds()
        finally:
            total = server.stop()
        per_span = (total - idle) / report["spans"] * 1e6
        size = report["bytes"] / report["spans"]
        by_thread = sorted(((seconds / report["spans"] * 1e6, name) for name, seconds in threads.items()),
                           reverse=True)
        progress(f"{protocol} {shape} {content} {batch}: {per_span:.1f} us; "
                 f"{', '.join(f'{name} {us:.1f}' for us, name in by_thread if us >= 0.05)}; {report}")
        yield Figure(
            f"{protocol}, {size / 1000:.1f} KB ({shape}, {content}), {batch} a request",
            per_span, "us/span", limit and Budget(limit),
            f"{report['spans'] / report['seconds']:,.0f} spans/s acknowledged, p99 "
            f"{report['latency_ms']['p99']:.0f} ms, {report['pushed_back']} pushed back")
