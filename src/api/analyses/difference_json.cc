// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/difference_json.h"

namespace sightline::api {
namespace {

using analytics::RunColumn;
using analytics::RunCondition;

void WriteConditions(std::string_view name, std::span<const RunCondition> conditions,
                     std::span<const RunColumn> columns, base::JsonWriter& json) {
  json.Key(name).BeginArray();
  for (const RunCondition& condition : conditions) {
    const RunColumn& column = columns[condition.column];
    json.BeginObject();
    json.Key("attribute").String(column.name);
    switch (condition.kind) {
      case RunCondition::Kind::kEquals:
        json.Key("op").String("=");
        json.Key("value").String(column.texts[condition.code]);
        break;
      case RunCondition::Kind::kPresent:
        json.Key("op").String("present");
        break;
      case RunCondition::Kind::kAtLeast:
        json.Key("op").String(">=");
        json.Key("value").Double(condition.low);
        break;
      case RunCondition::Kind::kAtMost:
        json.Key("op").String("<=");
        json.Key("value").Double(condition.high);
        break;
      case RunCondition::Kind::kBetween:
        json.Key("op").String("between");
        json.Key("low").Double(condition.low);
        json.Key("high").Double(condition.high);
        break;
    }
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

void WriteDifferences(std::string_view name, std::span<const analytics::Difference> differences,
                      std::span<const RunColumn> columns, std::span<const model::RunRecord> runs,
                      base::JsonWriter& json) {
  json.Key(name).BeginArray();
  for (const analytics::Difference& difference : differences) {
    json.BeginObject();
    WriteConditions("conditions", difference.conditions, columns, json);
    WriteConditions("also", difference.also, columns, json);
    json.Key("runs").Uint(difference.runs);
    json.Key("selected").Uint(difference.selected);
    json.Key("lift").Double(difference.lift);
    json.Key("p").Double(difference.p);
    json.Key("sample_trace_ids").BeginArray();
    for (const std::size_t run : difference.examples) {
      json.String(runs[run].trace_id.ToHex());
    }
    json.EndArray().EndObject();
  }
  json.EndArray();
}

}  // namespace sightline::api
