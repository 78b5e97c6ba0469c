// SPDX-License-Identifier: Apache-2.0
// Golden tests of normalize/: <dialect>/<case>.json is an OTLP/JSON trace or log request, beside it
// <case>.txt the model rows and conversations that it must become. <case>.logs.json beside
// <case>.json holds log records that were written inside its spans. Protobuf bodies as real clients
// sent them are <case>.otlp (traces) and <case>.logs.otlp, with one request a line also .json.
//
// In a folder named "runs" the spans of a case are also priced and put together as one run, whose
// figures follow: what counts once, what it cost, how long it took.
//
//   normalize_golden <folder>            compares
//   normalize_golden --update <folder>   rewrites the texts, to be reviewed as a diff
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <sstream>
#include <string>
#include <utility>

#include "base/arena.h"
#include "base/loss.h"
#include "base/result.h"
#include "golden_runner.h"
#include "model/log_record.h"
#include "model/span.h"
#include "model_text.h"
#include "normalize/attribute_source.h"
#include "normalize/messages.h"
#include "normalize/normalizer.h"
#include "otlp/decode.h"
#include "otlp/json.h"
#include "pricing/embedded_prices.h"
#include "pricing/price.h"
#include "pricing/price_book.h"

namespace sightline::golden {
namespace {

namespace fs = std::filesystem;

// 2027-01-01: start times of the cases are held against it.
constexpr std::int64_t kNowNs = 1'798'761'600'000'000'000;

std::int64_t EarliestTime(const otlp::Request& request) {
  std::uint64_t earliest = std::numeric_limits<std::uint64_t>::max();
  for (const otlp::Span& span : request.spans) {
    earliest = std::min(earliest, span.start_ns);
  }
  for (const otlp::LogRecord& log : request.logs) {
    earliest = std::min(earliest, log.time_ns != 0 ? log.time_ns : log.observed_time_ns);
  }
  return static_cast<std::int64_t>(earliest);
}

// Whether the spans of a case are put together as a run.
enum class Scope : std::uint8_t { kSpans, kRun };

void Price(model::Span& span) {
  static const pricing::PriceBook book =
      pricing::PriceBook::Create(pricing::EmbeddedPrices(), pricing::EmbeddedOverrides()).value();
  if (!model::IsModelCall(span.kind) || span.cost_status != model::CostStatus::kNone) {
    return;
  }
  const pricing::Priced priced = pricing::Price(
      book, span.provider, span.model(), span.usage, span.start_ns,
      {.details = span.usage_details, .service_tier = span.service_tier, .region = span.region});
  span.cost = priced.cost;
  span.cost_status = priced.status;
}

// Log records that were sent apart from the spans in whose context they were written.
struct SideLogs {
  std::string protobuf;
  otlp::Request request;
  std::vector<std::string> names;
};

void AddSpans(const normalize::Normalizer& normalizer, normalize::RequestContext& context,
              const otlp::Request& request, const SideLogs& logs, base::Arena& arena, Scope scope,
              ModelText& text) {
  std::vector<model::Span> run;
  for (std::size_t i = 0; i < request.spans.size(); ++i) {
    model::Span span;
    switch (normalizer.NormalizeSpan(context, i, span)) {
      case normalize::SpanOutcome::kInvalidId:
        text.AddLine("rejected " + std::string(request.spans[i].name));
        continue;
      case normalize::SpanOutcome::kPending:
        text.AddSpan("pending", span);
        break;
      case normalize::SpanOutcome::kSpan:
        if (scope == Scope::kRun) {
          Price(span);
          run.push_back(span);
        }
        text.AddSpan("span", span);
        break;
    }
    normalize::DecodedSource source(request, request.spans[i], arena);
    for (std::size_t j = 0; j < logs.request.logs.size(); ++j) {
      if (logs.request.logs[j].span_id == request.spans[i].span_id) {
        source.AddLog(logs.request, logs.request.logs[j], logs.names[j], arena);
      }
    }
    text.AddConversation(ExtractConversation(source.source(span.kind, span.dialect)));
  }
  if (scope == Scope::kRun) {
    text.AddRun(run);
  }
}

void AddLogs(const normalize::Normalizer& normalizer, normalize::RequestContext& context,
             const otlp::Request& request, base::Arena& arena, ModelText& text) {
  for (std::size_t i = 0; i < request.logs.size(); ++i) {
    model::LogRecord log;
    model::Span derived;
    const normalize::LogOutcome outcome = normalizer.NormalizeLog(context, i, log, derived);
    text.AddLog(log);
    if (outcome.has_invalid_id) {
      text.AddLine("  invalid id");
    }
    if (outcome.has_derived_span) {
      text.AddSpan("derived", derived);
    }
    const normalize::DecodedSource source(request, request.logs[i], log.event_name, arena);
    text.AddConversation(ExtractConversation(source.source(derived.kind, derived.dialect)));
  }
}

struct Body {
  otlp::Signal signal = otlp::Signal::kTraces;
  std::string protobuf;
};

base::Result<Body> ReadBody(const fs::path& input) {
  std::string content = ReadFile(input);
  if (input.extension() == ".otlp") {
    const bool is_logs = input.stem().extension() == ".logs";
    return Body{.signal = is_logs ? otlp::Signal::kLogs : otlp::Signal::kTraces,
                .protobuf = std::move(content)};
  }
  const bool is_logs = content.find("\"resourceLogs\"") != std::string::npos;
  const auto signal = is_logs ? otlp::Signal::kLogs : otlp::Signal::kTraces;
  // Captured files hold one request a line; appended protobuf messages are their merge.
  Body body{.signal = signal};
  const bool is_lines = content.substr(0, content.find('\n')).ends_with('}');
  std::istringstream lines(content);
  for (std::string line; is_lines && std::getline(lines, line);) {
    body.protobuf += TRY(otlp::JsonToProtobuf(signal, line));
  }
  if (!is_lines) {
    body.protobuf = TRY(otlp::JsonToProtobuf(signal, content));
  }
  return body;
}

// Of <case>.logs.json beside <case>.json; empty if there is none.
base::Result<void> ReadSideLogs(const normalize::Normalizer& normalizer, const fs::path& input,
                                base::Arena& arena, SideLogs& logs) {
  const fs::path path = fs::path(input).replace_extension(".logs.json");
  if (!fs::exists(path)) {
    return {};
  }
  logs.protobuf = TRY(ReadBody(path)).protobuf;
  TRY(otlp::Decode(otlp::Signal::kLogs, logs.protobuf, logs.request));
  auto context = normalizer.Prepare(logs.request, arena, kNowNs, nullptr);
  for (std::size_t i = 0; i < logs.request.logs.size(); ++i) {
    model::LogRecord log;
    model::Span derived;
    normalizer.NormalizeLog(context, i, log, derived);
    logs.names.emplace_back(log.event_name);
  }
  return {};
}

std::string Render(const fs::path& input) {
  const auto body = ReadBody(input);
  if (!body.has_value()) {
    return body.error().ToString() + "\n";
  }
  otlp::Request request;
  if (const auto decoded = otlp::Decode(body->signal, body->protobuf, request);
      !decoded.has_value()) {
    return decoded.error().ToString() + "\n";
  }
  base::Arena arena;
  base::LossTable losses;
  const normalize::Normalizer normalizer;
  auto context = normalizer.Prepare(request, arena, kNowNs, &losses);
  ModelText text(EarliestTime(request));
  SideLogs logs;
  if (const auto read = ReadSideLogs(normalizer, input, arena, logs); !read.has_value()) {
    return read.error().ToString() + "\n";
  }
  const Scope scope = input.parent_path().filename() == "runs" ? Scope::kRun : Scope::kSpans;
  AddSpans(normalizer, context, request, logs, arena, scope, text);
  AddLogs(normalizer, context, request, arena, text);
  for (std::size_t i = 0; i < static_cast<std::size_t>(base::Loss::kCount); ++i) {
    const auto loss = static_cast<base::Loss>(i);
    if (losses.count(loss) != 0) {
      text.AddLine("loss " + std::string(base::GetLossInfo(loss).name) + "=" +
                   std::to_string(losses.count(loss)));
    }
  }
  return text.text();
}

bool IsCase(const fs::path& file) {
  const bool is_metrics = file.stem().extension() == ".metrics";
  return (file.extension() == ".json" || file.extension() == ".otlp") && !is_metrics;
}

}  // namespace
}  // namespace sightline::golden

int main(int argc, char** argv) {
  return sightline::golden::RunGolden(argc, argv, sightline::golden::IsCase,
                                      sightline::golden::Render);
}
