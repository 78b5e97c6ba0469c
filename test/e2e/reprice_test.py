# SPDX-License-Identifier: Apache-2.0
"""Stored calls are priced again: a dry run tells the difference, applying it changes traces, lists and
sums alike, at once, after a restart, and when the process is killed in the middle."""

import http.client
import json
import urllib.parse
from typing import Any

from support import cases, otlp
from support.senders import HttpSender
from support.server import TRACES, Answer, Server, check, wait_until

COSTS = "/api/v1/cost-tracking"
REPRICE = f"{COSTS}/reprice"
OBSERVABILITY = "/api/v1/observability"
MODEL = "house-model-7"
PRICE = {"effective_from": "2020-01-01", "prices": {"input": 2, "output": 10}}
CALL_COST = 0.003  # Of 1,000 input and 100 output tokens.
WINDOW = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2100-01-01T00:00:00Z"}
WAIT_SECONDS = 60


class RepriceTest(cases.FaultTest):
    deadline_seconds = 240

    def request(self, server: Server, method: str, path: str, body: Any = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=30)
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def put_price(self, server: Server, price: dict[str, Any], of: str = f"acme/{MODEL}") -> None:
        path = f"{COSTS}/prices/{urllib.parse.quote(of)}"
        answer = self.request(server, "PUT", path, price)
        self.assertEqual(answer.status, 200, answer.body)

    def run_of(self, model: str = MODEL, provider: str = "acme") -> list[otlp.Span]:
        root, call = cases.make_trace(2)
        root.attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "pricing"}
        call.attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": model,
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 100,
        }
        return [root, call]

    def send(self, server: Server, runs: list[list[otlp.Span]]) -> None:
        sender = HttpSender(server)
        for first in range(0, len(runs), 500):
            spans = [span for run in runs[first:first + 500] for span in run]
            self.assertEqual(sender.post(otlp.traces_request(spans)).status, 200)
        sender.close()

    def settled(self, runs: int) -> Server:
        """A server that holds so many runs of the house model, and one of another, in day folders."""
        server = self.start_server(seal_seconds=1)
        self.runs = [self.run_of() for _ in range(runs)]
        self.send(server, [*self.runs, self.run_of("gpt-4o", "openai")])
        self.assertEqual(server.stop(), 0)  # Whatever is over has settled then.
        return server.start()

    def start(self, server: Server, **body: Any) -> str:
        answer = self.request(server, "POST", REPRICE, WINDOW | body)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.json()["state"], "running")
        return answer.json()["reprice_id"]

    def done(self, server: Server, reprice_id: str) -> dict[str, Any]:
        def job() -> dict[str, Any] | None:
            found = server.get_json(f"{REPRICE}/{reprice_id}")
            return found if found["state"] != "running" else None

        found = wait_until(job, WAIT_SECONDS, "the end of a repricing")
        self.assertEqual((found["state"], found["detail"]), ("done", None))
        return found

    def check_costs(self, server: Server, cost: float | None, status: str) -> None:
        """Of the runs of the house model: sums, lists and traces."""
        count = len(self.runs)
        summary = server.get_json(f"{COSTS}/summary", start_date=WINDOW["start_time"])
        model = summary["by_model"][f"acme/{MODEL}"]
        self.assertEqual(model["calls"], count)
        if cost is None:
            self.assertIsNone(model["cost"])
        else:
            self.assertAlmostEqual(model["cost"], count * cost, places=9)
        other = summary["by_model"]["openai/gpt-4o"]
        self.assertAlmostEqual(summary["total_cost"], count * (cost or 0) + other["cost"], places=9)
        self.assertEqual(summary["unpriced_calls"], count if cost is None else 0)
        groups = server.get_json(f"{OBSERVABILITY}/aggregate", measure="cost,unpriced_calls", of="runs", days=366)
        [group] = groups["groups"]
        self.assertAlmostEqual(group["values"]["cost"] or 0, summary["total_cost"], places=9)
        seen, cursor = {}, ""
        while cursor is not None:
            page = server.list_traces(limit=1000, cursor=cursor)
            seen |= {trace["trace_id"]: (trace["cost"], trace["cost_status"]) for trace in page["traces"]}
            cursor = page["next_cursor"]
        ids = {run[0].trace_id.hex() for run in self.runs}
        self.assertEqual({seen[trace_id] for trace_id in ids}, {(cost, status)})
        for run in (self.runs[0], self.runs[-1]):
            trace = server.get_json(f"{TRACES}/{run[0].trace_id.hex()}")
            self.assertEqual((trace["cost"], trace["cost_status"]), (cost, status))
            call = next(span for span in trace["spans"] if span["kind"] == "llm")
            self.assertEqual((call["cost"], call["cost_status"]), (cost, status))

    def test_a_model_without_a_price_gets_one(self) -> None:
        server = self.settled(250)
        self.check_costs(server, None, "unpriced")
        self.put_price(server, PRICE)
        dry = self.done(server, self.start(server))
        self.assertEqual((dry["dry_run"], dry["runs"], dry["changed_runs"]), (True, 251, 250))
        models = {model["model"]: model for model in dry["models"]}
        house = models[f"acme/{MODEL}"]
        self.assertEqual((house["calls"], house["old_cost"]), (250, 0))
        self.assertAlmostEqual(house["new_cost"], 250 * CALL_COST, places=9)
        self.assertEqual((house["unpriced_before"], house["unpriced_after"]), (250, 0))
        other = models["openai/gpt-4o"]
        self.assertEqual((other["calls"], other["old_cost"]), (1, other["new_cost"]))
        self.assertEqual((dry["calls"], dry["unpriced_before"], dry["unpriced_after"]), (251, 250, 0))
        self.check_costs(server, None, "unpriced")

        applied = self.done(server, self.start(server, dry_run=False))
        for name in ("runs", "changed_runs", "calls", "old_cost", "new_cost", "models", "unpriced_after"):
            self.assertEqual(applied[name], dry[name], name)
        self.assertEqual(applied["skipped_runs"], 0)
        self.check_costs(server, CALL_COST, "priced")
        again = self.done(server, self.start(server, dry_run=False))
        self.assertEqual((again["changed_runs"], again["old_cost"]), (0, again["new_cost"]))
        self.check_costs(server, CALL_COST, "priced")

        self.assertEqual(server.stop(), 0)
        self.assertEqual(check(server.data_dir)[0], True, check(server.data_dir)[1])
        server.start()
        self.check_costs(server, CALL_COST, "priced")
        self.assertEqual([job["dry_run"] for job in server.get_json(REPRICE)["repricings"]], [False, False, True])

    def test_steps_of_a_tool_get_its_fee_and_lose_it(self) -> None:
        server = self.start_server(seal_seconds=1)
        self.runs = [self.run_of("gpt-4o", "openai") for _ in range(3)]
        for _, step in self.runs:
            step.attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "paid_search"}
        self.send(server, self.runs)
        self.assertEqual(server.stop(), 0)
        server.start()
        fee = {"effective_from": "2020-01-01", "per_call": {"request": 0.25}}
        for price, cost, status in ((fee, 0.25, "priced"), (None, None, None)):
            if price is None:
                self.assertEqual(self.request(server, "DELETE", f"{COSTS}/prices/tool/paid_search").status, 200)
            else:
                self.put_price(server, price, "tool/paid_search")
            done = self.done(server, self.start(server, dry_run=False))
            self.assertEqual((done["changed_runs"], [model["model"] for model in done["models"]]), (3, ["tool/paid_search"]))
            self.assertEqual((done["calls"], done["new_cost"]), (3, 3 * (cost or 0)))
            for _ in range(2):
                summary = server.get_json(f"{COSTS}/summary", start_date=WINDOW["start_time"])
                self.assertEqual((summary["total_cost"], summary["unpriced_calls"]), (3 * (cost or 0), 0))
                self.assertEqual(len(summary["by_tool"]), 0 if cost is None else 1)
                span = server.get_json(f"{TRACES}/{self.runs[0][0].trace_id.hex()}/spans/{2:016x}")
                self.assertEqual((span["cost"], span["cost_status"]), (cost, status))
                self.assertEqual(server.stop(), 0)
                server.start()

    def test_old_figures_keep_their_rules(self) -> None:
        server = self.settled(1)
        [run] = self.runs
        self.put_price(server, PRICE)
        self.done(server, self.start(server, dry_run=False))
        self.put_price(server, PRICE | {"prices": {"input": 4, "output": 20}})
        self.done(server, self.start(server, dry_run=False))
        span = server.get_json(f"{TRACES}/{run[0].trace_id.hex()}/spans/{2:016x}")
        breakdown = span["cost_breakdown"]
        self.assertEqual((span["cost"], breakdown["version"]), (2 * CALL_COST, "2"))
        self.assertAlmostEqual(sum(line["amount"] for line in breakdown["lines"]), 2 * CALL_COST, places=12)
        second, first = breakdown["replaced"]
        self.assertEqual((second["cost"], second["cost_status"], second["version"]), (CALL_COST, "priced", "1"))
        self.assertEqual((first["cost"], first["cost_status"], first["rule"]), (None, "unpriced", None))
        self.assertGreater(second["until"], first["until"])

    def test_what_comes_late_of_a_run_keeps_its_new_price(self) -> None:
        server = self.settled(3)
        self.put_price(server, PRICE)
        self.done(server, self.start(server, dry_run=False))
        root, call = self.runs[0]
        late = otlp.Span(trace_id=root.trace_id, span_id=(9).to_bytes(8, "big"), parent_span_id=root.span_id,
                         name="late", start_ns=call.start_ns, end_ns=call.end_ns, attributes={})
        self.send(server, [[late]])
        for _ in range(2):
            trace = server.get_json(f"{TRACES}/{root.trace_id.hex()}")
            self.assertEqual((trace["span_count"], trace["cost"]), (3, CALL_COST))
            self.check_costs(server, CALL_COST, "priced")
            self.assertEqual(server.stop(), 0)
            server.start()

    def test_a_job_that_was_killed_goes_on_and_counts_nothing_twice(self) -> None:
        server = self.settled(4000)
        self.put_price(server, PRICE)
        job = self.start(server, dry_run=False)
        wait_until(lambda: server.get_json(f"{REPRICE}/{job}")["changed_runs"] >= 300, WAIT_SECONDS, "some runs")
        found = server.get_json(f"{REPRICE}/{job}")
        server.kill()
        self.assertEqual(found["state"], "running", "killed in the middle")
        self.assertLess(found["changed_runs"], 4000)
        server.start()
        done = self.done(server, job)
        self.assertEqual((done["runs"], done["changed_runs"]), (4001, 4000))
        house = next(model for model in done["models"] if model["model"] == f"acme/{MODEL}")
        self.assertEqual((house["calls"], house["unpriced_before"], house["unpriced_after"]), (4000, 4000, 0))
        self.assertAlmostEqual(house["new_cost"], 4000 * CALL_COST, places=9)
        self.check_costs(server, CALL_COST, "priced")
        self.assertEqual(server.stop(), 0)
        self.assertEqual(check(server.data_dir)[0], True, check(server.data_dir)[1])
        server.start()
        self.check_costs(server, CALL_COST, "priced")

    def test_only_runs_of_the_time_are_priced(self) -> None:
        server = self.settled(2)
        self.put_price(server, PRICE)
        past = {"start_time": "2020-01-01T00:00:00Z", "end_time": "2020-02-01T00:00:00Z"}
        self.assertEqual(self.done(server, self.start(server, **past, dry_run=False))["runs"], 0)
        self.check_costs(server, None, "unpriced")

    def test_bad_requests_and_a_second_job_are_refused(self) -> None:
        server = self.start_server()
        for body, part in (
            ({}, "bad field start_time"),
            (WINDOW | {"end_time": "2020-01-01T00:00:00Z"}, "bad field start_time"),
            (WINDOW | {"end_time": "soon"}, "bad field end_time"),
            (WINDOW | {"dry_run": "no"}, "bad field dry_run"),
            (WINDOW | {"dryrun": True}, "bad field dryrun: no such field; the nearest is 'dry_run'"),
        ):
            with self.subTest(part):
                answer = self.request(server, "POST", REPRICE, body)
                self.assertEqual(answer.status, 400, answer.body)
                self.assertIn(part, answer.json()["detail"])
        self.assertEqual(server.get(f"{REPRICE}/nobody").status, 404)
        self.assertEqual(server.get_json(REPRICE), {"repricings": []})


if __name__ == "__main__":
    cases.main()
