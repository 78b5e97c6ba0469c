# SPDX-License-Identifier: Apache-2.0
"""Two versions of a workflow, planted: which is slower, dearer and fails more is told, and nothing else."""

from typing import Any

from support import cases, otlp
from support.senders import HttpSender
from support.server import Server, wait_until

SECOND = 1_000_000_000
API = "/api/v1/observability"
ANALYTICS = "/api/v1/enhanced-monitoring/analytics"


class VersionsTest(cases.FaultTest):
    def run_of(self, workflow: str, seconds: float, cost: float, **root: Any) -> list[otlp.Span]:
        """An agent and the call that it makes, with prompt 1 of version 1.4.0 and prompt 2 of others."""
        agent, call = cases.make_trace(2)
        start = agent.start_ns - 100 * SECOND
        agent.name, agent.start_ns, agent.end_ns = "invoke_agent", start, start + int(seconds * SECOND)
        agent.attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": workflow} | root
        call.name, call.start_ns, call.end_ns = "chat m", start, start + int(seconds * SECOND / 2)
        call.attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "m",
            "gen_ai.usage.input_tokens": 100,
            "gen_ai.usage.output_tokens": 10,
            "gen_ai.usage.cost": cost,
            "gen_ai.prompt.name": "answer",
            "gen_ai.prompt.version": "1" if root.get("service.version") == "1.4.0" else "2",
        }
        return [agent, call]

    def plant(self, server: Server) -> int:
        runs = []
        for i in range(40):
            old = self.run_of("shop", 10 + i % 5, 0.010 + i % 3 / 1000, **{"service.version": "1.4.0"})
            new = self.run_of("shop", 20 + i % 5, 0.030 + i % 3 / 1000, **{"service.version": "1.5.0"})
            old[0].attributes |= {"tag.tags": ["blue", "all"], "deployment.environment.name": "production"}
            new[0].attributes |= {"tag.tags": ["green", "all"], "deployment.environment.name": "production"}
            if i % 2:
                new[0].attributes |= {"error.type": "TimeoutError"}
            runs += [old, new]
        for i in range(150):
            for version in ("7", "8"):
                runs.append(self.run_of("calm", 10 + i % 5, 0.01, **{"langfuse.release": version}))
        for version in ("a", "b"):
            runs += [self.run_of("rare", 10 + i, 0.01, **{"service.version": version}) for i in range(3)]
        sender = HttpSender(server)
        for at in range(0, len(runs), 50):
            spans = [span for run in runs[at : at + 50] for span in run]
            self.assertEqual(sender.post(otlp.traces_request(spans)).status, 200)
        sender.close()
        wait_until(lambda: server.list_traces()["total"] == len(runs), 30, "runs in the list")
        return len(runs)

    def test_tells_which_version_differs_before_and_after_a_restart(self) -> None:
        server = self.start_server()
        total = self.plant(server)
        self.check_lists(server, total)
        self.check_sums(server)
        self.check_comparisons(server)
        self.check_what_differs(server)
        self.assertEqual(server.stop(), 0)
        server.start()
        self.check_lists(server, total)
        self.check_sums(server)
        self.check_comparisons(server)
        self.check_what_differs(server)

    def check_lists(self, server: Server, total: int) -> None:
        def count(**query: Any) -> int:
            return server.list_traces(**query)["total"]

        self.assertEqual(count(), total)
        self.assertEqual(count(version="1.5.0"), 40)
        self.assertEqual(count(version="1.5"), 0)
        self.assertEqual(count(version="7"), 150)
        self.assertEqual(count(tag="green"), 40)
        self.assertEqual(count(tag="all"), 80)
        self.assertEqual(count(tag="all", version="1.4.0"), 40)
        self.assertEqual(count(environment="production"), 80)
        self.assertEqual(count(prompt_version="answer@1"), 40)
        self.assertEqual(count(q="GREEN"), 40)
        run = server.list_traces(version="1.5.0", limit=1)["traces"][0]
        labels = {key: run[key] for key in ("version", "environment", "tags", "prompt_versions")}
        expected = {
            "version": "1.5.0",
            "environment": "production",
            "tags": ["green", "all"],
            "prompt_versions": ["answer@2"],
        }
        self.assertEqual(labels, expected)
        whole = server.get_json(f"{API}/traces/{run['trace_id']}")
        self.assertEqual(whole | expected, whole, "the run by itself says the same")

    def check_sums(self, server: Server) -> None:
        def sums(**query: Any) -> dict[str, Any]:
            groups = server.get_json(f"{API}/aggregate", **query)["groups"]
            return {"/".join(group["keys"].values()): group["values"] for group in groups}

        by_version = sums(by="version", workflow_id="shop", measure="count,failed")
        self.assertEqual(by_version, {"1.4.0": {"count": 40, "failed": 0}, "1.5.0": {"count": 40, "failed": 20}})
        by_tag = sums(by="tag,environment", workflow_id="shop", measure="count")
        self.assertEqual({key: value["count"] for key, value in by_tag.items()},
                         {"all/production": 80, "blue/production": 40, "green/production": 40})
        calls = sums(of="steps", by="prompt_version", tag="all", kind="llm", measure="count")
        self.assertEqual({key: value["count"] for key, value in calls.items()}, {"answer@1": 40, "answer@2": 40})
        facets = server.get_json(f"{API}/facets", fields="version,tag,prompt_version,environment")["facets"]
        counts = {facet["field"]: {v["value"]: v["count"] for v in facet["values"]} for facet in facets}
        self.assertEqual(counts["version"], {"1.4.0": 40, "1.5.0": 40, "7": 150, "8": 150, "a": 3, "b": 3})
        self.assertEqual(counts["tag"], {"": 306, "all": 80, "blue": 40, "green": 40})
        self.assertEqual(counts["prompt_version"], {"answer@1": 40, "answer@2": 346})
        self.assertEqual(counts["environment"], {"": 306, "production": 80})

    def verdicts(self, server: Server, a: str, b: str) -> tuple[list[str], dict[str, Any]]:
        found = server.get_json(f"{API}/compare", a=a, b=b)
        figures = [found["figures"][name]["verdict"] for name in ("duration", "cost", "total_tokens")]
        return figures + [found["failure_rate"]["verdict"]], found

    def check_comparisons(self, server: Server) -> None:
        worse = ["higher", "higher", "no_change", "higher"]
        for key, a, b in (
            ("version", "1.4.0", "1.5.0"),
            ("tag", "blue", "green"),
            ("prompt_version", "answer%401", "answer%402"),
        ):
            verdicts, found = self.verdicts(server, f"workflow_id=shop&{key}={a}", f"workflow_id=shop&{key}={b}")
            self.assertEqual(verdicts, worse, key)
            self.assertEqual((found["a"]["runs"], found["b"]["runs"]), (40, 40))
            named = {c["attribute"] for d in found["more_in_b"] for c in d["conditions"] + d["also"]}
            self.assertFalse(any(name.split(".")[0] == key for name in named), "what is asked for is no finding")
        verdicts, _ = self.verdicts(server, "workflow_id=calm&version=7", "workflow_id=calm&version=8")
        self.assertEqual(verdicts, ["no_change"] * 4)
        verdicts, _ = self.verdicts(server, "workflow_id=rare&version=a", "workflow_id=rare&version=b")
        self.assertEqual(verdicts, ["not_enough_data"] * 4)

    def check_what_differs(self, server: Server) -> None:
        failures = server.get_json(f"{ANALYTICS}/failure-analysis/shop")
        [group] = failures["groups"]
        self.assertEqual((group["versions"], sum(group["course"]), len(group["course"])), ({"1.5.0": 20}, 20, 24))
        self.assertEqual((group["state"], group["trend"]), ("unknown", "steady"), "nothing is known of before")
        found = failures["what_differs"]
        named = [c for d in found for c in d["conditions"] + d["also"]]
        self.assertIn({"attribute": "version", "op": "=", "value": "1.5.0"}, named)
        calm = server.get_json(f"{ANALYTICS}/failure-analysis/calm")["what_differs"]
        self.assertEqual(calm, [])


if __name__ == "__main__":
    cases.main()
