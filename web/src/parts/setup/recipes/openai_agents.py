from agents import Agent, Runner, function_tool
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
exporter = OTLPSpanExporter(endpoint="http://127.0.0.1:4318/v1/traces")
provider.add_span_processor(BatchSpanProcessor(exporter))
# Takes the place of the exporter that sends to the vendor of the SDK.
OpenAIAgentsInstrumentor().instrument(tracer_provider=provider)


# From here on, your own agent.
@function_tool
def get_weather(city: str) -> str:
    """Current weather of a city."""
    return f"9 degrees and rain in {city}"


agent = Agent(name="weather", model="gpt-4.1-mini", tools=[get_weather])
Runner.run_sync(agent, "What is the weather in Oslo?")
provider.shutdown()
