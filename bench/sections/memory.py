# SPDX-License-Identifier: Apache-2.0
"""Resident memory at a fixed rate and under overload."""

import os
import threading
import time

from harness import Api, Budget, Figure, LoadInBackground, Server

TITLE = "Memory"
ORDER = 40

_MIB = 2**20

# A span of nothing but ids, as small as one can be: tag, length, trace id and span id.
_SPAN_HEADS = (b"\x12\x1c\x0a\x10", b"\x12\x08")
_SPAN_BYTES = 30


def _watch(server, background):
    """Peak of resident memory in each third of the time that the load ran."""
    samples = []
    while background.is_running():
        samples.append((time.monotonic(), server.memory("VmRSS")))
        time.sleep(0.1)
    begun, ended = samples[0][0], samples[-1][0]
    third = (ended - begun) / 3 or 1
    return [max(rss for at, rss in samples if begun + i * third <= at <= begun + (i + 1) * third) / _MIB
            for i in range(3)]


def _varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _smallest_spans(size):
    """A request of about `size` bytes, each span of another trace."""
    count = (size - 64) // _SPAN_BYTES
    ids = os.urandom(24 * count)
    first, second = _SPAN_HEADS
    spans = b"".join(first + ids[at:at + 16] + second + ids[at + 16:at + 24]
                     for at in range(0, 24 * count, 24))
    scope_spans = b"\x12" + _varint(len(spans)) + spans
    return b"\x0a" + _varint(len(scope_spans)) + scope_spans, count


def _peak_during(server, call):
    """The highest resident memory until `call` returns and for a while after it, and what it returned."""
    results = []
    thread = threading.Thread(target=lambda: results.append(call()))
    thread.start()
    peak, over_at = 0, None
    while over_at is None or time.monotonic() < over_at:
        peak = max(peak, server.memory("VmRSS"))
        if over_at is None and not thread.is_alive():
            over_at = time.monotonic() + 2
        time.sleep(0.01)
    return peak, results[0]


def _one_huge_request(options):
    body, count = _smallest_spans((8 if options.quick else 64) * _MIB - 1024)
    with Server(options) as server:
        before = server.memory("VmRSS")
        sender = Api(server.ports["otlp_http"])
        begun = time.monotonic()
        peak, (status, answer) = _peak_during(server, lambda: sender.request(
            "POST", "/v1/traces", body, {"Content-Type": "application/x-protobuf"}))
        sender.close()
        said = "" if status == 200 else f": {answer[:120]!r}"
        yield Figure(f"more memory while one request of {len(body) / _MIB:.0f} MiB of the smallest spans is taken",
                     (peak - before) / _MIB, "MiB", Budget(512),
                     f"{count:,} spans, each of another trace; status {status}{said} after "
                     f"{time.monotonic() - begun - 2:.1f} s")


def measure(options):
    yield from _one_huge_request(options)
    seconds = 8 if options.quick else 40
    with Server(options) as server:
        background = LoadInBackground(server, shape="agent", rate=50_000, seconds=seconds, connections=8)
        thirds = _watch(server, background)
        report = background.report()
        reached = report["spans"] / report["seconds"]
        yield Figure("peak RSS at 50,000 spans/s of 1.9 KB asked", server.memory("VmHWM") / _MIB, "MiB",
                     Budget(512), f"{reached:,.0f} spans/s reached, {report['pushed_back']} pushed back; "
                     f"peaks by third: {', '.join(f'{peak:.0f}' for peak in thirds)}")
    with Server(options) as server:
        background = LoadInBackground(server, shape="long", seconds=seconds, connections=32, retry_ms=10)
        thirds = _watch(server, background)
        report = background.report()
        yield Figure("peak RSS under overload (8 KB, 32 connections, no pause)",
                     server.memory("VmHWM") / _MIB, "MiB", None,
                     f"{report['spans'] / report['seconds']:,.0f} spans/s, {report['pushed_back']} pushed back")
        yield Figure("growth of that peak from the second third to the last", thirds[2] / thirds[1], "times",
                     Budget(1.1), f"peaks by third: {', '.join(f'{peak:.0f}' for peak in thirds)} MiB")
