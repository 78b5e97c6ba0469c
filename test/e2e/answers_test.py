# SPDX-License-Identifier: Apache-2.0
"""Comparisons, bottlenecks and profiles of runs whose answers are known by hand, from the real server."""

import json
from typing import Any

from support import cases, otlp
from support.senders import HttpSender
from support.server import Server, wait_until

SECOND = 1_000_000_000
COMPARE = "/api/v1/observability/compare"
ANALYTICS = "/api/v1/enhanced-monitoring/analytics"
PROFILE = "/api/v1/observability/profile"

Call = tuple[str, float, float, str, str]


class AnswersTest(cases.FaultTest):
    def run_of(self, agent: str, calls: list[Call], end: float, **root: Any) -> list[otlp.Span]:
        """An agent and its tool calls: name, start and end in seconds, arguments and result."""
        spans = cases.make_trace(len(calls) + 1)
        start = spans[0].start_ns - 100 * SECOND
        spans[0].name = "invoke_agent"
        spans[0].start_ns, spans[0].end_ns = start, start + int(end * SECOND)
        spans[0].attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": agent} | root
        for span, (name, begin, until, given, result) in zip(spans[1:], calls):
            span.name = name
            span.start_ns, span.end_ns = start + int(begin * SECOND), start + int(until * SECOND)
            span.attributes = {
                "gen_ai.operation.name": "execute_tool",
                "gen_ai.tool.name": name,
                "gen_ai.tool.call.arguments": json.dumps({"q": given}),
                "gen_ai.tool.call.result": json.dumps({"r": result}),
            }
        return spans

    def send(self, server: Server, *runs: list[otlp.Span]) -> None:
        sender = HttpSender(server)
        for spans in runs:
            self.assertEqual(sender.post(otlp.traces_request(spans)).status, 200)
        sender.close()
        wait_until(lambda: server.list_traces()["total"] == len(runs), 30, "runs in the list")

    def test_compares_two_runs(self) -> None:
        server = self.start_server()
        read = ("read", 1, 2, "one", "x")
        a = self.run_of("pair", [read, ("find", 2, 4, "two", "y"), ("tell", 4, 5, "three", "z")], 6)
        b = self.run_of("pair", [read, ("tell", 3, 5, "three", "other"), ("send", 5, 7, "four", "w")], 8)
        self.send(server, a, b)
        found = server.get_json(COMPARE, a=a[0].trace_id.hex(), b=b[0].trace_id.hex())
        self.assertEqual(found["edits"] | {"removed": 1, "changed": 1, "added": 1}, found["edits"])
        self.assertEqual(sum(found["edits"].values()), 3)
        rows = [((row["a"] or {}).get("name"), (row["b"] or {}).get("name"), row["edits"]) for row in found["steps"]]
        self.assertEqual(
            rows,
            [
                ("invoke_agent", "invoke_agent", []),
                ("read", "read", []),
                ("find", None, ["removed"]),
                ("tell", "tell", ["changed"]),
                (None, "send", ["added"]),
            ],
        )
        self.assertEqual(found["steps"][3]["difference"]["duration"], 1)
        self.assertEqual(list(found["steps"][3]["changed"]), ["output"])
        self.assertEqual(found["first_divergence"], {"a": a[2].span_id.hex(), "b": None, "edit": "removed"})
        self.assertEqual(found["difference"]["duration"], 2)

    def test_judges_two_baskets(self) -> None:
        server = self.start_server()
        quick = [self.run_of("basket", [], 10 + i % 3, **{"user.id": "quick"}) for i in range(20)]
        slow = [self.run_of("basket", [], 20 + i % 3, **{"user.id": "slow"}) for i in range(20)]
        for spans in slow[:15]:
            spans[0].attributes |= {"error.type": "TimeoutError", "gen_ai.conversation.id": "one"}
        self.send(server, *quick, *slow)
        a, b = ("workflow_id=basket&user_id=quick", "workflow_id=basket&user_id=slow")
        found = server.get_json(COMPARE, a=a, b=b)
        duration = found["figures"]["duration"]
        self.assertEqual((duration["a"]["runs"], duration["b"]["runs"]), (20, 5))  # Failed ones do not count.
        self.assertAlmostEqual(duration["difference"], 10)
        self.assertEqual(duration["verdict"], "higher")
        self.assertEqual(found["figures"]["cost"]["verdict"], "not_enough_data")
        rate = found["failure_rate"]
        self.assertEqual((rate["a"]["value"], rate["b"]["value"], rate["verdict"]), (0, 75, "higher"))
        failures = server.get_json(f"{ANALYTICS}/failure-analysis/basket")
        named = [c for d in failures["what_differs"] for c in d["conditions"] + d["also"]]
        self.assertIn({"attribute": "session_id", "op": "present"}, named)
        self.assertEqual(failures["attributions"], [])  # One agent only.

    def test_finds_what_runs_wait_for(self) -> None:
        """The run of docs/analytics-bottlenecks.md."""
        server = self.start_server()
        calls = [("a", 1, 4, "one", "result"), ("b", 5, 9, "two", "other"), ("c", 1, 8, "three", "third")]
        self.send(server, self.run_of("path", calls, 10), self.run_of("path", calls, 10))
        found = server.get_json(f"{ANALYTICS}/bottlenecks/path")
        self.assertEqual((found["sample"]["runs"], found["sample"]["has_more"]), (2, False))
        path = {step["step_name"]: step for step in found["critical_path"]}
        shares = {name: round(step["share_of_time"], 9) for name, step in path.items()}
        self.assertEqual(shares, {"b": 0.4, "a": 0.3, "path": 0.3})
        self.assertAlmostEqual(path["a"]["shorter_if_half_as_long"], 0.1)
        serial = found["serial_calls_that_could_be_parallel"]
        self.assertEqual([(s["first"], s["second"], s["calls"]) for s in serial], [("a", "b", 2)])
        self.assertAlmostEqual(serial[0]["shorter_if_parallel"], 0.1)  # c is in the way.
        self_time = {step["step_name"]: step["time_per_run"] for step in found["self_time"]}
        self.assertEqual(self_time, {"a": 3, "b": 4, "c": 7, "path": 2})
        self.assertEqual((found["retries"], found["repeated_calls"]), ([], []))

    def test_sums_up_profiles(self) -> None:
        server = self.start_server()
        run = self.run_of("profile", [("find", 1, 4, "one", "x"), ("find", 5, 6, "one", "x")], 10)
        self.send(server, run)
        lines = server.get(PROFILE, workflow_id="profile", format="folded").body.decode().splitlines()
        self.assertEqual(sorted(lines), ["profile;find;find 4000000000", "profile;profile 6000000000"])
        file = server.get_json(PROFILE, workflow_id="profile")
        profile = file["profiles"][0]
        names = [frame["name"] for frame in file["shared"]["frames"]]
        stacks = {
            ";".join(names[i] for i in stack): weight
            for stack, weight in zip(profile["samples"], profile["weights"])
        }
        self.assertEqual(stacks, {"profile;find;find": 4 * SECOND, "profile;profile": 6 * SECOND})
        self.assertEqual(profile["endValue"], 10 * SECOND)
        repeated = server.get_json(f"{ANALYTICS}/bottlenecks/profile")["repeated_calls"]
        self.assertEqual([(r["step_name"], r["calls"], r["wasted_time"]) for r in repeated], [("find", 1, 1)])

    def test_refuses_what_it_cannot_answer(self) -> None:
        server = self.start_server()
        run = self.run_of("alone", [], 1)
        self.send(server, run)
        known = run[0].trace_id.hex()
        for path, query, status, part in (
            (COMPARE, {"a": known}, 400, "bad parameter b"),
            (COMPARE, {"a": known, "b": "workflow_id=alone"}, 400, "bad parameter b"),
            (COMPARE, {"a": "workflow_id=alone", "b": "workflow_id=alone&color=red"}, 400, "color"),
            (COMPARE, {"a": "min_duration=-1", "b": "workflow_id=alone"}, 400, "bad parameter a"),
            (COMPARE, {"a": known, "b": "nobody"}, 404, "nobody"),
            (PROFILE, {}, 400, "bad parameter workflow_id"),
            (PROFILE, {"workflow_id": "nobody"}, 404, "nobody"),
            (PROFILE, {"workflow_id": "alone", "weight": "length"}, 400, "bad parameter weight"),
            (PROFILE, {"workflow_id": "alone", "limit": "0"}, 400, "bad parameter limit"),
            (f"{ANALYTICS}/bottlenecks/alone", {"limit": "501"}, 400, "bad parameter limit"),
            (f"{ANALYTICS}/bottlenecks/nobody", {}, 404, "nobody"),
        ):
            with self.subTest(path=path, query=query):
                answer = server.get(path, **query)
                self.assertEqual(answer.status, status)
                self.assertIn(part, answer.json()["detail"])
        empty = server.get_json(COMPARE, a="workflow_id=nothing", b="workflow_id=alone")
        self.assertEqual(empty["message"], "no run matches a")
        self.assertEqual(empty["figures"]["duration"]["verdict"], "not_enough_data")


if __name__ == "__main__":
    cases.main()
