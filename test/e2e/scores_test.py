# SPDX-License-Identifier: Apache-2.0
"""Scores of runs, steps and sessions: given one by one or many at once, shown where their targets are,
kept over a restart and a retry, refused whole when one of them is bad."""

import http.client
import json
import secrets
from typing import Any

from support import cases
from support.senders import JSON, Fate, HttpSender
from support.server import TRACES, Answer, Server, wait_until

SCORES = "/api/v1/scores"
OBSERVABILITY = "/api/v1/observability"


RESULT = "gen_ai.evaluation.result"
WAIT_SECONDS = 20


def attributes(values: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = {str: "stringValue", float: "doubleValue"}
    return [{"key": key, "value": {kinds[type(value)]: value}} for key, value in values.items()]


class ScoresTest(cases.FaultTest):
    def request(self, server: Server, method: str, path: str, body: Any = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", server.ports["http"], timeout=30)
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json"})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def add(self, server: Server, body: Any) -> list[dict[str, Any]]:
        answer = self.request(server, "POST", SCORES, body)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json()["scores"]

    def scores(self, server: Server, **query: Any) -> list[dict[str, Any]]:
        return server.get_json(SCORES, **query)["scores"]

    def refused(self, server: Server, status: int, part: str, body: Any) -> None:
        answer = self.request(server, "POST", SCORES, body)
        self.assertEqual(answer.status, status, answer.body)
        self.assertIn(part, answer.json()["detail"])

    def run_of(self, server: Server) -> str:
        spans = cases.make_trace(2, **{"gen_ai.conversation.id": "talk"})
        sender = HttpSender(server)
        self.assertIs(sender.send(spans), Fate.ACKNOWLEDGED)
        sender.close()
        return spans[0].trace_id.hex()

    def test_scores_are_shown_where_they_belong_and_survive_a_restart(self) -> None:
        server = self.start_server()
        run, other = self.run_of(server), self.run_of(server)
        time = "2026-03-01T12:00:00.000000Z"
        [quality] = self.add(server, {"trace_id": run.upper(), "name": "quality", "value": 0.75,
                                      "comment": "good", "author": "ada", "source": "person", "timestamp": time})
        self.assertEqual((quality["value"], quality["trace_id"], quality["timestamp"]), (0.75, run, time))
        tone, safe, talk = self.add(server, [
            {"trace_id": run, "span_id": f"{2:016X}", "name": "tone", "value": "friendly"},
            {"execution_id": run, "name": "safe", "value": True},
            {"session_id": "talk", "name": "solved", "value": False},
        ])
        self.assertEqual((tone["span_id"], tone["value"], tone["source"]), (f"{2:016x}", "friendly", "api"))
        self.assertEqual((safe["trace_id"], safe["value"]), (run, True))
        self.assertEqual((talk["session_id"], talk["trace_id"], talk["value"]), ("talk", None, False))
        self.assertEqual(server.stop(), 0)
        server.start()
        shown = server.get_json(f"{TRACES}/{run}")["scores"]
        self.assertEqual({s["id"]: s for s in shown}, {s["id"]: s for s in (quality, tone, safe)})
        self.assertEqual(server.get_json(f"{TRACES}/{other}")["scores"], [])
        rows = server.get_json(f"{TRACES}/{run}/rows")
        self.assertEqual({s["id"] for s in rows["scores"]}, {s["id"] for s in shown})
        self.assertEqual(self.scores(server, session_id="talk"), [talk])
        [listed] = [t for t in server.list_traces()["traces"] if t["trace_id"] == run]
        self.assertEqual({s["name"] for s in listed["scores"]}, {"quality", "safe"}, "those of the whole run")
        answer = self.request(server, "DELETE", f"{SCORES}/{tone['id']}")
        self.assertEqual(answer.status, 200)
        self.assertEqual(self.request(server, "DELETE", f"{SCORES}/{tone['id']}").status, 404)
        self.assertEqual(len(self.scores(server, trace_id=run)), 2)

    def test_filters_and_pages(self) -> None:
        server = self.start_server()
        run = secrets.token_hex(16)  # Scores may come before their run.
        day = "2026-03-01T00:00:{:02}Z"
        self.add(server, [
            {"trace_id": run, "name": "n", "value": i, "timestamp": day.format(i), "author": "a" if i % 2 else "b"}
            for i in range(20)
        ])
        self.add(server, {"trace_id": run, "name": "c", "value": "red", "source": "person"})
        values = lambda **query: [s["value"] for s in self.scores(server, **query)]
        self.assertEqual(values(name="n", min="5", max="7"), [7, 6, 5])
        self.assertEqual(values(category="red"), ["red"])
        self.assertEqual(values(source="person"), ["red"])
        self.assertEqual(len(values(author="a")), 10)
        self.assertEqual(values(start_time=day.format(3), end_time=day.format(5)), [4, 3])
        self.assertEqual(values(name="n", span_id="f" * 16), [])
        found, cursor = [], ""
        while cursor is not None:
            page = server.get_json(SCORES, trace_id=run, limit=7, cursor=cursor)
            found += [s["value"] for s in page["scores"]]
            cursor = page["next_cursor"]
        self.assertEqual(found, ["red", *reversed(range(20))])

    def test_runs_are_listed_by_their_scores(self) -> None:
        server = self.start_server()
        runs = [self.run_of(server) for _ in range(5)]
        self.add(server, [{"trace_id": run, "name": "quality", "value": i / 4} for i, run in enumerate(runs)])
        self.add(server, {"trace_id": runs[1], "span_id": f"{2:016x}", "name": "tone", "value": "rude"})
        self.add(server, {"trace_id": runs[2], "name": "safe", "value": False})
        self.add(server, {"trace_id": "f" * 32, "name": "quality", "value": 1})  # Of a run that is not there.
        listed = lambda **query: [t["trace_id"] for t in server.list_traces(**query)["traces"]]
        self.assertEqual(listed(**{"min_score.quality": 0.5}), runs[:1:-1], "newest first")
        self.assertEqual(listed(**{"min_score.quality": 0.5, "max_score.quality": 0.5}), [runs[2]])
        self.assertEqual(listed(**{"score.quality": 0.25}), [runs[1]])
        self.assertEqual(listed(**{"score.tone": "rude"}), [runs[1]], "of a step")
        self.assertEqual(listed(**{"score.safe": "false"}), [runs[2]])
        self.assertEqual(listed(**{"score.safe": "true"}), [])
        self.assertEqual(listed(**{"score.tone": "rude", "min_score.quality": 0.5}), [])
        self.assertEqual(listed(**{"score.tone": "rude", "status": "failed"}), [], "with other filters")
        pages, cursor = [], ""
        while cursor is not None:
            page = server.get_json(TRACES, **{"min_score.quality": 0.25}, limit=3, cursor=cursor)
            pages.append([t["trace_id"] for t in page["traces"]])
            cursor = page["next_cursor"]
        self.assertEqual(pages, [runs[:1:-1], [runs[1]]])
        for parameter, value in (("min_score.quality", "high"), ("score.", "1")):
            answer = server.get(TRACES, **{parameter: value})
            self.assertEqual(answer.status, 400)
            self.assertIn(f"bad parameter {parameter}", answer.json()["detail"])

    def test_facets_histogram_and_steps_are_those_of_the_runs_that_are_listed(self) -> None:
        server = self.start_server()
        runs = []
        for _ in range(6):
            root, step = cases.make_trace(2, **{"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "judged"})
            step.attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup"}
            sender = HttpSender(server)
            self.assertIs(sender.send([root, step]), Fate.ACKNOWLEDGED)
            sender.close()
            runs.append(root.trace_id.hex())
        self.add(server, [{"trace_id": run, "name": "quality", "value": i / 4} for i, run in enumerate(runs)])
        self.add(server, {"trace_id": runs[1], "span_id": f"{2:016x}", "name": "tone", "value": "rude"})
        wait_until(lambda: server.list_traces()["total"] == len(runs), WAIT_SECONDS, "all runs")

        def check() -> None:
            for judged in (
                {"min_score.quality": 0.5}, {"score.tone": "rude"}, {"max_score.quality": 0.25, "score.tone": "rude"},
                {"score.quality": 77},
            ):
                with self.subTest(judged):
                    listed = {t["trace_id"] for t in server.list_traces(**judged)["traces"]}
                    [facet] = server.get_json(f"{OBSERVABILITY}/facets", fields="status", of="runs", **judged)["facets"]
                    self.assertEqual(sum(value["count"] for value in facet["values"]), len(listed))
                    buckets = server.get_json(f"{OBSERVABILITY}/histogram", of="runs", **judged)["buckets"]
                    self.assertEqual(sum(bucket["total"] for bucket in buckets), len(listed))
                    steps = server.get_json(f"{OBSERVABILITY}/spans", count="exact", **judged)
                    self.assertEqual({step["trace_id"] for step in steps["spans"]}, listed)
                    self.assertEqual(steps["total"], len(steps["spans"]))

        check()
        self.assertEqual(server.stop(), 0)
        server.start()
        check()
        for path, query in (("facets", {"fields": "status"}), ("histogram", {}), ("spans", {})):
            answer = server.get(f"{OBSERVABILITY}/{path}", **query, **{"min_score.quality": "high"})
            self.assertEqual(answer.status, 400)
            self.assertIn("bad parameter min_score.quality: ", answer.json()["detail"])

    def test_runs_are_summed_up_compared_and_searched_by_their_scores(self) -> None:
        server = self.start_server()
        runs = [[], []]
        for i in range(60):
            is_bad = i % 3 == 0
            root = {"gen_ai.agent.name": "judged", "service.version": "2" if is_bad else "1", "user.id": f"user {i}"}
            spans = cases.make_trace(2, **root)
            sender = HttpSender(server)
            self.assertIs(sender.send(spans), Fate.ACKNOWLEDGED)
            sender.close()
            runs[is_bad].append(spans[0].trace_id.hex())
        unjudged = self.run_of(server)
        wait_until(lambda: server.list_traces()["total"] == 61, WAIT_SECONDS, "all runs")
        self.add(server, [{"trace_id": run, "name": "verdict", "value": "bad"} for run in runs[True]])
        self.add(server, [{"trace_id": run, "name": "verdict", "value": "good"} for run in runs[False]])
        self.add(server, [{"trace_id": run, "name": "quality", "value": i / 40} for i, run in enumerate(runs[False])])
        self.add(server, [{"trace_id": run, "span_id": f"{2:016x}", "name": "step", "value": v}
                          for run in runs[True] for v in (0.0, 1.0)])
        for _ in range(2):
            self.check_sums_by_score(server)
            self.check_what_differs_by_score(server, set(runs[True]), unjudged)
            self.assertEqual(server.stop(), 0)
            server.start()

    def check_sums_by_score(self, server: Server) -> None:
        def groups(**query: Any) -> dict[str, tuple[int, float | None]]:
            found = server.get_json("/api/v1/observability/aggregate", **query)
            self.assertEqual(found["total_groups"], len(found["groups"]))
            return {"/".join(g["keys"].values()): (g["values"]["count"], g["mean_score"]) for g in found["groups"]}

        self.assertEqual(groups(by="score.verdict"), {"good": (40, None), "bad": (20, None)})
        self.assertEqual(groups(by="score.verdict,version"), {"good/1": (40, None), "bad/2": (20, None)})
        self.assertEqual(groups(by="score.verdict", version="2"), {"bad": (20, None)})
        quality = groups(by="score.quality")
        self.assertEqual({key: count for key, (count, _) in quality.items()},
                         {f"{i / 10:g} to {(i + 1) / 10:g}": 4 for i in range(10)})
        self.assertAlmostEqual(quality["0.2 to 0.3"][1], (8 + 9 + 10 + 11) / 4 / 40)
        self.assertEqual(groups(by="score.step"), {"0.5": (20, 0.5)}, "the mean of its steps")
        self.assertEqual(groups(by="score.nobody"), {})
        for query in ({"by": "score.verdict", "of": "steps"}, {"by": "score.a,score.b"}, {"by": "score."},
                      {"by": "score.verdict", "measure": "unpriced_calls"}):
            self.assertEqual(server.get("/api/v1/observability/aggregate", **query).status, 400, query)

    def check_what_differs_by_score(self, server: Server, bad: set[str], unjudged: str) -> None:
        path = "/api/v1/observability/differences"
        found = server.get_json(path, of="workflow_id=judged", selected="score.verdict=bad")
        self.assertEqual((found["searched_runs"], found["selected_runs"]), (60, 20))
        [first] = found["what_differs"]
        self.assertIn({"attribute": "version", "op": "=", "value": "2"}, first["conditions"] + first["also"])
        self.assertLess(set(first["sample_trace_ids"]), bad)
        by_version = server.get_json(path, of="workflow_id=judged", selected="version=2")["what_differs"]
        named = [c for d in by_version for c in d["conditions"] + d["also"]]
        self.assertIn({"attribute": "score.verdict", "op": "=", "value": "bad"}, named)
        compared = server.get_json("/api/v1/observability/compare", a="score.verdict=good", b="score.verdict=bad")
        self.assertEqual((compared["a"]["runs"], compared["b"]["runs"]), (40, 20))
        self.assertFalse(any(c["attribute"] == "score.verdict" for d in compared["more_in_b"] for c in d["conditions"]))
        everything = server.get_json(path, selected="min_score.quality=0.5")
        self.assertEqual((everything["searched_runs"], everything["selected_runs"]), (61, 20), unjudged)
        for query in ({}, {"selected": "q=text"}, {"selected": "color=red"}, {"of": "x=1", "selected": "version=1"}):
            self.assertEqual(server.get(path, **query).status, 400, query)

    def send_json(self, server: Server, path: str, body: Any) -> None:
        sender = HttpSender(server, JSON)
        answer = sender.post(json.dumps(body).encode(), path)
        sender.close()
        self.assertEqual((answer.status, answer.json()), (200, {}), answer.body)

    def send_evaluation(self, server: Server, at_ns: int, values: dict[str, Any], **ids: str) -> None:
        record = {"timeUnixNano": str(at_ns), "eventName": RESULT, "attributes": attributes(values), **ids}
        self.send_json(server, "/v1/logs", {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]})

    def await_scores(self, server: Server, count: int, **query: Any) -> list[dict[str, Any]]:
        wait_until(lambda: len(self.scores(server, **query)) >= count, WAIT_SECONDS, f"{count} scores")
        return self.scores(server, **query)

    def test_evaluation_events_become_scores_once(self) -> None:
        server = self.start_server()
        run, other = self.run_of(server), self.run_of(server)
        judged = {"gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": 0.75,
                  "gen_ai.evaluation.score.label": "relevant", "gen_ai.evaluation.explanation": "To the point. " * 40}
        for _ in range(3):  # As from a sender that lost its answers.
            self.send_evaluation(server, 1_900_000_000_000_000_000, judged, traceId=run, spanId=f"{2:016x}")
        tone = {"gen_ai.evaluation.name": "tone", "gen_ai.evaluation.score.label": "rude"}
        self.send_evaluation(server, 1_900_000_001_000_000_000, tone, traceId=run)
        quality = {"gen_ai.evaluation.name": "solved", "gen_ai.evaluation.score.value": 1.0,
                   "gen_ai.conversation.id": "talk"}
        self.send_evaluation(server, 1_900_000_002_000_000_000, quality)
        self.send_evaluation(server, 1, {"gen_ai.evaluation.name": "of nothing", "gen_ai.evaluation.score.value": 1.0})
        self.send_evaluation(server, 1, {"gen_ai.evaluation.name": "says nothing"}, traceId=run)
        solved, of_run, of_step = self.await_scores(server, 3)
        self.assertEqual((of_step["trace_id"], of_step["span_id"]), (run, f"{2:016x}"))
        self.assertEqual((of_step["name"], of_step["value"], of_step["label"]), ("relevance", 0.75, "relevant"))
        self.assertEqual(of_step["comment"], "To the point. " * 40)
        self.assertEqual((of_step["source"], of_step["timestamp"]), ("otlp", "2030-03-17T17:46:40.000000Z"))
        self.assertEqual((of_run["trace_id"], of_run["span_id"], of_run["value"]), (run, None, "rude"))
        self.assertEqual((solved["session_id"], solved["trace_id"]), ("talk", None))
        shown = server.get_json(f"{TRACES}/{run}")["scores"]
        self.assertEqual({s["id"] for s in shown}, {of_step["id"], of_run["id"]})
        listed = lambda **query: [t["trace_id"] for t in server.list_traces(**query)["traces"]]
        self.assertEqual(listed(**{"min_score.relevance": 0.7}), [run])
        self.assertEqual(listed(**{"score.relevance": "relevant"}), [run], "by its label")
        self.assertEqual(listed(**{"score.tone": "rude"}), [run])
        self.assertNotIn(other, listed(**{"score.tone": "rude"}))
        wait_until(lambda: server.losses()["score_without_target"] == 1, WAIT_SECONDS, "a counted loss")
        self.assertEqual(server.losses()["score_unusable"], 1)
        self.assertEqual(server.losses()["score_not_stored"], 0)

    def test_annotations_of_openinference_become_scores_once_for_each_target(self) -> None:
        server = self.start_server()
        trace = cases.new_trace_id().hex()
        values = {
            "openinference.span.kind": "CHAIN",
            "session.id": "talk",
            "annotations.0.annotation.name": "hallucination",
            "annotations.0.annotation.score": 0.25,
            "annotations.0.annotation.annotator_kind": "LLM",
            "annotations.0.annotation.identifier": "judge-v2",
            "annotations.1.annotation.name": "thumb",
            "annotations.1.annotation.label": "up",
            "annotations.1.annotation.annotator_kind": "HUMAN",
            "trace.annotations.0.annotation.name": "solved",
            "trace.annotations.0.annotation.score": 1.0,
            "session.evaluations.0.evaluation.name": "mood",
            "session.evaluations.0.evaluation.label": "good",
        }
        now = 1_900_000_000_000_000_000
        spans = [
            {"traceId": trace, "spanId": f"{i:016x}", "name": f"step {i}", "attributes": attributes(values),
             "startTimeUnixNano": str(now), "endTimeUnixNano": str(now + i)}
            for i in (1, 2)
        ]
        for _ in range(2):
            self.send_json(server, "/v1/traces", {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]})
        scores = self.await_scores(server, 6)
        self.assertEqual(
            sorted((s["name"], s["trace_id"] or s["session_id"], s["span_id"], s["value"], s["source"], s["author"])
                   for s in scores if s["name"] != "hallucination"),
            [("mood", "talk", None, "good", "otlp", None), ("solved", trace, None, 1.0, "otlp", None),
             ("thumb", trace, f"{1:016x}", "up", "person", None), ("thumb", trace, f"{2:016x}", "up", "person", None)],
        )
        judged = [s for s in scores if s["name"] == "hallucination"]
        self.assertEqual([(s["value"], s["source"], s["author"]) for s in judged], [(0.25, "llm", "judge-v2")] * 2)

    def test_scores_of_telemetry_survive_a_kill(self) -> None:
        server = self.start_server()
        run = self.run_of(server)
        values = {"gen_ai.evaluation.name": "quality", "gen_ai.evaluation.score.value": 0.5}
        for i in range(50):
            self.send_evaluation(server, 1_900_000_000_000_000_000 + i, values, traceId=run)
        server.kill()
        server.start()
        self.assertEqual(len(self.await_scores(server, 50, trace_id=run)), 50)

    def test_ingest_goes_on_while_scores_cannot_be_kept(self) -> None:
        server = self.new_server()
        server.data_dir.mkdir(parents=True)
        (server.data_dir / "metadata.db").write_bytes(b"no database" * 1000)
        server.start()
        run = self.run_of(server)
        values = {"gen_ai.evaluation.name": "quality", "gen_ai.evaluation.score.value": 0.5}
        self.send_evaluation(server, 1_900_000_000_000_000_000, values, traceId=run)
        wait_until(lambda: server.losses()["score_not_stored"] == 1, WAIT_SECONDS, "a counted loss")
        self.assertEqual(server.get_json(f"{TRACES}/{run}")["trace_id"], run)

    def test_a_number_may_have_a_label(self) -> None:
        server = self.start_server()
        score = {"trace_id": "a" * 32, "name": "n", "value": 0.9, "label": "good"}
        [kept] = self.add(server, score)
        self.assertEqual((kept["value"], kept["label"]), (0.9, "good"))
        [category] = self.add(server, {"trace_id": "a" * 32, "name": "c", "value": "red"})
        self.assertEqual(category["label"], "red")
        self.assertEqual(self.scores(server, category="good"), [kept])
        self.refused(server, 400, "bad field label", score | {"value": "red"})

    def test_one_with_the_same_id_takes_the_place_of_the_one_before(self) -> None:
        server = self.start_server()
        score = {"trace_id": "a" * 32, "name": "n", "value": 1, "id": "eval:7"}
        self.add(server, score)
        self.add(server, score | {"value": 2})
        self.assertEqual([s["value"] for s in self.scores(server)], [2])

    def test_bad_scores_are_refused_and_nothing_of_the_request_is_kept(self) -> None:
        server = self.start_server()
        good = {"trace_id": "a" * 32, "name": "n", "value": 1}
        for change, part in (
            ({"value": None}, "bad field value"),
            ({"value": [1]}, "bad field value"),
            ({"value": 1e16}, "bad field value"),
            ({"value": ""}, "bad field value"),
            ({"name": ""}, "bad field name"),
            ({"nmae": "x"}, "bad field nmae: no such field; the nearest is 'name'"),
            ({"trace_id": "xyz"}, "bad field trace_id"),
            ({"trace_id": "0" * 32}, "bad field trace_id"),
            ({"trace_id": None}, "one of trace_id, execution_id and session_id"),
            ({"session_id": "s"}, "one of trace_id, execution_id and session_id"),
            ({"span_id": "1"}, "bad field span_id"),
            ({"trace_id": None, "session_id": "s", "span_id": "1" * 16}, "bad field span_id"),
            ({"timestamp": "yesterday"}, "bad field timestamp"),
            ({"id": "a b"}, "bad field id"),
            ({"comment": "x" * 5001}, "bad field comment"),
        ):
            with self.subTest(part):
                self.refused(server, 400, part, good | change)
                self.refused(server, 400, part.replace("bad field ", "bad field [1]."), [good, good | change])
        self.refused(server, 400, "[1].id", [good | {"id": "x"}, good | {"id": "x"}])
        self.refused(server, 400, "1 to 1000", [])
        self.refused(server, 400, "1 to 1000", [good] * 1001)
        self.refused(server, 404, "nobody", good | {"trace_id": None, "execution_id": "nobody"})
        self.assertEqual(self.scores(server), [])


if __name__ == "__main__":
    cases.main()
