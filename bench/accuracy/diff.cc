// SPDX-License-Identifier: Apache-2.0
// The task `diff`: what changed between two runs.
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "accuracy/each_line.h"
#include "accuracy/tasks.h"
#include "analytics/run_diff/run_diff.h"

namespace sightline::accuracy {
namespace {

using analytics::ComparedStep;
using analytics::EditKind;
namespace json = boost::json;

struct ReadRun {
  std::vector<std::string_view> ids;
  std::vector<ComparedStep> steps;
};

ReadRun Read(const json::array& rows) {
  ReadRun run;
  std::unordered_map<std::string_view, std::size_t> index;
  for (const json::value& row : rows) {
    index.emplace(Text(row.as_object(), "id"), run.ids.size());
    run.ids.push_back(Text(row.as_object(), "id"));
  }
  for (const json::value& row : rows) {
    const json::object& object = row.as_object();
    const auto parent = index.find(TextOrEmpty(object, "parent"));
    run.steps.push_back({.parent = parent == index.end() ? ComparedStep::kNone : parent->second,
                         .kind = TextOrEmpty(object, "kind"),
                         .name = TextOrEmpty(object, "name"),
                         .start_ns = Integer(object, "start"),
                         .end_ns = Integer(object, "end"),
                         .has_failed = TextOrEmpty(object, "status") == "error",
                         .input = TextOrEmpty(object, "input"),
                         .output = TextOrEmpty(object, "output")});
  }
  return run;
}

json::value IdOrNull(const ReadRun& run, std::size_t step) {
  return step == ComparedStep::kNone ? json::value(nullptr) : json::value(run.ids[step]);
}

json::object Write(const analytics::StepEdit& edit, const ReadRun& a, const ReadRun& b) {
  json::object out{
      {"op", NameOf(edit.kind)}, {"a", IdOrNull(a, edit.a)}, {"b", IdOrNull(b, edit.b)}};
  if (edit.kind == EditKind::kChanged) {
    json::array fields;
    for (const auto& [differs, name] :
         {std::pair(edit.input_differs, "input"), std::pair(edit.output_differs, "output"),
          std::pair(edit.status_differs, "status")}) {
      if (differs) {
        fields.emplace_back(name);
      }
    }
    out["fields"] = std::move(fields);
  }
  if (edit.kind == EditKind::kRetried) {
    json::array attempts;
    for (const std::size_t attempt : edit.attempts) {
      attempts.emplace_back(b.ids[attempt]);
    }
    out["attempts"] = std::move(attempts);
  }
  return out;
}

json::object Answer(const json::object& input) {
  const ReadRun a = Read(input.at("a").as_array());
  const ReadRun b = Read(input.at("b").as_array());
  const analytics::RunDiff diff = analytics::DiffRuns(a.steps, b.steps);
  json::array pairs;
  for (const auto& [x, y] : diff.pairs) {
    pairs.push_back({a.ids[x], b.ids[y]});
  }
  json::array edits;
  for (const analytics::StepEdit& edit : diff.edits) {
    edits.push_back(Write(edit, a, b));
  }
  json::value first = nullptr;
  if (!diff.edits.empty()) {
    const auto [x, y] = analytics::FirstDivergence(diff);
    first = json::object{{"a", IdOrNull(a, x)}, {"b", IdOrNull(b, y)}};
  }
  return {{"id", input.at("id")},
          {"pairs", std::move(pairs)},
          {"edits", std::move(edits)},
          {"first", std::move(first)}};
}

}  // namespace

void AnswerDiff(std::istream& in, std::ostream& out) {
  AnswerEachLine(in, out, Answer);
}

}  // namespace sightline::accuracy
