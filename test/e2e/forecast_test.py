# SPDX-License-Identifier: Apache-2.0
"""Forecasts and what is left of a run, of runs whose figures are known and can be worked out by hand."""

import calendar
import datetime
import http.client
import json
import time
from typing import Any

from support import cases, otlp
from support.senders import HttpSender
from support.server import Server, wait_until

FORECAST = "/api/v1/observability/forecast"
SECOND = 1_000_000_000
DAY = 86_400 * SECOND

# Dollars for 1,000 input and 100 output tokens of gpt-4o at 2.50 and 10 dollars a million.
CALL_COST = 0.0035


def midnight() -> int:
    return time.time_ns() // DAY * DAY


def day_after(days: int) -> str:
    today = datetime.datetime.fromtimestamp(midnight() / SECOND, datetime.timezone.utc).date()
    return (today + datetime.timedelta(days=days)).isoformat()


class ForecastTest(cases.FaultTest):
    deadline_seconds = 120

    def setUp(self) -> None:
        super().setUp()
        # A day that ends while a test runs would change what is expected.
        left = DAY - time.time_ns() % DAY
        if left < self.deadline_seconds * SECOND:
            self.skipTest("the day (UTC) is about to end")

    def run_at(self, start_ns: int, workflow: str, model: str = "gpt-4o", seconds: float = 4) -> list[otlp.Span]:
        root, call = cases.make_trace(2)
        root.name = f"invoke_agent {workflow}"
        root.attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": workflow}
        root.start_ns, root.end_ns = start_ns, start_ns + int(seconds * SECOND)
        call.name = f"chat {model}"
        call.attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": model,
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 100,
        }
        call.start_ns, call.end_ns = root.start_ns, root.end_ns
        return [root, call]

    def send(self, server: Server, runs: list[list[otlp.Span]], workflow: str) -> None:
        sender = HttpSender(server)
        self.assertEqual(sender.post(otlp.traces_request([span for run in runs for span in run])).status, 200)
        sender.close()
        path = f"/api/v1/observability/traces?workflow_id={workflow}&status=completed&count=exact&limit=1"
        wait_until(lambda: server.get_json(path)["total"] == len(runs), 30, "all runs are over")

    def send_days(self, server: Server, days: int, workflow: str, model: str = "gpt-4o") -> None:
        """A run of 4 seconds at noon of each of the last days, today not included."""
        noons = [midnight() - day * DAY + DAY // 2 for day in range(1, days + 1)]
        self.send(server, [self.run_at(noon, workflow, model) for noon in noons], workflow)

    def ask(self, server: Server, **query: Any) -> dict[str, Any]:
        return server.get_json(FORECAST, **query)

    def test_equal_days_go_on(self) -> None:
        server = self.start_server()
        self.send_days(server, 60, "daily")
        for place in ("memory", "disk"):
            with self.subTest(place=place):
                self.check_equal_days(server)
            self.assertEqual(server.stop(), 0)
            server.start()

    def check_equal_days(self, server: Server) -> None:
        for measure, value in (("runs", 1), ("cost", CALL_COST), ("tokens", 1100), ("duration", 4), ("failure_rate", 0)):
            adds_up = measure in ("runs", "cost", "tokens")
            amount = {"amount": 3 * value} if adds_up else {}
            answer = self.ask(server, workflow_id="daily", measure=measure, **amount)
            self.assertEqual((answer["basis"], answer["message"]), ("own_past", None), measure)
            self.assertEqual(answer["history"]["steps"], 60)
            self.assertEqual(answer["history"]["known_steps"], 60)
            self.assertEqual([step["time"][:10] for step in answer["forecast"]], [day_after(i) for i in range(7)])
            for step in answer["forecast"]:
                self.assertAlmostEqual(step["mean"], value, places=6)
                for band in ("p50", "p80", "p95"):
                    self.assertAlmostEqual(step[band]["low"], value, places=6)
                    self.assertAlmostEqual(step[band]["high"], value, places=6)
            self.assertAlmostEqual(answer["backtest"]["mean_absolute_error"], 0, places=6)
            if not adds_up:
                self.assertEqual((answer["month_end"], answer["exhaustion"]), (None, None))
                continue
            today = datetime.date.fromisoformat(day_after(0))
            in_month = calendar.monthrange(today.year, today.month)[1]
            month = answer["month_end"]
            self.assertEqual(month["month"], day_after(0)[:7])
            self.assertAlmostEqual(month["so_far"], (today.day - 1) * value, places=6)
            self.assertAlmostEqual(month["expected"], in_month * value, places=6)
            self.assertLessEqual(month["low"], month["expected"])
            self.assertGreaterEqual(month["high"], month["expected"])
            spent = answer["exhaustion"]
            # Today, tomorrow and the day after make three: a rounding error may add one.
            self.assertIn(spent["expected_on"], (day_after(2), day_after(3)))
            self.assertLessEqual(spent["earliest_on"], spent["expected_on"])

        prediction = server.get_json("/api/v1/enhanced-monitoring/analytics/predictive/daily")
        self.assertEqual(prediction["forecast_basis"], "own_past")
        self.assertEqual([day["date"] for day in prediction["forecast"]], [day_after(i) for i in range(7)])
        for day in prediction["forecast"]:
            self.assertAlmostEqual(day["runs"], 1, places=6)
            self.assertAlmostEqual(day["cost"], CALL_COST, places=9)
            self.assertAlmostEqual(day["tokens"], 1100, places=3)
            self.assertLessEqual(day["low"], day["runs"])
            self.assertGreaterEqual(day["high"], day["runs"])
        self.assertAlmostEqual(prediction["backtest"]["mean_absolute_error"], 0, places=6)

    def test_hours_begin_where_they_begin(self) -> None:
        server = self.start_server()
        hour = 3600 * SECOND
        this_hour = time.time_ns() // hour * hour
        runs = [self.run_at(this_hour - back * hour, "hourly") for back in range(1, 73) if back % 2 == 0]
        self.send(server, runs, "hourly")
        answer = self.ask(server, workflow_id="hourly", measure="runs", step="hour", horizon=4)
        self.assertEqual(answer["history"]["steps"], 72)
        self.assertEqual([round(step["mean"], 3) for step in answer["forecast"]], [1, 0, 1, 0])
        wide = self.ask(server, workflow_id="hourly", measure="runs", utc_offset="+05:30", horizon=1)
        self.assertEqual(wide["forecast"][0]["time"][11:19], "18:30:00")

    def test_money_that_is_unknown_stays_unknown(self) -> None:
        server = self.start_server()
        self.send_days(server, 20, "unheard", model="unheard-of")
        answer = self.ask(server, workflow_id="unheard", amount=1)
        self.assertEqual((answer["basis"], answer["forecast"]), ("nothing", []))
        self.assertIn("cost of the runs in the period is not known", answer["message"])
        self.assertEqual((answer["cost_status"], answer["unpriced_calls"]), ("unpriced", 20))
        self.assertEqual((answer["month_end"], answer["exhaustion"], answer["backtest"]), (None, None, None))
        prediction = server.get_json("/api/v1/enhanced-monitoring/analytics/predictive/unheard")
        self.assertEqual({day["cost"] for day in prediction["forecast"]}, {None})
        self.assertTrue(all(day["runs"] > 0.9 for day in prediction["forecast"]))
        self.send_days(server, 20, "half")
        part = self.ask(server, measure="cost")
        self.assertEqual((part["cost_status"], part["unpriced_calls"]), ("partial", 20))
        self.assertAlmostEqual(part["forecast"][0]["mean"], CALL_COST, places=6)

    def test_too_little_data_says_so(self) -> None:
        server = self.start_server()
        nobody = self.ask(server, workflow_id="nobody")
        self.assertEqual((nobody["basis"], nobody["forecast"], nobody["history"]["steps"]), ("nothing", [], 0))
        self.assertIn("no run started in a whole step", nobody["message"])
        self.send_days(server, 5, "young")
        young = self.ask(server, workflow_id="young")
        self.assertEqual((young["basis"], young["backtest"]), ("little_data", None))
        self.assertIn("5 known steps: too few", young["message"])
        self.assertEqual(len(young["forecast"]), 7)

    def test_bad_parameters_are_refused(self) -> None:
        server = self.start_server()
        for query in (
            {"measure": "money"},
            {"step": "week"},
            {"horizon": 0},
            {"horizon": 169},
            {"horizon": "7x"},
            {"amount": -1},
            {"amount": "nan"},
            {"amount": 1e12},
            {"amount": 5, "measure": "duration"},
            {"days": 10_957},
            {"days": 0},
            {"start_time": "2026-01-02T00:00:00Z", "end_time": "2026-01-01T00:00:00Z"},
        ):
            answer = server.get(FORECAST, **query)
            self.assertEqual(answer.status, 400, query)
            self.assertIn(f"bad parameter {next(iter(query))}", answer.json()["detail"])
        self.assertEqual(server.get("/api/v1/observability/traces/nobody/remaining").status, 404)

    def test_what_is_left_of_a_run(self) -> None:
        server = self.start_server()
        hours = 3600
        start = time.time_ns() - 20 * hours * SECOND
        self.send(server, [self.run_at(start, "long", seconds=n * hours) for n in range(1, 11)], "long")
        events = [
            {"type": "execution.started", "execution_id": "now", "workflow_id": "long"},
            {"type": "step.started", "execution_id": "now", "step_id": "a", "step_name": "wait", "kind": "task"},
        ]
        self.assertEqual(self.post_events(server, events), 200)
        path = "/api/v1/observability/traces/now/remaining"
        wait_until(lambda: server.get(path).status == 200, 30, "the run is known")
        left = server.get_json(path)
        self.assertEqual((left["status"], left["based_on_runs"], left["comparable_runs"]), ("running", 10, 10))
        # Of 1 to 10 hours: the middle is 5.5, less what has passed.
        self.assertAlmostEqual(left["remaining"]["p50"] + left["elapsed"], 5.5 * hours, delta=1)
        self.assertAlmostEqual(left["remaining"]["p95"] + left["elapsed"], 9.55 * hours, delta=1)
        self.assertAlmostEqual(left["remaining_cost"]["p50"], CALL_COST, places=9)
        self.assertEqual(left["message"], None)
        past = server.get_json("/api/v1/observability/traces?workflow_id=long&status=completed&limit=1")
        over = server.get_json(f"/api/v1/observability/traces/{past['traces'][0]['trace_id']}/remaining")
        self.assertEqual((over["remaining"], over["message"]), (None, "the run is over"))

    def post_events(self, server: Server, events: list[dict[str, Any]]) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=30)
        connection.request("POST", "/api/v1/events", json.dumps(events), {"Content-Type": "application/json"})
        status = connection.getresponse().status
        connection.close()
        return status


if __name__ == "__main__":
    cases.main()
