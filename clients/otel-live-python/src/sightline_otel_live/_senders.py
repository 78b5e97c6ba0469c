# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, Sequence
from urllib.parse import urlsplit

from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from sightline_otel_live._environment import Target
from sightline_otel_live._otlp_json import to_otlp_json
from sightline_otel_live._pending_span import PendingSpan

# The answers after which OTLP allows to send again.
_RETRYABLE = frozenset({429, 502, 503, 504})
_MAX_ANSWER_BYTES = 64 * 1024


class OutcomeKind(Enum):
    ACCEPTED = "accepted"
    UNAVAILABLE = "unavailable"
    """The same batch may succeed later."""
    REFUSED = "refused"
    """It never will."""


@dataclass(frozen=True)
class Outcome:
    """What became of a batch."""

    kind: OutcomeKind
    reason: str = ""
    rejected: int = 0
    retry_after: float = 0.0


class Sender(Protocol):
    """Where pending spans go. One thread at a time calls `send`."""

    def send(self, pending: Sequence[PendingSpan], timeout: float) -> Outcome: ...

    def shutdown(self) -> None: ...


class ExporterSender:
    """Sends through an exporter of the SDK, which this class owns and shuts down."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def send(self, pending: Sequence[PendingSpan], timeout: float) -> Outcome:
        result = self._exporter.export([item.span for item in pending])
        if result is SpanExportResult.SUCCESS:
            return Outcome(OutcomeKind.ACCEPTED)
        # An exporter has done its own retries before it reports a failure.
        return Outcome(OutcomeKind.REFUSED, "the exporter failed")

    def shutdown(self) -> None:
        self._exporter.shutdown()


class RefusingSender:
    """Stands in where there is nothing to send to."""

    def __init__(self, reason: str) -> None:
        self._outcome = Outcome(OutcomeKind.REFUSED, reason)

    def send(self, pending: Sequence[PendingSpan], timeout: float) -> Outcome:
        return self._outcome

    def shutdown(self) -> None:
        pass


class OtlpHttpSender:
    """Sends OTLP/HTTP JSON with what Python has, one connection a request."""

    def __init__(self, target: Target) -> None:
        """Raises ValueError if the URL is not one of http or https."""
        parts = urlsplit(target.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"'{target.url}' is not an http or https URL")
        self._is_https = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = {
            **target.headers,
            "content-type": "application/json",
            "connection": "close",
        }

    def send(self, pending: Sequence[PendingSpan], timeout: float) -> Outcome:
        try:
            body = to_otlp_json(pending)
        except (TypeError, ValueError, RecursionError) as error:
            return Outcome(OutcomeKind.REFUSED, f"cannot encode: {error}")
        make = http.client.HTTPSConnection if self._is_https else http.client.HTTPConnection
        connection = make(self._host, self._port, timeout=timeout)
        try:
            connection.request("POST", self._path, body, self._headers)
            response = connection.getresponse()
            return _outcome(response, response.read(_MAX_ANSWER_BYTES))
        except (OSError, http.client.HTTPException) as error:
            return Outcome(OutcomeKind.UNAVAILABLE, f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    def shutdown(self) -> None:
        pass


def _outcome(response: http.client.HTTPResponse, body: bytes) -> Outcome:
    if 200 <= response.status < 300:
        return Outcome(OutcomeKind.ACCEPTED, rejected=_rejected_spans(body))
    text = body[:200].decode(errors="replace")
    reason = f"the server answered {response.status}: {text}"
    if response.status not in _RETRYABLE:
        return Outcome(OutcomeKind.REFUSED, reason)
    after = response.headers.get("retry-after", "")
    return Outcome(
        OutcomeKind.UNAVAILABLE, reason, retry_after=float(after) if after.isdigit() else 0.0
    )


def _rejected_spans(body: bytes) -> int:
    try:
        return max(0, int(json.loads(body)["partialSuccess"]["rejectedSpans"]))
    except (ValueError, KeyError, TypeError):
        return 0  # An empty answer is a full success.
