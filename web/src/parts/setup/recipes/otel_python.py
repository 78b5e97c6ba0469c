from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider(resource=Resource.create({"service.name": "my-agent"}))
exporter = OTLPSpanExporter(endpoint="http://127.0.0.1:4318/v1/traces")
provider.add_span_processor(BatchSpanProcessor(exporter))
tracer = provider.get_tracer("my-agent")

agent = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "weather"}
tool = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_weather"}
chat = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4.1-mini",
    "gen_ai.usage.input_tokens": 42,
    "gen_ai.usage.output_tokens": 7,
    "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Weather in Oslo?"}]}]',
    "gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"Rain, 9 degrees."}]}]',
}

with tracer.start_as_current_span("invoke_agent weather", attributes=agent) as run:
    with tracer.start_as_current_span("execute_tool get_weather", attributes=tool) as call:
        call.set_attribute("gen_ai.tool.call.arguments", '{"city":"Oslo"}')
        call.set_attribute("gen_ai.tool.call.result", '{"sky":"rain","celsius":9}')
    with tracer.start_as_current_span("chat gpt-4.1-mini", attributes=chat):
        pass
provider.shutdown()
print(f"http://127.0.0.1:8000/runs/{run.get_span_context().trace_id:032x}")
