# SPDX-License-Identifier: Apache-2.0
"""Sums over runs and steps, of runs whose figures are known: while they are in memory, after a restart,
and after something of an old run has come late."""

import time
from typing import Any

from support import cases, otlp
from support.senders import HttpSender
from support.server import Server, wait_until

MONITORING = "/api/v1/monitoring"
COSTS = "/api/v1/cost-tracking"
OBSERVABILITY = "/api/v1/observability"
SECOND = 1_000_000_000

# Dollars for 1,000 input and 100 output tokens of gpt-4o at 2.50 and 10 dollars a million.
CALL_COST = 0.0035


class SumsTest(cases.FaultTest):
    def run_of(self, user: str, model: str = "gpt-4o", has_failed: bool = False) -> list[otlp.Span]:
        """An agent of 4 seconds with a call of 2 and a tool of 1."""
        root, call, tool = cases.make_trace(3)
        start = root.start_ns = root.start_ns - 5 * SECOND
        error = {"error.type": "TimeoutError"} if has_failed else {}
        root.name = "invoke_agent planner"
        root.attributes = {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "planner",
            "gen_ai.conversation.id": f"session of {user}",
            "user.id": user,
        } | error
        root.end_ns = start + 4 * SECOND
        call.name = f"chat {model}"
        call.attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": model,
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 100,
        }
        call.start_ns, call.end_ns = start, start + 2 * SECOND
        tool.name = "execute_tool search"
        tool.attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"} | error
        tool.start_ns, tool.end_ns = start + 2 * SECOND, start + 3 * SECOND
        return [root, call, tool]

    def send(self, server: Server, spans: list[otlp.Span]) -> None:
        sender = HttpSender(server)
        self.assertEqual(sender.post(otlp.traces_request(spans)).status, 200)
        sender.close()

    def restart(self, server: Server) -> None:
        self.assertEqual(server.stop(), 0)
        server.start()

    def test_a_call_with_a_part_that_has_no_price_makes_every_sum_partial(self) -> None:
        root, call, tool = self.run_of("ada")
        del call.attributes["gen_ai.usage.output_tokens"]
        server = self.start_server(seal_rows=2, seal_seconds=1)
        self.send(server, [root, call, tool])
        wait_until(lambda: server.get_json(f"{COSTS}/summary")["total_calls"] == 1, 30, "the call is counted")
        for place in ("in memory", "after a restart"):
            with self.subTest(place):
                run = server.get_json(f"{OBSERVABILITY}/traces", include="steps")["traces"][0]
                self.assertEqual((run["cost"], run["cost_status"]), (0.0025, "partial"))
                costs = server.get_json(f"{COSTS}/summary")
                self.assertEqual((costs["total_cost"], costs["cost_status"]), (0.0025, "partial"))
                self.assertEqual(costs["unpriced_calls"], 1)
                self.assertEqual(costs["by_model"]["openai/gpt-4o"]["cost_status"], "partial")
                (group,) = server.get_json(f"{OBSERVABILITY}/aggregate", of="steps", measure="cost", kind="llm")["groups"]
                self.assertEqual((group["values"]["cost"], group["cost_status"]), (0.0025, "partial"))
            self.restart(server)

    def test_the_largest_of_many_users_are_summed_exactly_and_the_others_as_one(self) -> None:
        """Users and sessions have as many names as there are runs: lists and sums must not hold all of them."""
        users = [f"user {number:03}" for number in range(400)]
        server = self.start_server(seal_rows=50, seal_seconds=1)
        begin = time.time_ns() - 3600 * SECOND
        spans = []
        for number, user in enumerate(users):
            root, call, _ = self.run_of(user)
            call.attributes["gen_ai.usage.output_tokens"] = 100 + number
            root.start_ns = call.start_ns = begin + number * SECOND
            root.end_ns = call.end_ns = root.start_ns + SECOND
            spans += [root, call]
        self.send(server, spans)
        wait_until(lambda: server.metrics()["sightline_store_unsealed_rows"] == 0, 30, "all is sealed")
        self.send(server, self.run_of(users[0], "unheard-of"))
        self.restart(server)

        costs = server.get_json(f"{COSTS}/summary")
        more = costs["by_user"].pop("(more names than are kept apart)")
        self.assertEqual(list(costs["by_user"]), users[:249:-1])
        for number in (250, 399):
            self.assertAlmostEqual(costs["by_user"][users[number]]["cost"], 0.0025 + (100 + number) * 1e-5, places=12)
        self.assertAlmostEqual(
            more["cost"] + sum(sums["cost"] for sums in costs["by_user"].values()), costs["total_cost"], places=9
        )
        self.assertEqual(more["calls"], costs["total_calls"] - 150)
        self.assertEqual(len(costs["by_session"]), 151)

        found, cursor, totals = [], "", []
        while cursor is not None:
            page = server.get_json(f"{OBSERVABILITY}/users", limit=100, cursor=cursor)
            found += page["users"]
            totals.append((page["total"], page["total_is_exact"]))
            cursor = page["next_cursor"]
        self.assertEqual([user["user_id"] for user in found], [users[0], *users[:0:-1]])
        self.assertEqual((found[0]["runs"], found[1]["runs"]), (2, 1))
        self.assertEqual(totals, [(150, False), (400, True), (400, True), (400, True)])

    def test_facets_and_sums_of_very_many_users_are_of_the_largest(self) -> None:
        users = [f"user {number:04}" for number in range(1100)]
        server = self.start_server(seal_rows=500, seal_seconds=1)
        begin = time.time_ns() - 3600 * SECOND
        spans = []
        for number, user in enumerate(users):
            root, call, _ = self.run_of(user)
            call.attributes["gen_ai.usage.output_tokens"] = 100 + number
            root.start_ns = call.start_ns = begin + number * SECOND
            root.end_ns = call.end_ns = root.start_ns + SECOND
            spans += [root, call]
        self.send(server, [*spans, *self.run_of(users[0], "unheard-of")])
        self.restart(server)

        (facet,) = server.get_json(f"{OBSERVABILITY}/facets", of="runs", fields="user_id")["facets"]
        self.assertEqual((facet["total_values"], len(facet["values"])), (None, 50))
        self.assertEqual(facet["values"][0], {"value": users[0], "count": 2, "failed": 0})
        (few,) = server.get_json(f"{OBSERVABILITY}/facets", of="runs", fields="user_id", user_id=users[0])["facets"]
        self.assertEqual(few["total_values"], 1)

        asked = {"of": "steps", "by": "user_id", "measure": "cost,count", "limit": 3}
        dearest = server.get_json(f"{OBSERVABILITY}/aggregate", **asked, bucket=3600)
        self.assertEqual(dearest["total_groups"], None)
        self.assertEqual([group["keys"]["user_id"] for group in dearest["groups"]], users[:1096:-1])
        self.assertAlmostEqual(dearest["groups"][0]["values"]["cost"], 0.0025 + 1199e-5, places=12)
        self.assertEqual(sum(p["values"]["count"] for p in dearest["groups"][0]["points"]), 2)
        most = server.get_json(f"{OBSERVABILITY}/aggregate", **asked, sort="-count")
        self.assertEqual((most["groups"][0]["keys"]["user_id"], most["total_groups"]), (users[0], None))
        # What the store has no order for is summed up whole.
        cheapest = server.get_json(f"{OBSERVABILITY}/aggregate", **asked, sort="cost")
        self.assertEqual(cheapest["total_groups"], len(users))

    def check(self, server: Server) -> None:
        runs = server.get_json(f"{MONITORING}/metrics/workflow-executions?workflow_id=planner")
        self.assertEqual(runs["executions_by_status"], {"completed": 2, "failed": 1})
        self.assertEqual((runs["total_executions"], runs["success_rate"]), (3, 66.67))
        self.assertEqual(runs["average_duration"], 4)
        self.assertEqual(sum(day["count"] for day in runs["executions_by_day"]), 3)
        self.assertEqual(len(runs["executions"]), 3)

        steps = server.get_json(f"{MONITORING}/metrics/step-executions?workflow_id=planner")
        self.assertEqual(steps["total_steps"], 9)
        self.assertEqual(steps["steps_by_agent"], {"planner": 9})
        self.assertAlmostEqual(steps["average_duration"], 7 / 3)

        analysis = server.get_json(f"{MONITORING}/analytics/workflow/planner")
        performance = {step["step_id"]: step for step in analysis["step_performance"]}
        self.assertEqual(performance["search"]["execution_count"], 3)
        self.assertEqual(performance["search"]["success_rate"], 66.67)
        self.assertAlmostEqual(performance["search"]["average_duration"], 1)
        self.assertAlmostEqual(performance["search"]["max_duration"], 1, delta=0.01)
        self.assertIn({"step_id": "search", "issue": "low_success_rate", "value": 66.67}, analysis["bottlenecks"])

        costs = server.get_json(f"{COSTS}/summary?workflow_id=planner")
        self.assertAlmostEqual(costs["total_cost"], 2 * CALL_COST, places=12)
        self.assertEqual((costs["cost_status"], costs["unpriced_calls"]), ("partial", 1))
        self.assertEqual((costs["total_calls"], costs["total_tokens"]), (3, 3300))
        self.assertEqual(costs["unpriced"], [{"provider": "openai", "model": "unheard-of", "calls": 1, "tokens": 1100}])
        self.assertEqual(costs["by_model"]["openai/gpt-4o"]["calls"], 2)
        self.assertEqual(costs["by_model"]["openai/unheard-of"]["cost"], None)
        self.assertEqual(costs["by_user"]["ada"]["calls"], 2)
        self.assertAlmostEqual(costs["by_user"]["ada"]["cost"], CALL_COST, places=12)
        self.assertEqual(costs["by_session"]["session of bob"]["tokens"], 1100)
        self.assertEqual(costs["by_token_kind"]["input"]["tokens"], 3000)

        days = server.get_json(f"{COSTS}/trends?days=7&workflow_id=planner")
        self.assertIn(len(days), (7, 8))
        self.assertAlmostEqual(sum(day["cost"] for day in days), 2 * CALL_COST, places=12)
        # The calls are of the steps, whose agent and session are those of the run.
        by_agent = server.get_json(f"{COSTS}/summary?agent_id=planner")
        self.assertEqual(by_agent["total_tokens"], sum(s["tokens"] for s in by_agent["by_session"].values()))
        self.assertEqual(server.get_json(f"{COSTS}/summary?agent_id=nobody")["by_session"], {})
        self.check_groups(server)
        self.check_conversations(server)
        self.check_spans(server)

        calls = server.get_json(f"{COSTS}/api-calls?workflow_id=planner")
        self.assertEqual(len(calls), 3)
        self.assertEqual({call["model"] for call in calls}, {"gpt-4o", "unheard-of"})

    def check_groups(self, server: Server) -> None:
        def aggregate(query: str) -> list[tuple[dict[str, str], dict[str, float]]]:
            groups = server.get_json(f"{OBSERVABILITY}/aggregate?{query}")["groups"]
            return [(group["keys"], group["values"]) for group in groups]

        runs = "count,failed,failure_rate,calls,tokens,average_duration"
        expected = {"count": 3, "failed": 1, "failure_rate": 33.33, "calls": 3, "tokens": 3300, "average_duration": 4}
        self.assertEqual(aggregate(f"measure={runs}&workflow_id=planner"), [({}, expected)])
        models = aggregate("measure=cost,count&by=model&kind=llm&sort=count")
        self.assertEqual([keys["model"] for keys, _ in models], ["openai/unheard-of", "openai/gpt-4o"])
        self.assertEqual(models[0][1], {"cost": None, "count": 1})
        self.assertAlmostEqual(models[1][1]["cost"], 2 * CALL_COST, places=12)
        (steps,) = aggregate("measure=p50_duration,average_cost&by=step_name&step_name=chat%20gpt-4o")
        self.assertAlmostEqual(steps[1]["p50_duration"], 2, delta=0.02)
        self.assertAlmostEqual(steps[1]["average_cost"], CALL_COST, places=12)
        answer = server.get_json(f"{OBSERVABILITY}/aggregate?by=status&bucket=3600&limit=1")
        self.assertEqual((answer["total_groups"], len(answer["groups"])), (2, 1))
        self.assertEqual(sum(point["values"]["count"] for point in answer["groups"][0]["points"]), 2)

        facets = server.get_json(f"{OBSERVABILITY}/facets?fields=status,user_id")["facets"]
        values = {f["field"]: {v["value"]: v["count"] for v in f["values"]} for f in facets}
        self.assertEqual(values, {"status": {"completed": 2, "failed": 1}, "user_id": {"ada": 2, "bob": 1}})
        histogram = server.get_json(f"{OBSERVABILITY}/histogram?by=status&days=1")
        self.assertEqual(sum(bucket["total"] for bucket in histogram["buckets"]), 3)
        self.assertEqual(sum(bucket["values"].get("failed", 0) for bucket in histogram["buckets"]), 1)
        for query, parameter in (
            ("aggregate?measure=happiness", "measure"),
            ("aggregate?by=workflow_id,workflow_id", "by"),
            ("aggregate?of=runs&model=openai/gpt-4o", "model"),
            ("aggregate?bucket=60", "bucket"),
            ("facets", "fields"),
            ("histogram?by=status,agent", "by"),
            ("sessions?of=steps", "of"),
            ("spans?sort=happiness", "sort"),
            ("spans?kind=run", "kind"),
            ("spans?cursor=5", "cursor"),
        ):
            with self.subTest(query):
                answer = server.get(f"{OBSERVABILITY}/{query}")
                self.assertEqual(answer.status, 400)
                self.assertIn(f"bad parameter {parameter}".encode(), answer.body)

    def check_spans(self, server: Server) -> None:
        def spans(**query: str) -> list[dict[str, Any]]:
            found, cursor = [], ""
            while cursor is not None:
                page = server.get_json(f"{OBSERVABILITY}/spans", limit=2, cursor=cursor, **query)
                found += page["spans"]
                cursor = page["next_cursor"]
            return found

        calls = spans(kind="llm", sort="-cost")
        self.assertEqual([call["model"] for call in calls], ["openai/gpt-4o"] * 2 + ["openai/unheard-of"])
        self.assertEqual([call["cost"] for call in calls], [CALL_COST, CALL_COST, None])
        self.assertEqual([call["input_tokens"] for call in calls], [1000] * 3)
        for call in calls:
            span = server.get_json(f"{OBSERVABILITY}/traces/{call['trace_id']}/spans/{call['span_id']}")
            self.assertEqual(span["start_time"], call["start_time"])
        self.assertEqual([step["duration"] for step in spans(sort="-duration")], [4] * 3 + [2] * 3 + [1] * 3)
        (tool,) = spans(step_name="search", status="failed")
        self.assertEqual((tool["kind"], tool["error_type"], tool["user_id"]), ("tool", "TimeoutError", "ada"))
        self.assertEqual((tool["agent"], tool["cost"]), ("planner", None))
        times = [step["start_time"] for step in spans()]
        self.assertEqual((len(times), times), (9, sorted(times, reverse=True)))
        self.assertEqual(len(spans(workflow_id="planner", min_tokens="1100")), 3)
        self.assertEqual(spans(agent="nobody"), [])

    def check_conversations(self, server: Server) -> None:
        page = server.get_json(f"{OBSERVABILITY}/sessions?limit=1")
        self.assertEqual((page["total"], page["next_cursor"]), (2, "1"))
        rest = server.get_json(f"{OBSERVABILITY}/sessions?limit=1&cursor=1")
        self.assertIsNone(rest["next_cursor"])
        sessions = {session["session_id"]: session for session in page["sessions"] + rest["sessions"]}
        self.assertEqual(set(sessions), {"session of ada", "session of bob"})
        ada = sessions["session of ada"]
        self.assertEqual((ada["runs"], ada["failed_runs"], ada["users"]), (2, 1, ["ada"]))
        self.assertEqual((ada["calls"], ada["tokens"], ada["cost_status"]), (2, 2200, "partial"))
        self.assertAlmostEqual(ada["duration"], 8)
        user = server.get_json(f"{OBSERVABILITY}/users/ada")
        self.assertEqual((user["runs"], user["sessions"], len(user["traces"])), (2, ["session of ada"], 2))
        self.assertEqual(user["last_run_at"], user["traces"][0]["start_time"])
        self.assertEqual(user["first_run_at"], user["traces"][1]["start_time"])

    def test_rows_of_a_run_add_up_and_come_in_pages(self) -> None:
        server = self.start_server()
        spans = self.run_of("ada", "unheard-of", has_failed=True)
        self.send(server, spans)
        where = f"{OBSERVABILITY}/traces/{spans[0].trace_id.hex()}/rows"
        wait_until(lambda: server.get_json(where)["total_rows"] == 3, 30, "the run is read")
        page = server.get_json(where, limit=2)
        rest = server.get_json(where, limit=2, cursor=page["next_cursor"])
        self.assertEqual((len(page["rows"]), page["next_cursor"], rest["next_cursor"]), (2, "2", None))
        root, call, tool = page["rows"] + rest["rows"]
        self.assertEqual((root["roll_up"]["descendants"], root["roll_up"]["errors"]), (2, 2))
        self.assertEqual((root["roll_up"]["tokens"], root["roll_up"]["cost_status"]), (1100, "unpriced"))
        self.assertEqual((call["roll_up"]["descendants"], tool["roll_up"]["errors"]), (0, 1))
        # 4 seconds, of which a call took 2 and a tool the one after it.
        self.assertEqual([row["self_time"] for row in (root, call, tool)], [1, 2, 1])
        self.assertEqual([row["critical_time"] for row in (root, call, tool)], [1, 2, 1])

    def test_sums_are_the_same_in_memory_and_on_disk(self) -> None:
        server = self.start_server()
        self.send(server, self.run_of("ada"))
        self.send(server, self.run_of("bob"))
        self.send(server, self.run_of("ada", "unheard-of", has_failed=True))
        path = f"{MONITORING}/metrics/workflow-executions?workflow_id=planner"
        wait_until(lambda: server.get_json(path)["total_executions"] == 3, 30, "the runs are counted")
        for place in ("memory", "disk", "disk again"):
            with self.subTest(place=place):
                self.check(server)
            self.restart(server)

    def test_what_comes_late_replaces_what_was_summed_up(self) -> None:
        server = self.start_server()
        spans = self.run_of("ada")
        self.send(server, spans[:2])
        self.restart(server)
        path = f"{MONITORING}/metrics/step-executions?workflow_id=planner"
        self.assertEqual(server.get_json(path)["total_steps"], 2)
        self.send(server, spans[2:])
        wait_until(lambda: server.get_json(path)["total_steps"] == 3, 30, "the late step is counted")
        for _ in range(2):
            runs = server.get_json(f"{MONITORING}/metrics/workflow-executions?workflow_id=planner")
            self.assertEqual(runs["executions_by_status"], {"completed": 1})
            self.assertEqual(server.get_json(path)["total_steps"], 3)
            costs = server.get_json(f"{COSTS}/summary")
            self.assertAlmostEqual(costs["total_cost"], CALL_COST, places=12)
            self.assertEqual(costs["total_calls"], 1)
            self.restart(server)

    def test_bad_periods_are_refused(self) -> None:
        server = self.start_server()
        for query in ("days=0", "days=400", "utc_offset=2", "start_time=2026-01-02T00:00:00Z&end_time=2026-01-01T00:00:00Z"):
            answer = server.get(f"{COSTS}/summary?{query}")
            self.assertEqual(answer.status, 400, query)
            self.assertIn("bad parameter", answer.json()["detail"])
        self.assertEqual(server.get(f"{MONITORING}/analytics/workflow/nobody").status, 404)


if __name__ == "__main__":
    cases.main()
