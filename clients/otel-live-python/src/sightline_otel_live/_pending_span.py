# SPDX-License-Identifier: Apache-2.0
"""The wire form of a span that has started and not ended, which is Logfire's.

It is an extra span of the same trace with an id of its own. Its parent is the real span; the real
span's parent is in the attribute `logfire.pending_parent_id`, 16 zeros for a root. It starts and
ends when the real span started, and has the attributes that are known so far. A receiver shows it
as the running span until the real one arrives, and never counts it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Dict, Mapping

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, format_span_id

_SPAN_TYPE = "logfire.span_type"
_PENDING_PARENT_ID = "logfire.pending_parent_id"
_SPAN_ID_BITS = 64


def context_of(span: ReadableSpan) -> SpanContext:
    context = span.get_span_context()
    if context is None:
        raise ValueError("a span without a context")
    return context


def can_be_pending(span: ReadableSpan) -> bool:
    """False for log records in the form of spans, and for pending spans that somebody else made."""
    return (span.attributes or {}).get(_SPAN_TYPE, "span") == "span"


@dataclass(frozen=True)
class PendingSpan:
    span: ReadableSpan
    dropped_attributes: int
    omitted_attributes: int
    """Of the dropped ones, those left out here."""


def make_pending_span(span: ReadableSpan, max_attribute_length: int) -> PendingSpan:
    """Makes what is sent in the place of a running span.

    Attributes with text longer than `max_attribute_length` are left out, not cut: half a JSON
    document is worth less than none, and the real span brings the whole.
    """
    real = context_of(span)
    known: Mapping[str, Any] = span.attributes or {}
    attributes: Dict[str, Any] = {}
    omitted = 0
    # Not `items()`: the program may go on setting attributes, and may push this one out.
    for key in known:
        value = known.get(key)
        if _text_length(value) > max_attribute_length:
            omitted += 1
        elif value is not None:
            attributes[key] = value
    attributes[_SPAN_TYPE] = "pending_span"
    attributes[_PENDING_PARENT_ID] = format_span_id(span.parent.span_id if span.parent else 0)
    own = SpanContext(
        trace_id=real.trace_id,
        span_id=secrets.randbits(_SPAN_ID_BITS) or 1,
        is_remote=False,
        trace_flags=real.trace_flags,
        trace_state=real.trace_state,
    )
    pending = ReadableSpan(
        name=span.name,
        context=own,
        parent=real,
        resource=span.resource,
        attributes=attributes,
        events=tuple(span.events),
        links=tuple(span.links),
        kind=span.kind,
        status=span.status,
        start_time=span.start_time,
        end_time=span.start_time,
        instrumentation_scope=span.instrumentation_scope,
    )
    dropped: int = getattr(span, "dropped_attributes", 0)
    return PendingSpan(pending, dropped + omitted, omitted)


def _text_length(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, (list, tuple)):
        return sum(len(item) if isinstance(item, str) else 8 for item in value)
    return 0
