import os

import logfire
from pydantic_ai import Agent

os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:4318"
logfire.configure(send_to_logfire=False, service_name="my-agent")
logfire.instrument_pydantic_ai()

# From here on, your own agent.
agent = Agent("openai:gpt-4.1-mini", name="weather")


@agent.tool_plain
def get_weather(city: str) -> str:
    """Current weather of a city."""
    return f"9 degrees and rain in {city}"


agent.run_sync("What is the weather in Oslo?")
logfire.shutdown()
