# SPDX-License-Identifier: Apache-2.0
"""Resident memory at a fixed rate and under overload."""

import time

from harness import Budget, Figure, LoadInBackground, Server

TITLE = "Memory"
ORDER = 40

_MIB = 2**20


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


def measure(options):
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
