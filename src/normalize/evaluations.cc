// SPDX-License-Identifier: Apache-2.0
#include "normalize/evaluations.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/arena.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "model/evaluation.h"
#include "normalize/timing.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

using model::Evaluation;
using model::EvaluationTarget;

constexpr std::string_view kEvent = "gen_ai.evaluation.result";
constexpr std::string_view kUnknownJudge = "otlp";

// As the API for scores has them.
constexpr std::size_t kMostNameBytes = 100;
constexpr std::size_t kMostLabelBytes = 200;
constexpr std::size_t kMostCommentBytes = 5000;
constexpr double kMostNumber = 1e15;

std::string Text(const otlp::Value& value, std::size_t most_bytes) {
  base::Arena arena;
  const std::string text = base::RepairUtf8(ScalarText(value, arena));
  return std::string(base::TruncateUtf8(text, most_bytes));
}

std::optional<double> Number(const otlp::Value& value) {
  const std::optional<double> number = ParseNumber(value);
  return number && std::abs(*number) <= kMostNumber ? number : std::nullopt;
}

std::string SourceOf(std::string_view annotator_kind) {
  const std::string kind = base::ToLower(annotator_kind);
  if (kind == "human") {
    return "person";
  }
  return kind == "llm" || kind == "code" ? kind : std::string(kUnknownJudge);
}

// The evaluations of one row, in their order.
class Found {
 public:
  explicit Found(base::LossTable* losses) : losses_(losses) {}

  void Add(Evaluation evaluation) {
    const bool says_something = evaluation.number.has_value() || !evaluation.label.empty();
    if (evaluation.name.empty() || !says_something || all_.size() >= model::kMostEvaluationsOfRow) {
      Lose();
      return;
    }
    if (evaluation.source.empty()) {
      evaluation.source = kUnknownJudge;
    }
    all_.push_back(std::move(evaluation));
  }

  void Lose() {
    if (losses_ != nullptr) {
      losses_->Count(base::Loss::kScoreUnusable);
    }
  }

  std::string Encoded() const { return model::EncodeEvaluations(all_); }

 private:
  base::LossTable* losses_;
  std::vector<Evaluation> all_;
};

// By the conventions of OpenTelemetry. An evaluation that failed has an error and no outcome:
// nothing to keep, and nothing lost.
void AddEvent(std::span<const otlp::KeyValue> attributes, Evaluation evaluation, Found& found) {
  bool has_failed = false;
  std::string response_id;
  for (const auto& [key, value] : attributes) {
    if (key == "gen_ai.evaluation.name") {
      evaluation.name = Text(value, kMostNameBytes);
    } else if (key == "gen_ai.evaluation.score.value") {
      evaluation.number = Number(value);
    } else if (key == "gen_ai.evaluation.score.label") {
      evaluation.label = Text(value, kMostLabelBytes);
    } else if (key == "gen_ai.evaluation.explanation") {
      evaluation.comment = Text(value, kMostCommentBytes);
    } else if (key == "gen_ai.response.id") {
      response_id = Text(value, kMostLabelBytes);
    } else if (key == "error.type") {
      has_failed = !IsAbsent(value);
    }
  }
  if (has_failed && !evaluation.number && evaluation.label.empty()) {
    return;
  }
  evaluation.identity = fmt::format("{}\n{}", response_id, evaluation.time_ns);
  found.Add(std::move(evaluation));
}

// "trace.annotations.3.annotation.label" taken apart.
struct AnnotationKey {
  EvaluationTarget target = EvaluationTarget::kStep;
  bool is_evaluation = false;
  std::uint32_t index = 0;
  std::string_view field;

  // Keys of one annotation have the same.
  auto place() const { return std::tuple(target, is_evaluation, index); }
};

bool TakePrefix(std::string_view prefix, std::string_view& text) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<AnnotationKey> ParseKey(std::string_view key) {
  AnnotationKey parsed;
  if (TakePrefix("trace.", key)) {
    parsed.target = EvaluationTarget::kRun;
  } else if (TakePrefix("session.", key)) {
    parsed.target = EvaluationTarget::kSession;
  }
  parsed.is_evaluation = TakePrefix("evaluations.", key);
  if (!parsed.is_evaluation && !TakePrefix("annotations.", key)) {
    return std::nullopt;
  }
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), parsed.index);
  key.remove_prefix(static_cast<std::size_t>(end - key.data()));
  if (error != std::errc() ||
      !TakePrefix(parsed.is_evaluation ? ".evaluation." : ".annotation.", key)) {
    return std::nullopt;
  }
  parsed.field = key;
  return parsed;
}

void SetField(std::string_view field, const otlp::Value& value, Evaluation& evaluation) {
  if (field == "name") {
    evaluation.name = Text(value, kMostNameBytes);
  } else if (field == "score") {
    evaluation.number = Number(value);
  } else if (field == "label") {
    evaluation.label = Text(value, kMostLabelBytes);
  } else if (field == "explanation") {
    evaluation.comment = Text(value, kMostCommentBytes);
  } else if (field == "annotator_kind") {
    evaluation.source = SourceOf(Text(value, kMostLabelBytes));
  } else if (field == "identifier") {
    evaluation.author = Text(value, kMostLabelBytes);
  }
}

// A name and an identifier name an annotation of a target, which may come with several spans; of
// two of one span that share both each counts.
void AddAnnotations(std::span<const otlp::KeyValue> attributes, std::int64_t time_ns,
                    Found& found) {
  using Place = decltype(AnnotationKey().place());
  std::map<Place, Evaluation> annotations;
  for (const auto& [key, value] : attributes) {
    const std::optional<AnnotationKey> parsed = ParseKey(key);
    if (!parsed) {
      continue;
    }
    const bool has_room = annotations.size() < model::kMostEvaluationsOfRow;
    const auto place = annotations.find(parsed->place());
    if (place == annotations.end() && !has_room) {
      if (parsed->field == "name") {
        found.Lose();
      }
      continue;
    }
    Evaluation& evaluation =
        place == annotations.end() ? annotations[parsed->place()] : place->second;
    evaluation.target = parsed->target;
    evaluation.time_ns = time_ns;
    SetField(parsed->field, value, evaluation);
  }
  std::map<std::tuple<EvaluationTarget, std::string, std::string>, int> seen;
  for (auto& [place, evaluation] : annotations) {
    const int before = seen[{evaluation.target, evaluation.name, evaluation.author}]++;
    evaluation.identity = fmt::format("{}\n{}", evaluation.author, before);
    found.Add(std::move(evaluation));
  }
}

}  // namespace

std::string ReadSpanEvaluations(const Slots& slots, std::span<const otlp::KeyValue> attributes,
                                std::span<const otlp::SpanEvent> events,
                                const otlp::Request& request, const model::Span& span,
                                base::LossTable* losses) {
  const auto is_evaluation = [](const otlp::SpanEvent& event) { return event.name == kEvent; };
  const bool has_event = std::any_of(events.begin(), events.end(), is_evaluation);
  if (!has_event && !slots.has(Field::kAnnotations) && !slots.has(Field::kEvaluation)) {
    return {};
  }
  Found found(losses);
  if (slots.has(Field::kEvaluation)) {
    AddEvent(attributes, {.time_ns = span.end_ns}, found);
  }
  for (const otlp::SpanEvent& event : events) {
    if (is_evaluation(event)) {
      AddEvent(request.Attributes(event.attributes), {.time_ns = ToTimeNs(event.time_ns)}, found);
    }
  }
  if (slots.has(Field::kAnnotations)) {
    AddAnnotations(attributes, span.end_ns, found);
  }
  return found.Encoded();
}

std::string ReadLogEvaluation(std::span<const otlp::KeyValue> attributes,
                              const model::LogRecord& record, base::LossTable* losses) {
  if (record.event_name != kEvent) {
    return {};
  }
  Evaluation evaluation{.time_ns = record.time_ns};
  if (record.trace_id.is_zero()) {
    evaluation.target = EvaluationTarget::kSession;
  } else if (record.span_id.is_zero()) {
    evaluation.target = EvaluationTarget::kRun;
  }
  Found found(losses);
  AddEvent(attributes, std::move(evaluation), found);
  return found.Encoded();
}

}  // namespace sightline::normalize
