# SPDX-License-Identifier: Apache-2.0
"""Reads from a large store of 30 days, and starting on it."""

import time

from harness import (OBSERVABILITY, Budget, Figure, Server, drop_from_page_cache, progress,
                     time_calls, wait_until)
from month_store import DAYS, FLAGS, LOG_SERVICE, LOG_WORD, METRIC, SERIES, MonthStore

TITLE = "Reads and start with a large store"
ORDER = 80

_MONITORING = "/api/v1/monitoring"
_ENHANCED = "/api/v1/enhanced-monitoring"
_COSTS = "/api/v1/cost-tracking"
_WORKFLOW = "market-research"
_PERIOD = f"days={DAYS}"

# (what, query, budget): no filter, then each kind of filter.
_LISTS = [
    ("newest 50 runs", "", 20),
    ("by workflow", "&workflow_id=" + _WORKFLOW, 60),
    ("by agent", "&agent=coder", 60),
    ("by model", "&model=gpt-4.1", 60),
    ("by service", "&service=agent-platform", 60),
    ("by user", "&user_id=user-00000042", 60),
    ("failed", "&status=failed", 60),
    ("with an error", "&has_error=1", 60),
    ("by duration", "&min_duration=60", 60),
]

_DASHBOARD_MS = 100
_ANALYSIS_MS = 500

# (what, path): each answers from all spans or runs of 30 days.
_DASHBOARDS = [
    ("costs by provider, model, agent, workflow, session and user", f"{_COSTS}/summary?{_PERIOD}"),
    ("costs by day", f"{_COSTS}/trends?{_PERIOD}"),
    ("runs by outcome and day", f"{_MONITORING}/metrics/workflow-executions?{_PERIOD}"),
    ("steps by outcome and day", f"{_MONITORING}/metrics/step-executions?{_PERIOD}"),
    ("cost and p95 by agent and model",
     f"{OBSERVABILITY}/aggregate?measure=cost,p95_duration&by=agent,model&{_PERIOD}"),
    ("cost by model and day", f"{OBSERVABILITY}/aggregate?measure=cost&by=model&bucket=86400&{_PERIOD}"),
    ("facets of runs", f"{OBSERVABILITY}/facets?fields=status,workflow_id,agent,service&{_PERIOD}"),
    ("facets of runs by user and session", f"{OBSERVABILITY}/facets?of=runs&fields=user_id,session_id&{_PERIOD}"),
    ("histogram of runs by outcome", f"{OBSERVABILITY}/histogram?by=status&of=runs&{_PERIOD}"),
    ("newest sessions", f"{OBSERVABILITY}/sessions?limit=50&{_PERIOD}"),
    ("newest users", f"{OBSERVABILITY}/users?limit=50&{_PERIOD}"),
    ("figures of workflows, enhanced", f"{_ENHANCED}/enhanced-metrics/workflow-executions?{_PERIOD}"),
    ("figures of steps, enhanced", f"{_ENHANCED}/enhanced-metrics/step-executions?{_PERIOD}"),
]

_ANALYSES = [
    ("report of a workflow", f"{_MONITORING}/reports/workflow-performance/{_WORKFLOW}?{_PERIOD}"),
    ("analysis of a workflow", f"{_MONITORING}/analytics/workflow/{_WORKFLOW}?{_PERIOD}"),
    ("comparison of three workflows",
     f"{_MONITORING}/compare/workflows?ids={_WORKFLOW},customer-support,daily-report&{_PERIOD}"),
    ("bottlenecks of a workflow", f"{_ENHANCED}/analytics/bottlenecks/{_WORKFLOW}?{_PERIOD}"),
    ("failures of a workflow", f"{_ENHANCED}/analytics/failure-analysis/{_WORKFLOW}?{_PERIOD}"),
    ("forecast of a workflow", f"{_ENHANCED}/analytics/predictive/{_WORKFLOW}?{_PERIOD}"),
    ("cost to come of a workflow",
     f"{OBSERVABILITY}/forecast?measure=cost&workflow_id={_WORKFLOW}&{_PERIOD}"),
    ("anomalies of a workflow", f"{OBSERVABILITY}/anomalies?workflow_id={_WORKFLOW}&{_PERIOD}"),
    ("resources of a workflow", f"{_ENHANCED}/analytics/resource-trends/{_WORKFLOW}?{_PERIOD}"),
    ("profile of a workflow", f"{OBSERVABILITY}/profile?workflow_id={_WORKFLOW}&{_PERIOD}"),
]


def _is_exact(server):
    return not server.api.get_json(f"{OBSERVABILITY}/overview")["system_health"]["is_catching_up"]


def _start(server, what, limit):
    """Ready, and the time at which the figures stand for all that is stored."""
    yield Figure(f"start, {what}", server.start_seconds, "s", Budget(limit))
    wait_until(lambda: _is_exact(server), "exact figures", 600)
    yield Figure(f"start until figures are exact, {what}", time.monotonic() - server.started_at, "s",
                 Budget(limit))


def _traces(server, store, options):
    def read(ids, spans):
        def call(number):
            found = server.api.get_json(f"{OBSERVABILITY}/traces/{ids[number % len(ids)]}")
            assert found["span_count"] == spans, found["span_count"]
        return call

    quick = options.quick
    yield from time_calls(server, "trace of 16 spans by id", read(store.trace_ids, 16), 100 if quick else 500,
                          Budget(3))
    yield from time_calls(server, "trace of 16 spans by id, files not cached", read(store.trace_ids[50:], 16),
                          20 if quick else 100, Budget(20), lambda: drop_from_page_cache(store.data_dir))
    yield from time_calls(server, "trace of 10,000 spans by id", read(store.huge_ids, 10_000),
                          5 if quick else 20, None)


def _queries(server, options):
    count = 20 if options.quick else 100
    for what, query, limit in _LISTS:
        def runs(_, query=query):
            assert server.api.get_json(f"{OBSERVABILITY}/traces?limit=50{query}")["traces"]

        yield from time_calls(server, f"list, {what}", runs, count, Budget(limit))

    searches = ["upstream timed out after 30 s", "no run holds this text, so that all is read", "market"]

    def search(number):
        text = searches[number % len(searches)].replace(" ", "%20")
        server.api.get_json(f"{OBSERVABILITY}/traces?limit=50&q={text}")

    yield from time_calls(server, "text search", search, 6 if options.quick else 30, Budget(500))


def _aggregates(server, options):
    count = 5 if options.quick else 30
    for reads, limit in ((_DASHBOARDS, _DASHBOARD_MS), (_ANALYSES, _ANALYSIS_MS)):
        for what, path in reads:
            def aggregate(_, path=path):
                assert server.api.get_json(path)

            # Sums of days are kept: the first call of all is another figure.
            begun = time.perf_counter()
            aggregate(0)
            first_ms = (time.perf_counter() - begun) * 1000
            yield Figure(f"{DAYS} days: {what}, first call", first_ms, "ms")
            yield from time_calls(server, f"{DAYS} days: {what}", aggregate, count, Budget(limit))

    def overview(_):
        assert server.api.get_json(f"{OBSERVABILITY}/overview")["system_health"]["total_executions"]

    # Totals are kept for a second: only a call after that asks again.
    yield from time_calls(server, "overview", overview, count, Budget(_DASHBOARD_MS),
                          lambda: time.sleep(1.05))


def _other_signals(server, options):
    count = 10 if options.quick else 50
    for what, query in (("newest 100", ""), ("by service", f"service={LOG_SERVICE}"),
                        ("by text", f"q={LOG_WORD}")):
        def logs(_, query=query):
            assert server.api.get_json(f"{OBSERVABILITY}/logs?{query}")["logs"]

        yield from time_calls(server, f"log records, {what}", logs, count, None)

    def series(_):
        found = server.api.get_json(f"{OBSERVABILITY}/metrics/series?name={METRIC}")["series"]
        assert len(found) == SERIES, len(found)

    yield from time_calls(server, f"{SERIES} series of a metric", series, count, None)

    def points(number):
        found = server.api.get_json(
            f"{OBSERVABILITY}/metrics/query?name={METRIC}&service=log-service-{number % 10}"
            f"&service_instance=instance-{number % 4}")
        assert found["series"]

    yield from time_calls(server, "points of a series", points, count, None)


def measure(options):
    store = MonthStore(options)
    progress(store.describe())
    with Server(options, store.data_dir, FLAGS) as server:
        yield Figure("spans in the store", store.spans, "", None, store.describe())
        yield from _start(server, "files in the page cache", 1)
        yield Figure("RSS after the start", server.memory("VmRSS") / 2**20, "MiB")
        yield Figure("day files", server.disk_bytes() / store.spans, "B/span", None,
                     f"{server.disk_bytes() / 1e6:,.0f} MB with log records and points")
        yield from _traces(server, store, options)
        yield from _queries(server, options)
        yield from _aggregates(server, options)
        yield from _other_signals(server, options)
        yield Figure("peak RSS of these reads", server.memory("VmHWM") / 2**20, "MiB")
    drop_from_page_cache(store.data_dir)
    with Server(options, store.data_dir, FLAGS) as server:
        yield from _start(server, "files read from disk", 2)
