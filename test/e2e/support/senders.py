# SPDX-License-Identifier: Apache-2.0
"""Clients that export over OTLP/HTTP and OTLP/gRPC and tell what became of a request."""

import enum
import http.client
import struct
from typing import Any

import grpc

from support import otlp
from support.server import Answer, Server

EXPORT_METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
PROTOBUF = "application/x-protobuf"
JSON = "application/json"
_UNLIMITED = [("grpc.max_send_message_length", -1), ("grpc.enable_retries", 0)]


class Fate(enum.Enum):
    ACKNOWLEDGED = "acknowledged"  # The server promised to keep it.
    REFUSED = "refused"  # Answered with a retryable error.
    UNKNOWN = "unknown"  # No answer: stored or not.


class HttpSender:
    """Keeps one connection. Not for several threads at once."""

    def __init__(self, server: Server, content_type: str = PROTOBUF):
        self._content_type = content_type
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", server.ports["otlp_http"], timeout=60
        )

    def close(self) -> None:
        self._connection.close()

    def post(self, body: bytes, path: str = "/v1/traces", **headers: str) -> Answer:
        """Sends what it is given; headers are named with underscores."""
        fields = {"Content-Type": self._content_type}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self._connection.request("POST", path, body, fields)
            return Answer(self._connection.getresponse())
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise

    def encode(self, spans: list[otlp.Span]) -> bytes:
        encode = otlp.traces_json if self._content_type == JSON else otlp.traces_request
        return encode(spans)

    def send(self, spans: list[otlp.Span]) -> Fate:
        try:
            answer = self.post(self.encode(spans))
        except (OSError, http.client.HTTPException):
            return Fate.UNKNOWN
        if answer.status == 200:
            return Fate.ACKNOWLEDGED
        if answer.status in (429, 502, 503, 504):
            return Fate.REFUSED
        raise AssertionError(f"an export was answered {answer.status} {answer.body[:500]!r}")


class GrpcError(Exception):
    """A call that was answered with an error."""

    def __init__(self, code: grpc.StatusCode, message: str, status: dict[str, Any] | None):
        super().__init__(f"{code.name}: {message}")
        self.code, self.message, self.status = code, message, status


class GrpcSender:
    """One channel. `compression` as gRPC has it."""

    def __init__(self, server: Server, compression: grpc.Compression = grpc.Compression.NoCompression):
        self._channel = grpc.insecure_channel(
            f"127.0.0.1:{server.ports['otlp_grpc']}", options=_UNLIMITED, compression=compression
        )

    def close(self) -> None:
        self._channel.close()

    def call(self, message: bytes, method: str = EXPORT_METHOD) -> bytes:
        """The response message; GrpcError for anything but OK."""
        try:
            return self._channel.unary_unary(method)(message, timeout=60)
        except grpc.RpcError as error:
            details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
            status = otlp.decode_status(details) if details else None
            raise GrpcError(error.code(), error.details(), status) from None

    def send(self, spans: list[otlp.Span]) -> Fate:
        try:
            self.call(otlp.traces_request(spans))
        except GrpcError as error:
            # A call that goes on when the server ends is cancelled; OTLP has senders try again.
            if error.code not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
                raise AssertionError(f"an export was answered {error}") from None
            # Our own refusals carry RetryInfo; without it the connection broke.
            return Fate.REFUSED if error.status else Fate.UNKNOWN
        return Fate.ACKNOWLEDGED


def grpc_frame(message: bytes, is_compressed: bool = False) -> bytes:
    """A message as it stands in the body of a gRPC call."""
    return struct.pack(">BI", is_compressed, len(message)) + message
