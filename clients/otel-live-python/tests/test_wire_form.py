# SPDX-License-Identifier: Apache-2.0
"""What arrives at a receiver: ../../pending_spans.json is the wire form, for the JS package too."""

import collections.abc
import json
import pathlib
import re
import unittest
from unittest import mock

from support import Receiver, until

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    TraceFlags,
    TraceState,
    format_span_id,
    format_trace_id,
)

from sightline_otel_live import LiveSpanProcessor
from sightline_otel_live._otlp_json import to_otlp_json
from sightline_otel_live._pending_span import make_pending_span

EXPECTED = json.loads((pathlib.Path(__file__).parents[2] / "pending_spans.json").read_text())
MAX_ATTRIBUTE_LENGTH = 40
RANDOM_TRACE_ID = 0x2  # A flag that newer versions of the SDK set.
START_NS = 1_700_000_000_123_456_789
REMOTE = SpanContext(
    trace_id=0x0AF7651916CD43DD8448EB211C80319C,
    span_id=0xB7AD6B7169203331,
    is_remote=True,
    trace_flags=TraceFlags(TraceFlags.SAMPLED),
    trace_state=TraceState([("vendor", "1")]),
)


def play(processor):
    """Plays the run of the golden file. Answers the ids of its spans, by name."""
    provider = TracerProvider(
        resource=Resource({"service.name": "shop"}), shutdown_on_exit=False
    )
    provider.add_span_processor(processor)
    tracer = provider.get_tracer("agents", "1.2")
    target = SpanContext(REMOTE.trace_id, REMOTE.span_id, True, REMOTE.trace_flags)
    root = tracer.start_span(
        "invoke_agent planner",
        start_time=START_NS,
        links=[Link(target, {"reason": "retry"})],
        attributes={"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner"},
    )
    root.add_event("planned", {"steps": 3}, timestamp=1_700_000_000_200_000_000)
    child = tracer.start_span(
        "chat",
        context=trace.set_span_in_context(root),
        start_time=1_700_000_001_000_000_000,
        kind=SpanKind.CLIENT,
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.request.temperature": 0.5,
            "gen_ai.request.max_tokens": 100,
            "gen_ai.request.stream": True,
            "gen_ai.request.stop_sequences": [".", "!"],
            "gen_ai.input.messages": "x" * (MAX_ATTRIBUTE_LENGTH + 1),
        },
    )
    child.update_name("chat model-1")
    return {
        "TRACE": format_trace_id(root.get_span_context().trace_id),
        "ROOT": format_span_id(root.get_span_context().span_id),
        "CHILD": format_span_id(child.get_span_context().span_id),
    }


def named(body, ids):
    """The request with ids replaced by names; ids that are in none of the real spans are new."""
    text = json.dumps(body)
    for name, span_id in ids.items():
        text = text.replace(span_id, name)
    count = iter(range(1, 100))
    return json.loads(
        re.sub(
            r'"spanId": "[0-9a-f]{16}", "parentSpanId"',
            lambda _: f'"spanId": "NEW {next(count)}", "parentSpanId"',
            text,
        )
    )


class WireFormTest(unittest.TestCase):
    def setUp(self):
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)

    def test_is_what_the_golden_file_says(self):
        processor = LiveSpanProcessor(
            self.receiver.url, max_attribute_length=MAX_ATTRIBUTE_LENGTH, delay_millis=60_000
        )
        ids = play(processor)
        processor.shutdown()
        self.assertEqual(processor.stats.sent, 2, processor.stats)
        self.assertEqual(processor.stats.omitted_attributes, 1)
        [(path, headers, body)] = self.receiver.requests
        for span in self.receiver.spans():
            span["flags"] &= ~RANDOM_TRACE_ID
        self.assertEqual(named(body, ids), EXPECTED)
        self.assertEqual(path, "/v1/traces")
        self.assertEqual(headers["content-type"], "application/json")

    def test_goes_through_an_exporter_of_the_sdk(self):
        exporter = InMemorySpanExporter()
        processor = LiveSpanProcessor(exporter=exporter, max_attribute_length=MAX_ATTRIBUTE_LENGTH)
        ids = play(processor)
        processor.force_flush()
        root, child = exporter.get_finished_spans()
        self.assertEqual(format_span_id(root.parent.span_id), ids["ROOT"])
        self.assertEqual(root.attributes["logfire.pending_parent_id"], "0" * 16)
        self.assertEqual(format_span_id(child.parent.span_id), ids["CHILD"])
        self.assertEqual(child.attributes["logfire.pending_parent_id"], ids["ROOT"])
        self.assertEqual(child.attributes["logfire.span_type"], "pending_span")
        self.assertNotIn("gen_ai.input.messages", child.attributes)
        self.assertEqual(child.start_time, child.end_time)
        self.assertEqual(child.name, "chat model-1")
        self.assertEqual(len({ids["ROOT"], ids["CHILD"], *map(own_id, (root, child))}), 4)
        processor.shutdown()

    def test_names_a_parent_in_another_process_and_keeps_its_trace_state(self):
        processor = LiveSpanProcessor(self.receiver.url, delay_millis=1)
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(processor)
        parent = trace.set_span_in_context(NonRecordingSpan(REMOTE))
        span = provider.get_tracer("agents").start_span("agent", context=parent)
        [sent] = until(self.receiver.spans)
        self.assertEqual(sent["traceId"], format_trace_id(REMOTE.trace_id))
        self.assertEqual(sent["parentSpanId"], format_span_id(span.get_span_context().span_id))
        self.assertEqual(sent["traceState"], "vendor=1")
        attributes = {item["key"]: item["value"]["stringValue"] for item in sent["attributes"]}
        self.assertEqual(attributes["logfire.pending_parent_id"], "b7ad6b7169203331")
        processor.shutdown()


VALUES = {
    "text": ('a "b"\n', {"stringValue": 'a "b"\n'}),
    "an integer": (2**62, {"intValue": "4611686018427387904"}),
    "a fraction": (-0.25, {"doubleValue": -0.25}),
    "not a number": (float("nan"), {"doubleValue": "NaN"}),
    "minus infinity": (float("-inf"), {"doubleValue": "-Infinity"}),
    "true": (True, {"boolValue": True}),
    "an array": ((1, 2), {"arrayValue": {"values": [{"intValue": "1"}, {"intValue": "2"}]}}),
}


class AttributeTest(unittest.TestCase):
    def test_has_its_otlp_form(self):
        tracer = TracerProvider(shutdown_on_exit=False).get_tracer("agents")
        for name, (value, expected) in VALUES.items():
            with self.subTest(name):
                span = tracer.start_span("span", attributes={"key": value})
                request = json.loads(to_otlp_json([make_pending_span(span, 1_000)]))
                [sent] = request["resourceSpans"][0]["scopeSpans"][0]["spans"]
                self.assertEqual(sent["attributes"][0], {"key": "key", "value": expected})


    def test_that_is_pushed_out_meanwhile_is_left_out(self):
        class Vanishing(collections.abc.Mapping):
            """Lists a key that is gone when it is read, as a full set of attributes may."""

            def __iter__(self):
                return iter(("kept", "gone"))

            def __len__(self):
                return 2

            def __getitem__(self, key):
                return {"kept": 1}[key]

        span = TracerProvider(shutdown_on_exit=False).get_tracer("agents").start_span("span")
        with mock.patch.object(type(span), "attributes", Vanishing()):
            pending = make_pending_span(span, 1_000)
        self.assertEqual(
            sorted(pending.span.attributes),
            ["kept", "logfire.pending_parent_id", "logfire.span_type"],
        )


def own_id(span):
    return format_span_id(span.get_span_context().span_id)


if __name__ == "__main__":
    unittest.main()
