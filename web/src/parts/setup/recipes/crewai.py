from crewai import Agent, Crew, Task
from openinference.instrumentation.crewai import CrewAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
exporter = OTLPSpanExporter(endpoint="http://127.0.0.1:4318/v1/traces")
provider.add_span_processor(BatchSpanProcessor(exporter))
CrewAIInstrumentor().instrument(tracer_provider=provider)

# From here on, your own crew.
writer = Agent(role="writer", goal="Write short texts", backstory="You are brief.", llm="gpt-4.1-mini")
task = Task(description="Write a line about rain.", expected_output="One line.", agent=writer)
Crew(agents=[writer], tasks=[task]).kickoff()
provider.shutdown()
