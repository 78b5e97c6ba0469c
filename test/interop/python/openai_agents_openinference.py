# SPDX-License-Identifier: Apache-2.0
"""OpenAI Agents: a triage agent hands over to one that uses a tool, traced by OpenInference."""

from agents import (
    Agent,
    OpenAIResponsesModel,
    Runner,
    function_tool,
)
from openai import AsyncOpenAI
from openinference.instrumentation import using_session
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor

from tracing import MODEL, PROVIDER_URL, SESSION_ID, start_tracing

provider = start_tracing()
# Replaces the SDK's own exporter, which would send to its vendor.
OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)

client = AsyncOpenAI(api_key="none", base_url=f"{PROVIDER_URL}/v1", max_retries=0)


@function_tool
def get_weather(city: str) -> str:
    """Current weather of a city."""
    return f"18 degrees and sunny in {city}"


agent = Agent(
    name="weather-agent",
    instructions="You are a weather assistant.",
    model=OpenAIResponsesModel(model=MODEL, openai_client=client),
    tools=[get_weather],
)
with using_session(SESSION_ID):
    Runner.run_sync(agent, "What is the weather in Paris?")
provider.shutdown()
