# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in the demo's data is found by the answers over many runs, and only there."""

import contextlib
import subprocess
import time
from typing import Any, Iterator

from support import cases
from support.server import BINARY, TRACES, Server, clean_environment, wait_until

ANALYTICS = "/api/v1/enhanced-monitoring/analytics"
OBSERVABILITY = "/api/v1/observability"
HISTORY_SECONDS = 1200
RUNS_PER_MINUTE = 60

# Parts of the history before the first and after the last thing goes wrong that has a before.
BEFORE, AFTER = (0.0, 0.25), (0.6, 1.0)


# By name: how many calls, and the time or cost of one on average.
Calls = dict[str, tuple[float, float]]


def grown(before: Calls, after: Calls) -> set[str]:
    """What takes more than four times as much a call as before, of what was called often enough to tell."""
    often = [name for name in before if before[name][0] >= 20 and after.get(name, (0, 0))[0] >= 20]
    return {name for name in often if after[name][1] > 4 * before[name][1]}


class History:
    """What a server knows of some minutes of the simulated company, asked as a person would."""

    def __init__(self, server: Server, end: float):
        self.server = server
        self.start = end - HISTORY_SECONDS

    def period(self, part: tuple[float, float]) -> dict[str, str]:
        start, end = (time.gmtime(self.start + share * HISTORY_SECONDS) for share in part)
        form = "%Y-%m-%dT%H:%M:%SZ"
        return {"start_time": time.strftime(form, start), "end_time": time.strftime(form, end)}

    def ask(self, answer: str, workflow: str, **query: Any) -> dict[str, Any]:
        return self.server.get_json(f"{ANALYTICS}/{answer}/{workflow}", **query)

    def before_and_after(self, workflow: str) -> dict[str, Any]:
        a, b = (
            "&".join(f"{key}={value}" for key, value in ({"workflow_id": workflow} | self.period(part)).items())
            for part in (BEFORE, AFTER)
        )
        return self.server.get_json(f"{OBSERVABILITY}/compare", a=a, b=b)

    def models(self, part: tuple[float, float]) -> Calls:
        query = {"of": "steps", "by": "model", "measure": "calls,cost"} | self.period(part)
        groups = self.server.get_json(f"{OBSERVABILITY}/aggregate", **query)["groups"]
        values = {group["keys"]["model"]: group["values"] for group in groups}
        return {name: (v["calls"], v["cost"] / v["calls"]) for name, v in values.items() if v["cost"]}

    def steps(self, part: tuple[float, float]) -> Calls:
        """Of both documentation assistants: own time, without that of the steps below."""
        found = {}
        for workflow in ("docs_answers", "docs-web%2Fdocs_answers"):
            answer = self.ask("bottlenecks", workflow, limit=500, **self.period(part))
            for step in answer["self_time"]:
                seconds = step["time_per_run"] * answer["sample"]["runs"]
                found[f"{workflow}: {step['step_name']}"] = (step["calls"], seconds / step["calls"])
        return found

    # Each of these gives the names of what went wrong.

    def slow_steps(self) -> set[str]:
        return grown(self.steps(BEFORE), self.steps(AFTER))

    def dear_models(self) -> set[str]:
        return grown(self.models(BEFORE), self.models(AFTER))

    def failing_customers(self) -> set[str]:
        return {customer for customer, _ in self.findings_on_customers()}

    def findings_on_customers(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for finding in self.ask("failure-analysis", "marina-support")["what_differs"]:
            for condition in finding["conditions"] + finding["also"]:
                if condition["attribute"] == "user_id":
                    yield condition["value"], finding

    def loops(self) -> set[str]:
        """Tools that were asked for the same more than twice again in the runs that did so at all."""
        repeated = self.ask("bottlenecks", "research-crew%2Fresearch-crew", limit=500)["repeated_calls"]
        return {call["step_name"] for call in repeated if call["calls"] > 2 * call["runs"]}


class StoriesTest(cases.FaultTest):
    deadline_seconds = 240

    def setUp(self) -> None:
        super().setUp()
        servers = [self.start_server(self.directory / name) for name in ("eventful", "uneventful")]
        end = time.time()
        with contextlib.ExitStack() as playing:
            for server, flags in zip(servers, ([], ["--uneventful"])):
                playing.enter_context(self.play(server, flags))
        self.eventful, self.uneventful = (History(server, end) for server in servers)

    @contextlib.contextmanager
    def play(self, server: Server, flags: list[str]) -> Iterator[None]:
        """Sends the history while the caller does something else."""
        command = [BINARY, "demo", "--endpoint", f"http://127.0.0.1:{server.ports['otlp_http']}"]
        command += ["--backfill-seconds", str(HISTORY_SECONDS), "--seconds", "1", "--seed", "1"]
        command += ["--rate", str(RUNS_PER_MINUTE), *flags]
        process = subprocess.Popen(command, env=clean_environment(), stdout=subprocess.DEVNULL)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        yield
        self.assertEqual(process.wait(), 0, "everything was taken")
        least = 0.8 * HISTORY_SECONDS / 60 * RUNS_PER_MINUTE
        wait_until(lambda: server.list_traces(limit=1)["total"] > least, 30, "the runs are listed")

    def test_what_went_wrong_is_found_and_nothing_where_all_is_well(self) -> None:
        for ask, found in (
            (History.slow_steps, {"docs_answers: cohere.rerank", "docs-web%2Fdocs_answers: ai.rerank.doRerank"}),
            (History.dear_models, {"anthropic/claude-sonnet-4-5-20250929"}),
            (History.failing_customers, {"cus_11893"}),
            (History.loops, {"web_search"}),
        ):
            with self.subTest(ask=ask.__name__):
                self.assertEqual(ask(self.eventful), found)
                self.assertEqual(ask(self.uneventful), set())
        self.check_the_slow_step()
        self.check_the_dear_model()
        self.check_the_failing_customer()
        self.check_the_loop()

    def check_the_slow_step(self) -> None:
        longer = self.eventful.before_and_after("docs_answers")["figures"]["duration"]
        self.assertEqual(longer["verdict"], "higher")
        self.assertGreater(longer["low"], 0.5)
        as_before = self.uneventful.before_and_after("docs_answers")["figures"]["duration"]
        self.assertNotIn(as_before["verdict"], ("higher", "lower"))
        # Where the time of a run goes now, and what it would be worth to make it fast.
        firsts = []
        for history, part in ((self.eventful, BEFORE), (self.eventful, AFTER), (self.uneventful, AFTER)):
            path = history.ask("bottlenecks", "docs_answers", limit=500, **history.period(part))["critical_path"]
            firsts.append(path[0]["step_name"])
            if part == AFTER and history is self.eventful:
                self.assertGreater(path[0]["shorter_if_half_as_long"], 0.15)
        self.assertEqual(firsts[1], "cohere.rerank")
        self.assertNotIn("cohere.rerank", (firsts[0], firsts[2]))

    def check_the_dear_model(self) -> None:
        compared = self.eventful.before_and_after("coder")["figures"]
        self.assertEqual(compared["cost"]["verdict"], "higher")
        self.assertNotIn(compared["total_tokens"]["verdict"], ("higher", "lower"))
        as_before = self.uneventful.before_and_after("coder")["figures"]
        self.assertNotIn(as_before["cost"]["verdict"], ("higher", "lower"))

    def check_the_failing_customer(self) -> None:
        (_, finding), *others = self.eventful.findings_on_customers()
        self.assertEqual(others, [])
        self.assertGreater(finding["lift"], 5)
        self.assertLess(finding["p"], 1e-6)
        group = self.eventful.ask("failure-analysis", "marina-support")["groups"][0]
        self.assertTrue(group["title"].startswith("CustomerRecordLocked: customer record is locked"), group)
        # One problem, and all that the finding tells of.
        self.assertGreaterEqual(group["count"], finding["selected"])
        server = self.eventful.server
        users = {server.get_json(f"{TRACES}/{run}")["user_id"] for run in group["sample_trace_ids"]}
        self.assertEqual(users, {"cus_11893"})

    def check_the_loop(self) -> None:
        answer = self.eventful.ask("bottlenecks", "research-crew%2Fresearch-crew", limit=500)
        loop = next(call for call in answer["repeated_calls"] if call["step_name"] == "web_search")
        self.assertGreater(loop["runs"], 0.1 * answer["sample"]["runs"])
        self.assertGreater(loop["wasted_time"], loop["calls"] * 0.5)
        searched = self.uneventful.ask("bottlenecks", "research-crew%2Fresearch-crew", limit=500)["repeated_calls"]
        self.assertNotIn("web_search", [call["step_name"] for call in searched])


if __name__ == "__main__":
    cases.main()
