// SPDX-License-Identifier: Apache-2.0
#include "api/kept/dashboards_api.h"

#include <cstddef>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "api/kept/builtin_dashboards.h"
#include "api/kept/dashboard_document.h"
#include "api/kept/saved_json.h"
#include "api/request/answers.h"
#include "api/request/json_body.h"
#include "api/request/object_reader.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
using store::SavedDocument;
using store::SavedKind;

constexpr std::size_t kMostBodyBytes = 256UL * 1024;
constexpr std::size_t kMostNameBytes = 200;
constexpr std::size_t kMostDescriptionBytes = 2000;

enum class Change : std::uint8_t { kCreate, kReplace };

Result<SavedDocument> ReadDashboard(const std::string& body, Change change,
                                    const base::Clock& clock) {
  const boost::json::value value = TRY(ParseRequestJson(body));
  ObjectReader dashboard = TRY(ObjectReader::Of(value, ""));
  const std::int64_t now_ns = clock.NowNs();
  SavedDocument saved{.name = TRY(dashboard.Name("name", kMostNameBytes)),
                      .created_ns = now_ns,
                      .updated_ns = now_ns};
  const std::string description = TRY(dashboard.Text("description", kMostDescriptionBytes));
  const boost::json::value* document = dashboard.Find("document");
  if (document == nullptr) {
    return BadField("document", "an object expected");
  }
  const std::string text = TRY(ReadDashboardDocument(*document, "document", clock));
  if (change == Change::kReplace) {
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

enum class Part : std::uint8_t { kSummary, kWhole };

std::size_t PanelsOf(const boost::json::object& object) {
  const boost::json::value* document = object.if_contains("document");
  const boost::json::value* panels = document != nullptr && document->is_object()
                                         ? document->get_object().if_contains("panels")
                                         : nullptr;
  return panels != nullptr && panels->is_array() ? panels->get_array().size() : 0;
}

Result<void> WriteDashboard(const SavedDocument& saved, Part part, base::JsonWriter& json) {
  const boost::json::object object = TRY(ReadSavedObject(saved));
  json.BeginObject();
  json.Key("id").String(saved.id);
  json.Key("name").String(saved.name);
  WriteSavedMember(object, "description", json);
  json.Key("panel_count").Uint(PanelsOf(object));
  json.Key("version").Int(saved.version);
  json.Key("is_builtin").Bool(IsBuiltinDashboard(saved.id));
  WriteSavedTimes(saved, json);
  if (part == Part::kWhole) {
    WriteSavedMember(object, "document", json);
  }
  json.EndObject();
  return {};
}

Result<std::string> DashboardJson(const SavedDocument& saved) {
  base::JsonWriter json;
  TRY(WriteDashboard(saved, Part::kWhole, json));
  return json.Take();
}

Error NoDashboard(std::string_view id) {
  return {Code::kNotFound, fmt::format("no dashboard '{}'", id)};
}

Result<void> RefuseBuiltin(std::string_view id) {
  if (IsBuiltinDashboard(id)) {
    return Error(Code::kPermissionDenied,
                 fmt::format("dashboard '{}' comes with the program: save a copy of it", id));
  }
  return {};
}

}  // namespace

Result<std::string> DashboardsApi::ListJson() const {
  base::JsonWriter json;
  json.BeginObject().Key("dashboards").BeginArray();
  for (const SavedDocument& dashboard : BuiltinDashboards()) {
    TRY(WriteDashboard(dashboard, Part::kSummary, json));
  }
  const std::vector<SavedDocument> own = TRY(meta_.Saved(SavedKind::kDashboard));
  for (const SavedDocument& dashboard : own) {
    TRY(WriteDashboard(dashboard, Part::kSummary, json));
  }
  json.EndArray().EndObject();
  return json.Take();
}

Result<std::string> DashboardsApi::CreateJson(const std::string& body) {
  SavedDocument dashboard = TRY(ReadDashboard(body, Change::kCreate, clock_));
  dashboard.id = NewSavedId();
  TRY(meta_.AddSaved(SavedKind::kDashboard, dashboard));
  dashboard.version = 1;
  return DashboardJson(dashboard);
}

Result<std::string> DashboardsApi::GetJson(const net::HttpRequest& request) const {
  const std::string_view id = request.PathParameter("dashboard_id");
  for (const SavedDocument& dashboard : BuiltinDashboards()) {
    if (dashboard.id == id) {
      return DashboardJson(dashboard);
    }
  }
  const std::optional<SavedDocument> own = TRY(meta_.FindSaved(SavedKind::kDashboard, id));
  return own ? DashboardJson(*own) : NoDashboard(id);
}

Result<std::string> DashboardsApi::ReplaceJson(const net::HttpRequest& request,
                                               const std::string& body) {
  const std::string_view id = request.PathParameter("dashboard_id");
  TRY(RefuseBuiltin(id));
  SavedDocument dashboard = TRY(ReadDashboard(body, Change::kReplace, clock_));
  dashboard.id = id;
  const SavedDocument replaced = TRY(meta_.ReplaceSaved(SavedKind::kDashboard, dashboard));
  return DashboardJson(replaced);
}

Result<std::string> DashboardsApi::DeleteJson(const net::HttpRequest& request) {
  const std::string_view id = request.PathParameter("dashboard_id");
  TRY(RefuseBuiltin(id));
  const bool was_there = TRY(meta_.DeleteSaved(SavedKind::kDashboard, id));
  return was_there ? Result<std::string>(DeletedJson()) : NoDashboard(id);
}

net::HttpResponse DashboardsApi::List(const net::HttpRequest& /*request*/) const {
  return JsonAnswer(ListJson());
}

net::HttpResponse DashboardsApi::Create(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes,
                        [&](const std::string& body) { return CreateJson(body); });
}

net::HttpResponse DashboardsApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(GetJson(request));
}

net::HttpResponse DashboardsApi::Replace(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes,
                        [&](const std::string& body) { return ReplaceJson(request, body); });
}

net::HttpResponse DashboardsApi::Delete(const net::HttpRequest& request) {
  return JsonAnswer(DeleteJson(request));
}

}  // namespace sightline::api
