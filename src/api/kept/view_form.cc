// SPDX-License-Identifier: Apache-2.0
#include "api/kept/view_form.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "api/kept/saved_json.h"
#include "api/request/object_reader.h"
#include "api/request/parameters.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

using base::Result;
using store::SavedDocument;

constexpr std::size_t kMostBodyBytes = 64UL * 1024;
constexpr std::size_t kMostParameters = 100;
constexpr std::size_t kMostValueBytes = 4000;

constexpr auto kPages = std::to_array<std::string_view>(
    {"overview", "runs", "calls", "sessions", "users", "workflows", "errors", "cost", "logs",
     "metrics", "compare", "alerts", "dashboards"});

// The parameters of an address as an object of texts.
Result<std::string> ReadQuery(ObjectReader& view) {
  base::JsonWriter json;
  json.BeginObject();
  if (const boost::json::value* value = view.Find("query")) {
    ObjectReader query = TRY(ObjectReader::Of(*value, "query"));
    const boost::json::object& members = value->get_object();
    if (members.size() > kMostParameters) {
      return BadField("query", fmt::format("over {} parameters", kMostParameters));
    }
    for (const auto& member : members) {
      const std::string_view name(member.key());
      if (name.empty() || name.size() > SavedForm::kMostNameBytes) {
        return BadField("query",
                        fmt::format("a name is not of 1 to {} bytes", SavedForm::kMostNameBytes));
      }
      if (!member.value().is_string()) {
        return BadField(query.PathOf(name), "not a text");
      }
      json.Key(name).String(TRY(query.Text(name, kMostValueBytes)));
    }
  }
  json.EndObject();
  return json.Take();
}

Result<SavedDocument> ReadView(const std::string& body, SavedForm::Change /*change*/,
                               const base::Clock& /*clock*/) {
  const boost::json::value value = TRY(ParseRequestJson(body));
  ObjectReader view = TRY(ObjectReader::Of(value, ""));
  SavedDocument saved{.name = TRY(view.Name("name", SavedForm::kMostNameBytes))};
  const std::string page = TRY(view.OneOf("page", kPages));
  const std::string query = TRY(ReadQuery(view));
  TRY(view.RefuseOthers());
  base::JsonWriter json;
  json.BeginObject().Key("page").String(page).Key("query").Raw(query).EndObject();
  saved.document = json.Take();
  return saved;
}

Result<void> WriteView(const SavedDocument& saved, SavedForm::Part /*part*/,
                       base::JsonWriter& json) {
  const boost::json::object document = TRY(ReadSavedObject(saved));
  json.BeginObject();
  json.Key("id").String(saved.id);
  json.Key("name").String(saved.name);
  WriteSavedMember(document, "page", json);
  WriteSavedMember(document, "query", json);
  WriteSavedTimes(saved, json);
  json.EndObject();
  return {};
}

Result<SavedForm::Filter> ReadPage(const Parameters& parameters) {
  const std::optional<std::string> page = parameters.Text("page");
  if (!page) {
    return SavedForm::Filter();
  }
  if (std::ranges::find(kPages, *page) == kPages.end()) {
    return BadParameter("page", "a page that views can be of");
  }
  return SavedForm::Filter([page = *page](const SavedDocument& view) {
    const Result<boost::json::object> document = ReadSavedObject(view);
    const boost::json::value* of = document.has_value() ? document->if_contains("page") : nullptr;
    // One that cannot be read is told when it is written.
    return !document.has_value() ||
           (of != nullptr && of->is_string() && std::string_view(of->get_string()) == page);
  });
}

}  // namespace

SavedForm ViewForm() {
  return {.kind = store::SavedKind::kView,
          .noun = "view",
          .list = "views",
          .id_parameter = "view_id",
          .most_body_bytes = kMostBodyBytes,
          .builtins = {},
          .read = ReadView,
          .write = WriteView,
          .read_filter = ReadPage};
}

}  // namespace sightline::api
