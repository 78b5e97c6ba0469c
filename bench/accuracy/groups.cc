// SPDX-License-Identifier: Apache-2.0
#include <istream>
#include <ostream>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/json.hpp>

#include "accuracy/tasks.h"
#include "analytics/error_groups/error_groups.h"

namespace sightline::accuracy {
namespace {

boost::json::array MergesAsJson(const std::vector<analytics::ErrorGroups::MergeProposal>& merges) {
  boost::json::array pairs;
  for (const auto& [first, second] : merges) {
    pairs.push_back({first, second});
  }
  return pairs;
}

}  // namespace

void AnswerGroups(std::istream& in, std::ostream& out) {
  std::unordered_map<std::string, analytics::ErrorGroups> streams;
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) {
      continue;
    }
    const boost::json::object input = boost::json::parse(line).as_object();
    const std::string stream(input.at("stream").as_string());
    const auto assignment = streams[stream].Assign(input.at("message").as_string());
    boost::json::object output{{"group", assignment.group}, {"template", assignment.template_text}};
    if (!assignment.proposals.empty()) {
      output["merge"] = MergesAsJson(assignment.proposals);
    }
    out << boost::json::serialize(output) << '\n';
  }
}

}  // namespace sightline::accuracy
