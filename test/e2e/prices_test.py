# SPDX-License-Identifier: Apache-2.0
"""Prices that people set: they change what calls cost from then on, survive a restart, are refused when
they are absurd, and are told to be out of use when their file is damaged."""

import http.client
import json
import secrets
import urllib.parse
from typing import Any

from support import cases, otlp
from support.senders import HttpSender
from support.server import TRACES, Answer, Server, check, run_command, wait_until

COSTS = "/api/v1/cost-tracking"
ALIAS = "/api/v1/cost"
MODEL = "house-model-7"


class PricesTest(cases.FaultTest):
    def request(self, server: Server, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=30)
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"} | headers)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def put(self, server: Server, price: dict[str, Any], model: str = MODEL, provider: str = "acme") -> Answer:
        path = f"{COSTS}/prices/{provider}/{urllib.parse.quote(model, safe='')}"
        return self.request(server, "PUT", path, price)

    def call(self, server: Server, model: str = MODEL, provider: str = "acme", **more: Any) -> str:
        """Sends a run with one call of 1,000 input and 100 output tokens; gives its id."""
        root, call = cases.make_trace(2)
        root.attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "pricing"}
        call.attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": model,
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 100,
        } | more
        sender = HttpSender(server)
        self.assertEqual(sender.post(otlp.traces_request([root, call])).status, 200)
        sender.close()
        return root.trace_id.hex()

    def cost_of(self, server: Server, trace_id: str) -> dict[str, Any]:
        """The call as its details show it."""
        return server.get_json(f"{TRACES}/{trace_id}/spans/{2:016x}")

    def summary(self, server: Server, calls: int) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            summary = server.get_json(f"{COSTS}/summary")
            return summary if summary["total_calls"] == calls else None

        return wait_until(found, 30, f"{calls} calls in the sums")

    def test_a_price_changes_what_later_calls_cost_and_survives_a_restart(self) -> None:
        server = self.start_server()
        before = self.call(server)
        summary = self.summary(server, 1)
        self.assertEqual((summary["total_cost"], summary["cost_status"]), (None, "unpriced"))
        self.assertEqual([(m["provider"], m["model"]) for m in summary["unpriced"]], [("acme", MODEL)])
        self.assertEqual(server.get_json(f"{COSTS}/prices", model=MODEL, provider="acme")["prices"], [])

        answer = self.put(server, {"effective_from": "2026-01-01", "prices": {"input": 2, "output": "10"}})
        self.assertEqual(answer.status, 200, answer.body)
        price = answer.json()
        self.assertEqual((price["source"], price["version"]), ("own", "1"))
        self.call(server)
        summary = self.summary(server, 2)
        self.assertEqual((summary["total_cost"], summary["cost_status"]), (0.003, "partial"))
        self.assertEqual(summary["unpriced"][0]["calls"], 1, "what was stored stays as it was")
        self.assertIsNone(self.cost_of(server, before)["cost"])

        self.assertEqual(server.stop(), 0)
        server.start()
        listed = server.get_json(f"{ALIAS}/prices", model=MODEL, provider="acme")["prices"]
        self.assertEqual(listed, [price])
        trace_id = self.call(server)
        self.assertEqual(self.summary(server, 3)["total_cost"], 0.006)
        span = self.cost_of(server, trace_id)
        self.assertEqual((span["cost"], span["cost_status"]), (0.003, "priced"))
        breakdown = span["cost_breakdown"]
        self.assertEqual((breakdown["rule"], breakdown["version"]), (price["rule"], "1"))
        self.assertEqual(
            breakdown["lines"],
            [
                {"kind": "input", "count": 1000, "unit_price": 2, "per": 1_000_000, "amount": 0.002},
                {"kind": "output", "count": 100, "unit_price": 10, "per": 1_000_000, "amount": 0.001},
            ],
        )

    def test_a_replaced_price_still_explains_the_costs_it_made(self) -> None:
        server = self.start_server()
        start = {"effective_from": "2026-01-01"}
        self.assertEqual(self.put(server, start | {"prices": {"input": 2, "output": 10}}).status, 200)
        old = self.call(server)
        answer = self.put(server, start | {"prices": {"input": 4, "output": 20}})
        self.assertEqual(answer.json()["version"], "2")
        new = self.call(server)
        self.assertEqual(self.request(server, "DELETE", f"{COSTS}/prices/acme/{MODEL}").json(), {"deleted": 1})
        again = self.request(server, "DELETE", f"{COSTS}/prices/acme/{MODEL}")
        self.assertEqual(again.status, 404)
        self.assertIsNone(self.cost_of(server, self.call(server))["cost"])
        for trace_id, version, cost in ((old, "1", 0.003), (new, "2", 0.006)):
            span = self.cost_of(server, trace_id)
            self.assertEqual((span["cost"], span["cost_breakdown"]["version"]), (cost, version))
            self.assertAlmostEqual(sum(line["amount"] for line in span["cost_breakdown"]["lines"]), cost, delta=1e-15)

    def test_terms_of_a_call_are_priced(self) -> None:
        server = self.start_server()
        price = {
            "effective_from": "2026-01-01",
            "prices": {"input": 2, "output": 10},
            "per_call": {"web_search": 0.01},
            "multipliers": {"service_tier": {"batch": 0.5}},
            "aliases": ["my deployment/1"],
        }
        self.assertEqual(self.put(server, price).status, 200)
        batch = {"openai.response.service_tier": "batch"}
        searched = {"gen_ai.usage.web_search_requests": 3}
        for model, more, cost, status in (
            ("my deployment/1", {}, 0.003, "priced"),
            (MODEL, batch, 0.0015, "priced"),
            (MODEL, searched, 0.033, "priced"),
            (MODEL, batch | searched, 0.0315, "priced"),
            (MODEL, {"openai.response.service_tier": "flex"}, 0.003, "partial"),
        ):
            with self.subTest(f"{model} {more}"):
                span = self.cost_of(server, self.call(server, model, **more))
                self.assertEqual((span["cost"], span["cost_status"]), (cost, status))
        self.assertEqual(span["cost_breakdown"]["missing"], "service tier")
        # Searches of a model whose price names none are not free.
        span = self.cost_of(server, self.call(server, "gpt-4o", "openai", **searched))
        self.assertEqual((span["cost"], span["cost_status"]), (0.0335, "priced"))
        span = self.cost_of(server, self.call(server, "gemini-2.5-flash", "gcp.gemini", **searched))
        self.assertEqual((span["cost_status"], span["cost_breakdown"]["missing"]), ("partial", "web searches"))

    def test_a_step_of_a_tool_costs_the_fee_of_the_tool(self) -> None:
        server = self.start_server()

        def use(tool: str) -> str:
            root, step = cases.make_trace(2)
            root.attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "scout"}
            step.attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool}
            sender = HttpSender(server)
            self.assertEqual(sender.post(otlp.traces_request([root, step])).status, 200)
            sender.close()
            return root.trace_id.hex()

        before = self.cost_of(server, use("paid_search"))
        self.assertEqual((before["cost"], before["cost_status"], before["cost_breakdown"]), (None, None, None))
        fee = {"effective_from": "2026-01-01", "per_call": {"request": 0.008}}
        answer = self.put(server, fee, "paid_search", "tool")
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(server.stop(), 0)
        server.start()
        paid = use("Paid_Search")
        span = self.cost_of(server, paid)
        self.assertEqual((span["cost"], span["cost_status"], span["counted"]), (0.008, "priced", True))
        breakdown = span["cost_breakdown"]
        self.assertEqual((breakdown["rule"], breakdown["version"]), (answer.json()["rule"], "1"))
        line = {"kind": "request", "count": 1, "unit_price": 0.008, "per": 1, "amount": 0.008}
        self.assertEqual((breakdown["lines"], breakdown["missing"]), ([line], None))
        trace = server.get_json(f"{TRACES}/{paid}")
        self.assertEqual((trace["cost"], trace["cost_status"]), (0.008, "priced"))
        free = self.cost_of(server, use("calculator"))
        self.assertEqual((free["cost"], free["cost_status"]), (None, None), "a tool without a price is not unpriced")

        def summed() -> dict[str, Any] | None:
            summary = server.get_json(f"{COSTS}/summary")
            return summary if summary["total_cost"] == 0.008 else None

        summary = wait_until(summed, 30, "the fee in the sums")
        self.assertEqual((summary["cost_status"], summary["unpriced_calls"]), ("priced", 0))
        self.assertEqual(list(summary["by_tool"]), ["Paid_Search"])
        self.assertEqual(summary["by_tool"]["Paid_Search"]["calls"], 1)
        [call] = [call for call in server.get_json(f"{COSTS}/api-calls") if call["tool"] == "Paid_Search"]
        self.assertEqual((call["cost"], call["model"]), (0.008, None))
        refused = self.put(server, fee | {"prices": {"input": 1}}, "paid_search", "tool")
        self.assertIn("bad field prices.input: ", refused.json()["detail"])

    def test_absurd_and_overlapping_prices_are_refused_and_name_the_field(self) -> None:
        server = self.start_server()
        good = {"prices": {"input": 1}, "effective_from": "2026-03-01", "effective_until": "2026-04-01"}
        self.assertEqual(self.put(server, good).status, 200)
        for change, field in (
            ({"prices": {}}, "prices"),
            ({"prices": {"input": -1}}, "prices.input"),
            ({"prices": {"output": 1e9}}, "prices.output"),
            ({"prices": {"inputs": 1}}, "prices.inputs"),
            ({"effective_from": "someday"}, "effective_from"),
            ({"effective_from": "2026-04-02"}, "effective_until"),
            ({"effective_from": "2026-03-15", "effective_until": "2026-03-20"}, "effective_from"),
            ({"effective_from": "2026-02-01", "effective_until": "2026-03-02"}, "effective_until"),
            ({"aliases": [""]}, "aliases"),
            ({"unit": "token"}, "unit"),
        ):
            with self.subTest(field):
                answer = self.put(server, good | change)
                self.assertEqual(answer.status, 400)
                self.assertTrue(answer.json()["detail"].startswith(f"bad field {field}: "), answer.body)
        answer = self.put(server, {"prices": {"input": 1}, "aliases": [MODEL]}, "other")
        self.assertIn("bad field aliases: ", answer.json()["detail"])
        self.assertEqual(self.request(server, "PUT", f"{COSTS}/prices/acme/{MODEL}", [1]).status, 400)
        text = {"Content-Type": "text/plain"}
        self.assertEqual(self.request(server, "PUT", f"{COSTS}/prices/acme/{MODEL}", good, **text).status, 415)
        foreign = {"Origin": "https://elsewhere.example"}
        self.assertEqual(self.request(server, "PUT", f"{COSTS}/prices/acme/{MODEL}", good, **foreign).status, 403)
        self.assertEqual(len(server.get_json(f"{COSTS}/prices", provider="acme")["prices"]), 1)

    def test_a_file_of_litellm_is_imported_after_a_dry_run(self) -> None:
        server = self.start_server()
        file = {
            "sample_spec": {"input_cost_per_token": 0},
            f"acme/{MODEL}": {"litellm_provider": "acme", "input_cost_per_token": 2e-6, "output_cost_per_token": 1e-5},
            "dall-e": {"litellm_provider": "openai", "output_cost_per_image": 0.04},
        }
        where = f"{COSTS}/prices/import?effective_from=2026-01-01T00:00:00Z"
        plan = self.request(server, "POST", where, file).json()
        self.assertEqual((plan["dry_run"], plan["added"], plan["skipped"]), (True, 1, 1))
        self.assertEqual(plan["left_out"], [{"model": "dall-e", "reason": "no price per token"}])
        self.assertEqual(server.get_json(f"{COSTS}/prices", provider="acme")["total"], 0)
        done = self.request(server, "POST", f"{where}&dry_run=false", file).json()
        self.assertEqual(done | {"dry_run": True}, plan)
        self.assertEqual(self.cost_of(server, self.call(server))["cost"], 0.003)
        again = self.request(server, "POST", f"{where}&dry_run=false", file).json()
        self.assertEqual((again["added"], again["changed"], again["unchanged"]), (0, 0, 1))
        file[f"acme/{MODEL}"]["input_cost_per_token"] = 3e-6
        changed = self.request(server, "POST", f"{where}&dry_run=false", file).json()
        self.assertEqual((changed["added"], changed["changed"]), (0, 1))
        price = server.get_json(f"{COSTS}/prices", provider="acme")["prices"][0]
        self.assertEqual((price["source"], price["prices"]["input"]), ("litellm", 3))

    def test_the_list_has_every_price_once(self) -> None:
        server = self.start_server()
        self.assertEqual(self.put(server, {"prices": {"input": 1}, "effective_from": "2026-01-01"}).status, 200)
        whole, cursor = [], ""
        while cursor is not None:
            page = server.get_json(f"{COSTS}/prices", limit=300, cursor=cursor)
            whole += page["prices"]
            cursor = page["next_cursor"]
        self.assertEqual(len(whole), page["total"])
        self.assertGreater(len(whole), 1500)
        places = [(p["provider"], p["model"], p["rule"]) for p in whole]
        self.assertEqual(len(set(places)), len(places))
        self.assertIn(("acme", MODEL), [(p["provider"], p["model"]) for p in whole])
        found = server.get_json(f"{COSTS}/prices", model="gpt-4o-2024-08-06", provider="azure")["prices"]
        self.assertEqual([p["source"] for p in found], ["built-in"])

    def test_a_damaged_store_is_told_and_does_not_stop_the_server(self) -> None:
        server = self.start_server()
        self.assertEqual(self.put(server, {"prices": {"input": 2}, "effective_from": "2026-01-01"}).status, 200)
        self.assertEqual(server.stop(), 0)
        file = server.data_dir / "metadata.db"
        self.assertEqual(check(server.data_dir)[0], True)
        damaged = bytearray(file.read_bytes())
        damaged[4096:] = secrets.token_bytes(len(damaged) - 4096)
        file.write_bytes(damaged)
        is_clean, text = check(server.data_dir)
        self.assertFalse(is_clean)
        self.assertIn("metadata store", text)
        server.start()
        ready = server.get("/readyz")
        self.assertEqual(ready.status, 200)
        self.assertIn("metadata.db", ready.json()["detail"])
        answer = self.put(server, {"prices": {"input": 2}})
        self.assertEqual(answer.status, 503)
        self.assertIn("restore", answer.json()["detail"])
        self.assertEqual(self.request(server, "DELETE", f"{COSTS}/prices/acme/{MODEL}").status, 503)
        self.assertIsNone(self.cost_of(server, self.call(server))["cost"])
        self.assertEqual(server.stop(), 0)
        self.assertEqual(file.read_bytes(), bytes(damaged), "left as it is")
        file.unlink()
        server.start()
        self.assertEqual(self.put(server, {"prices": {"input": 2}}).status, 200)

    def test_a_newer_store_is_refused_in_one_sentence(self) -> None:
        server = self.start_server()
        self.assertEqual(server.stop(), 0)
        file = server.data_dir / "metadata.db"
        content = bytearray(file.read_bytes())
        content[60:64] = (99).to_bytes(4, "big")
        file.write_bytes(content)
        for command in ("serve", "check"):
            ports = ["--port=0", "--otlp-grpc-port=0", "--otlp-http-port=0"]
            done = run_command(command, "--data-dir", str(server.data_dir), *ports)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn("newer version of Sightline (metadata version 99", done.stderr)
        self.assertEqual(file.read_bytes(), bytes(content))


if __name__ == "__main__":
    cases.main()
