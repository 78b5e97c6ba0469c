# SPDX-License-Identifier: Apache-2.0
"""What is to be expected, worked out by hand from the words of docs/analytics.md and docs/analytics-forecast.md:
predictions, forecasts with their bands, month ends, spent amounts and backtests, and what is left of a run."""

import calendar
import datetime
import math
import statistics
import time
from typing import Any

from support import cases
from support.known_runs import (
    CALL_COST,
    DAY,
    HOUR,
    SECOND,
    KnownRunsTest,
    Step,
    call_of,
    lower_quantile,
    make_run,
    midnight,
    quantile,
    score_interval,
)
from support.server import wait_until

FORECAST = "/api/v1/observability/forecast"
PREDICTIVE = "/api/v1/enhanced-monitoring/analytics/predictive"
BANDS = {"p50": 0.5, "p80": 0.8, "p95": 0.95}
NORMAL_95 = statistics.NormalDist().inv_cdf(0.975)


def day_after(days: int) -> str:
    today = datetime.datetime.fromtimestamp(midnight() / SECOND, datetime.timezone.utc).date()
    return (today + datetime.timedelta(days=days)).isoformat()


class PredictionsTest(KnownRunsTest):
    def send_lasting(self, workflow: str, seconds: list[float], **more: Any) -> None:
        """One run an hour, the last one two hours ago."""
        first = time.time_ns() - (len(seconds) + 1) * HOUR
        self.send([make_run(workflow, first + i * HOUR, lasts, **more) for i, lasts in enumerate(seconds)])

    def test_averages_trends_and_intervals(self) -> None:
        now = time.time_ns()
        lasted = [4, 5, 6, 7, 8, 5, 6, 7, 8, 9, 10]
        inputs = [1000 * (1 + i) for i in range(len(lasted))]
        runs = [
            make_run(
                "plan", now - (20 - i) * HOUR, seconds, [Step("chat", 0, 1, "llm", attributes=call_of(given=inputs[i]))]
            )
            for i, seconds in enumerate(lasted)
        ]
        runs.append(make_run("plan", now - 2 * HOUR, 12, [Step("chat", 0, 1, "llm", attributes=call_of("unheard-of"))]))
        for i in range(3):  # They end early, and count nowhere but as failed.
            runs.append(make_run("plan", now - (30 + i) * HOUR, 0.5, has_error=True))
        self.send(runs)
        lasted.append(12)
        found = self.ask(f"{PREDICTIVE}/plan")
        self.assertTrue(found["predictions_available"])
        self.assertEqual(found["based_on_runs"], 15)
        self.assertAlmostEqual(found["estimated_execution_time"], sum(lasted) / len(lasted), places=9)
        self.assertEqual(found["success_rate"], round(100 * 12 / 15, 2))
        older, newer = lasted[:6], lasted[6:]
        self.assertGreater(sum(newer) / 6, 1.1 * sum(older) / 6)
        self.assertEqual(found["duration_trend"], "increasing")
        intervals = found["intervals"]
        costs = [given * 2.5e-6 + 100 * 10e-6 for given in inputs]
        for name, share in BANDS.items():
            self.assertAlmostEqual(intervals["duration"][name], lower_quantile(lasted, share), places=9)
            self.assertAlmostEqual(intervals["cost"][name], lower_quantile(costs, share), places=12)
        low, high = score_interval(3, 15, NORMAL_95)
        self.assertAlmostEqual(intervals["failure_probability"]["low"], low, places=6)
        self.assertAlmostEqual(intervals["failure_probability"]["high"], high, places=6)

    def test_a_trend_needs_ten_runs_and_ten_percent(self) -> None:
        for workflow, seconds, trend in (
            ("few", [1, 1, 1, 1, 9, 9, 9, 9, 9], "insufficient_data"),
            ("same", [10] * 5 + [10.9] * 5, "stable"),
            ("slower", [10] * 5 + [11.1] * 5, "increasing"),
            ("nearly", [10] * 5 + [9.1] * 5, "stable"),
            ("faster", [10] * 5 + [8.9] * 5, "decreasing"),
            # Of an odd number the newest is in neither half.
            ("odd", [10] * 5 + [10] * 5 + [1000], "stable"),
        ):
            self.send_lasting(workflow, seconds)
            self.assertEqual(self.ask(f"{PREDICTIVE}/{workflow}")["duration_trend"], trend, workflow)

    def test_nothing_is_predicted_from_four_runs(self) -> None:
        self.send_lasting("four", [1, 2, 3, 4])
        found = self.ask(f"{PREDICTIVE}/four")
        self.assertEqual(
            (found["predictions_available"], set(found)), (False, {"workflow_id", "predictions_available", "message"})
        )
        self.send_lasting("five", [1, 2, 3, 4, 5])
        self.assertTrue(self.ask(f"{PREDICTIVE}/five")["predictions_available"])

    def test_what_is_left_of_a_run(self) -> None:
        """Past runs have a call and up to eight tools; the one that goes on has ended a call and two tools."""
        start = time.time_ns() - 40 * HOUR
        past = []
        for hours in range(1, 13):
            call = Step("chat", 0, 1, "llm", attributes=call_of(given=1000 * hours))
            tools = [Step("find", 2, 3)] * (hours - 4)
            past.append((hours * 3600, 1 + 1 + len(tools), 2500e-6 * hours + 1e-3, [call, *tools]))
        past[10][3][0].attributes = call_of("unheard-of")
        self.send([make_run("long", start, seconds, steps) for seconds, _, _, steps in past])
        run = {"execution_id": "now", "workflow_id": "long"}
        events: list[dict[str, Any]] = [{"type": "execution.started"}]
        events.append(
            {
                "type": "llm.call",
                "step_id": "c",
                "provider": "openai",
                "model": "gpt-4o",
                "input_tokens": 6600,
                "output_tokens": 100,
            }
        )
        for name in ("one", "two"):
            step = {"step_id": name, "step_name": name, "kind": "tool"}
            events += [{"type": "step.started"} | step, {"type": "step.finished"} | step]
        # One that has not ended does not count.
        events.append({"type": "step.started", "step_id": "open", "step_name": "wait", "kind": "tool"})
        self.post_events([event | run for event in events])
        path = "/api/v1/observability/traces/now/remaining"
        spent = 6600 * 2.5e-6 + 1e-3
        wait_until(lambda: self.ended_steps("now") == 3, 30, "all steps are known")
        left = self.ask(path)
        self.assertAlmostEqual(left["cost"], spent, places=12)
        self.assertEqual((left["status"], left["based_on_runs"]), ("running", 12))
        longer = [one for one in past if one[0] > left["elapsed"] and one[1] >= 3]
        self.assertEqual(left["comparable_runs"], len(longer))
        known = [cost for i, (_, _, cost, _) in enumerate(past) if past[i] in longer and i != 10 and cost >= spent]
        self.assertGreaterEqual(len(known), 5)
        for name, share in BANDS.items():
            self.assertAlmostEqual(
                left["remaining"][name] + left["elapsed"], quantile([one[0] for one in longer], share), places=6
            )
            self.assertAlmostEqual(left["remaining_cost"][name], quantile(known, share) - spent, places=12)

    def ended_steps(self, run: str) -> int:
        answer = self.server.get(f"/api/v1/observability/traces/{run}/rows")
        return sum(row["status"] == "completed" for row in answer.json()["rows"]) if answer.status == 200 else 0


class ForecastsTest(KnownRunsTest):
    def send_days(self, workflow: str, counts: list[int], *, today: int = 0) -> None:
        """So many runs with a call on each of the last days, the newest last, and of today."""
        starts = [
            midnight() - (len(counts) - i) * DAY + DAY // 2 for i, count in enumerate(counts) for _ in range(count)
        ]
        starts += [midnight() + 1] * today
        call = Step("chat", 0, 1, "llm", attributes=call_of())
        self.send([make_run(workflow, start, 1, [call]) for start in starts])

    def forecast(self, workflow: str, **query: Any) -> dict[str, Any]:
        return self.ask(FORECAST, workflow_id=workflow, **query)

    def widths(self, answer: dict[str, Any], band: str) -> list[float]:
        """How far the upper edge is from the forecast, at each step."""
        return [step[band]["high"] - step["mean"] for step in answer["forecast"]]

    def test_bands_of_little_data_are_those_of_a_random_walk(self) -> None:
        self.send_days("one", [3])
        one = self.forecast("one", measure="runs")
        self.assertEqual((one["basis"], one["backtest"]), ("little_data", None))
        counts = [2, 5, 1, 4, 4, 9]
        self.send_days("six", counts)
        six = self.forecast("six", measure="runs")
        self.assertEqual(six["basis"], "little_data")
        moves = [abs(b - a) for a, b in zip(counts, counts[1:])]
        for band, level in BANDS.items():
            of_one, of_six = self.widths(one, band), self.widths(six, band)
            for h in range(7):
                self.assertAlmostEqual(of_one[h], 3 * math.sqrt(h + 1), places=9)
                self.assertAlmostEqual(of_six[h], quantile(moves, math.sqrt(level)) * math.sqrt(h + 1), places=9)
        # Of the rest of the month the reaches of all days are added up; its lower edge is nothing more.
        today = datetime.date.fromisoformat(day_after(0))
        left = calendar.monthrange(today.year, today.month)[1] - today.day + 1
        come = 3 if today.day > 1 else 0
        self.assertAlmostEqual(one["month_end"]["expected"], come + 3 * left, places=9)
        self.assertAlmostEqual(
            one["month_end"]["high"], come + sum(3 + 3 * math.sqrt(h) for h in range(1, left + 1)), places=6
        )
        self.assertAlmostEqual(one["month_end"]["low"], come, places=9)
        for step in one["forecast"]:
            self.assertAlmostEqual(step["mean"], 3, places=9)
            for band in BANDS:  # Never negative, since no value was.
                self.assertAlmostEqual(step[band]["low"], max(0, 2 * step["mean"] - step[band]["high"]), places=9)

    def test_bands_of_an_own_past_and_its_backtest(self) -> None:
        counts = [2 + (7 * i * i + 3 * i) % 5 + (3 if i % 7 == 2 else 0) for i in range(84)]
        self.send_days("own", counts)
        answer = self.forecast("own", measure="runs")
        self.assertEqual(
            (answer["basis"], answer["history"]["steps"], answer["history"]["known_steps"]), ("own_past", 84, 84)
        )
        # Bands are centred on the forecast, and at every step the scale of the step times one factor for each level.
        factors = {
            band: [w / first for w, first in zip(self.widths(answer, band), self.widths(answer, "p50"))]
            for band in BANDS
        }
        for band in BANDS:
            self.assertAlmostEqual(min(factors[band]), max(factors[band]), places=9)
            for step in answer["forecast"]:
                self.assertAlmostEqual(step[band]["low"], max(0, 2 * step["mean"] - step[band]["high"]), places=9)
        self.assertLess(1, factors["p80"][0])
        self.assertLess(factors["p80"][0], factors["p95"][0])
        # Origins: the end less seven days, then a week apart, with half of the values before each. Those with three
        # earlier ones whose week was over by then are compared.
        origins = [origin for origin in range(77, 0, -7) if origin >= 42]
        compared = [o for o in origins if sum(past + 7 <= o for past in origins) >= 3]
        backtest = answer["backtest"]
        self.assertEqual((backtest["origins"], backtest["compared_values"]), (len(compared), 7 * len(compared)))
        naive = [abs(counts[o + h] - counts[o + h - 7]) for o in compared for h in range(7)]
        self.assertAlmostEqual(backtest["naive_error"], statistics.fmean(naive), places=9)
        steps = [statistics.fmean(abs(counts[t] - counts[t - 7]) for t in range(7, o)) for o in compared]
        self.assertAlmostEqual(backtest["mase"], backtest["mean_absolute_error"] / statistics.fmean(steps), places=9)
        for name in ("coverage_50", "coverage_80", "coverage_95"):
            share = backtest[name] * len(naive)
            self.assertAlmostEqual(share, round(share), delta=0.005 * len(naive))
        # The week ahead of the predictions is the same forecast.
        week = self.ask(f"{PREDICTIVE}/own")
        self.assertEqual(week["backtest"], backtest)
        for day, step in zip(week["forecast"], answer["forecast"], strict=True):
            edges = (step["time"][:10], step["mean"], step["p80"]["low"], step["p80"]["high"])
            self.assertEqual((day["date"], day["runs"], day["low"], day["high"]), edges)

    def test_a_month_and_the_day_on_which_an_amount_is_spent(self) -> None:
        """Two runs a day for sixty days: whatever is forecast is two."""
        self.send_days("even", [2] * 60)
        today = datetime.date.fromisoformat(day_after(0))
        days = calendar.monthrange(today.year, today.month)[1]
        for measure, a_day in (("runs", 2), ("cost", 2 * CALL_COST), ("tokens", 2200)):
            month = self.forecast("even", measure=measure)["month_end"]
            self.assertEqual(month["month"], day_after(0)[:7])
            self.assertAlmostEqual(month["so_far"], (today.day - 1) * a_day, places=6)
            for edge in ("expected", "low", "high"):
                self.assertAlmostEqual(month[edge], days * a_day, places=6)
            for whole in (1, 3, 10):  # A little less than so many days, so that no rounding adds one.
                spent = self.forecast("even", measure=measure, amount=(whole - 0.25) * a_day)["exhaustion"]
                for edge in ("earliest_on", "expected_on", "latest_on"):
                    self.assertEqual(spent[edge], day_after(whole - 1), (measure, edge))
            # A sixth of sixty days.
            later = self.forecast("even", measure=measure, amount=10.25 * a_day)["exhaustion"]
            self.assertEqual(later["looked_until"], day_after(9))
            self.assertEqual((later["earliest_on"], later["expected_on"], later["latest_on"]), (None, None, None))

    def test_a_month_is_never_less_than_has_come_already(self) -> None:
        self.send_days("burst", [1] * 40, today=50)
        today = datetime.date.fromisoformat(day_after(0))
        month = self.forecast("burst", measure="runs")["month_end"]
        self.assertAlmostEqual(month["so_far"], today.day - 1 + 50, places=9)
        rest = calendar.monthrange(today.year, today.month)[1] - today.day + 1
        self.assertAlmostEqual(month["expected"], today.day - 1 + max(50, rest), places=6)
        # What began before the period does not count.
        begun = datetime.datetime.fromtimestamp((midnight() - 5 * DAY) / SECOND, datetime.timezone.utc)
        short = self.forecast("burst", measure="runs", start_time=begun.strftime("%Y-%m-%dT%H:%M:%SZ"))["month_end"]
        self.assertAlmostEqual(short["so_far"], min(5, today.day - 1) + 50, places=9)

    def test_a_day_without_a_price_is_unknown_and_not_zero(self) -> None:
        """Days 1 to 20 cost the same; of day 10 no call has a price, of day 12 half of the calls."""
        runs = []
        for back in range(1, 21):
            models = ["unheard-of"] * 2 if back == 10 else ["gpt-4o", "unheard-of"] if back == 12 else ["gpt-4o"] * 2
            for model in models:
                call = Step("chat", 0, 1, "llm", attributes=call_of(model))
                runs.append(make_run("part", midnight() - back * DAY + DAY // 2, 1, [call]))
        self.send(runs)
        answer = self.forecast("part")
        self.assertEqual((answer["cost_status"], answer["unpriced_calls"]), ("partial", 3))
        self.assertEqual((answer["history"]["steps"], answer["history"]["known_steps"]), (20, 19))


if __name__ == "__main__":
    cases.main()
