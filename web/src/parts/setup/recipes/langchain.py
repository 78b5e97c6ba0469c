from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openinference.instrumentation.langchain import LangChainInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
exporter = OTLPSpanExporter(endpoint="http://127.0.0.1:4318/v1/traces")
provider.add_span_processor(BatchSpanProcessor(exporter))
LangChainInstrumentor().instrument(tracer_provider=provider)


# From here on, your own agent. A graph of LangGraph is traced in the same way.
@tool
def get_weather(city: str) -> str:
    """Current weather of a city."""
    return f"9 degrees and rain in {city}"


agent = create_agent(ChatOpenAI(model="gpt-4.1-mini"), tools=[get_weather], name="weather")
agent.invoke({"messages": [{"role": "user", "content": "What is the weather in Oslo?"}]})
provider.shutdown()
