# SPDX-License-Identifier: Apache-2.0
"""What changed and what differs, worked out by hand from the words of docs/analytics-compare.md: two runs, two
periods with their bands and verdicts, and attributes that some runs have more often than chance gives."""

import datetime
import itertools
import math
import statistics
import time
from typing import Any

from support import cases
from support.known_runs import (
    CALL_COST,
    HOUR,
    SECOND,
    KnownRunsTest,
    Step,
    call_of,
    lower_quantile,
    make_run,
    score_interval,
)

COMPARE = "/api/v1/observability/compare"
DIFFERENCES = "/api/v1/observability/differences"

# Four figures are judged at once, so each at 98.75 %.
NORMAL_OF_VERDICTS = statistics.NormalDist().inv_cdf(1 - 0.0125 / 2)
NORMAL_95 = statistics.NormalDist().inv_cdf(0.975)


def told(time_ns: int) -> str:
    return datetime.datetime.fromtimestamp(time_ns / SECOND, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def shift(a: list[float], b: list[float]) -> tuple[float, float, float]:
    """Hodges-Lehmann: the median of all differences, and those at the edges of the interval."""
    differences = sorted(y - x for x in a for y in b)
    pairs = len(differences)
    spread = NORMAL_OF_VERDICTS * math.sqrt(pairs * (len(a) + len(b) + 1) / 12)
    ranks = math.ceil(pairs / 2), max(1, math.floor(pairs / 2 - spread)), min(pairs, math.ceil(pairs / 2 + spread) + 1)
    median, low, high = (differences[rank - 1] for rank in ranks)
    return median, low, high


def mann_whitney(a: list[float], b: list[float]) -> float:
    """Two-sided p, with ties and a correction for continuity."""
    wins = sum((y > x) + (y == x) / 2 for x in a for y in b)
    n, m = len(a), len(b)
    ties = sum(count**3 - count for count in (sorted(a + b).count(value) for value in set(a + b)))
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    z = max(0, abs(wins - n * m / 2) - 0.5) / math.sqrt(variance)
    return 2 * (1 - statistics.NormalDist().cdf(z))


def quantile_band(values: list[float], share: float) -> dict[str, float]:
    """By order statistics: the rank of the quantile is binomial."""
    n, ordered = len(values), sorted(values)
    spread = NORMAL_95 * math.sqrt(n * share * (1 - share))
    place = math.floor(share * (n - 1))
    low = min(place, math.floor(share * n - spread))
    return {
        "value": ordered[place],
        "low": ordered[max(0, low)],
        "high": ordered[min(n - 1, math.ceil(share * n + spread))],
    }


def at_least(selected: int, of_part: int, of_selected: int, of_all: int) -> float:
    """Fisher's exact test, one-sided: that a part drawn by chance holds at least so many selected ones."""
    ways = sum(
        math.comb(of_selected, k) * math.comb(of_all - of_selected, of_part - k)
        for k in range(selected, min(of_part, of_selected) + 1)
    )
    return ways / math.comb(of_all, of_part)


def tests_that_count(parts: list[int], of_selected: int, of_all: int, level: float) -> int:
    """Tarone: the least number k such that no more than k of the tests can reach level / k."""
    least = [at_least(min(part, of_selected), part, of_selected, of_all) for part in parts]
    return next(k for k in itertools.count(1) if sum(p <= level / k for p in least) <= k)


class TwoRunsTest(KnownRunsTest):
    def steps(self, contents: str) -> list[Step]:
        """A tool called again and again, with contents that share no word."""
        texts = {
            "A": "alpha beta gamma delta",
            "B": "red green blue black",
            "C": "one two three four",
            "D": "north east south west",
            "X": "bread salt milk honey",
        }
        return [
            Step(
                "work",
                i,
                i + 1,
                attributes={"gen_ai.tool.call.arguments": texts[c], "gen_ai.tool.call.result": f"{texts[c]} done {c}"},
            )
            for i, c in enumerate(contents)
        ]

    def compare(self, a: list[Any], b: list[Any]) -> dict[str, Any]:
        self.send([a, b])
        return self.ask(COMPARE, a=a[0].trace_id.hex(), b=b[0].trace_id.hex())

    def test_one_was_removed_and_one_added(self) -> None:
        """`A B C D` and `A C X D` of docs/analytics-compare.md."""
        now = time.time_ns() - HOUR
        a, b = make_run("pair", now, 5, self.steps("ABCD")), make_run("pair", now, 7, self.steps("ACXD"))
        found = self.compare(a, b)
        self.assertEqual({kind: count for kind, count in found["edits"].items() if count}, {"removed": 1, "added": 1})
        self.assertEqual(found["first_divergence"], {"a": a[2].span_id.hex(), "b": None, "edit": "removed"})
        pairs = [tuple(row[side] and row[side]["span_id"] for side in "ab") for row in found["steps"]]
        expected = [(0, 0), (1, 1), (2, None), (3, 2), (None, 3), (4, 4)]
        self.assertEqual(
            pairs,
            [tuple(None if i is None else run[i].span_id.hex() for run, i in zip((a, b), pair)) for pair in expected],
        )
        self.assertEqual(found["difference"], {"duration": 2, "total_tokens": None, "cost": None})

    def test_a_cost_counts_only_when_it_is_wholly_known(self) -> None:
        now = time.time_ns() - HOUR
        known = Step("chat", 0, 1, "llm", attributes=call_of())
        dearer = Step("chat", 0, 1, "llm", attributes=call_of(given=3000, said=200))
        unknown = Step("chat", 1, 2, "llm", attributes=call_of("unheard-of", 10, 5))
        found = self.compare(make_run("money", now, 2, [known]), make_run("money", now, 2, [dearer]))
        self.assertEqual(found["difference"]["total_tokens"], 3200 - 1100)
        self.assertAlmostEqual(found["difference"]["cost"], 2000 * 2.5e-6 + 100 * 10e-6, places=12)
        partial = self.compare(make_run("money", now, 2, [known]), make_run("money", now, 2, [known, unknown]))
        self.assertEqual((partial["difference"]["total_tokens"], partial["difference"]["cost"]), (15, None))


class TwoPeriodsTest(KnownRunsTest):
    def compare(self, a: list[float], b: list[float], failed_a: int = 0, failed_b: int = 0) -> dict[str, Any]:
        """Runs of one workflow that last so long, those of b in the hour after those of a; `failed_a`, `failed_b`
        further runs fail."""
        workflow, middle = f"of {len(a)} and {len(b)}: {b[0]}", time.time_ns() // HOUR * HOUR - 5 * HOUR
        runs = []
        for start, seconds, failed in (
            (middle - HOUR, a, failed_a),
            (middle, b, failed_b),
        ):
            call = Step("chat", 0, 0.5, "llm", attributes=call_of())
            runs += [make_run(workflow, start + i * SECOND, lasts, [call]) for i, lasts in enumerate(seconds)]
            runs += [make_run(workflow, start + i * SECOND, 0.5, has_error=True) for i in range(failed)]
        self.send(runs)
        before, after = (
            f"workflow_id={workflow}&start_time={told(start)}&end_time={told(start + HOUR)}"
            for start in (middle - HOUR, middle)
        )
        found = self.ask(COMPARE, a=before, b=after)
        self.assertEqual(
            (found["a"]["runs"], found["b"]["runs"], found["in_both"]),
            (len(a) + failed_a, len(b) + failed_b, 0),
        )
        return found

    def check_duration(self, a: list[float], b: list[float], verdict: str) -> dict[str, Any]:
        found = self.compare(a, b)
        duration = found["figures"]["duration"]
        median, low, high = shift(a, b)
        for name, value in (("difference", median), ("low", low), ("high", high), ("p", mann_whitney(a, b))):
            self.assertAlmostEqual(duration[name], value, places=9, msg=name)
        self.assertEqual(duration["verdict"], verdict)
        small = 0.1 * lower_quantile(a, 0.5)
        expected = (
            "higher"
            if low > 0
            else "lower" if high < 0 else "no_change" if -small <= low and high <= small else "not_enough_data"
        )
        self.assertEqual(verdict, expected)
        for side, values in (("a", a), ("b", b)):
            self.assertEqual(duration[side]["runs"], len(values))
            self.assertAlmostEqual(duration[side]["mean"], statistics.fmean(values), places=9)
            for name, share in (("p50", 0.5), ("p95", 0.95)):
                self.assertEqual(duration[side][name], quantile_band(values, share), (side, name))
        return found

    def test_the_example_of_the_document(self) -> None:
        """1 to 5 seconds against 6 to 10: the median of the differences is 5, and p 0.012."""
        found = self.check_duration([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], "higher")
        self.assertEqual(found["figures"]["duration"]["difference"], 5)
        self.assertAlmostEqual(found["figures"]["duration"]["p"], 0.012, delta=0.0005)
        self.assertEqual(found["figures"]["total_tokens"]["verdict"], "no_change")
        self.assertAlmostEqual(found["figures"]["cost"]["a"]["mean"], CALL_COST, places=12)

    def test_bands_and_verdicts(self) -> None:
        lasting = [10 + (i * i) % 7 * 0.25 for i in range(20)]
        self.check_duration(lasting, [one + 3 for one in lasting[:15]], "higher")
        self.check_duration(lasting, [one - 4 for one in lasting[:12]], "lower")
        self.check_duration(lasting, [one + 0.125 for one in lasting[:18]], "no_change")
        self.check_duration(lasting, [4, 20, 6, 30, 11, 12.5], "not_enough_data")

    def test_fewer_than_five_runs_are_not_judged(self) -> None:
        duration = self.compare([1, 2, 3, 4], [5, 6, 7, 8, 9])["figures"]["duration"]
        self.assertEqual([duration[name] for name in ("difference", "low", "high", "p")], [None] * 4)
        self.assertEqual((duration["verdict"], duration["a"]["runs"]), ("not_enough_data", 4))

    def test_failure_rates_by_newcombe(self) -> None:
        for (failed_a, failed_b), verdict in (((2, 15), "higher"), ((16, 1), "lower"), ((3, 5), "not_enough_data")):
            a, b = [1.0] * (20 - failed_a), [2.0 + failed_a] * (25 - failed_b)
            rate = self.compare(a, b, failed_a=failed_a, failed_b=failed_b)["failure_rate"]
            shares = failed_a / 20, failed_b / 25
            for side, failed, whole in (("a", failed_a, 20), ("b", failed_b, 25)):
                low, high = score_interval(failed, whole, NORMAL_95)
                self.assertEqual(
                    (rate[side]["runs"], rate[side]["failed"], rate[side]["value"]),
                    (whole, failed, 100 * failed / whole),
                )
                self.assertAlmostEqual(rate[side]["low"], 100 * low, places=4)
                self.assertAlmostEqual(rate[side]["high"], 100 * high, places=4)
            (low_a, high_a), (low_b, high_b) = (
                score_interval(k, n, NORMAL_OF_VERDICTS) for k, n in ((failed_a, 20), (failed_b, 25))
            )
            difference = shares[1] - shares[0]
            low = difference - math.hypot(shares[1] - low_b, high_a - shares[0])
            high = difference + math.hypot(high_b - shares[1], shares[0] - low_a)
            for name, value in (("difference", difference), ("low", low), ("high", high)):
                self.assertAlmostEqual(rate[name], 100 * value, places=4)
            self.assertEqual(rate["verdict"], verdict)


class WhatDiffersTest(KnownRunsTest):
    def send_of(self, workflow: str, groups: list[tuple[int, bool, dict[str, Any]]]) -> None:
        """So many runs, which failed or not, with these attributes. All last as long."""
        start = time.time_ns() - HOUR
        self.send(
            [
                make_run(workflow, start, 1, has_error=failed, **values)
                for count, failed, values in groups
                for _ in range(count)
            ]
        )

    def differences(self, workflow: str) -> list[dict[str, Any]]:
        return self.ask(DIFFERENCES, of=f"workflow_id={workflow}", selected="has_error=true")["what_differs"]

    def test_eight_runs_are_not_enough(self) -> None:
        """Of 8 runs 4 failed, all with one user: p is 1 / 70, and 0.057 after the correction."""
        ada, bob = {"user.id": "ada"}, {"user.id": "bob"}
        self.assertEqual(at_least(4, 4, 4, 8), 1 / 70)
        self.assertAlmostEqual(2 * 2 / 70, 0.057, places=3)
        self.send_of("eight", [(4, True, ada), (4, False, bob)])
        self.assertEqual(self.differences("eight"), [])
        # Of 10 runs 5: 4 / C(10, 5) = 0.016.
        self.send_of("ten", [(5, True, ada), (5, False, bob)])
        (finding,) = self.differences("ten")
        self.assertEqual(finding["conditions"], [{"attribute": "user_id", "op": "=", "value": "ada"}])
        self.assertAlmostEqual(finding["p"], 4 / math.comb(10, 5), places=12)
        self.assertEqual((finding["lift"], finding["runs"], finding["selected"]), (2, 5, 5))

    def test_lift_and_the_correction_for_all_that_was_tried(self) -> None:
        """40 runs, 12 of which failed: 9 of the 11 of one user. Sessions of one run cost nothing."""
        ada, bob = {"user.id": "ada"}, {"user.id": "bob"}
        groups = [(9, True, ada), (2, False, ada), (3, True, bob), (26, False, bob)]
        number = itertools.count()
        singles = [
            (1, failed, values | {"gen_ai.conversation.id": f"session {next(number)}"})
            for count, failed, values in groups
            for _ in range(count)
        ]
        for workflow, sent in (("plain", groups), ("singles", singles)):
            self.send_of(workflow, sent)
            (finding,) = self.differences(workflow)
            p = at_least(9, 11, 12, 40)
            counted = tests_that_count([11, 29] + [1] * (40 if sent is singles else 0), 12, 40, 0.05 / 2)
            self.assertEqual(counted, 2)
            self.assertEqual(finding["conditions"], [{"attribute": "user_id", "op": "=", "value": "ada"}])
            self.assertEqual((finding["runs"], finding["selected"]), (11, 9))
            self.assertAlmostEqual(finding["lift"], (9 / 11) / (12 / 40), places=12)
            self.assertAlmostEqual(finding["p"] / (2 * counted * p), 1, places=9)

    def test_two_periods_say_what_is_more_common_in_each(self) -> None:
        middle = time.time_ns() // HOUR * HOUR - 5 * HOUR
        runs = []
        for start, user in ((middle - HOUR, "ada"), (middle, "bob")):
            runs += [make_run("times", start + i * SECOND, 1, **{"user.id": user}) for i in range(12)]
        self.send(runs)
        before, after = (
            f"workflow_id=times&start_time={told(start)}&end_time={told(start + HOUR)}"
            for start in (middle - HOUR, middle)
        )
        found = self.ask(COMPARE, a=before, b=after)
        for side, user in (("more_in_a", "ada"), ("more_in_b", "bob")):
            (finding,) = found[side]
            self.assertEqual(finding["conditions"], [{"attribute": "user_id", "op": "=", "value": user}])
            self.assertEqual((finding["lift"], finding["runs"], finding["selected"]), (2, 12, 12))
            self.assertAlmostEqual(finding["p"] * math.comb(24, 12) / 4, 1, places=9)


if __name__ == "__main__":
    cases.main()
