# SPDX-License-Identifier: Apache-2.0
"""What one durable span costs the server: from the socket until it lies in a day file."""

from harness import Budget, Figure, Server, load, progress

TITLE = "Durable ingest: CPU time of the server over acknowledged spans, sealing included"
ORDER = 20

# Protocol, shape, content, spans a request, connections, spans.
_CASES = [
    ("grpc", "agent", "shared", 256, 4, 250_000),
    ("http", "agent", "shared", 256, 4, 250_000),
    ("grpc", "agent", "unique", 256, 4, 250_000),
    ("grpc", "steps", "shared", 256, 4, 250_000),
    ("grpc", "long", "shared", 256, 4, 100_000),
    ("grpc", "agent", "shared", 16, 8, 100_000),
    ("grpc", "agent", "shared", 1, 32, 30_000),
    ("http", "agent", "shared", 1, 32, 30_000),
]
_QUICK_CASES = [
    ("grpc", "agent", "shared", 256, 4, 70_000),
    ("grpc", "steps", "shared", 256, 4, 70_000),
    ("http", "agent", "shared", 16, 8, 20_000),
]
_HEADLINE = _CASES[0][:4]


def measure(options):
    for protocol, shape, content, batch, connections, spans in _QUICK_CASES if options.quick else _CASES:
        server = Server(options)
        try:
            idle = server.cpu_seconds()
            report = load(server, protocol, shape=shape, content=content, batch=batch,
                          connections=connections, spans=spans)
            threads = server.thread_cpu_seconds()
        finally:
            total = server.stop()
        sealing = sum(seconds for name, seconds in threads.items() if name.startswith("seal"))
        per_span = (total - idle) / report["spans"] * 1e6
        size = report["bytes"] / report["spans"]
        progress(f"{protocol} {shape} {content} {batch}: {per_span:.1f} us, threads {threads}, {report}")
        is_headline = (protocol, shape, content, batch) == _HEADLINE
        yield Figure(
            f"{protocol}, {size / 1000:.1f} KB ({shape}, {content}), {batch} a request",
            per_span, "us/span", Budget(8) if is_headline else None,
            f"{report['spans'] / report['seconds']:,.0f} spans/s acknowledged, p99 "
            f"{report['latency_ms']['p99']:.0f} ms, {report['pushed_back']} pushed back")
