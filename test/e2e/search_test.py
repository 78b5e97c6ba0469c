# SPDX-License-Identifier: Apache-2.0
"""Every filter of the trace list and the search over message content, while spans are in the head and
after they were sealed."""

import datetime
import json
import time
from typing import Any

from support import cases, otlp
from support.senders import Fate, HttpSender
from support.server import Server, wait_until

SECOND = 1_000_000_000
LONG = "and a tail that makes the text longer than what is kept inside a row. " * 8

# Name, text that is said, and what a user types to find it.
SAYINGS = (
    ("Chinese", "帮我查一下明天北京到上海的高铁", ("北京", "明天北京到上海", "高铁")),
    ("Arabic", "أين طلبي رقم ٤٢؟ لم يصل بعد", ("طلبي", "رقم ٤٢", "لم يصل")),
    ("Hebrew", "איפה ההזמנה שלי", ("ההזמנה",)),
    ("emoji", "deploy went 🚀 and then 👩‍💻 fixed it 🇫🇷", ("🚀", "👩‍💻", "🇫🇷", "then 👩‍💻")),
    ("mixed case", "The INVOICE for Straße nr. Five", ("invoice", "INVOICE for", "straße", "NR. five")),
    ("Greek", "Πού είναι η ΠΑΡΑΓΓΕΛΙΑ μου", ("παραγγελια", "πού ΕΊΝΑΙ")),
    ("Cyrillic", "Где мой ЗАКАЗ", ("заказ", "МОЙ")),
    ("accents", "Où est ma commande, s'il vous plaît ?", ("plaît", "OÙ EST")),
    ("escapes", 'C:\\temp\\new "quoted"\nsecond line\ttab', ('\\temp\\', '"quoted"', "second line\ttab")),
    ("percent and wildcards", "100% of _all_ *stars* [x]", ("100%", "_all_", "*stars*", "[x]")),
)


def iso(time_ns: int) -> str:
    moment = datetime.datetime.fromtimestamp(time_ns // SECOND, datetime.timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{time_ns % SECOND:09d}Z"


class StoreCase(cases.FaultTest):
    """Asks the same questions of the head and of the day folders."""

    def start_unsealed(self) -> Server:
        return self.start_server(seal_seconds=3600)

    def send(self, server: Server, spans: list[otlp.Span], **resource: Any) -> bytes:
        sender = HttpSender(server)
        body = otlp.traces_request(spans, {"service.name": "faults"} | resource)
        self.assertEqual(sender.post(body).status, 200)
        sender.close()
        return spans[0].trace_id

    def seal(self, server: Server) -> None:
        """A stop seals everything."""
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(server.metrics()["sightline_store_unsealed_rows"], 0)

    def in_head_and_sealed(self, server: Server, ask: Any) -> None:
        self.assertGreater(server.metrics()["sightline_store_unsealed_rows"], 0)
        for place in ("head", "sealed"):
            if place == "sealed":
                self.seal(server)
            with self.subTest(place=place):
                ask()

    def found(self, server: Server, **query: Any) -> set[str]:
        answer = server.list_traces(**query)
        ids = [trace["trace_id"] for trace in answer["traces"]]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(answer["total"], len(ids), query)
        return set(ids)


class TextSearchTest(StoreCase):
    def check_sayings(self, server: Server, ids: dict[str, bytes], **more: str) -> None:
        for name, _, needles in SAYINGS:
            for needle in needles:
                with self.subTest(text=name, q=needle):
                    self.assertIn(ids[name].hex(), self.found(server, q=needle, **more))
        self.assertEqual(self.found(server, q="never said by anyone"), set())

    def check_placed(self, attributes_of: Any) -> None:
        """One trace a saying, placed as `attributes_of(text)` says."""
        server = self.start_unsealed()
        ids = {
            name: self.send(server, cases.make_trace(2, **attributes_of(text)))
            for name, text, _ in SAYINGS
        }
        self.in_head_and_sealed(server, lambda: self.check_sayings(server, ids))

    def test_finds_a_message(self) -> None:
        self.check_placed(
            lambda text: {
                "gen_ai.operation.name": "chat",
                "gen_ai.input.messages": json.dumps(
                    [{"role": "user", "parts": [{"type": "text", "content": text}]}],
                    ensure_ascii=False,
                ),
            }
        )

    def test_finds_a_message_with_escaped_characters(self) -> None:
        self.check_placed(
            lambda text: {
                "gen_ai.output.messages": json.dumps(
                    [{"role": "assistant", "parts": [{"type": "text", "content": text + LONG}]}]
                )
            }
        )

    def test_finds_plain_text(self) -> None:
        self.check_placed(lambda text: {"input.value": text})

    def test_finds_a_short_member_beside_a_long_one(self) -> None:
        """Members of an object are stored apart, and short ones inside the row."""
        self.check_placed(
            lambda text: {
                "gen_ai.tool.call.arguments": json.dumps(
                    {"q": text[:12], "w": text[12:], "all": text, "context": LONG},
                    ensure_ascii=False,
                )
            }
        )

    def test_finds_a_short_answer(self) -> None:
        server = self.start_unsealed()
        answer = json.dumps({"city": "北京", "note": LONG}, ensure_ascii=False)
        wanted = self.send(
            server, cases.make_trace(1, **{"gen_ai.tool.call.result": answer})
        )
        self.send(server, cases.make_trace(1, **{"gen_ai.tool.call.result": json.dumps({"n": LONG})}))
        self.in_head_and_sealed(
            server, lambda: self.assertEqual(self.found(server, q="北京"), {wanted.hex()})
        )

    def test_finds_text_of_a_structured_attribute(self) -> None:
        self.check_placed(lambda text: {"gen_ai.input.messages": [{"role": "user", "content": text}]})

    def test_a_text_that_two_traces_share_finds_both(self) -> None:
        server = self.start_unsealed()
        text = "the same question, asked twice, word for word"
        ids = {self.send(server, cases.make_trace(1, **{"input.value": text})).hex() for _ in "ab"}
        self.in_head_and_sealed(
            server, lambda: self.assertEqual(self.found(server, q="ASKED TWICE"), ids)
        )

    def test_finds_in_head_and_day_folder_at_once(self) -> None:
        server = self.start_unsealed()
        old = self.send(server, cases.make_trace(1, **{"input.value": "needle before the seal"}))
        self.seal(server)
        new = self.send(server, cases.make_trace(1, **{"input.value": "needle after the seal"}))
        self.assertEqual(self.found(server, q="needle"), {old.hex(), new.hex()})

    def test_a_text_and_a_filter_must_both_match(self) -> None:
        server = self.start_unsealed()
        one = cases.make_trace(1, **{"input.value": "needle in this one", "session.id": "s1"})
        two = cases.make_trace(1, **{"input.value": "needle in that one", "session.id": "s2"})
        self.send(server, one)
        wanted = self.send(server, two)
        self.in_head_and_sealed(
            server,
            lambda: self.assertEqual(self.found(server, q="needle", session_id="s2"), {wanted.hex()}),
        )


    def test_says_where_it_stopped_when_very_many_runs_match(self) -> None:
        server = self.start_unsealed()
        for first in range(0, 15_000, 1_000):
            spans = [
                span
                for i in range(first, first + 1_000)
                for span in cases.make_trace(1, **{"input.value": f"the usual question, number {i}"})
            ]
            self.send(server, spans)
        self.seal(server)
        today = f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}"
        answer = server.list_traces(q="usual question", limit=10)
        self.assertEqual(len(answer["traces"]), 10)
        self.assertIsNone(answer["total"])
        self.assertGreaterEqual(answer["total_at_least"], 10)
        self.assertFalse(answer["search"]["is_complete"])
        self.assertLessEqual(answer["search"]["stopped_in"], today)
        rare = server.list_traces(q="usual question, number 14999")
        self.assertEqual((rare["total"], rare["search"]), (1, {"is_complete": True, "stopped_in": None}))
        self.assertNotIn("search", server.list_traces(limit=1))


class FilterTest(StoreCase):
    def run_of(self, name: str, start_ns: int, seconds: float, **more: Any) -> list[otlp.Span]:
        """A workflow run with a model call in it."""
        trace_id = cases.new_trace_id()
        end_ns = start_ns + int(seconds * SECOND)
        has_error = more.pop("has_error", False)
        child_error = more.pop("child_error", False)
        root = otlp.Span(
            trace_id, b"\0" * 7 + b"\1", f"invoke_agent {name}", b"", start_ns, end_ns,
            {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name} | more,
            has_error,
        )
        call = otlp.Span(
            trace_id, b"\0" * 7 + b"\2", "chat", root.span_id, start_ns, end_ns,
            {
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai",
                "gen_ai.request.model": f"model-{name}",
                "gen_ai.response.model": f"model-{name}-2026",
            },
            child_error,
        )
        return [root, call]

    def test_every_filter_picks_the_right_runs(self) -> None:
        server = self.start_unsealed()
        base = time.time_ns() - 3600 * SECOND
        at = lambda minutes: base + minutes * 60 * SECOND
        runs = {
            "planner": self.run_of("planner", at(0), 10, **{"session.id": "s-1", "user.id": "u-1"}),
            "writer": self.run_of("writer", at(10), 0.25, has_error=True, **{"session.id": "s-2"}),
            "critic": self.run_of("critic", at(20), 60, child_error=True, **{"user.id": "u-2"}),
            "写手": self.run_of("写手", at(30), 2, **{"session.id": "s-1"}),
        }
        orphan = cases.make_trace(2)[1:]  # Its root has not come: it is running.
        ids = {name: self.send(server, spans).hex() for name, spans in runs.items()}
        ids["orphan"] = self.send(server, orphan).hex()
        everything = set(ids)
        questions: list[tuple[dict[str, Any], set[str]]] = [
            ({}, everything),
            ({"workflow_id": "planner"}, {"planner"}),
            ({"workflow_id": "写手"}, {"写手"}),
            ({"workflow_id": "plan"}, set()),
            ({"execution_id": ids["critic"]}, {"critic"}),
            ({"execution_id": "no-such-run"}, set()),
            ({"status": "completed"}, {"planner", "critic", "写手"}),
            ({"status": "failed"}, {"writer"}),
            ({"status": "running"}, {"orphan"}),
            ({"status": "cancelled"}, set()),
            ({"status": "abandoned"}, set()),
            ({"agent": "critic"}, {"critic"}),
            ({"agent": "crit"}, set()),
            ({"session_id": "s-1"}, {"planner", "写手"}),
            ({"user_id": "u-2"}, {"critic"}),
            ({"model": "model-planner"}, {"planner"}),
            ({"model": "model-planner-2026"}, {"planner"}),
            ({"model": "model-%"}, set()),
            ({"min_duration": 2}, {"planner", "critic", "写手"}),
            ({"min_duration": 2.001}, {"planner", "critic"}),
            ({"max_duration": 0.25}, {"writer", "orphan"}),
            ({"min_duration": 1, "max_duration": 10}, {"planner", "写手"}),
            ({"has_error": "true"}, {"writer", "critic"}),
            ({"has_error": "false"}, {"planner", "写手", "orphan"}),
            ({"start_time": iso(at(10))}, everything - {"planner"}),
            ({"end_time": iso(at(10))}, {"planner"}),
            ({"start_time": iso(at(10)), "end_time": iso(at(30))}, {"writer", "critic"}),
            ({"start_time": iso(at(10)).replace("Z", "+00:00"), "end_time": iso(at(11))}, {"writer"}),
            ({"session_id": "s-1", "min_duration": 5}, {"planner"}),
        ]

        def ask() -> None:
            for query, expected in questions:
                with self.subTest(query=query):
                    self.assertEqual(self.found(server, **query), {ids[name] for name in expected})

        self.in_head_and_sealed(server, ask)

    def test_an_execution_id_of_the_sender_finds_its_run(self) -> None:
        server = self.start_unsealed()
        wanted = self.send(server, cases.make_trace(1, **{"langgraph.run_id": "r-0"})).hex()
        spans = cases.make_trace(2, **{"execution.id": "run/42"})
        wanted = self.send(server, spans).hex()

        def ask() -> None:
            execution = server.list_traces(execution_id="run/42")
            if execution["total"]:
                self.assertEqual([t["trace_id"] for t in execution["traces"]], [wanted])

        self.in_head_and_sealed(server, ask)

    def test_pages_hold_every_trace_once_in_order(self) -> None:
        server = self.start_unsealed()
        base = time.time_ns() - 1000 * SECOND
        expected = []
        for i in range(25):
            # Some start in the same nanosecond: the id decides.
            spans = self.run_of("pager", base + i // 3 * SECOND, 1)
            expected.append((spans[0].start_ns, self.send(server, spans).hex()))
        expected.sort(reverse=True)

        def ask() -> None:
            for limit in (1, 7, 25, 1000):
                self.assertEqual(self.pages(server, limit), [trace_id for _, trace_id in expected])

        self.in_head_and_sealed(server, ask)

    def pages(self, server: Server, limit: int) -> list[str]:
        ids: list[str] = []
        query: dict[str, Any] = {"limit": limit, "workflow_id": "pager"}
        while True:
            page = server.list_traces(**query)
            self.assertEqual(page["total"], 25)
            self.assertLessEqual(len(page["traces"]), limit)
            ids += [trace["trace_id"] for trace in page["traces"]]
            if page["next_cursor"] is None:
                return ids
            query["cursor"] = page["next_cursor"]

    def test_a_bad_parameter_is_named(self) -> None:
        server = self.start_unsealed()
        for name, value in (
            ("status", "done"), ("limit", "0"), ("limit", "1001"), ("limit", "x"), ("cursor", "zz"),
            ("min_duration", "-1"), ("max_duration", "nan"), ("has_error", "maybe"),
            ("start_time", "yesterday"), ("end_time", "2026-13-01T00:00:00Z"),
        ):  # fmt: skip
            with self.subTest(name=name, value=value):
                answer = server.get("/api/v1/observability/traces", **{name: value})
                self.assertEqual(answer.status, 400)
                self.assertIn(name, answer.json()["detail"])


class NameSearchTest(StoreCase):
    def test_runs_are_found_by_names_and_ids(self) -> None:
        server = self.start_unsealed()
        spans = cases.make_trace(
            2,
            **{
                "gen_ai.operation.name": "invoke_agent",
                "gen_ai.agent.name": "Code-Fixer",
                "gen_ai.conversation.id": "session-4711",
                "user.id": "dana@example.test",
            },
        )
        found = self.send(server, spans, **{"service.name": "hello-python"}).hex()
        self.send(server, cases.make_trace(1))

        def ask() -> None:
            for text in ("hello-python", "HELLO", "code-fixer", "session-4711", "dana@example", found):
                with self.subTest(text=text):
                    self.assertEqual([t["trace_id"] for t in server.list_traces(q=text)["traces"]], [found])
            self.assertEqual(server.list_traces(q="nobody-is-called-so")["traces"], [])

        self.in_head_and_sealed(server, ask)


if __name__ == "__main__":
    cases.main()
