// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/run_comparison.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analytics/run_diff/run_diff.h"
#include "api/request/json_fields.h"
#include "api/runs/span_json.h"
#include "api/runs/step_text.h"
#include "api/runs/trace_json.h"
#include "base/utf8.h"
#include "model/ancestors.h"
#include "model/saturating.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

using analytics::ComparedStep;
using analytics::EditKind;
using analytics::StepEdit;
using analytics::StepPair;

constexpr std::size_t kNone = ComparedStep::kNone;

// With texts of kComparedBytes, both runs hold at most 200 MB.
constexpr std::size_t kMostSteps = 3000;

// Of texts that differ: what comes before the first difference, and how much is shown.
constexpr std::size_t kShownBefore = 200;
constexpr std::size_t kShownBytes = 2000;

// The steps of one run that are compared.
class Side {
 public:
  explicit Side(const RunWithBodies& run) : view_(run.trace.view) {
    std::vector<std::size_t> places(view_.spans.size(), kNone);
    for (std::size_t i = 0; i < view_.spans.size(); ++i) {
      if (i != view_.root && !IsStepRow(view_.spans[i])) {
        continue;
      }
      if (spans_.size() == kMostSteps) {
        ++left_out_;
        continue;
      }
      places[i] = spans_.size();
      spans_.push_back(i);
      AddTexts(run, i);
    }
    const std::vector<std::size_t> compared = model::NearestAtOrAbove(
        places.size(), [&](std::size_t i) { return view_.parents[i]; },
        [&](std::size_t i) { return places[i] != kNone; });
    for (std::size_t step = 0; step < spans_.size(); ++step) {
      const std::size_t above = view_.parents[spans_[step]];
      const std::size_t parent = above == analytics::TraceView::kNone ? above : compared[above];
      steps_.push_back(
          StepOf(step, parent == analytics::TraceView::kNone ? kNone : places[parent]));
    }
  }

  const std::vector<ComparedStep>& steps() const { return steps_; }

  std::size_t left_out() const { return left_out_; }

  const model::Span& span(std::size_t step) const { return view_.spans[spans_[step]]; }

  const std::string& input(std::size_t step) const { return texts_[step].first; }

  const std::string& output(std::size_t step) const { return texts_[step].second; }

  void Write(std::size_t step, base::JsonWriter& json) const {
    if (step == kNone) {
      json.Null();
      return;
    }
    json.BeginObject();
    WriteSpanHead(view_, spans_[step], json);
    json.EndObject();
  }

  void WriteId(std::size_t step, base::JsonWriter& json) const {
    if (step == kNone) {
      json.Null();
    } else {
      json.String(span(step).span_id.ToHex());
    }
  }

 private:
  void AddTexts(const RunWithBodies& run, std::size_t i) {
    const SpanDocument document(view_.spans[i], run.trace.logs.Of(view_, i), run.bodies);
    const model::Conversation conversation = normalize::ExtractConversation(
        document.source(view_.spans[i].kind, view_.spans[i].dialect));
    texts_.emplace_back(InputTextOf(conversation), OutputTextOf(conversation));
  }

  // `parent` is the nearest step above it that is compared, too.
  ComparedStep StepOf(std::size_t step, std::size_t parent) const {
    const model::Span& row = span(step);
    return {.parent = parent,
            .kind = model::SpanKindName(row.kind),
            .name = row.display_name.empty() ? row.name : row.display_name,
            .start_ns = row.start_ns,
            .end_ns = row.end_ns,
            .has_failed = row.has_error,
            .input = texts_[step].first,
            .output = texts_[step].second};
  }

  const analytics::TraceView& view_;
  std::vector<std::size_t> spans_;  // Index in the view, for each step.
  std::vector<std::pair<std::string, std::string>> texts_;
  std::vector<ComparedStep> steps_;
  std::size_t left_out_ = 0;
};

// What a step or run took; absent where it is not known.
struct Figures {
  std::optional<std::int64_t> duration_ns;
  std::optional<std::int64_t> tokens;
  std::optional<std::int64_t> picodollars;
};

std::optional<std::int64_t> KnownCost(std::int64_t picodollars, model::CostStatus status) {
  const bool is_known =
      status == model::CostStatus::kPriced || status == model::CostStatus::kReported;
  return is_known ? std::optional(picodollars) : std::nullopt;
}

std::optional<std::int64_t> KnownTokens(const model::Usage& usage) {
  return usage.is_known() ? std::optional(TotalTokens(usage)) : std::nullopt;
}

Figures FiguresOf(const model::Span& span) {
  Figures figures{.duration_ns = std::nullopt,
                  .tokens = KnownTokens(span.usage),
                  .picodollars = KnownCost(span.cost.picodollars, span.cost_status)};
  if (!span.has_mark(model::Mark::kPlaceholder)) {
    figures.duration_ns = model::DurationNs(span.start_ns, span.end_ns);
  }
  return figures;
}

Figures FiguresOf(const analytics::TraceSummary& run) {
  Figures figures{.duration_ns = std::nullopt,
                  .tokens = KnownTokens(run.totals.usage),
                  .picodollars = KnownCost(run.totals.cost_picodollars, run.totals.cost_status)};
  if (run.status != model::RunStatus::kRunning) {
    figures.duration_ns = model::DurationNs(run.start_ns, run.end_ns);
  }
  return figures;
}

std::optional<std::int64_t> Less(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  return a && b ? std::optional(model::SaturatingSubtract(*b, *a)) : std::nullopt;
}

// How much more b took than a.
void WriteDifference(const Figures& a, const Figures& b, base::JsonWriter& json) {
  json.Key("difference").BeginObject();
  json.Key("duration");
  if (const auto duration = Less(a.duration_ns, b.duration_ns)) {
    json.Double(static_cast<double>(*duration) / 1e9);
  } else {
    json.Null();
  }
  json.Key("total_tokens");
  if (const auto tokens = Less(a.tokens, b.tokens)) {
    json.Int(*tokens);
  } else {
    json.Null();
  }
  json.Key("cost");
  if (const auto cost = Less(a.picodollars, b.picodollars)) {
    json.Pico(*cost);
  } else {
    json.Null();
  }
  json.EndObject();
}

// `name`: both texts from shortly before their first difference.
void WriteTexts(std::string_view name, std::string_view a, std::string_view b,
                base::JsonWriter& json) {
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  const auto at = static_cast<std::size_t>(differ - a.begin());
  // Both are alike up to there, so that both are cut at the end of a character.
  const std::size_t from = base::TruncateUtf8(a, at > kShownBefore ? at - kShownBefore : 0).size();
  const auto shown = [from](std::string_view text) {
    return base::TruncateUtf8(text.substr(std::min(from, text.size())), kShownBytes);
  };
  json.Key(name).BeginObject();
  json.Key("from").Uint(from);
  json.Key("a").String(shown(a));
  json.Key("b").String(shown(b));
  json.EndObject();
}

// What the edits say of a step; by index of the edit.
struct StepNotes {
  std::unordered_map<std::size_t, std::vector<std::size_t>> of_a;
  std::unordered_map<std::size_t, std::vector<std::size_t>> of_b;
  std::unordered_map<std::size_t, bool> is_attempt;  // Of b.

  explicit StepNotes(const std::vector<StepEdit>& edits) {
    for (std::size_t i = 0; i < edits.size(); ++i) {
      const StepEdit& edit = edits[i];
      (edit.b == kNone ? of_a[edit.a] : of_b[edit.b]).push_back(i);
      for (const std::size_t attempt : edit.attempts) {
        is_attempt[attempt] = true;
      }
    }
  }

  std::vector<std::size_t> Of(const StepPair& row) const {
    const auto& notes = row.b == kNone ? of_a : of_b;
    const auto found = notes.find(row.b == kNone ? row.a : row.b);
    return found == notes.end() ? std::vector<std::size_t>() : found->second;
  }
};

class Comparison {
 public:
  Comparison(const Side& a, const Side& b, base::JsonWriter& json)
      : a_(a),
        b_(b),
        json_(json),
        diff_(analytics::DiffRuns(a.steps(), b.steps())),
        notes_(diff_.edits) {}

  void Write() {
    WriteCounts();
    WriteFirst();
    json_.Key("steps").BeginArray();
    for (const StepPair& row : diff_.rows) {
      WriteRow(row);
    }
    json_.EndArray();
    json_.Key("steps_left_out").Uint(a_.left_out() + b_.left_out());
    json_.Key("is_approximate").Bool(diff_.is_approximate);
  }

 private:
  void WriteCounts() {
    std::array<std::uint64_t, 6> counts{};
    for (const StepEdit& edit : diff_.edits) {
      ++counts[static_cast<std::size_t>(edit.kind)];
    }
    json_.Key("edits").BeginObject();
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
      json_.Key(NameOf(static_cast<EditKind>(kind))).Uint(counts[kind]);
    }
    json_.EndObject();
  }

  void WriteFirst() {
    json_.Key("first_divergence");
    if (diff_.edits.empty()) {
      json_.Null();
      return;
    }
    const StepPair first = analytics::FirstDivergence(diff_);
    json_.BeginObject();
    json_.Key("a");
    a_.WriteId(first.a, json_);
    json_.Key("b");
    b_.WriteId(first.b, json_);
    json_.Key("edit").String(NameOf(diff_.edits.front().kind));
    json_.EndObject();
  }

  void WriteRow(const StepPair& row) {
    json_.BeginObject();
    json_.Key("a");
    a_.Write(row.a, json_);
    json_.Key("b");
    b_.Write(row.b, json_);
    WriteEdits(row);
    if (row.a != kNone && row.b != kNone) {
      WriteDifference(FiguresOf(a_.span(row.a)), FiguresOf(b_.span(row.b)), json_);
    } else {
      json_.Key("difference").Null();
    }
    json_.EndObject();
  }

  // What lies below a removed or added step has no edit of its own: `edits` is empty there, and one
  // side is null.
  void WriteEdits(const StepPair& row) {
    const StepEdit* changed = nullptr;
    const StepEdit* retried = nullptr;
    json_.Key("edits").BeginArray();
    if (row.b != kNone && notes_.is_attempt.contains(row.b)) {
      json_.String("attempt");
    }
    for (const std::size_t i : notes_.Of(row)) {
      const StepEdit& edit = diff_.edits[i];
      json_.String(NameOf(edit.kind));
      changed = edit.kind == EditKind::kChanged ? &edit : changed;
      retried = edit.kind == EditKind::kRetried ? &edit : retried;
    }
    json_.EndArray();
    json_.Key("attempts").BeginArray();
    for (std::size_t i = 0; retried != nullptr && i < retried->attempts.size(); ++i) {
      b_.WriteId(retried->attempts[i], json_);
    }
    json_.EndArray();
    json_.Key("changed").BeginObject();
    if (changed != nullptr) {
      WriteChanged(*changed);
    }
    json_.EndObject();
  }

  void WriteChanged(const StepEdit& edit) {
    if (edit.status_differs) {
      const auto name = [](const ComparedStep& step) { return step.has_failed ? "failed" : "ok"; };
      json_.Key("status").BeginObject();
      json_.Key("a").String(name(a_.steps()[edit.a]));
      json_.Key("b").String(name(b_.steps()[edit.b]));
      json_.EndObject();
    }
    if (edit.input_differs) {
      WriteTexts("input", a_.input(edit.a), b_.input(edit.b), json_);
    }
    if (edit.output_differs) {
      WriteTexts("output", a_.output(edit.a), b_.output(edit.b), json_);
    }
  }

  const Side& a_;
  const Side& b_;
  base::JsonWriter& json_;
  const analytics::RunDiff diff_;
  const StepNotes notes_;
};

}  // namespace

void WriteRunComparison(const RunWithBodies& a, const RunWithBodies& b, base::JsonWriter& json) {
  for (const auto& [name, run] : {std::pair("a", &a), std::pair("b", &b)}) {
    json.Key(name).BeginObject();
    WriteTraceFields(run->trace.view, json);
    json.EndObject();
  }
  WriteDifference(FiguresOf(a.trace.view.summary), FiguresOf(b.trace.view.summary), json);
  const Side first(a);
  const Side second(b);
  Comparison(first, second, json).Write();
}

}  // namespace sightline::api
