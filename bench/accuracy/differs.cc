// SPDX-License-Identifier: Apache-2.0
// The task `differs`: what selected runs have in common that the others have not.
#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "accuracy/each_line.h"
#include "accuracy/tasks.h"
#include "analytics/what_differs/what_differs.h"

namespace sightline::accuracy {
namespace {

using analytics::RunColumn;
using analytics::RunCondition;
namespace json = boost::json;

// A column and the values that its codes stand for, as they came.
struct ReadColumn {
  RunColumn column;
  std::vector<json::value> values;
};

ReadColumn Read(std::string_view name, const json::array& entries) {
  ReadColumn read;
  read.column.name = name;
  const bool is_numeric = std::all_of(entries.begin(), entries.end(), [](const json::value& entry) {
    return entry.is_null() || entry.is_number();
  });
  if (is_numeric) {
    for (const json::value& entry : entries) {
      read.column.numbers.push_back(entry.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                                    : entry.to_number<double>());
    }
    return read;
  }
  std::unordered_map<std::string, std::uint32_t> codes;
  for (const json::value& entry : entries) {
    if (entry.is_null()) {
      read.column.codes.push_back(RunColumn::kNoText);
      continue;
    }
    const auto code = static_cast<std::uint32_t>(codes.size());
    const auto [place, is_new] = codes.emplace(json::serialize(entry), code);
    if (is_new) {
      read.column.texts.push_back(place->first);
      read.values.push_back(entry);
    }
    read.column.codes.push_back(place->second);
  }
  return read;
}

json::object Write(const RunCondition& condition, const ReadColumn& column) {
  json::object out{{"attribute", column.column.name}};
  switch (condition.kind) {
    case RunCondition::Kind::kEquals:
      out["op"] = "=";
      out["value"] = column.values[condition.code];
      break;
    case RunCondition::Kind::kPresent:
      out["op"] = "present";
      break;
    case RunCondition::Kind::kAtLeast:
      out["op"] = ">=";
      out["value"] = condition.low;
      break;
    case RunCondition::Kind::kAtMost:
      out["op"] = "<=";
      out["value"] = condition.high;
      break;
    case RunCondition::Kind::kBetween:
      out["op"] = "between";
      out["low"] = condition.low;
      out["high"] = condition.high;
      break;
  }
  return out;
}

json::object Answer(const json::object& input) {
  std::vector<bool> is_selected;
  for (const json::value& selected : input.at("selected").as_array()) {
    is_selected.push_back(selected.to_number<int>() != 0);
  }
  std::vector<ReadColumn> read;
  std::vector<RunColumn> columns;
  for (const auto& [name, entries] : input.at("attributes").as_object()) {
    if (entries.as_array().size() != is_selected.size()) {
      throw std::invalid_argument("a column is not as long as `selected`");
    }
    read.push_back(Read(name, entries.as_array()));
    columns.push_back(read.back().column);
  }
  json::array findings;
  for (const analytics::Difference& found : analytics::FindDifferences(columns, is_selected)) {
    json::array conditions;
    for (const RunCondition& condition : found.conditions) {
      conditions.push_back(Write(condition, read[condition.column]));
    }
    findings.push_back(json::object{{"conditions", std::move(conditions)},
                                    {"lift", found.lift},
                                    {"p", found.p},
                                    {"support", found.runs}});
  }
  return {{"id", input.at("id")}, {"findings", std::move(findings)}};
}

}  // namespace

void AnswerDiffers(std::istream& in, std::ostream& out) {
  AnswerEachLine(in, out, Answer);
}

}  // namespace sightline::accuracy
