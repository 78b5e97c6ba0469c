# SPDX-License-Identifier: Apache-2.0
"""Where time and money go, worked out by hand from the words of docs/analytics-bottlenecks.md: self times, profiles,
the critical path, what would be shorter if a step were faster, and what steps used of their machines."""

import dataclasses
import random
import time
from typing import Any, Callable

from support import cases
from support.known_runs import HOUR, SECOND, KnownRunsTest, Step, call_of, make_run

BOTTLENECKS = "/api/v1/enhanced-monitoring/analytics/bottlenecks"
RESOURCES = "/api/v1/enhanced-monitoring/analytics/resource-trends"
PROFILE = "/api/v1/observability/profile"

Factor = Callable[[str], float]


@dataclasses.dataclass
class Timed:
    """A step in a tree, in seconds from the start of the run."""

    name: str
    begin: float
    end: float
    below: list["Timed"] = dataclasses.field(default_factory=list)


def tree_of(workflow: str, seconds: float, steps: list[Step]) -> Timed:
    root = Timed(workflow, 0, seconds)
    nodes = [Timed(step.name, step.begin, step.end) for step in steps]
    for node, step in zip(nodes, steps):
        (root if step.below is None else nodes[step.below]).below.append(node)
    return root


def came_before(child: Timed, parent: Timed) -> Timed | None:
    """The sibling that came last before it; one that overlaps with it by at most 1 % of the parent came before, too."""
    bearable = child.begin + (parent.end - parent.begin) / 100
    ended = [one for one in parent.below if one is not child and one.begin < child.begin and one.end <= bearable]
    return max(ended, key=lambda one: one.end, default=None)


def duration_if(step: Timed, factor: Factor, longer: Timed | None = None, by: float = 0) -> float:
    """How long a step takes if the own work of each takes so many times as long, and `longer` ends `by` later: it
    begins as long after the sibling before it as it did, or after its parent's start, and ends as long after the last
    of its children as it did."""
    own = factor(step.name)
    ends: dict[int, float] = {}
    for child in sorted(step.below, key=lambda child: child.begin):
        before = came_before(child, step)
        waited = child.begin - (before.end if before else step.begin)
        begins = (ends[id(before)] if before else 0) + waited * (own if waited > 0 else 1)
        ends[id(child)] = begins + duration_if(child, factor, longer, by)
    last_now = max((child.end - step.begin for child in step.below), default=0)
    rest = step.end - step.begin - last_now
    return max(ends.values(), default=0) + rest * own + (by if step is longer else 0)


def slack_of(root: Timed, step: Timed) -> float:
    """How much later it could have ended without making the run longer, found by trying."""
    low, high = 0.0, root.end
    for _ in range(60):
        middle = (low + high) / 2
        is_longer = duration_if(root, lambda _: 1, step, middle) > root.end + 1e-9
        low, high = (low, middle) if is_longer else (middle, high)
    return low


def critical_path(step: Timed, until: float, spent: dict[str, float]) -> None:
    """From the end backwards: the child that ended last, then the one that came last before it; the rest is its own."""
    child = max(step.below, key=lambda one: one.end, default=None)
    while child:
        spent[step.name] = spent.get(step.name, 0) + max(0, until - child.end)
        until = min(until, child.end)
        critical_path(child, until, spent)
        until = min(until, child.begin)
        child = came_before(child, step)
    spent[step.name] = spent.get(step.name, 0) + until - step.begin


def self_time(step: Timed, spent: dict[str, float]) -> None:
    """A duration without the time in which any direct child ran."""
    covered, at = 0.0, step.begin
    for child in sorted(step.below, key=lambda child: child.begin):
        covered += max(0, child.end - max(at, child.begin))
        at = max(at, child.end)
        self_time(child, spent)
    spent[step.name] = spent.get(step.name, 0) + step.end - step.begin - covered


def names_in(step: Timed) -> list[Timed]:
    return [step] + [one for child in step.below for one in names_in(child)]


class BottlenecksTest(KnownRunsTest):
    trees = {
        # The run of docs/analytics-bottlenecks.md.
        "document": (10, [Step("a", 1, 4), Step("b", 5, 9), Step("c", 1, 8)]),
        # Two levels, a step that occurs twice, and calls side by side.
        "levels": (
            20,
            [
                Step("plan", 0.5, 3),
                Step("team", 4, 15, "agent"),
                Step("read", 5, 9, below=1),
                Step("read", 5.5, 7, below=1),
                Step("write", 10, 14, below=1),
                Step("audit", 4, 16.5),
                Step("tell", 17, 19),
            ],
        ),
        # An overlap of at most 1 % is none: `first` came before `second`, and both before `third`.
        "overlap": (10, [Step("first", 1, 4), Step("second", 3.95, 7), Step("third", 7, 9), Step("other", 0.5, 6.8)]),
        # One after the other, at once.
        "chain": (6, [Step("one", 0, 2), Step("two", 2, 4), Step("one", 4, 6)]),
    }

    def test_self_time_critical_path_slack_and_what_if(self) -> None:
        for workflow, (seconds, steps) in self.trees.items():
            self.send([make_run(workflow, time.time_ns() - HOUR, seconds, steps) for _ in range(2)])
            with self.subTest(workflow=workflow):
                self.check(workflow, tree_of(workflow, seconds, steps))

    def test_trees_of_any_form(self) -> None:
        """Thirty trees of one seed; no two steps begin or end together."""
        chance = random.Random(5)
        for number in range(30):
            seconds, steps = chance.choice([10, 20, 30]), []
            for _ in range(chance.randint(2, 9)):
                below = chance.randrange(len(steps)) if steps and chance.random() < 0.5 else None
                first, last = (0, seconds) if below is None else (steps[below].begin, steps[below].end)
                begin, end = sorted(round(chance.uniform(first, last), 3) for _ in range(2))
                if end - begin > 0.3:
                    steps.append(Step(chance.choice("abcdef"), begin, end, below=below))
            workflow = f"tree {number}"
            self.send([make_run(workflow, time.time_ns() - HOUR, seconds, steps) for _ in range(2)])
            with self.subTest(steps=steps):
                self.check(workflow.replace(" ", "%20"), tree_of(workflow, seconds, steps))

    def check(self, workflow: str, root: Timed) -> None:
        found = self.ask(f"{BOTTLENECKS}/{workflow}")
        own: dict[str, float] = {}
        self_time(root, own)
        self.assert_near({one["step_name"]: one["time_per_run"] for one in found["self_time"]}, own)
        shares = {one["step_name"]: one["share"] for one in found["self_time"]}
        self.assert_near(shares, {name: spent / sum(own.values()) for name, spent in own.items()})
        on_path: dict[str, float] = {}
        critical_path(root, root.end, on_path)
        path = {one["step_name"]: one for one in found["critical_path"]}
        self.assert_near(
            {name: one["share_of_time"] for name, one in path.items()}, {k: v / root.end for k, v in on_path.items()}
        )
        self.assertAlmostEqual(sum(one["share_of_time"] for one in path.values()), 1, places=9)
        for name, one in path.items():
            half = duration_if(root, lambda other, name=name: 0.5 if other == name else 1)
            self.assertAlmostEqual(one["shorter_if_half_as_long"], 1 - half / root.end, places=8, msg=name)
            slacks = [slack_of(root, step) for step in names_in(root) if step.name == name]
            self.assertAlmostEqual(one["average_slack"], sum(slacks) / len(slacks), places=8, msg=name)
            self.assertEqual(one["runs"], 2)

    def assert_near(self, found: dict[str, float], expected: dict[str, float]) -> None:
        """Steps without any time are not listed."""
        rounded = {name: round(value, 8) for name, value in expected.items()}
        self.assertEqual(
            {name: round(value, 8) for name, value in found.items()}, {k: v for k, v in rounded.items() if v}
        )

    def test_the_document_says_ten_percent(self) -> None:
        seconds, steps = self.trees["document"]
        root = tree_of("document", seconds, steps)
        self.assertAlmostEqual(duration_if(root, lambda name: 0.5 if name == "a" else 1), 9)
        self.assertAlmostEqual(slack_of(root, root.below[2]), 1)

    def test_shares_of_cost_are_of_what_is_priced(self) -> None:
        steps = [
            Step("dear", 0, 1, "llm", attributes=call_of(given=3000, said=0)),
            Step("cheap", 1, 2, "llm", attributes=call_of(given=1000, said=0)),
            Step("unknown", 2, 3, "llm", attributes=call_of("unheard-of")),
        ]
        self.send([make_run("money", time.time_ns() - HOUR, 3, steps)])
        found = self.ask(f"{BOTTLENECKS}/money")
        self.assertEqual(found["cost_status"], "partial")
        shares = {one["step_name"]: one["share_of_cost"] for one in found["critical_path"]}
        self.assertEqual(shares, {"dear": 0.75, "cheap": 0.25, "unknown": 0})


class ProfilesTest(KnownRunsTest):
    """A planner that calls a model; a searcher that has its own model and searches twice at once; a database."""

    steps = [
        Step("ask", 1, 3, "llm", attributes=call_of(given=1000, said=100)),
        Step("searcher", 3, 9, "agent"),
        Step("search", 4, 7, below=1),
        Step("search", 6, 8, below=1),
        Step("SELECT", 5, 6.5, "other", below=2, attributes={"db.system.name": "postgresql"}),
        Step("rank", 8, 8.5, "llm", below=1, attributes=call_of("gpt-4o-mini", 2000, 10)),
        Step("guess", 9, 9.5, "llm", attributes=call_of("unheard-of", 500, 50)),
    ]
    seconds = {
        # 10 less the 2 of the call, the 6 of the searcher and the 0.5 of the last call.
        "planner;planner": 1.5,
        "planner;ask;gpt-4o": 2,
        # 6 less the time from 4 to 8.5 in which something ran.
        "searcher;searcher": 1.5,
        # 3 + 2; the database counts for the step above it, whose own time is 1.5 without it.
        "searcher;search;search": 5,
        "searcher;rank;gpt-4o-mini": 0.5,
        "planner;guess;unheard-of": 0.5,
    }
    picodollars = {
        "planner;ask;gpt-4o": 1000 * 2_500_000 + 100 * 10_000_000,
        "searcher;rank;gpt-4o-mini": 2000 * 150_000 + 10 * 600_000,
    }
    tokens = {"planner;ask;gpt-4o": 1100, "searcher;rank;gpt-4o-mini": 2010, "planner;guess;unheard-of": 550}

    def test_folded_stacks_and_speedscope(self) -> None:
        runs = 3
        self.send([make_run("planner", time.time_ns() - HOUR, 10, self.steps) for _ in range(runs)])
        nanoseconds = {stack: spent * SECOND for stack, spent in self.seconds.items()}
        for weight, one_run in (("time", nanoseconds), ("cost", self.picodollars), ("tokens", self.tokens)):
            with self.subTest(weight=weight):
                expected = {stack: int(runs * value) for stack, value in one_run.items()}
                self.assertEqual(self.folded(weight), expected)
                file = self.ask(PROFILE, workflow_id="planner", weight=weight, format="speedscope")
                (profile,) = file["profiles"]
                names = [frame["name"] for frame in file["shared"]["frames"]]
                stacks = [";".join(names[frame] for frame in sample) for sample in profile["samples"]]
                self.assertEqual(dict(zip(stacks, profile["weights"], strict=True)), expected)
                self.assertEqual((profile["startValue"], profile["endValue"]), (0, sum(expected.values())))
                self.assertEqual(profile["unit"], "nanoseconds" if weight == "time" else "none")
                self.assertEqual(file["unpriced_calls"], runs)

    def folded(self, weight: str) -> dict[str, int]:
        text = self.server.get(PROFILE, workflow_id="planner", weight=weight, format="folded").body.decode()
        lines = [line.rsplit(" ", 1) for line in text.splitlines()]
        return {stack: int(value) for stack, value in lines}

    def test_a_call_that_two_spans_tell_of_counts_once(self) -> None:
        """Of nested spans with equal model and usage the inner one."""
        outer = Step("outer", 1, 5, "llm", attributes=call_of())
        inner = Step("inner", 2, 4, "llm", below=0, attributes=call_of())
        self.send([make_run("planner", time.time_ns() - HOUR, 6, [outer, inner])])
        self.assertEqual(self.folded("tokens"), {"planner;inner;gpt-4o": 1100})
        self.assertEqual(self.folded("cost"), {"planner;inner;gpt-4o": 3_500_000_000})


class ResourcesTest(KnownRunsTest):
    def test_what_a_run_used_is_told_by_its_outermost_steps(self) -> None:
        """The run of docs/analytics.md: `a` 10 operations, below it 7, and `b` 2 make 12."""

        def used(**usage: float) -> dict[str, Any]:
            return {f"sightline.resource_usage.{name}": value for name, value in usage.items()}

        steps = [
            Step("a", 0, 3, attributes=used(io_operations=10, memory_usage=90.5, cpu_change_percent=3)),
            Step("inner", 1, 2, below=0, attributes=used(io_operations=7, memory_usage=400, network_requests=5)),
            Step(
                "b",
                3,
                4,
                attributes=used(io_operations=2, memory_usage=120, cpu_change_percent=-1, memory_change_mb=-4),
            ),
            Step("c", 4, 5, attributes=used(io_operations=-6, cpu_usage=-1, memory_change_mb=1.5)),
        ]
        self.send([make_run("used", time.time_ns() - HOUR, 5, steps)])
        found = self.ask(f"{RESOURCES}/used")
        (point,), (io,), (network,), (cpu,) = (
            found[f"{name}_trend"] for name in ("memory_usage", "io_operations", "network_requests", "cpu_usage")
        )
        # A count below zero is not taken.
        self.assertEqual((io["io_operations"], network["network_requests"]), (12, 5))
        self.assertEqual((point["memory_usage"], point["memory_change_mb"]), (120, -4 + 1.5))
        self.assertEqual((cpu["cpu_usage"], cpu["cpu_change_percent"]), (None, (3 - 1) / 2))
        (run,) = self.server.list_traces(workflow_id="used")["traces"]
        path = f"/api/v1/observability/traces/{run['trace_id']}/resources"
        step = self.ask(path, span_id=f"{3:016x}")  # The one below `a`.
        self.assertEqual((step["source"], step["processes"]), ("reported", []))
        self.assertEqual(
            {k: v for k, v in step["usage"].items() if v is not None},
            {"io_operations": 7, "memory_usage": 400, "network_requests": 5},
        )
        whole = self.ask(path)["usage"]
        self.assertEqual((whole["io_operations"], whole["memory_usage"], whole["cpu_usage"]), (12, 120, None))


if __name__ == "__main__":
    cases.main()
