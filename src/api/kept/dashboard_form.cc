// SPDX-License-Identifier: Apache-2.0
#include "api/kept/dashboard_form.h"

#include <cstddef>
#include <limits>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "api/kept/builtin_dashboards.h"
#include "api/kept/dashboard_document.h"
#include "api/kept/saved_json.h"
#include "api/request/object_reader.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

using base::Result;
using store::SavedDocument;

constexpr std::size_t kMostBodyBytes = 256UL * 1024;
constexpr std::size_t kMostDescriptionBytes = 2000;

Result<SavedDocument> ReadDashboard(const std::string& body, SavedForm::Change change,
                                    const base::Clock& clock) {
  const boost::json::value value = TRY(ParseRequestJson(body));
  ObjectReader dashboard = TRY(ObjectReader::Of(value, ""));
  SavedDocument saved{.name = TRY(dashboard.Name("name", SavedForm::kMostNameBytes))};
  const std::string description = TRY(dashboard.Text("description", kMostDescriptionBytes));
  const boost::json::value* document = dashboard.Find("document");
  if (document == nullptr) {
    return BadField("document", "an object expected");
  }
  const std::string text = TRY(ReadDashboardDocument(*document, "document", clock));
  if (change == SavedForm::Change::kReplace) {
    saved.version =
        TRY(dashboard.RequiredInt("version", 1, std::numeric_limits<std::int64_t>::max()));
  }
  TRY(dashboard.RefuseOthers());
  base::JsonWriter json;
  json.BeginObject();
  json.Key("description").String(description);
  json.Key("document").Raw(text);
  json.EndObject();
  saved.document = json.Take();
  return saved;
}

std::size_t PanelsOf(const boost::json::object& object) {
  const boost::json::value* document = object.if_contains("document");
  const boost::json::value* panels = document != nullptr && document->is_object()
                                         ? document->get_object().if_contains("panels")
                                         : nullptr;
  return panels != nullptr && panels->is_array() ? panels->get_array().size() : 0;
}

Result<void> WriteDashboard(const SavedDocument& saved, SavedForm::Part part,
                            base::JsonWriter& json) {
  const boost::json::object object = TRY(ReadSavedObject(saved));
  json.BeginObject();
  json.Key("id").String(saved.id);
  json.Key("name").String(saved.name);
  WriteSavedMember(object, "description", json);
  json.Key("panel_count").Uint(PanelsOf(object));
  json.Key("version").Int(saved.version);
  json.Key("is_builtin").Bool(IsBuiltinDashboard(saved.id));
  WriteSavedTimes(saved, json);
  if (part == SavedForm::Part::kWhole) {
    WriteSavedMember(object, "document", json);
  }
  json.EndObject();
  return {};
}

}  // namespace

SavedForm DashboardForm() {
  return {.kind = store::SavedKind::kDashboard,
          .noun = "dashboard",
          .list = "dashboards",
          .id_parameter = "dashboard_id",
          .most_body_bytes = kMostBodyBytes,
          .builtins = BuiltinDashboards(),
          .read = ReadDashboard,
          .write = WriteDashboard,
          .read_filter = nullptr};
}

}  // namespace sightline::api
