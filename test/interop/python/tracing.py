# SPDX-License-Identifier: Apache-2.0
"""A tracer provider that exports by OTLP/HTTP to where OTEL_EXPORTER_OTLP_ENDPOINT points.

Exporters only log what the server refuses, so any such log line ends the client with status 1.
"""

import atexit
import logging
import os

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

PROVIDER_URL = os.environ["FAKE_PROVIDER_URL"]
SESSION_ID = os.environ["SESSION_ID"]
MODEL = "gpt-4o-mini"


class _FailOnExportError(logging.Handler):
    failed = False

    def emit(self, record: logging.LogRecord) -> None:
        _FailOnExportError.failed = True


def watch_exports() -> None:
    logging.basicConfig(level=logging.WARNING)
    for name in ("opentelemetry.exporter", "opentelemetry.sdk"):
        logging.getLogger(name).addHandler(_FailOnExportError(logging.WARNING))
    # Registered first, so it runs after the SDK's own flush at exit.
    atexit.register(lambda: os._exit(1) if _FailOnExportError.failed else None)


def start_tracing() -> TracerProvider:
    watch_exports()
    provider = TracerProvider(resource=Resource({"service.name": os.environ["OTEL_SERVICE_NAME"]}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider
