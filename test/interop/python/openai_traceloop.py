# SPDX-License-Identifier: Apache-2.0
"""The OpenAI SDK traced by Traceloop's instrumentation: a tool call and a streamed chat."""

from openai import OpenAI
from opentelemetry import trace
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

from tracing import MODEL, PROVIDER_URL, SESSION_ID, start_tracing

provider = start_tracing()
OpenAIInstrumentor(enrich_assistant=False).instrument(tracer_provider=provider)
tracer = trace.get_tracer("app")
client = OpenAI(api_key="none", base_url=f"{PROVIDER_URL}/v1", max_retries=0)

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Current weather of a city",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        },
    }
]

with tracer.start_as_current_span("plan_trip", attributes={"session.id": SESSION_ID}):
    messages = [{"role": "user", "content": "What is the weather in Paris?"}]
    first = client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
    asked = first.choices[0].message
    result = {"role": "tool", "tool_call_id": asked.tool_calls[0].id, "content": "18 degrees"}
    messages += [asked.model_dump(exclude_none=True), result]
    client.chat.completions.create(model=MODEL, messages=messages, tools=TOOLS)
    stream = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Tell me a story."}],
        stream=True,
        stream_options={"include_usage": True},
    )
    for _ in stream:
        pass
provider.shutdown()
