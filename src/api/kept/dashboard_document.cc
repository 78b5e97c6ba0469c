// SPDX-License-Identifier: Apache-2.0
#include "api/kept/dashboard_document.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "api/request/object_reader.h"
#include "api/sums/aggregate_api.h"
#include "api/sums/fact_measures.h"
#include "api/sums/fact_scope.h"
#include "base/json_writer.h"
#include "net/http.h"

namespace sightline::api {
namespace {

using base::Result;
namespace json = boost::json;

constexpr std::size_t kMostVariables = 10;
constexpr std::size_t kMostPanels = 50;
constexpr std::size_t kMostIdBytes = 40;
constexpr std::size_t kMostTitleBytes = 200;
constexpr std::size_t kMostTextBytes = 20'000;
constexpr std::size_t kMostListBytes = 400;
constexpr std::size_t kMostValueBytes = 500;
constexpr std::int64_t kColumns = 12;
constexpr std::int64_t kMostRows = 1000;
constexpr std::int64_t kMostHeight = 50;
constexpr std::int64_t kMostGroups = 100;
constexpr std::int64_t kMostBucketSeconds = 366 * 86'400;

constexpr auto kKinds =
    std::to_array<std::string_view>({"figure", "trend", "bars", "table", "heatmap", "top", "text"});
constexpr auto kSources = std::to_array<std::string_view>({"runs", "steps"});

struct Variable {
  std::string field;
  std::string value;
};

// By name.
using Variables = std::map<std::string, Variable, std::less<>>;

bool IsId(std::string_view text) {
  return !text.empty() && text.size() <= kMostIdBytes && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::vector<std::string_view> MeasureNames() {
  std::vector<std::string_view> names;
  for (const FactMeasure& measure : FactMeasures()) {
    names.push_back(measure.name);
  }
  return names;
}

std::vector<std::string_view> FieldNames() {
  std::vector<std::string_view> names;
  for (const FactField& field : FactFields()) {
    names.push_back(field.name);
  }
  return names;
}

Result<void> CheckNames(std::string_view list, std::span<const std::string_view> names,
                        const std::string& path) {
  for (const std::string& name : SplitNames(list)) {
    if (std::ranges::find(names, name) == names.end()) {
      return UnknownName(path, name, names);
    }
  }
  return {};
}

Result<void> ReadVariable(const json::value& value, const std::string& path, Variables& variables,
                          base::JsonWriter& out) {
  ObjectReader variable = TRY(ObjectReader::Of(value, path));
  const std::string name = TRY(variable.Name("name", kMostIdBytes));
  const std::string label = TRY(variable.Text("label", kMostTitleBytes));
  const std::string field = TRY(variable.OneOf("field", FieldNames()));
  const std::string text = TRY(variable.Text("value", kMostValueBytes));
  TRY(variable.RefuseOthers());
  if (!IsId(name)) {
    return BadField(variable.PathOf("name"), "letters, digits, _ and - expected");
  }
  if (!variables.try_emplace(name, Variable{field, text}).second) {
    return BadField(variable.PathOf("name"), fmt::format("'{}' is there already", name));
  }
  out.BeginObject();
  out.Key("name").String(name).Key("label").String(label);
  out.Key("field").String(field).Key("value").String(text);
  out.EndObject();
  return {};
}

// What a filter asks for, with a variable at its own value.
Result<std::string> FilterValue(const std::string& text, std::string_view field,
                                const std::string& path, const Variables& variables) {
  if (text[0] != '$') {
    return text;
  }
  const auto found = variables.find(std::string_view(text).substr(1));
  if (found == variables.end()) {
    return BadField(path, fmt::format("there is no variable '{}'", text));
  }
  if (found->second.field != field) {
    return BadField(path, fmt::format("variable '{}' is for {}", text, found->second.field));
  }
  return found->second.value;
}

// Filters as they are kept, into `out`, and as they are asked, into `asked`.
Result<void> ReadFilters(ObjectReader& query, std::string_view source, const Variables& variables,
                         net::QueryParameters& asked, base::JsonWriter& out) {
  out.Key("filters").BeginObject();
  if (const json::value* object = query.Find("filters")) {
    ObjectReader filters = TRY(ObjectReader::Of(*object, query.PathOf("filters")));
    for (const FactField& field : FactFields()) {
      const std::string text = TRY(filters.Text(field.name, kMostValueBytes));
      if (text.empty()) {
        continue;
      }
      const std::string path = filters.PathOf(field.name);
      if (!(source == "runs" ? field.is_of_runs : field.is_of_steps)) {
        return BadField(path, fmt::format("{} do not have it", source));
      }
      out.Key(field.name).String(text);
      const std::string value = TRY(FilterValue(text, field.name, path, variables));
      asked.Add(std::string(field.name), value);
    }
    TRY(filters.RefuseOthers());
  }
  out.EndObject();
  return {};
}

Result<void> CheckShape(std::string_view kind, bool has_keys, bool has_bucket,
                        const ObjectReader& query) {
  if (kind == "figure" && has_keys) {
    return BadField(query.PathOf("by"), "a figure is one number: no keys");
  }
  if ((kind == "top" || kind == "heatmap") && !has_keys) {
    return BadField(query.PathOf("by"), fmt::format("a panel of kind {} needs a key", kind));
  }
  if (kind == "bars" && !has_keys && !has_bucket) {
    return BadField(query.PathOf("by"), "bars need a key, or a bucket");
  }
  return {};
}

void WriteNumber(std::string_view name, std::optional<std::int64_t> number, base::JsonWriter& out) {
  out.Key(name);
  if (number) {
    out.Int(*number);
  } else {
    out.Null();
  }
}

Result<void> ReadQuery(const json::value& value, const std::string& path, std::string_view kind,
                       const Variables& variables, const base::Clock& clock,
                       base::JsonWriter& out) {
  ObjectReader query = TRY(ObjectReader::Of(value, path));
  const std::string source = TRY(query.OneOf("source", kSources));
  const std::string measure = TRY(query.Name("measure", kMostListBytes));
  TRY(CheckNames(measure, MeasureNames(), query.PathOf("measure")));
  const std::string by = TRY(query.Text("by", kMostListBytes));
  TRY(CheckNames(by, FieldNames(), query.PathOf("by")));
  const std::string sort = TRY(query.Text("sort", kMostIdBytes));
  const auto bucket = TRY(query.Int("bucket", 1, kMostBucketSeconds));
  const auto limit = TRY(query.Int("limit", 1, kMostGroups));
  net::QueryParameters asked;
  out.BeginObject();
  out.Key("source").String(source).Key("measure").String(measure).Key("by").String(by);
  TRY(ReadFilters(query, source, variables, asked, out));
  out.Key("sort").String(sort);
  WriteNumber("bucket", bucket, out);
  WriteNumber("limit", limit, out);
  out.EndObject();
  TRY(query.RefuseOthers());
  TRY(CheckShape(kind, !SplitNames(by).empty(), bucket.has_value(), query));
  asked.Add("of", source);
  asked.Add("measure", measure);
  asked.Add("by", by);
  asked.Add("sort", sort);
  if (bucket) {
    asked.Add("bucket", fmt::format("{}", *bucket));
    asked.Add("days", "1");  // How many steps fit depends on the period that is looked at.
  }
  if (const auto checked = AggregateApi::Check(asked, clock); !checked.has_value()) {
    return BadField(path, checked.error().message());
  }
  return {};
}

Result<void> ReadPosition(ObjectReader& panel, base::JsonWriter& out) {
  const json::value* value = panel.Find("position");
  if (value == nullptr) {
    return BadField(panel.PathOf("position"), "an object with x, y, w and h expected");
  }
  ObjectReader position = TRY(ObjectReader::Of(*value, panel.PathOf("position")));
  const std::int64_t x = TRY(position.RequiredInt("x", 0, kColumns - 1));
  const std::int64_t y = TRY(position.RequiredInt("y", 0, kMostRows));
  const std::int64_t width = TRY(position.RequiredInt("w", 1, kColumns));
  const std::int64_t height = TRY(position.RequiredInt("h", 1, kMostHeight));
  TRY(position.RefuseOthers());
  if (x + width > kColumns) {
    return BadField(position.PathOf("w"), fmt::format("x and w exceed {} columns", kColumns));
  }
  out.Key("position").BeginObject();
  out.Key("x").Int(x).Key("y").Int(y).Key("w").Int(width).Key("h").Int(height);
  out.EndObject();
  return {};
}

Result<void> ReadPanel(const json::value& value, const std::string& path, const std::string& id,
                       const Variables& variables, const base::Clock& clock,
                       base::JsonWriter& out) {
  ObjectReader panel = TRY(ObjectReader::Of(value, path));
  panel.Find("id");
  const std::string title = TRY(panel.Text("title", kMostTitleBytes));
  const std::string kind = TRY(panel.OneOf("kind", kKinds));
  const std::string text = TRY(panel.Text("text", kMostTextBytes));
  const json::value* query = panel.Find("query");
  const bool is_text = kind == "text";
  if (is_text != (query == nullptr)) {
    return BadField(panel.PathOf("query"),
                    is_text ? "a panel of text has none" : "a panel of this kind needs one");
  }
  if (!is_text && !text.empty()) {
    return BadField(panel.PathOf("text"), "only a panel of kind text has one");
  }
  out.BeginObject();
  out.Key("id").String(id).Key("title").String(title).Key("kind").String(kind);
  out.Key("text").String(text);
  out.Key("query");
  if (is_text) {
    out.Null();
  } else {
    TRY(ReadQuery(*query, panel.PathOf("query"), kind, variables, clock, out));
  }
  TRY(ReadPosition(panel, out));
  out.EndObject();
  return panel.RefuseOthers();
}

// Ids of the panels: their own, or new ones for those that have none.
Result<std::vector<std::string>> IdsOf(const json::array& panels, const std::string& path) {
  std::vector<std::string> ids;
  std::set<std::string> used;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const json::value* id =
        panels[i].is_object() ? panels[i].get_object().if_contains("id") : nullptr;
    ids.emplace_back();
    if (id == nullptr || id->is_null()) {
      continue;
    }
    const std::string where = fmt::format("{}[{}].id", path, i);
    if (!id->is_string() || !IsId(std::string_view(id->get_string()))) {
      return BadField(where,
                      fmt::format("1 to {} letters, digits, _ and - expected", kMostIdBytes));
    }
    ids.back() = std::string(id->get_string());
    if (!used.insert(ids.back()).second) {
      return BadField(where, "another panel has it");
    }
  }
  for (std::size_t next = 1; std::string & id : ids) {
    while (id.empty()) {
      std::string made = fmt::format("panel-{}", next++);
      if (used.insert(made).second) {
        id = std::move(made);
      }
    }
  }
  return ids;
}

}  // namespace

Result<std::string> ReadDashboardDocument(const json::value& value, const std::string& path,
                                          const base::Clock& clock) {
  ObjectReader document = TRY(ObjectReader::Of(value, path));
  const json::array* variable_list = TRY(document.List("variables", kMostVariables));
  const json::array* panel_list = TRY(document.List("panels", kMostPanels));
  TRY(document.RefuseOthers());
  base::JsonWriter out;
  out.BeginObject().Key("variables").BeginArray();
  Variables variables;
  const json::array none;
  const json::array& all_variables = variable_list == nullptr ? none : *variable_list;
  for (std::size_t i = 0; i < all_variables.size(); ++i) {
    const std::string where = fmt::format("{}[{}]", document.PathOf("variables"), i);
    TRY(ReadVariable(all_variables[i], where, variables, out));
  }
  out.EndArray().Key("panels").BeginArray();
  const json::array& panels = panel_list == nullptr ? none : *panel_list;
  const std::vector<std::string> ids = TRY(IdsOf(panels, document.PathOf("panels")));
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const std::string where = fmt::format("{}[{}]", document.PathOf("panels"), i);
    TRY(ReadPanel(panels[i], where, ids[i], variables, clock, out));
  }
  out.EndArray().EndObject();
  return out.Take();
}

}  // namespace sightline::api
