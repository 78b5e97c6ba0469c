# SPDX-License-Identifier: Apache-2.0
"""Many runs of one span: whether live figures keep up, what they hold, and the start after them."""

import time

from harness import (OBSERVABILITY, Api, Budget, Figure, LoadInBackground, Server, percentile, time_calls,
                     wait_until)

TITLE = "Runs of one span"
ORDER = 70

_RATE = 20_000
_RUNS = 1_300_000
_QUICK_RUNS = 100_000


def _overview(api):
    return api.get_json(f"{OBSERVABILITY}/overview")


def _watch(server, background):
    """How late figures were, in seconds, as the server says, and how long reading them took."""
    api = Api(server.ports["http"])
    lags, times = [], []
    while background.is_running():
        begun = time.monotonic()
        overview = _overview(api)
        times.append(time.monotonic() - begun)
        lags.append(overview["real_time_metrics"]["ingest_lag_ms"] / 1000)
        time.sleep(0.25)
    api.close()
    return lags, times


def measure(options):
    runs = _QUICK_RUNS if options.quick else _RUNS
    with Server(options, keep_data=True) as server:
        background = LoadInBackground(server, shape="single", rate=_RATE, spans=runs, connections=2)
        lags, times = _watch(server, background)
        report = background.report()
        wait_until(lambda: _overview(server.api)["system_health"]["total_executions"] >= runs, "all runs",
                   300)
        sent = report["spans"]
        note = (f"{sent / report['seconds']:,.0f} runs/s of {_RATE:,} asked, "
                f"{report['pushed_back']} pushed back")
        yield Figure(f"how late figures are, the most, {sent / 1e6:.2g}M runs", max(lags), "s", Budget(1), note)
        yield Figure("overview meanwhile, p95", percentile(times, 0.95) * 1000, "ms", Budget(100))
        yield Figure("peak RSS meanwhile", server.memory("VmHWM") / 2**20, "MiB", Budget(512))
        data_dir = server.data_dir
    with Server(options, data_dir) as server:
        yield Figure(f"start after {sent / 1e6:.2g}M runs", server.start_seconds, "s", Budget(1))

        def is_exact():
            health = _overview(server.api)["system_health"]
            return health["total_executions"] >= runs and not health["is_catching_up"]

        wait_until(is_exact, "exact figures", 600)
        yield Figure("the same until figures are exact", time.monotonic() - server.started_at, "s", Budget(1))
        for what, query, limit in (("newest 5 runs", "limit=5", 20), ("failed", "limit=50&status=failed", 60)):
            def traces(_, query=query):
                assert server.api.get_json(f"{OBSERVABILITY}/traces?{query}")["traces"]

            yield from time_calls(server, f"list, {what}", traces, 20 if options.quick else 100, Budget(limit))
        yield Figure("peak RSS after the start", server.memory("VmHWM") / 2**20, "MiB", Budget(512))
