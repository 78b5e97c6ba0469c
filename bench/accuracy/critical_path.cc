// SPDX-License-Identifier: Apache-2.0
#include "analytics/critical_path/critical_path.h"

#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "accuracy/each_line.h"
#include "accuracy/tasks.h"

namespace sightline::accuracy {
namespace {

using analytics::Handover;
using analytics::TimedSpan;
namespace json = boost::json;

Handover HandoverOf(std::string_view kind) {
  if (kind == "producer") {
    return Handover::kProducer;
  }
  return kind == "consumer" ? Handover::kConsumer : Handover::kCall;
}

struct ReadRun {
  std::vector<std::string_view> ids;
  std::vector<TimedSpan> spans;
  std::size_t root = TimedSpan::kNoParent;
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
    if (parent == index.end() && run.root == TimedSpan::kNoParent) {
      run.root = run.spans.size();
    }
    run.spans.push_back({.parent = parent == index.end() ? TimedSpan::kNoParent : parent->second,
                         .start_ns = Integer(object, "start"),
                         .end_ns = Integer(object, "end"),
                         .handover = HandoverOf(TextOrEmpty(object, "kind"))});
  }
  return run;
}

json::object Answer(const json::object& input) {
  const ReadRun run = Read(input.at("spans").as_array());
  const analytics::SpanTree tree(run.spans, run.root);
  json::array sections;
  for (const analytics::PathSection& section : analytics::FindCriticalPath(tree).sections) {
    sections.push_back({{"span", run.ids[section.span]},
                        {"start", section.time.start_ns},
                        {"end", section.time.end_ns}});
  }
  json::object self;
  const std::vector<std::int64_t> self_times = analytics::SelfTimes(run.spans);
  for (std::size_t i = 0; i < self_times.size(); ++i) {
    self.emplace(run.ids[i], self_times[i]);
  }
  return {{"id", input.at("id")}, {"sections", std::move(sections)}, {"self", std::move(self)}};
}

}  // namespace

void AnswerCriticalPath(std::istream& in, std::ostream& out) {
  AnswerEachLine(in, out, Answer);
}

}  // namespace sightline::accuracy
