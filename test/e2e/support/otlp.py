# SPDX-License-Identifier: Apache-2.0
"""OTLP by hand, so that the tests share no code with the server and can also write what is wrong.

Requests are built from Span values as protobuf (traces_request) or JSON (traces_json); answers are
taken apart with fields().
"""

import dataclasses
import json
import struct
from typing import Any, Iterator


@dataclasses.dataclass
class Span:
    trace_id: bytes
    span_id: bytes
    name: str | bytes = "step"
    parent_span_id: bytes = b""
    start_ns: int = 0
    end_ns: int = 0
    attributes: dict[str, Any] = dataclasses.field(default_factory=dict)
    has_error: bool = False


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # Negative numbers as protobuf's int64 has them.
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def fixed64(field: int, value: int) -> bytes:
    return varint(field << 3 | 1) + struct.pack("<Q", value & (1 << 64) - 1)


def data(field: int, value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(raw)) + raw


def any_value(value: Any) -> bytes:
    """An AnyValue. Texts of type bytes are sent as string values, valid UTF-8 or not."""
    if isinstance(value, (str, bytes)):
        return data(1, value)
    if isinstance(value, bool):
        return number(2, int(value))
    if isinstance(value, int):
        return number(3, value)
    if isinstance(value, float):
        return varint(4 << 3 | 1) + struct.pack("<d", value)
    if isinstance(value, list):
        return data(5, b"".join(data(1, any_value(item)) for item in value))
    return data(6, attributes(1, value))


def attributes(field: int, values: dict[str, Any]) -> bytes:
    return b"".join(
        data(field, data(1, key) + data(2, any_value(value))) for key, value in values.items()
    )


def encode_span(span: Span) -> bytes:
    return (
        data(1, span.trace_id)
        + data(2, span.span_id)
        + (data(4, span.parent_span_id) if span.parent_span_id else b"")
        + data(5, span.name)
        + fixed64(7, span.start_ns)
        + fixed64(8, span.end_ns)
        + attributes(9, span.attributes)
        + (data(15, number(3, 2)) if span.has_error else b"")
    )


def traces_request(spans: list[Span], resource: dict[str, Any] | None = None) -> bytes:
    """An ExportTraceServiceRequest with one resource and one scope."""
    resource_bytes = data(1, attributes(1, resource or {"service.name": "faults"}))
    scope_spans = data(1, data(1, "faults")) + b"".join(data(2, encode_span(s)) for s in spans)
    return data(1, resource_bytes + data(2, scope_spans))


def json_value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    return {"stringValue": value}


def traces_json(spans: list[Span], resource: dict[str, Any] | None = None) -> bytes:
    """The same request as OTLP/JSON; attributes of plain types only."""

    def pairs(values: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"key": key, "value": json_value(value)} for key, value in values.items()]

    encoded = [
        {
            "traceId": s.trace_id.hex(),
            "spanId": s.span_id.hex(),
            "parentSpanId": s.parent_span_id.hex(),
            "name": s.name,
            "startTimeUnixNano": str(s.start_ns),
            "endTimeUnixNano": str(s.end_ns),
            "attributes": pairs(s.attributes),
            "status": {"code": 2} if s.has_error else {},
        }
        for s in spans
    ]
    scope = {"scope": {"name": "faults"}, "spans": encoded}
    resource_json = {"attributes": pairs(resource or {"service.name": "faults"})}
    return json.dumps({"resourceSpans": [{"resource": resource_json, "scopeSpans": [scope]}]}).encode()


def read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field; IndexError for what is cut off."""
    at = 0
    while at < len(message):
        key, at = read_varint(message, at)
        if key & 7 == 0:
            value, at = read_varint(message, at)
            yield key >> 3, value
            continue
        if key & 7 == 2:
            size, at = read_varint(message, at)
        else:
            size = {1: 8, 5: 4}[key & 7]
        if at + size > len(message):
            raise IndexError(f"field {key >> 3} is cut off")
        yield key >> 3, message[at : at + size]
        at += size


def decode_status(message: bytes) -> dict[str, Any]:
    """A google.rpc.Status: code, message, and how long RetryInfo asks to wait, in seconds."""
    status: dict[str, Any] = {"code": 0, "message": "", "retry_seconds": None}
    for field, value in fields(message):
        if field == 1:
            status["code"] = value
        elif field == 2:
            status["message"] = value.decode()
        elif field == 3:
            detail = dict(fields(value))
            assert detail[1] == b"type.googleapis.com/google.rpc.RetryInfo", detail
            delay = dict(fields(dict(fields(detail[2]))[1]))
            status["retry_seconds"] = delay.get(1, 0) + delay.get(2, 0) / 1e9
    return status


def decode_partial_success(message: bytes) -> tuple[int, str]:
    """Rejected items and why, of an Export…ServiceResponse."""
    partial = dict(fields(dict(fields(message)).get(1, b"")))
    return partial.get(1, 0), partial.get(2, b"").decode()
