using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

using var provider = Sdk.CreateTracerProviderBuilder()
    .AddSource("my-agent")
    .AddOtlpExporter(options =>
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri("http://127.0.0.1:4318/v1/traces");
    })
    .Build();

using var source = new ActivitySource("my-agent");
using (var run = source.StartActivity("invoke_agent weather"))
{
    run?.SetTag("gen_ai.operation.name", "invoke_agent");
    run?.SetTag("gen_ai.agent.name", "weather");
    Console.WriteLine($"http://127.0.0.1:8000/runs/{run?.TraceId}");
}
