# SPDX-License-Identifier: Apache-2.0
"""A store of 30 days: runs of one span, of 16 and of 10,000 spans, log records and metric points.

The store keeps what it gets by day of arrival. So each day's share is sent to a server of its own,
the oldest first, and the folder that this made for today is given the name of the day it stands for.
"""

import datetime
import json
import random
import re
import time

from harness import Api, Server, load, progress

DAYS = 30
DAY_SECONDS = 86_400
FLAGS = ("--retention-days", "0")

# Of all spans. With ten million: 1.5 million runs of one span and half a million of 16.
_SHARE_SINGLE = 0.15
_SHARE_HUGE = 0.05
_HUGE_SPANS = 10_000
# One of each for so many spans.
_SPANS_PER_LOG = 10
_SPANS_PER_POINT = 10

_SERVICES = 10
_INSTANCES = 4
SERIES = _SERVICES * _INSTANCES
METRIC = "bench.queue.depth"
LOG_SERVICE = "log-service-3"
# In one of so many log records.
_LOGS_PER_WORD = 1_000
LOG_WORD = "zirconium"

_ITEMS_PER_REQUEST = 1_000


def _resource(service, instance):
    return {"attributes": [{"key": "service.name", "value": {"stringValue": f"log-service-{service}"}},
                           {"key": "service.instance.id", "value": {"stringValue": f"instance-{instance}"}}]}


def _log(time_ns, number, trace_id):
    word = LOG_WORD if number % _LOGS_PER_WORD == 0 else "granite"
    record = {"timeUnixNano": str(time_ns), "severityNumber": 9 + 4 * (number % 3),
              "body": {"stringValue": f"request {number} took {number % 977} ms and met {word} on its way "
                                      f"through queue {number % 31}"},
              "attributes": [{"key": "http.request.method", "value": {"stringValue": "POST"}},
                             {"key": "queue", "value": {"intValue": str(number % 31)}}]}
    if trace_id:
        record["traceId"] = trace_id
    return record


def _log_request(first_ns, step_ns, first, count, number, trace_ids):
    service = number % _SERVICES
    # Half of them were written during a run.
    records = [_log(first_ns + i * step_ns, first + i,
                    trace_ids[(first + i) % len(trace_ids)] if i % 2 and trace_ids else None)
               for i in range(count)]
    return {"resourceLogs": [{"resource": _resource(service, 0), "scopeLogs": [{"logRecords": records}]}]}


def _point_request(first_ns, step_ns, first, count, _number):
    """Points of every series in turn."""
    resources = []
    for series in range(SERIES):
        points = [{"timeUnixNano": str(first_ns + i * step_ns), "asDouble": (first + i) % 89}
                  for i in range(series, count, SERIES)]
        if points:
            resources.append({"resource": _resource(series % _SERVICES, series // _SERVICES),
                              "scopeMetrics": [{"metrics": [{"name": METRIC, "unit": "1",
                                                             "gauge": {"dataPoints": points}}]}]})
    return {"resourceMetrics": resources}


def _post(api, path, request):
    body = json.dumps(request)
    while True:
        status, answer = api.request("POST", path, body, {"Content-Type": "application/json"})
        if status == 200:
            return
        if status not in (429, 503):
            raise RuntimeError(f"POST {path}: status {status}: {answer[:300]!r}")
        time.sleep(0.1)


def _send_items(server, path, count, begin_ns, make):
    """`count` items, evenly over one day, in at least one request for each service."""
    api = Api(server.ports["otlp_http"])
    step_ns = DAY_SECONDS * 10**9 // max(1, count)
    per_request = max(1, min(_ITEMS_PER_REQUEST, count // _SERVICES))
    for number, first in enumerate(range(0, count, per_request)):
        size = min(per_request, count - first)
        _post(api, path, make(begin_ns + first * step_ns, step_ns, first, size, number))
    api.close()


def _huge_runs_of_day(spans, day):
    """Whole runs, spread over the days."""
    runs = max(3, round(spans * _SHARE_HUGE / _HUGE_SPANS))
    return (day + 1) * runs // DAYS - day * runs // DAYS


class MonthStore:
    """Where the store is and what is in it."""

    def __init__(self, options):
        self.data_dir = None
        self.spans = self.runs = self.logs = self.points = 0
        self.trace_ids = []   # Of runs of 16 spans, of all days, in no order.
        self.huge_ids = []    # Of runs of 10,000.
        begun = time.monotonic()
        first_day = datetime.datetime.now(datetime.timezone.utc).date()
        for day in range(DAYS):
            self._send_day(options, day)
            self._rename(first_day, DAYS - 1 - day)
            if day % 5 == 4:
                progress(f"{day + 1} of {DAYS} days after {time.monotonic() - begun:.0f} s")
        random.Random(1).shuffle(self.trace_ids)
        progress(f"{self.spans:,} spans in {self.runs:,} runs, {self.logs:,} log records and {self.points:,} "
                 f"points of {DAYS} days stored in {time.monotonic() - begun:.0f} s")

    def describe(self):
        return (f"{self.spans / 1e6:.3g}M spans, {self.runs / 1e6:.2g}M runs, {self.logs / 1e6:.2g}M log "
                f"records, {self.points / 1e6:.2g}M points, {DAYS} days")

    def _load(self, server, shape, spans, **options):
        report = load(server, shape=shape, spans=spans, **options)
        self.spans += report["spans"]
        return report

    def _send_day(self, options, day):
        spans = options.spans // DAYS
        huge_runs = _huge_runs_of_day(options.spans, day)
        single = int(spans * _SHARE_SINGLE)
        agent = max(256, int(spans * (1 - _SHARE_SINGLE - _SHARE_HUGE)))
        age = (DAYS - 1 - day) * DAY_SECONDS
        times = {"history": DAY_SECONDS, "ago": age}
        with Server(options, self.data_dir, FLAGS, keep_data=True) as server:
            self.data_dir = server.data_dir
            self.runs += self._load(server, "single", single, **times)["spans"]
            report = self._load(server, "agent", agent, samples=40, **times)
            self.runs += report["spans"] // 16
            self.trace_ids += report["trace_ids"]
            for _ in range(huge_runs):
                self.huge_ids += self._load(server, "huge", _HUGE_SPANS, batch=250, connections=1, samples=1,
                                            **times)["trace_ids"]
            self.runs += huge_runs
            begin_ns = time.time_ns() - (age + DAY_SECONDS) * 10**9
            logs, points = spans // _SPANS_PER_LOG, spans // _SPANS_PER_POINT
            traces = report["trace_ids"]
            _send_items(server, "/v1/logs", logs, begin_ns, lambda *args: _log_request(*args, traces))
            _send_items(server, "/v1/metrics", points, begin_ns, _point_request)
            self.logs += logs
            self.points += points

    def _rename(self, first_day, age):
        """Gives the folder of today the name of the day `age` days ago."""
        names = [path.name for path in (self.data_dir / "days").iterdir()
                 if re.fullmatch(r"\d{4}-\d\d-\d\d", path.name)]
        made = [name for name in names if name >= first_day.isoformat()]
        if len(made) != 1:
            raise RuntimeError(f"the store has the days {', '.join(sorted(names))}; did midnight pass?")
        wanted = (first_day - datetime.timedelta(days=age)).isoformat()
        if made[0] != wanted:
            (self.data_dir / "days" / made[0]).rename(self.data_dir / "days" / wanted)
