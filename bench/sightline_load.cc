// SPDX-License-Identifier: Apache-2.0
// Sends believable agent runs to an OTLP receiver and says in one line of JSON what was accepted
// and how long it took. Deterministic: the same options send the same spans, times apart.
#include <sys/resource.h>

#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/json_writer.h"
#include "load/load_run.h"

namespace sightline::load {
namespace {

double OwnCpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double Percentile(const std::vector<float>& sorted, double share) {
  if (sorted.empty()) {
    return 0;
  }
  return static_cast<double>(
      sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))]);
}

std::string ReportJson(const LoadReport& report, double cpu_seconds, std::uint64_t seed,
                       std::size_t samples) {
  base::JsonWriter json;
  json.BeginObject();
  json.Key("requests").Uint(report.requests);
  json.Key("spans").Uint(report.spans);
  json.Key("bytes").Uint(report.bytes);
  json.Key("pushed_back").Uint(report.pushed_back);
  json.Key("failed").Uint(report.failed);
  json.Key("problem").String(report.problem);
  json.Key("seconds").Double(report.seconds);
  json.Key("cpu_seconds").Double(cpu_seconds);
  json.Key("latency_ms").BeginObject();
  json.Key("p50").Double(Percentile(report.latencies_ms, 0.5));
  json.Key("p95").Double(Percentile(report.latencies_ms, 0.95));
  json.Key("p99").Double(Percentile(report.latencies_ms, 0.99));
  json.Key("max").Double(Percentile(report.latencies_ms, 1));
  json.EndObject();
  json.Key("trace_ids").BeginArray();
  const std::size_t count = std::min(samples, report.runs.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t run = report.runs[i * report.runs.size() / count];
    json.String(RequestStream::TraceIdHex(seed, run));
  }
  json.EndArray();
  json.EndObject();
  return json.Take();
}

int Main(int argc, char** argv) {
  LoadOptions options;
  double seconds = 0;
  double history_seconds = 0;
  double ago_seconds = 0;
  std::int64_t retry_ms = options.retry_pause.count();
  std::size_t samples = 0;
  CLI::App app("Sends agent runs to an OTLP receiver as fast as asked and reports in JSON.");
  app.add_option("--target", options.target, "host:port of the receiver")->required();
  app.add_option("--protocol", options.protocol, "grpc or http")
      ->transform(CLI::Transformer(
          std::map<std::string, Protocol>{{"grpc", Protocol::kGrpc}, {"http", Protocol::kHttp}}));
  app.add_option(
         "--shape", options.stream.shape.shape,
         "steps (0.3 KB a span), agent (1.9 KB), long (8 KB), conversation, single (one span "
         "a run) or huge (10,000)")
      ->transform(
          CLI::Transformer(std::map<std::string, Shape>{{"steps", Shape::kSteps},
                                                        {"agent", Shape::kAgent},
                                                        {"long", Shape::kLongAgent},
                                                        {"conversation", Shape::kConversation},
                                                        {"single", Shape::kSingle},
                                                        {"huge", Shape::kHuge}}));
  app.add_option("--turns", options.stream.shape.turns, "Model calls of a conversation [15]");
  app.add_option("--content", options.stream.content,
                 "shared: turns repeat the history; salted: equal but for eight characters a copy; "
                 "unique: every copy is another text")
      ->transform(CLI::Transformer(std::map<std::string, Content>{{"shared", Content::kShared},
                                                                  {"salted", Content::kSalted},
                                                                  {"unique", Content::kUnique}}));
  app.add_option("--batch", options.stream.batch, "Spans a request [256]")
      ->check(CLI::PositiveNumber);
  app.add_option("--connections", options.connections, "Requests in flight [4]")
      ->check(CLI::PositiveNumber);
  app.add_option("--spans", options.spans, "Ends after so many spans; 0: no limit [0]");
  app.add_option("--seconds", seconds, "Ends after so long; 0: no limit [0]");
  app.add_option("--rate", options.rate, "Spans a second; 0: as fast as possible [0]");
  app.add_option("--history", history_seconds,
                 "Runs start over so many seconds up to now; needs --spans [0]");
  app.add_option("--ago", ago_seconds, "Runs are so many seconds older [0]");
  app.add_option("--retry-ms", retry_ms, "Pause after a request was pushed back [50]");
  app.add_option("--seed", options.stream.seed, "Trace ids and texts depend on it [1]");
  app.add_option("--samples", samples, "Ids of so many accepted traces in the report [0]");
  CLI11_PARSE(app, argc, argv);
  options.duration = std::chrono::duration<double>(seconds);
  options.history = std::chrono::duration<double>(history_seconds);
  options.ago = std::chrono::duration<double>(ago_seconds);
  options.retry_pause = std::chrono::milliseconds(retry_ms);
  if (options.spans == 0 && seconds <= 0) {
    fmt::print(stderr, "sightline_load: --spans or --seconds is needed\n");
    return 2;
  }
  const LoadReport report = RunLoad(options);
  fmt::print("{}\n", ReportJson(report, OwnCpuSeconds(), options.stream.seed, samples));
  return report.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace sightline::load

int main(int argc, char** argv) {
  return sightline::load::Main(argc, argv);
}
