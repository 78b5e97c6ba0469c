# SPDX-License-Identifier: Apache-2.0
"""The Anthropic SDK traced by Traceloop's instrumentation, with cached prompt tokens."""

from anthropic import Anthropic
from opentelemetry import trace
from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor

from tracing import PROVIDER_URL, SESSION_ID, start_tracing

provider = start_tracing()
AnthropicInstrumentor().instrument(tracer_provider=provider)
tracer = trace.get_tracer("app")
client = Anthropic(api_key="none", base_url=PROVIDER_URL, max_retries=0)
MODEL = "claude-sonnet-4-5"

TOOLS = [
    {
        "name": "get_weather",
        "description": "Current weather of a city",
        "input_schema": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    }
]

with tracer.start_as_current_span("plan_trip", attributes={"session.id": SESSION_ID}):
    common = {
        "model": MODEL,
        "max_tokens": 256,
        "system": "You are a weather assistant.",
        "tools": TOOLS,
    }
    messages = [{"role": "user", "content": "What is the weather in Paris?"}]
    first = client.messages.create(messages=messages, **common)
    call = first.content[0]
    block = {"type": "tool_use", "id": call.id, "name": call.name, "input": call.input}
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "18 degrees"}
    messages += [
        {"role": "assistant", "content": [block]},
        {"role": "user", "content": [result]},
    ]
    client.messages.create(messages=messages, **common)
provider.shutdown()
