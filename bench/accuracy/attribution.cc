// SPDX-License-Identifier: Apache-2.0
// The task `attribution`: which agent and which step made a run fail.
#include <istream>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "accuracy/attribution_input.h"
#include "accuracy/each_line.h"
#include "accuracy/tasks.h"
#include "analytics/blame/attribute.h"

namespace sightline::accuracy {
namespace {

namespace blame = analytics::blame;
namespace json = boost::json;

std::string Join(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) {
    text += text.empty() ? sentence : "; " + sentence;
  }
  return text;
}

json::object Write(const std::string& id, const blame::Attribution& attribution) {
  json::object out;
  out["id"] = id;
  out["agent"] = nullptr;
  out["step"] = nullptr;
  if (attribution.agent.has_value()) {
    out["agent"] = *attribution.agent;
  }
  if (attribution.step.has_value()) {
    out["step"] = *attribution.step;
  }
  if (!attribution.unknown_because.empty()) {
    out["unknown_because"] = attribution.unknown_because;
  }
  json::array ranking;
  for (const blame::SuspectedStep& step : attribution.steps) {
    ranking.push_back(json::object{{"agent", step.agent},
                                   {"step", step.step},
                                   {"score", step.probability},
                                   {"evidence", Join(step.reasons)}});
  }
  out["ranking"] = std::move(ranking);
  return out;
}

}  // namespace

void AnswerAttribution(std::istream& in, std::ostream& out) {
  AnswerEachLine(in, out, [](const json::object& line) {
    const AttributionInput input = ReadAttributionInput(line);
    return Write(input.id, blame::Attribute(input.run));
  });
}

}  // namespace sightline::accuracy
