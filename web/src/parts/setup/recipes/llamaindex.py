import asyncio

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.llms.openai import OpenAI
from openinference.instrumentation.llama_index import LlamaIndexInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
exporter = OTLPSpanExporter(endpoint="http://127.0.0.1:4318/v1/traces")
provider.add_span_processor(BatchSpanProcessor(exporter))
LlamaIndexInstrumentor().instrument(tracer_provider=provider)


# From here on, your own agent.
def get_weather(city: str) -> str:
    """Current weather of a city."""
    return f"9 degrees and rain in {city}"


async def main() -> None:
    agent = FunctionAgent(tools=[get_weather], llm=OpenAI(model="gpt-4.1-mini"), name="weather")
    await agent.run("What is the weather in Oslo?")


asyncio.run(main())
provider.shutdown()
