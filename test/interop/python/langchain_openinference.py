# SPDX-License-Identifier: Apache-2.0
"""A LangChain agent with one tool, traced by OpenInference."""

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openinference.instrumentation.langchain import LangChainInstrumentor

from tracing import MODEL, PROVIDER_URL, SESSION_ID, start_tracing

provider = start_tracing()
LangChainInstrumentor().instrument(tracer_provider=provider)


@tool
def get_weather(city: str) -> str:
    """Current weather of a city."""
    return f"18 degrees and sunny in {city}"


agent = create_agent(
    ChatOpenAI(model=MODEL, api_key="none", base_url=f"{PROVIDER_URL}/v1", max_retries=0),
    tools=[get_weather],
    system_prompt="You are a weather assistant.",
    name="weather-agent",
)
agent.invoke(
    {"messages": [{"role": "user", "content": "What is the weather in Paris?"}]},
    {"metadata": {"session_id": SESSION_ID}},
)
provider.shutdown()
