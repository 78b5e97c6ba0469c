# SPDX-License-Identifier: Apache-2.0
"""Spans as an OTLP/HTTP JSON request (ExportTraceServiceRequest).

Ids are in hex, 64-bit integers are decimal strings, enums are numbers, absent fields are left out.
"""

from __future__ import annotations

import base64
import json
import math
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from opentelemetry.sdk.trace import Event
from opentelemetry.trace import Link, SpanContext, format_span_id, format_trace_id

from sightline_otel_live._pending_span import PendingSpan, context_of

Json = Dict[str, Any]

_HAS_IS_REMOTE = 0x100
_IS_REMOTE = 0x200


def to_otlp_json(pending: Sequence[PendingSpan]) -> bytes:
    resources: Dict[int, Json] = {}
    scopes: Dict[Tuple[int, str, str], Json] = {}
    for item in pending:
        resource, scope = item.span.resource, item.span.instrumentation_scope
        of_resource = resources.setdefault(
            id(resource),
            {"resource": {"attributes": _key_values(resource.attributes)}, "scopeSpans": []},
        )
        name = scope.name if scope else ""
        version = (scope.version if scope else None) or ""
        key = (id(resource), name, version)
        if key not in scopes:
            described = {"name": name, "version": version} if version else {"name": name}
            scopes[key] = {"scope": described, "spans": []}
            of_resource["scopeSpans"].append(scopes[key])
        scopes[key]["spans"].append(_span(item))
    return json.dumps({"resourceSpans": list(resources.values())}).encode()


def _span(item: PendingSpan) -> Json:
    span = item.span
    context = context_of(span)
    parent = {"parentSpanId": format_span_id(span.parent.span_id)} if span.parent else {}
    status: Json = {"code": span.status.status_code.value}
    if span.status.description:
        status["message"] = span.status.description
    return {
        **_ids(context),
        **parent,
        "flags": _flags(context, span.parent),
        "name": span.name,
        # The API counts from INTERNAL = 0, OTLP has UNSPECIFIED before it.
        "kind": span.kind.value + 1,
        "startTimeUnixNano": str(span.start_time or 0),
        "endTimeUnixNano": str(span.end_time or 0),
        "attributes": _key_values(span.attributes or {}),
        "droppedAttributesCount": item.dropped_attributes,
        "events": [_event(event) for event in span.events],
        "droppedEventsCount": getattr(span, "dropped_events", 0),
        "links": [_link(link) for link in span.links],
        "droppedLinksCount": getattr(span, "dropped_links", 0),
        "status": status,
    }


def _event(event: Event) -> Json:
    return {
        "timeUnixNano": str(event.timestamp),
        "name": event.name,
        "attributes": _key_values(event.attributes or {}),
        "droppedAttributesCount": getattr(event, "dropped_attributes", 0),
    }


def _link(link: Link) -> Json:
    return {
        **_ids(link.context),
        "flags": _flags(link.context, link.context),
        "attributes": _key_values(link.attributes or {}),
        "droppedAttributesCount": getattr(link, "dropped_attributes", 0),
    }


def _ids(context: SpanContext) -> Json:
    ids = {
        "traceId": format_trace_id(context.trace_id),
        "spanId": format_span_id(context.span_id),
    }
    if context.trace_state:
        ids["traceState"] = context.trace_state.to_header()
    return ids


def _flags(context: SpanContext, remote: Optional[SpanContext]) -> int:
    """`remote`: whose `is_remote` the flags tell, the parent of a span or the target of a link."""
    is_remote = _IS_REMOTE if remote is not None and remote.is_remote else 0
    return int(context.trace_flags) | _HAS_IS_REMOTE | is_remote


def _key_values(attributes: Mapping[str, Any]) -> List[Json]:
    return [
        {"key": str(key), "value": _any_value(value)}
        for key, value in attributes.items()
        if value is not None
    ]


def _any_value(value: Any) -> Json:
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value if math.isfinite(value) else _NOT_FINITE[str(value)]}
    if isinstance(value, bytes):
        return {"bytesValue": base64.b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {"kvlistValue": {"values": _key_values(value)}}
    if isinstance(value, Sequence):
        return {"arrayValue": {"values": [_any_value(item) for item in value]}}
    return {} if value is None else {"stringValue": str(value)}


_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
