# SPDX-License-Identifier: Apache-2.0
"""What bad input gets: the answer in the request's encoding, a counter, and a server that serves on.

docs/bad-input.md is the same as a table.
"""

import gzip
import http.client
import json
import socket
import subprocess
import time
import zlib
from typing import Any

import grpc

from support import otlp
from support.cases import FaultTest, main, make_trace, new_trace_id
from support.senders import JSON, PROTOBUF, Fate, GrpcError, GrpcSender, HttpSender
from support.server import Answer, wait_until

INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED = 3, 8, 12
LIMIT = 1 << 20  # Of a body, in this test.
DAY_NS = 86_400 * 10**9


def nested(depth: int) -> bytes:
    """An AnyValue of lists in lists."""
    value = otlp.data(1, "core")
    for _ in range(depth):
        value = otlp.data(5, otlp.data(1, value))
    return value


class HostileTest(FaultTest):
    def setUp(self) -> None:
        super().setUp()
        self.server = self.start_server(max_body_bytes=LIMIT)

    def counted(self, name: str, times: int = 1) -> None:
        # What is refused may be counted just after the connection is closed.
        wait_until(lambda: self.server.losses()[name] >= times, 30, f"{name} is counted")
        self.assertEqual(self.server.losses()[name], times, name)

    def still_serves(self) -> None:
        trace = make_trace(2)
        sender = HttpSender(self.server)
        self.assertIs(sender.send(trace), Fate.ACKNOWLEDGED)
        sender.close()
        self.assertEqual(self.server.trace(trace[0].trace_id)["span_count"], 2)

    def post(self, body: bytes, content_type: str = PROTOBUF, **headers: str) -> Answer:
        sender = HttpSender(self.server, content_type)
        answer = sender.post(body, **headers)
        sender.close()
        return answer

    def status_of(self, answer: Answer) -> dict[str, Any]:
        """The google.rpc.Status of an error, in whichever encoding it came."""
        if answer.headers["Content-Type"].startswith(JSON):
            return json.loads(answer.body)
        self.assertEqual(answer.headers["Content-Type"], PROTOBUF)
        return otlp.decode_status(answer.body)

    def send(self, *spans: otlp.Span) -> tuple[int, str]:
        """Rejected spans and why; the request is taken."""
        answer = self.post(otlp.traces_request(list(spans)))
        self.assertEqual(answer.status, 200, answer.body)
        return otlp.decode_partial_success(answer.body)

    def test_bodies_that_cannot_be_read(self) -> None:
        whole = otlp.traces_request(make_trace(3))
        cases = (
            ("truncated protobuf", whole[:-7], PROTOBUF, {}),
            ("no protobuf", b"\xff" * 64, PROTOBUF, {}),
            ("truncated JSON", otlp.traces_json(make_trace(2))[:-9], JSON, {}),
            ("no JSON", b"hello", JSON, {}),
            ("JSON that is no request", b"[1,2]", JSON, {}),
            ("truncated gzip", gzip.compress(whole)[:-12], PROTOBUF, {"Content_Encoding": "gzip"}),
            ("no gzip", whole, PROTOBUF, {"Content_Encoding": "gzip"}),
            ("no zstd", whole, PROTOBUF, {"Content_Encoding": "zstd"}),
        )
        for number, (name, body, content_type, headers) in enumerate(cases, 1):
            with self.subTest(name):
                answer = self.post(body, content_type, **headers)
                self.assertEqual(answer.status, 400)
                status = self.status_of(answer)
                self.assertEqual(status.get("code"), INVALID_ARGUMENT)
                self.assertTrue(status["message"])
                self.counted("request_malformed", number)
        self.still_serves()

    def test_json_keys_with_underscores_are_read(self) -> None:
        trace_id = new_trace_id()
        span = {"trace_id": trace_id.hex(), "span_id": "b8f56e9c0dd90483", "name": "x", "kind": 1,
                "start_time_unix_nano": str(time.time_ns() - 10**6), "end_time_unix_nano": str(time.time_ns()),
                "attributes": [{"key": "a", "value": {"string_value": "b"}}]}
        body = {"resource_spans": [{"resource": {"attributes": []},
                                    "scope_spans": [{"scope": {"name": "x"}, "spans": [span]}]}]}
        answer = self.post(json.dumps(body).encode(), JSON)
        self.assertEqual((answer.status, json.loads(answer.body)), (200, {}))
        self.assertEqual(self.server.trace(trace_id)["spans"][0]["attributes"], {"a": "b"})
        self.counted("request_key_unknown", 0)

    def test_json_in_which_nothing_is_known_is_refused(self) -> None:
        bodies = (
            {"spans": [{"name": "x"}]},
            {"resourceLogs": [{"scopeLogs": []}]},
            {"resourceSpans": [{"stuff": [{"name": "x"}]}]},
        )
        for number, body in enumerate(bodies, 1):
            with self.subTest(str(body)):
                answer = self.post(json.dumps(body).encode(), JSON)
                self.assertEqual(answer.status, 400)
                self.assertIn("resourceSpans", self.status_of(answer)["message"])
                self.counted("request_malformed", number)
                self.counted("request_key_unknown", number)
        whole = json.loads(otlp.traces_json(make_trace(1)))
        self.assertEqual(self.post(json.dumps(whole | {"origin": {"a": 1}}).encode(), JSON).status, 200)
        self.counted("request_key_unknown", len(bodies) + 1)

    def test_a_key_that_is_sent_twice_is_shown_once(self) -> None:
        trace_id = new_trace_id()
        doubled = [{"key": "k", "value": {"stringValue": text}} for text in ("first", "second")]
        times = {"startTimeUnixNano": str(time.time_ns() - 10**6), "endTimeUnixNano": str(time.time_ns())}
        long = [{"key": "long", "value": {"stringValue": c * 1000}} for c in "ab"]
        nested = {"key": "map", "value": {"kvlistValue": {"values": doubled}}}
        span = {"traceId": trace_id.hex(), "spanId": "b8f56e9c0dd90483", "name": "x", **times,
                "attributes": [*doubled, *long, nested],
                "events": [{"timeUnixNano": times["endTimeUnixNano"], "name": "e", "attributes": doubled}]}
        body = {"resourceSpans": [{"resource": {"attributes": doubled}, "scopeSpans": [{"spans": [span]}]}]}
        self.assertEqual(self.post(json.dumps(body).encode(), JSON).status, 200)
        text = self.server.get(f"/api/v1/observability/traces/{trace_id.hex()}").body.decode()
        pairs: list[list[tuple[str, Any]]] = []
        json.loads(text, object_pairs_hook=lambda found: pairs.append(found) or dict(found))
        for found in pairs:
            self.assertEqual(len(found), len(dict(found)), found)
        self.assertEqual(text.count('"k":"first"'), 4)  # Span, map, event and resource.
        self.assertNotIn("second", text)
        self.counted("attribute_repeated")

    def test_otlp_on_the_port_of_the_pages_is_told_where_to_go(self) -> None:
        otlp_port = str(self.server.ports["otlp_http"])
        for method, path in (("POST", "/v1/traces"), ("POST", "/v1/logs"), ("POST", "/v1/metrics"),
                             ("GET", "/v1/traces"), ("POST", "/api/public/otel/v1/traces"),
                             ("POST", "/opentelemetry.proto.collector.trace.v1.TraceService/Export")):
            with self.subTest(f"{method} {path}"):
                wire = http.client.HTTPConnection("127.0.0.1", self.server.ports["http"], timeout=30)
                wire.request(method, path, body=b"{}" if method == "POST" else None, headers={"Content-Type": JSON})
                answer = wire.getresponse()
                text = answer.read().decode()
                wire.close()
                self.assertEqual(answer.status, 404)
                self.assertIn(otlp_port, json.loads(text)["detail"])
                self.assertIn("4318", text)

    def test_types_and_encodings_that_are_not_served(self) -> None:
        body = otlp.traces_request(make_trace(1))
        for number, (content_type, headers) in enumerate(
            (("text/plain", {}), ("application/grpc", {}), (PROTOBUF, {"Content_Encoding": "br"})), 1
        ):
            with self.subTest(content_type, **headers):
                self.assertEqual(self.post(body, content_type, **headers).status, 415)
                self.counted("request_unsupported", number)
        self.still_serves()

    def test_bombs_and_bodies_over_the_limit(self) -> None:
        bomb = b"\0" * (8 * LIMIT)
        zstd = subprocess.run(["zstd", "-q", "-c"], input=bomb, capture_output=True, check=True).stdout
        cases = (
            ("gzip bomb", gzip.compress(bomb), {"Content_Encoding": "gzip"}),
            ("deflate bomb", zlib.compress(bomb), {"Content_Encoding": "deflate"}),
            ("zstd bomb", zstd, {"Content_Encoding": "zstd"}),
            ("large body", b"\x0a" * (LIMIT + 1), {}),
        )
        for number, (name, body, headers) in enumerate(cases, 1):
            with self.subTest(name):
                answer = self.post(body, **headers)
                self.assertEqual(answer.status, 413)
                self.assertEqual(self.status_of(answer)["code"], RESOURCE_EXHAUSTED)
                self.counted("request_too_large", number)
        self.still_serves()

    def test_a_huge_attribute(self) -> None:
        self.server.stop()
        self.server.settings["max_body_bytes"] = 64 << 20
        self.server.start()
        trace_id = new_trace_id()
        span = make_trace(1, trace_id=trace_id, huge="x" * (50 << 20))[0]
        self.assertEqual(self.send(span), (0, ""))
        stored = self.server.trace(trace_id)["spans"][0]["attributes"]["huge"]
        self.assertEqual(stored["size"], 50 << 20)
        self.assertEqual(len(self.server.get(stored["content_url"]).body), 50 << 20)
        self.still_serves()

    def test_spans_without_valid_ids_are_rejected_alone(self) -> None:
        good, now = make_trace(1)[0], time.time_ns()
        bad = [
            otlp.Span(b"\1" * 10, b"\1" * 8, "ten bytes", b"", now, now),
            otlp.Span(bytes(16), b"\1" * 8, "zeros", b"", now, now),
            otlp.Span(new_trace_id(), bytes(8), "zero span", b"", now, now),
            otlp.Span(new_trace_id(), b"\1" * 3, "short span", b"", now, now),
            otlp.Span(b"", b"", "none", b"", now, now),
        ]
        rejected, message = self.send(good, *bad)
        self.assertEqual(rejected, len(bad))
        self.assertIn("16 and 8 bytes", message)
        self.counted("span_invalid_id", len(bad))
        self.assertEqual(self.server.trace(good.trace_id)["span_count"], 1)

    def test_too_many_attributes_are_cut(self) -> None:
        trace_id = new_trace_id()
        attributes = {f"key.{number:05}": number for number in range(10_000)}
        self.assertEqual(self.send(*make_trace(1, trace_id=trace_id, **attributes)), (0, ""))
        self.counted("attributes_over_limit")
        span = self.server.trace(trace_id)["spans"][0]
        self.assertIn("attributes_cut", span["marks"])
        self.assertEqual(len(span["attributes"]) + span["dropped_attributes"], 10_000)
        self.assertEqual(len(span["attributes"]), 2048)

    def test_deep_nesting_is_cut(self) -> None:
        trace_id = new_trace_id()
        span = make_trace(1, trace_id=trace_id)[0]
        raw = otlp.encode_span(span) + otlp.data(9, otlp.data(1, "deep") + otlp.data(2, nested(60)))
        body = otlp.data(1, otlp.data(2, otlp.data(2, raw)))
        self.assertEqual(self.post(body).status, 200)
        self.counted("span_too_deep")
        self.assertIn("nested_too_deep", self.server.trace(trace_id)["spans"][0]["marks"])
        # Deeper than anything that may be walked at all, and the same as JSON.
        raw = otlp.encode_span(span) + otlp.data(9, otlp.data(1, "deep") + otlp.data(2, nested(3000)))
        self.assertIn(self.post(otlp.data(1, otlp.data(2, otlp.data(2, raw)))).status, (200, 400))
        value = '{"arrayValue":{"values":[' * 20_000 + "]}}" * 20_000
        text = '{"resourceSpans":[{"resource":{"attributes":[{"key":"d","value":%s}]}}]}' % value
        self.assertEqual(self.post(text.encode(), JSON).status, 200)
        self.still_serves()

    def test_odd_numbers_and_times_are_kept_and_marked(self) -> None:
        now = time.time_ns()
        cases = (
            ("end before start", now, now - 10**9, "span_end_before_start", "end_before_start"),
            ("1970", 5, 10, "span_time_suspect", "time_suspect"),
            ("2100", 4_102_444_800 * 10**9, 4_102_444_801 * 10**9, "span_time_suspect", "time_suspect"),
            ("years long", now - 800 * DAY_NS, now, "span_too_long", "too_long"),
        )
        for name, start, end, loss, mark in cases:
            with self.subTest(name):
                before = self.server.losses()[loss]
                trace_id = new_trace_id()
                nan = {"nan": float("nan"), "infinity": float("-inf")}
                self.assertEqual(
                    self.send(otlp.Span(trace_id, b"\1" * 8, name, b"", start, end, nan)), (0, "")
                )
                self.counted(loss, before + 1)
                trace = self.server.trace(trace_id)
                self.assertIn(mark, trace["spans"][0]["marks"])
                attributes = trace["spans"][0]["attributes"]
                self.assertEqual(attributes["nan"], {"$double": "NaN"})
                self.assertEqual(attributes["infinity"], {"$double": "-Infinity"})
        self.server.list_traces()
        self.still_serves()

    def test_repeats_are_dropped(self) -> None:
        trace = make_trace(3)
        for _ in range(3):
            self.assertEqual(self.send(*trace), (0, ""))
        self.counted("span_repeated", 6)
        self.assertEqual(self.server.trace(trace[0].trace_id)["span_count"], 3)
        self.assertEqual(self.server.list_traces()["total"], 1)

    def test_invalid_utf8_is_repaired(self) -> None:
        trace_id = new_trace_id()
        self.send(*make_trace(1, trace_id=trace_id, broken=b"caf\xc3 \xff"))
        self.assertEqual(
            self.server.trace(trace_id)["spans"][0]["attributes"]["broken"], "caf\ufffd \ufffd"
        )
        self.assertGreaterEqual(self.server.losses()["text_repaired"], 1)

    def test_grpc_gets_the_same_answers(self) -> None:
        sender = GrpcSender(self.server)
        for message, code in (
            (b"\xff" * 20, grpc.StatusCode.INVALID_ARGUMENT),
            (b"\x0a" * (LIMIT + 1), grpc.StatusCode.RESOURCE_EXHAUSTED),
        ):
            with self.assertRaises(GrpcError) as raised:
                sender.call(message)
            self.assertEqual(raised.exception.code, code)
        with self.assertRaises(GrpcError) as raised:
            sender.call(b"", "/opentelemetry.proto.collector.trace.v1.TraceService/Import")
        self.assertEqual(raised.exception.code, grpc.StatusCode.UNIMPLEMENTED)
        sender.close()
        bomb = GrpcSender(self.server, grpc.Compression.Gzip)
        with self.assertRaises(GrpcError) as raised:
            bomb.call(b"\0" * (8 * LIMIT))
        self.assertEqual(raised.exception.code, grpc.StatusCode.RESOURCE_EXHAUSTED)
        self.assertIs(bomb.send(make_trace(2)), Fate.ACKNOWLEDGED)
        bomb.close()
        self.assertGreaterEqual(self.server.losses()["request_too_large"], 1)

    def test_a_slow_sender_is_cut_off(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.ports["otlp_http"]), 40) as slow:
            slow.sendall(b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\n")
            begun = time.monotonic()
            self.assertEqual(slow.recv(65536), b"")  # Closed: the head never ended.
            self.assertLess(time.monotonic() - begun, 30)
        self.counted("connection_timed_out")
        self.still_serves()


if __name__ == "__main__":
    main()
