// SPDX-License-Identifier: Apache-2.0
#include "api/kept/views_api.h"

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
#include "api/request/answers.h"
#include "api/request/json_body.h"
#include "api/request/object_reader.h"
#include "api/request/parameters.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
using store::SavedDocument;
using store::SavedKind;

constexpr std::size_t kMostBodyBytes = 64UL * 1024;
constexpr std::size_t kMostNameBytes = 200;
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
      if (name.empty() || name.size() > kMostNameBytes) {
        return BadField("query", fmt::format("a name is not of 1 to {} bytes", kMostNameBytes));
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

Result<SavedDocument> ReadView(const std::string& body, std::int64_t now_ns) {
  const boost::json::value value = TRY(ParseRequestJson(body));
  ObjectReader view = TRY(ObjectReader::Of(value, ""));
  SavedDocument saved{
      .name = TRY(view.Name("name", kMostNameBytes)), .created_ns = now_ns, .updated_ns = now_ns};
  const std::string page = TRY(view.OneOf("page", kPages));
  const std::string query = TRY(ReadQuery(view));
  TRY(view.RefuseOthers());
  base::JsonWriter json;
  json.BeginObject().Key("page").String(page).Key("query").Raw(query).EndObject();
  saved.document = json.Take();
  return saved;
}

Result<void> WriteView(const SavedDocument& saved, base::JsonWriter& json) {
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

Result<std::string> ViewJson(const SavedDocument& saved) {
  base::JsonWriter json;
  TRY(WriteView(saved, json));
  return json.Take();
}

Error NoView(std::string_view id) {
  return {Code::kNotFound, fmt::format("no view '{}'", id)};
}

}  // namespace

Result<std::string> ViewsApi::ListJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const std::optional<std::string> page = parameters.Text("page");
  if (page && std::ranges::find(kPages, *page) == kPages.end()) {
    return BadParameter("page", "a page that views can be of");
  }
  const std::vector<SavedDocument> views = TRY(meta_.Saved(SavedKind::kView));
  base::JsonWriter json;
  json.BeginObject().Key("views").BeginArray();
  for (const SavedDocument& view : views) {
    const boost::json::object document = TRY(ReadSavedObject(view));
    const boost::json::value* of = document.if_contains("page");
    if (!page || (of != nullptr && of->is_string() && of->get_string() == *page)) {
      TRY(WriteView(view, json));
    }
  }
  json.EndArray().EndObject();
  return json.Take();
}

Result<std::string> ViewsApi::CreateJson(const std::string& body) {
  SavedDocument view = TRY(ReadView(body, clock_.NowNs()));
  view.id = NewSavedId();
  TRY(meta_.AddSaved(SavedKind::kView, view));
  return ViewJson(view);
}

Result<std::string> ViewsApi::GetJson(const net::HttpRequest& request) const {
  const std::string_view id = request.PathParameter("view_id");
  const std::optional<SavedDocument> view = TRY(meta_.FindSaved(SavedKind::kView, id));
  return view ? ViewJson(*view) : NoView(id);
}

Result<std::string> ViewsApi::ReplaceJson(const net::HttpRequest& request,
                                          const std::string& body) {
  SavedDocument view = TRY(ReadView(body, clock_.NowNs()));
  view.id = request.PathParameter("view_id");
  const SavedDocument replaced = TRY(meta_.ReplaceSaved(SavedKind::kView, view));
  return ViewJson(replaced);
}

Result<std::string> ViewsApi::DeleteJson(const net::HttpRequest& request) {
  const std::string_view id = request.PathParameter("view_id");
  const bool was_there = TRY(meta_.DeleteSaved(SavedKind::kView, id));
  return was_there ? Result<std::string>(DeletedJson()) : NoView(id);
}

net::HttpResponse ViewsApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

net::HttpResponse ViewsApi::Create(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes,
                        [&](const std::string& body) { return CreateJson(body); });
}

net::HttpResponse ViewsApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(GetJson(request));
}

net::HttpResponse ViewsApi::Replace(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes,
                        [&](const std::string& body) { return ReplaceJson(request, body); });
}

net::HttpResponse ViewsApi::Delete(const net::HttpRequest& request) {
  return JsonAnswer(DeleteJson(request));
}

}  // namespace sightline::api
