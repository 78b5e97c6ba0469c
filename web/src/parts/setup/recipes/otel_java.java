import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;

public class Weather {
  public static void main(String[] args) {
    var exporter = OtlpHttpSpanExporter.builder().setEndpoint("http://127.0.0.1:4318/v1/traces").build();
    var provider = SdkTracerProvider.builder()
        .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
        .build();
    var run = provider.get("my-agent").spanBuilder("invoke_agent weather")
        .setAttribute("gen_ai.operation.name", "invoke_agent")
        .setAttribute("gen_ai.agent.name", "weather")
        .startSpan();
    run.end();
    provider.close();
    System.out.println("http://127.0.0.1:8000/runs/" + run.getSpanContext().getTraceId());
  }
}
