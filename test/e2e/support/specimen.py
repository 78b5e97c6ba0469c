# SPDX-License-Identifier: Apache-2.0
"""One run in OTLP/JSON that holds what demo runs lack: values of every form and length, a model
without a price, a lost parent, links, log records."""

import json
import secrets
import time
from typing import Any

LONG = "long " * 4000  # 20,000 bytes: more than an answer holds.
MODEL = "contract-model-without-a-price"


def any_value(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value if value == value else "NaN"}
        case bytes():
            return {"bytesValue": "aGk="}
        case list():
            return {"arrayValue": {"values": [any_value(item) for item in value]}}
        case dict():
            return {"kvlistValue": {"values": attributes(value)}}
        case None:
            return {}
    return {"stringValue": value}


def attributes(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": any_value(value)} for key, value in values.items()]


MESSAGES = [
    {
        "role": "user",
        "name": "Ada",
        "parts": [
            {"type": "text", "content": "Where is my bag?"},
            {"type": "text", "content": LONG},
            {"type": "uri", "modality": "image", "mime_type": "image/png", "uri": "https://a.example/b.png"},
            {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "aGk="},
            {"type": "file", "modality": "image", "mime_type": "image/png", "file_id": "file-1"},
            {"type": "hologram", "depth": 3},
            {"type": "hologram", "data": LONG},
            {"odd": "without a type"},
        ],
    },
    {
        "role": "tool",
        "parts": [
            {"type": "tool_call_response", "id": "call-1", "name": "find", "response": {"bag": LONG}}
        ],
    },
]
ANSWER = [
    {
        "role": "assistant",
        "parts": [
            {"type": "reasoning", "content": "It must be somewhere."},
            {"type": "tool_call", "id": "call-2", "name": "find", "arguments": {"tag": 7}},
        ],
        "finish_reason": "tool_calls",
    }
]
TOOLS = [{"type": "function", "name": "find", "description": LONG}]
ODD_VALUES = {
    "text": 'quotes " and \\ and \u0001 and \U0001f600',
    "long": LONG,
    "long_list": ["item"] * 5000,
    "integer": 2**53 + 1,
    "double": 0.1,
    "not_a_number": float("nan"),
    "yes": True,
    "bytes": b"hi",
    "nothing": None,
    "list": [1, "two", None, [3]],
    "map": {"inner": {"deep": True}},
    "a key & with=odd/characters é": LONG,
    "": "empty key",
}


class Specimen:
    workflow_id = "contract agent"
    session_id = "contract-session"
    user_id = "contract-user"
    slow_workflow_id = "contract-slow"
    daily_workflow_id = "contract-daily"

    def __init__(self) -> None:
        self.trace_id = secrets.token_hex(16)
        self.team_trace_id = secrets.token_hex(16)
        self.run_id = f"contract run/{secrets.token_hex(4)}"
        self.open_run_id = f"open-{secrets.token_hex(8)}"
        self.heavy_run_id = f"heavy-{secrets.token_hex(8)}"
        self.young_run_id = f"young-{secrets.token_hex(8)}"
        self.start_ns = time.time_ns() - 10_000_000_000

    def span_id(self, number: int) -> str:
        return f"{number:016x}"

    def _span(self, number: int, name: str, values: dict[str, Any], **more: Any) -> dict[str, Any]:
        start = self.start_ns + number * 100_000_000
        span = {
            "traceId": self.trace_id,
            "spanId": self.span_id(number),
            "parentSpanId": "" if number == 1 else self.span_id(1),
            "name": name,
            "kind": 1,
            "startTimeUnixNano": str(start),
            "endTimeUnixNano": str(self.start_ns + 9_000_000_000 if number == 1 else start + 50_000_000),
            "attributes": attributes(values),
        }
        return span | more

    def _spans(self) -> list[dict[str, Any]]:
        call = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "contract",
            "gen_ai.request.model": MODEL,
            "gen_ai.response.id": "response-1",
            "gen_ai.response.finish_reasons": ["tool_calls"],
            "gen_ai.response.time_to_first_chunk": 0.25,
            "gen_ai.usage.input_tokens": 120,
            "gen_ai.usage.cache_read.input_tokens": 100,
            "gen_ai.usage.cache_creation.input_tokens": 10,
            "gen_ai.usage.output_tokens": 30,
            "gen_ai.usage.reasoning.output_tokens": 5,
            "gen_ai.usage.audio.input_tokens": 3,
            "gen_ai.usage.audio.output_tokens": 2,
            "gen_ai.usage.cache_read.audio_tokens": 1,
            "gen_ai.usage.cache_creation.ephemeral_1h_input_tokens": 4,
            "gen_ai.usage.image.input_tokens": 20,
            "gen_ai.usage.cache_read.image_tokens": 6,
            "gen_ai.usage.video.input_tokens": 7,
            "gen_ai.usage.image.output_tokens": 8,
            "gen_ai.usage.video.output_tokens": 9,
            "gen_ai.usage.web_search_requests": 2,
            "gen_ai.prompt.name": "contract",
            "gen_ai.prompt.version": "7",
            "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "Be brief."}]),
            "gen_ai.input.messages": json.dumps(MESSAGES),
            "gen_ai.output.messages": json.dumps(ANSWER),
            "gen_ai.tool.definitions": json.dumps(TOOLS),
        }
        tool = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "find",
            "gen_ai.tool.type": "function",
            "gen_ai.tool.call.id": "call-1",
            "gen_ai.tool.call.arguments": json.dumps({"tag": 7}),
            "gen_ai.tool.call.result": json.dumps({"bag": LONG}),
        }
        root = {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "contract agent",
            "gen_ai.agent.call.id": self.run_id,
            "gen_ai.conversation.id": self.session_id,
            "user.id": self.user_id,
            "input.value": LONG,
            "output.value": '{"found": false}',
            "tag.tags": ["contract", "test"],
        }
        failure = {
            "name": "exception",
            "timeUnixNano": str(self.start_ns + 1),
            "attributes": attributes(
                {"exception.type": "LostError", "exception.message": LONG, "exception.stacktrace": LONG}
            ),
        }
        link = {
            "traceId": "ab" * 16,
            "spanId": "cd" * 8,
            "traceState": "vendor=1",
            "attributes": attributes({"why": "retry"}),
        }
        return [
            self._span(1, "invoke_agent", root, events=[failure], status={"code": 2, "message": LONG}),
            self._span(2, "chat", call),
            self._span(3, "execute_tool find", tool),
            self._span(4, "odd", ODD_VALUES, links=[link], droppedAttributesCount=2, droppedEventsCount=3),
            self._span(5, "lost", {}, parentSpanId="ff" * 8),
            self._span(6, "GET", {"http.request.method": "GET"}, kind=3, droppedLinksCount=1),
        ]

    def traces(self) -> dict[str, Any]:
        """The body of POST /v1/traces."""
        resource = {"service.name": "contract", "host.cpu": 4, "tags": ["a", "b"]}
        resource |= {"service.version": "1.2.3", "deployment.environment.name": "test"}
        scope = {"name": "contract-test", "version": "1"}
        return {
            "resourceSpans": [
                {
                    "resource": {"attributes": attributes(resource)},
                    "scopeSpans": [{"scope": scope, "spans": self._spans()}],
                }
            ]
        }

    def _log(self, number: int, body: Any, **more: Any) -> dict[str, Any]:
        record = {
            "timeUnixNano": str(self.start_ns + number),
            "traceId": self.trace_id,
            "body": any_value(body),
        }
        return record | more

    def logs(self) -> dict[str, Any]:
        """The body of POST /v1/logs."""
        records = [
            self._log(1, "short", severityNumber=9, spanId=self.span_id(2)),
            self._log(2, LONG, severityNumber=13, attributes=attributes(ODD_VALUES)),
            self._log(3, {"structured": ["body"]}, severityNumber=1),
            self._log(4, "without severity"),
            self._log(5, None, severityNumber=17, eventName="contract.event"),
            self._log(6, "gone", severityNumber=21),
            self._log(7, "detail", severityNumber=5),
        ]
        return {"resourceLogs": [{"resource": {}, "scopeLogs": [{"scope": {}, "logRecords": records}]}]}

    metric_names = ("contract.load", "contract.jobs", "contract.latency")

    def metrics(self) -> dict[str, Any]:
        """The body of POST /v1/metrics: a gauge, a sum and a histogram."""
        times = {"timeUnixNano": str(self.start_ns), "startTimeUnixNano": str(self.start_ns - 1)}
        gauge = {"timeUnixNano": str(self.start_ns), "asDouble": 0.5, "attributes": attributes(ODD_VALUES)}
        histogram = times | {"count": "3", "sum": 2.5, "explicitBounds": [1, 2], "bucketCounts": ["2", "0", "1"]}
        load, jobs, latency = self.metric_names
        metrics = [
            {"name": load, "unit": "1", "gauge": {"dataPoints": [gauge]}},
            {
                "name": jobs,
                "sum": {"aggregationTemporality": 2, "isMonotonic": True, "dataPoints": [times | {"asInt": "7"}]},
            },
            {"name": latency, "unit": "s", "histogram": {"aggregationTemporality": 1, "dataPoints": [histogram]}},
        ]
        resource = {"attributes": attributes({"service.name": "contract", "service.instance.id": "one"})}
        return {"resourceMetrics": [{"resource": resource, "scopeMetrics": [{"scope": {"name": "m"}, "metrics": metrics}]}]}

    def slow_runs(self) -> dict[str, Any]:
        """Runs of half a minute, one of which failed: enough to predict the next one."""
        values = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": self.slow_workflow_id}
        values["gen_ai.request.model"] = MODEL
        spans = []
        for i in range(6):
            failure = {"status": {"code": 2, "message": f"no answer within {30 + i} seconds"}} if i == 0 else {}
            spans.append(
                {
                    "traceId": secrets.token_hex(16),
                    "spanId": secrets.token_hex(8),
                    "name": "invoke_agent",
                    "startTimeUnixNano": str(self.start_ns - (40 + i) * 1_000_000_000),
                    "endTimeUnixNano": str(self.start_ns - 5_000_000_000),
                    "attributes": attributes(values | ({"error.type": "TimeoutError"} if i == 0 else {})),
                }
                | failure
            )
        resource = {"attributes": attributes({"service.name": "contract-slow"})}
        return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}

    compared_workflow_id = "contract-compared"
    blamed_workflow_id = "contract-blamed"
    compared_ids = (secrets.token_hex(16), secrets.token_hex(16))
    basket_services = ("contract-before", "contract-after")

    def compared_runs(self) -> dict[str, Any]:
        """Two runs of one plan; in the second, a step is retried and another says and does something else."""
        runs = (
            [("read", "a", "text", 0), ("find", "b", "bag", 0), ("tell", "c", "done", 0)],
            [
                ("read", "a", "text", 0),
                ("find", "b", "429", 2),
                ("find", "b", "bag", 0),
                ("tell", "d", "no", 2),
                ("read", "a", "text", 0),
            ],
        )
        spans = []
        for trace_id, calls in zip(self.compared_ids, runs):
            for i, (name, given, result, code) in enumerate([("plan", "", "", 0), *calls]):
                values = {
                    "gen_ai.operation.name": "execute_tool" if i else "invoke_agent",
                    "gen_ai.tool.name" if i else "gen_ai.agent.name": name if i else self.compared_workflow_id,
                    "gen_ai.tool.call.arguments": given,
                    "gen_ai.tool.call.result": result,
                } | ({} if i else {"gen_ai.usage.input_tokens": 5})
                spans.append(
                    {
                        "traceId": trace_id,
                        "spanId": self.span_id(i + 1),
                        "parentSpanId": self.span_id(1) if i else "",
                        "name": name,
                        "startTimeUnixNano": str(self.start_ns + i * 1_000_000),
                        "endTimeUnixNano": str(self.start_ns + (i + 1 if i else 9) * 1_000_000),
                        "status": {"code": code},
                        "attributes": attributes(values),
                    }
                )
        resource = {"attributes": attributes({"service.name": "contract-compared"})}
        return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}

    def blamed_runs(self) -> dict[str, Any]:
        """Runs of two agents; those of one user fail, and one of the agents has said why."""
        spans = []
        for run in range(30):
            trace_id, has_failed = secrets.token_hex(16) if run else self.team_trace_id, run < 10
            agent = {"gen_ai.operation.name": "invoke_agent", "user.id": "unlucky" if has_failed else f"lucky-{run}"}
            chat = {"gen_ai.operation.name": "chat", "gen_ai.request.model": MODEL}
            says = "The code failed: I cannot find the file." if has_failed else "The answer is 7."
            said = json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": says}]}])
            rows = (
                ("invoke_agent", 0, agent | {"gen_ai.agent.name": self.blamed_workflow_id, "input.value": "Count."}),
                ("invoke_agent solver", 1, agent | {"gen_ai.agent.name": "solver"}),
                ("chat", 2, chat | {"gen_ai.output.messages": said}),
                ("chat", 1, chat | {"gen_ai.output.messages": said}),
            )
            for i, (name, parent, values) in enumerate(rows):
                start = self.start_ns + i * 1_000_000
                spans.append(
                    {
                        "traceId": trace_id,
                        "spanId": self.span_id(i + 1),
                        "parentSpanId": self.span_id(parent) if parent else "",
                        "name": name,
                        "startTimeUnixNano": str(start),
                        "endTimeUnixNano": str(start + (2_000_000 if i else 9_000_000)),
                        "status": {"code": 2, "message": "no answer"} if has_failed and i == 0 else {},
                        "attributes": attributes(values),
                    }
                )
        resource = {"attributes": attributes({"service.name": "contract-blamed"})}
        return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}

    def baskets(self) -> dict[str, Any]:
        """Runs of two services: of the second, all take as long as the middle third of the first."""
        resource_spans = []
        for service, durations in zip(self.basket_services, (range(1, 91), range(31, 61))):
            spans = [
                {
                    "traceId": secrets.token_hex(16),
                    "spanId": secrets.token_hex(8),
                    "name": "work",
                    "startTimeUnixNano": str(self.start_ns),
                    "endTimeUnixNano": str(self.start_ns + duration * 1_000_000),
                    "attributes": attributes(
                        {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "worker"}
                    ),
                }
                for duration in durations
            ]
            resource = {"attributes": attributes({"service.name": service})}
            resource_spans.append({"resource": resource, "scopeSpans": [{"spans": spans}]})
        return {"resourceSpans": resource_spans}

    def daily_runs(self) -> dict[str, Any]:
        """One run of a day on each of the last 100 days, two on every seventh: enough of a past to
        check a forecast on."""
        day_ns = 86_400_000_000_000
        agent = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": self.daily_workflow_id}
        call = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o",
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 100,
        }
        spans = []
        for day in range(1, 101):
            for _ in range(2 if day % 7 == 0 else 1):
                start = self.start_ns - day * day_ns
                trace_id, root = secrets.token_hex(16), secrets.token_hex(8)
                for name, values, parent in (("invoke_agent", agent, ""), ("chat gpt-4o", call, root)):
                    spans.append(
                        {
                            "traceId": trace_id,
                            "spanId": secrets.token_hex(8) if parent else root,
                            "parentSpanId": parent,
                            "name": name,
                            "startTimeUnixNano": str(start),
                            "endTimeUnixNano": str(start + day_ns // 2),
                            "attributes": attributes(values),
                        }
                    )
        resource = {"attributes": attributes({"service.name": "contract-daily"})}
        return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}

    def strange_hour(self) -> dict[str, Any]:
        """A run in each of the last 100 hours, and thirty in one of them."""
        agent = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "contract-hourly"}
        call = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "contract-hourly-model"}
        spans = []
        for hour in range(1, 101):
            for _ in range(30 if hour == 10 else 1):
                start = self.start_ns - hour * 3_600_000_000_000
                trace_id, root = secrets.token_hex(16), secrets.token_hex(8)
                for name, values, parent in (("invoke_agent", agent, ""), ("chat", call, root)):
                    spans.append(
                        {
                            "traceId": trace_id,
                            "spanId": secrets.token_hex(8) if parent else root,
                            "parentSpanId": parent,
                            "name": name,
                            "startTimeUnixNano": str(start),
                            "endTimeUnixNano": str(start + 1_000_000_000),
                            "attributes": attributes(values),
                        }
                    )
        resource = {"attributes": attributes({"service.name": "contract-hourly"})}
        return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}

    def run_to_price_again(self) -> dict[str, Any]:
        """An agent whose model gets its price later."""
        self.repriced_trace_id, self.repriced_model = secrets.token_hex(16), f"repriced-{secrets.token_hex(4)}"
        call = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "contract",
            "gen_ai.request.model": self.repriced_model,
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 10,
        }
        root = self._span(1, "invoke_agent repriced", {"gen_ai.operation.name": "invoke_agent"})
        spans = [root, self._span(2, "chat", call, parentSpanId=self.span_id(1))]
        for span in spans:
            span["traceId"] = self.repriced_trace_id
        return {"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}

    def young_run(self) -> list[dict[str, Any]]:
        """A run that has just begun, of a workflow with a past."""
        step = {"type": "step.started", "step_id": "waits", "step_name": "wait", "kind": "task"}
        events: list[dict[str, Any]] = [{"type": "execution.started"}, step]
        return [
            event | {"execution_id": self.young_run_id, "workflow_id": self.daily_workflow_id}
            for event in events
        ]

    heavy_workflow_id = "contract-heavy"

    def heavy_run(self) -> list[dict[str, Any]]:
        """A run with a step that uses much memory and CPU, and says so."""
        usage = {"memory_usage": 150, "cpu_usage": 95, "io_operations": 7, "network_requests": 2}
        usage |= {"memory_change_mb": -3.5, "cpu_change_percent": 4}
        step = {"step_id": "sort", "step_name": "sort", "kind": "task"}
        events: list[dict[str, Any]] = [
            {"type": "execution.started", "workflow_id": self.heavy_workflow_id},
            {"type": "step.started"} | step,
            {"type": "step.finished", "resource_usage": usage} | step,
            {"type": "execution.finished", "status": "completed"},
        ]
        return [event | {"execution_id": self.heavy_run_id} for event in events]

    def open_run(self) -> list[dict[str, Any]]:
        """Lifecycle events of a run that goes on and calls the same tool again and again."""
        events: list[dict[str, Any]] = [{"type": "execution.started", "workflow_id": "contract-open"}]
        for i in range(12):
            step = {"step_id": f"call {i}", "step_name": "find", "kind": "tool", "input": {"tag": 7}}
            events += [{"type": "step.started"} | step, {"type": "step.finished"} | step]
        events.append({"type": "step.started", "step_id": "waits", "step_name": "wait", "kind": "task"})
        return [event | {"execution_id": self.open_run_id} for event in events]


def small_runs(service: str, count: int) -> dict[str, Any]:
    """The body of POST /v1/traces for runs of one span, three of which start at the same time."""
    now = time.time_ns()
    spans = [
        {
            "traceId": secrets.token_hex(16),
            "spanId": secrets.token_hex(8),
            "name": f"run {i}",
            "startTimeUnixNano": str(now - i // 3 * 1_000_000),
            "endTimeUnixNano": str(now + 1_000_000),
        }
        for i in range(count)
    ]
    resource = {"attributes": attributes({"service.name": service})}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": spans}]}]}
