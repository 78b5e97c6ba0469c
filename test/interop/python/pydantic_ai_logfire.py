# SPDX-License-Identifier: Apache-2.0
"""A Pydantic AI agent with Logfire's pending spans, which show a run before it ends.

The tool looks up its own run on the server, when SIGHTLINE_HTTP names one: it must be there, and
running, while no real span of an outer level has been sent.
"""

import json
import os
import time
import urllib.parse
import urllib.request

import logfire
from logfire._internal.exporters.remove_pending import RemovePendingSpansExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from tracing import MODEL, PROVIDER_URL, SESSION_ID, watch_exports

VISIBLE_DEADLINE_SECONDS = 10

watch_exports()
# Logfire sends pending spans only through this wrapper. One request a span, so that each of them
# leaves before the span that it announces.
exporter = RemovePendingSpansExporter(OTLPSpanExporter())
endpoint = os.environ.pop("OTEL_EXPORTER_OTLP_ENDPOINT")  # Else Logfire adds an exporter too.
logfire.configure(
    send_to_logfire=False,
    console=False,
    service_name=os.environ["OTEL_SERVICE_NAME"],
    inspect_arguments=False,
    additional_span_processors=[SimpleSpanProcessor(exporter)],
)
logfire.instrument_pydantic_ai()

agent = Agent(
    OpenAIChatModel(MODEL, provider=OpenAIProvider(base_url=f"{PROVIDER_URL}/v1", api_key="none")),
    name="weather-agent",
    instructions="You are a weather assistant.",
)


def _own_run() -> dict | None:
    base = os.environ["SIGHTLINE_HTTP"]
    query = urllib.parse.urlencode({"session_id": SESSION_ID})
    url = f"{base}/api/v1/observability/traces?{query}"
    with urllib.request.urlopen(url, timeout=5) as response:
        traces = json.load(response)["traces"]
    return traces[0] if traces else None


def _require_visible_run() -> None:
    deadline = time.monotonic() + VISIBLE_DEADLINE_SECONDS
    while (run := _own_run()) is None:
        if time.monotonic() > deadline:
            raise SystemExit("the run is not visible while it is going on")
        time.sleep(0.02)
    if run["status"] != "running":
        raise SystemExit(f"the run is shown as {run['status']} while it is going on")


@agent.tool_plain
def get_weather(city: str) -> str:
    """Current weather of a city."""
    if "SIGHTLINE_HTTP" in os.environ:
        _require_visible_run()
    return f"18 degrees and sunny in {city}"


agent.run_sync("What is the weather in Paris?", conversation_id=SESSION_ID)
logfire.force_flush()
