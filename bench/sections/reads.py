# SPDX-License-Identifier: Apache-2.0
"""Reads from a large store, and starting on it."""

import os
import time

from harness import (OBSERVABILITY, Budget, Figure, Server, load, percentile, progress, timed)

TITLE = "Reads and start with a large store"
ORDER = 60

_SAMPLES = 500
# (what, query), each with its filter on a column of every kind: none, text, member of a set, status.
_LISTS = [
    ("newest", "limit=50"),
    ("by workflow", "limit=50&workflow_id=market-research"),
    ("by agent", "limit=50&agent=coder"),
    ("by model", "limit=50&model=gpt-4.1"),
    ("failed", "limit=50&status=failed"),
    ("by duration", "limit=50&min_duration=10"),
]


def _drop_from_page_cache(directory):
    for path in directory.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def _fill(options):
    """A store of the wanted size: its directory, ids of traces in it, and how long it took."""
    with Server(options) as server:
        server._owns_data = False
        report = load(server, shape="agent", spans=options.spans, history=86_400, connections=4,
                      samples=_SAMPLES)
        progress(f"stored {report['spans']:,} spans in {report['seconds']:.0f} s")
    return server.data_dir, report["trace_ids"], report


def _per_call(server, call, count, pause=0.0):
    """Times of the calls and CPU milliseconds of the server for each."""
    before = server.cpu_seconds()
    times = timed(call, count, pause)
    return times, (server.cpu_seconds() - before) / (count + 1) * 1000


def _pair(what, times, cpu_ms, budget):
    yield Figure(f"{what}, p50", percentile(times, 0.5), "ms")
    yield Figure(f"{what}, p95", percentile(times, 0.95), "ms", budget,
                 f"of {len(times)}; {number_of_cpus(cpu_ms)}")


def number_of_cpus(cpu_ms):
    return f"{cpu_ms:.1f} ms of CPU time each"


def measure(options):
    data_dir, trace_ids, report = _fill(options)
    size = f"{report['spans'] / 1e6:.3g}M spans"
    with Server(options, data_dir) as server:
        yield Figure(f"start with {size}, files in the page cache", server.start_seconds, "s", Budget(2))
        yield Figure("RSS after the start", server.memory("VmRSS") / 2**20, "MiB")
        yield Figure("day files", server.disk_bytes() / 1e6, "MB")

        def trace(number):
            found = server.api.get_json(f"{OBSERVABILITY}/traces/{trace_ids[number % len(trace_ids)]}")
            assert found["span_count"] == 16, found["span_count"]

        times, cpu_ms = _per_call(server, trace, 100 if options.quick else _SAMPLES)
        yield from _pair("trace by id (16 spans)", times, cpu_ms, Budget(10))
        for what, query in _LISTS:
            def traces(_, query=query):
                assert server.api.get_json(f"{OBSERVABILITY}/traces?{query}")["traces"]

            times, cpu_ms = _per_call(server, traces, 20 if options.quick else 100)
            yield from _pair(f"list of 50 traces, {what}", times, cpu_ms, None)

        def overview(_):
            assert server.api.get_json(f"{OBSERVABILITY}/overview")["system_health"]["total_executions"]

        # Totals are kept for a second: only a call after that asks the store.
        times, cpu_ms = _per_call(server, overview, 5 if options.quick else 30, pause=1.05)
        yield from _pair("overview (aggregates over all runs)", times, cpu_ms, Budget(150))
        yield Figure("RSS after the reads", server.memory("VmRSS") / 2**20, "MiB")
    _drop_from_page_cache(data_dir)
    begun = time.monotonic()
    with Server(options, data_dir) as server:
        yield Figure(f"start with {size}, files read from disk", server.start_seconds, "s", Budget(2))
    progress(f"cold start and stop took {time.monotonic() - begun:.1f} s")
