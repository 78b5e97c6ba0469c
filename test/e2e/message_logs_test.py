# SPDX-License-Identifier: Apache-2.0
"""Messages that arrive as log records: shown with the span they belong to, whichever comes first,
also after a restart, and found by the search. Events of coding agents without a trace context make
whole runs."""

import json
import time
from typing import Any

from support import cases, otlp
from support.senders import JSON, HttpSender
from support.server import TRACES, Server

LONG = "a long prompt that is kept outside of the row. " * 600  # More than an answer holds inline.


def json_value(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"kvlistValue": {"values": pairs(value)}}
    if isinstance(value, list):
        return {"arrayValue": {"values": [json_value(item) for item in value]}}
    return otlp.json_value(value)


def pairs(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": json_value(value)} for key, value in values.items()]


def record(body: Any, attributes: dict[str, Any], time_ns: int, span: otlp.Span | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"timeUnixNano": str(time_ns), "attributes": pairs(attributes)}
    if body is not None:
        fields["body"] = json_value(body)
    if span is not None:
        fields |= {"traceId": span.trace_id.hex(), "spanId": span.span_id.hex()}
    return fields


def texts(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(m["role"], p.get("content", p["type"])) for m in messages for p in m["parts"]]


class LogCase(cases.FaultTest):
    def start(self) -> Server:
        return self.start_server(seal_seconds=3600)

    def send_span(self, server: Server, span: otlp.Span) -> None:
        sender = HttpSender(server)
        self.assertEqual(sender.post(otlp.traces_request([span])).status, 200)
        sender.close()

    def send_logs(self, server: Server, records: list[dict[str, Any]], service: str = "faults") -> None:
        resource = {"attributes": pairs({"service.name": service})}
        scope = {"scope": {"name": "faults"}, "logRecords": records}
        body = json.dumps({"resourceLogs": [{"resource": resource, "scopeLogs": [scope]}]})
        sender = HttpSender(server, JSON)
        self.assertEqual(sender.post(body.encode(), "/v1/logs").status, 200)
        sender.close()

    def restart(self, server: Server) -> None:
        self.assertEqual(server.stop(), 0)
        server.start()

    def found(self, server: Server, text: str) -> list[str]:
        return [trace["trace_id"] for trace in server.list_traces(q=text)["traces"]]


class MessageLogsTest(LogCase):
    def make_chat(self, **attributes: Any) -> otlp.Span:
        [span] = cases.make_trace(
            1,
            **{
                "gen_ai.operation.name": "chat",
                "gen_ai.system": "openai",
                "gen_ai.request.model": "gpt-4o",
                "gen_ai.usage.input_tokens": 12,
                "gen_ai.usage.output_tokens": 5,
            }
            | attributes,
        )
        return span

    def check(self, server: Server, span: otlp.Span, said: list[str]) -> None:
        """The span's messages in the trace and alone, now and after a restart."""
        for place in ("head", "sealed"):
            if place == "sealed":
                self.restart(server)
            with self.subTest(place=place):
                trace = server.trace(span.trace_id)
                alone = server.get_json(f"{TRACES}/{span.trace_id.hex()}/spans/{span.span_id.hex()}")
                self.assertEqual(len(trace["spans"]), 1)
                for messages in (trace["spans"][0]["messages"], alone["messages"]):
                    self.assertEqual(texts(messages["input"]), [("user", said[0])])
                    self.assertEqual(texts(messages["output"]), [("assistant", said[1])])
                self.assertEqual(trace["input_data"], said[0])
                self.assertEqual(trace["output_data"], said[1])
                self.assertEqual(trace["total_tokens"], 17)
                self.assertEqual(trace["model_calls"], 1)
                for text in said:
                    self.assertEqual(self.found(server, text), [span.trace_id.hex()])

    def openai_logs(self, span: otlp.Span) -> list[dict[str, Any]]:
        system = {"gen_ai.system": "openai"}
        answer = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Roses"}}
        return [
            record({"content": "Write a poem."}, {"event.name": "gen_ai.user.message"} | system, span.start_ns, span),
            record(answer, {"event.name": "gen_ai.choice"} | system, span.end_ns, span),
        ]

    def test_logs_after_the_span(self) -> None:
        server, span = self.start(), self.make_chat()
        self.send_span(server, span)
        self.send_logs(server, self.openai_logs(span))
        self.check(server, span, ["Write a poem.", "Roses"])

    def test_logs_before_the_span_and_sent_twice(self) -> None:
        server, span = self.start(), self.make_chat()
        self.send_logs(server, self.openai_logs(span))
        self.restart(server)
        self.send_span(server, span)
        self.send_logs(server, self.openai_logs(span))
        self.check(server, span, ["Write a poem.", "Roses"])

    def test_bodies_as_json_text(self) -> None:
        """Semantic Kernel for Python."""
        server, span = self.start(), self.make_chat()
        self.send_span(server, span)
        user = json.dumps({"role": "user", "content": "Sing along."})
        choice = json.dumps({"message": {"role": "assistant", "content": "La la"}, "finish_reason": "stop"})
        self.send_logs(
            server,
            [
                record(user, {"event.name": "gen_ai.user.message"}, span.start_ns, span),
                record(choice, {"event.name": "gen_ai.choice"}, span.end_ns, span),
            ],
        )
        self.check(server, span, ["Sing along.", "La la"])

    def test_a_record_for_each_message(self) -> None:
        """LiteLLM, which names the event in `event_name`."""
        server, span = self.start(), self.make_chat()
        prompt = {"event_name": "gen_ai.content.prompt", "gen_ai.prompt": "Count."}
        completion = {"event_name": "gen_ai.content.completion"}
        self.send_logs(
            server,
            [
                record({"role": "user", "content": "Count."}, prompt, span.start_ns, span),
                record({"message": {"role": "assistant", "content": "One two"}}, completion, span.end_ns, span),
            ],
        )
        self.send_span(server, span)
        self.check(server, span, ["Count.", "One two"])

    def test_one_event_with_the_details(self) -> None:
        server, span = self.start(), self.make_chat()
        details = span.attributes | {
            "event.name": "gen_ai.client.inference.operation.details",
            "gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "Greet me."}]}],
            "gen_ai.output.messages": [
                {"role": "assistant", "parts": [{"type": "text", "content": "Good day"}], "finish_reason": "stop"}
            ],
        }
        self.send_span(server, span)
        self.send_logs(server, [record(None, details, span.end_ns, span)])
        self.check(server, span, ["Greet me.", "Good day"])

    def test_attributes_come_before_logs(self) -> None:
        said = json.dumps([{"role": "user", "parts": [{"type": "text", "content": "Write a poem."}]}])
        server, span = self.start(), self.make_chat(**{"gen_ai.input.messages": said})
        self.send_span(server, span)
        self.send_logs(server, self.openai_logs(span))
        self.check(server, span, ["Write a poem.", "Roses"])

    def test_a_long_message_is_whole_at_its_url(self) -> None:
        server, span = self.start(), self.make_chat()
        self.send_span(server, span)
        self.send_logs(
            server,
            [record({"content": LONG}, {"event.name": "gen_ai.user.message"}, span.start_ns, span)],
        )
        for place in ("head", "sealed"):
            if place == "sealed":
                self.restart(server)
            trace = server.trace(span.trace_id)
            cut = trace["spans"][0]["messages"]["input"][0]["parts"][0]["content"]
            for url in (cut["content_url"], trace["input_data"]["content_url"]):
                self.assertEqual(server.get(url).body.decode(), LONG)


class CodingAgentTest(LogCase):
    """Events over OTLP without any trace context."""

    def setUp(self) -> None:
        super().setUp()
        self.now = time.time_ns() - 10_000_000_000
        self.sequence = 0

    def event(self, name: str, common: dict[str, Any], **attributes: Any) -> dict[str, Any]:
        self.sequence += 1
        fields = {"event.name": name} | common | attributes
        return record(None, fields, self.now + self.sequence * 1_000_000, None)

    def claude(self, name: str, **attributes: Any) -> dict[str, Any]:
        common = {"session.id": "cc-1", "prompt.id": "p-1", "event.sequence": self.sequence}
        return self.event(name, common, **attributes)

    def claude_events(self) -> list[dict[str, Any]]:
        return [
            self.claude("user_prompt", prompt="fix the bug", prompt_length="11"),
            self.claude(
                "api_request", model="claude-sonnet-4-5", input_tokens="3", output_tokens="100",
                cache_read_tokens="0", cache_creation_tokens="0", duration_ms="1", request_id="req_1",
            ),
            self.claude("tool_result", tool_name="Bash", tool_use_id="t1", success="true", duration_ms="1"),
            self.claude("assistant_response", response="all done", response_length="8", request_id="req_1"),
        ]

    def run_of(self, server: Server, session: str) -> dict[str, Any]:
        traces = server.list_traces(session_id=session)["traces"]
        self.assertEqual(len(traces), 1)
        return server.get_json(f"{TRACES}/{traces[0]['trace_id']}")

    def check_claude(self, server: Server) -> None:
        for place in ("head", "sealed"):
            if place == "sealed":
                self.restart(server)
            with self.subTest(place=place):
                run = self.run_of(server, "cc-1")
                self.assertEqual(run["input_data"], "fix the bug")
                self.assertEqual(run["output_data"], "all done")
                self.assertEqual((run["model_calls"], run["total_tokens"]), (1, 103))
                self.assertEqual(run["status"], "completed")
                self.assertEqual(sorted(s["kind"] for s in run["spans"]), ["llm", "task", "tool"])
                self.assertEqual(len(run["logs"]), 4)
                [call] = [s for s in run["spans"] if s["kind"] == "llm"]
                self.assertEqual(texts(call["messages"]["output"]), [("assistant", "all done")])
                for text in ("fix the bug", "all done"):
                    self.assertEqual(self.found(server, text), [run["trace_id"]])

    def test_claude_code_in_one_request(self) -> None:
        server = self.start()
        self.send_logs(server, self.claude_events(), "claude-code")
        self.check_claude(server)

    def test_claude_code_one_by_one_and_backwards(self) -> None:
        server = self.start()
        for event in reversed(self.claude_events()):
            self.send_logs(server, [event], "claude-code")
        self.check_claude(server)

    def test_a_prompt_that_was_not_answered(self) -> None:
        server = self.start()
        self.send_logs(server, self.claude_events()[:1], "claude-code")
        run = self.run_of(server, "cc-1")
        self.assertEqual((run["input_data"], run["output_data"]), ("fix the bug", None))
        self.assertEqual(run["model_calls"], 0)

    def test_codex(self) -> None:
        server = self.start()
        common = {"conversation.id": "cx-1", "model": "gpt-5-codex"}
        self.send_logs(
            server,
            [
                self.event("codex.conversation_starts", common, provider_name="OpenAI"),
                self.event("codex.user_prompt", common, prompt="explain this", prompt_length="12"),
                self.event(
                    "codex.sse_event", common, input_token_count="10", output_token_count="2",
                    **{"event.kind": "response.completed"},
                ),
                self.event("codex.tool_result", common, call_id="c1", tool_name="shell", arguments="{}", output="ok"),
            ],
            "codex_cli_rs",
        )
        for place in ("head", "sealed"):
            if place == "sealed":
                self.restart(server)
            run = self.run_of(server, "cx-1")
            self.assertEqual(run["input_data"], "explain this")
            self.assertEqual((run["model_calls"], run["total_tokens"]), (1, 12))
            self.assertEqual(len(run["logs"]), 4)
            self.assertEqual(self.found(server, "explain this"), [run["trace_id"]])

    def test_gemini_cli(self) -> None:
        server = self.start()
        common = {"session.id": "g-1", "prompt_id": "g-1########0"}
        answer = [{"candidates": [{"content": {"role": "model", "parts": [{"text": "two files"}]}}]}]
        self.send_logs(
            server,
            [
                self.event("gemini_cli.user_prompt", common, prompt="list them", prompt_length=9),
                self.event(
                    "gemini_cli.api_response", common, model="gemini-2.5-pro", duration_ms=5,
                    input_token_count=7, output_token_count=3, response_text=json.dumps(answer),
                ),
            ],
            "gemini-cli",
        )
        for place in ("head", "sealed"):
            if place == "sealed":
                self.restart(server)
            run = self.run_of(server, "g-1")
            self.assertEqual((run["input_data"], run["output_data"]), ("list them", "two files"))
            self.assertEqual(self.found(server, "two files"), [run["trace_id"]])


if __name__ == "__main__":
    cases.main()
