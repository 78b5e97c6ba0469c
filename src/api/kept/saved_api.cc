// SPDX-License-Identifier: Apache-2.0
#include "api/kept/saved_api.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "api/kept/saved_json.h"
#include "api/request/answers.h"
#include "api/request/json_body.h"

namespace sightline::api {

using base::Code;
using base::Error;
using base::Result;
using store::SavedDocument;

const SavedDocument* SavedApi::FindBuiltin(std::string_view id) const {
  const auto found = std::ranges::find(form_.builtins, id, &SavedDocument::id);
  return found == form_.builtins.end() ? nullptr : &*found;
}

Result<void> SavedApi::RefuseBuiltin(std::string_view id) const {
  if (FindBuiltin(id) != nullptr) {
    return Error(Code::kPermissionDenied,
                 fmt::format("{} '{}' comes with the program: save a copy of it", form_.noun, id));
  }
  return {};
}

Error SavedApi::Unknown(std::string_view id) const {
  return {Code::kNotFound, fmt::format("no {} '{}'", form_.noun, id)};
}

Result<SavedDocument> SavedApi::Read(const std::string& body, SavedForm::Change change) const {
  SavedDocument saved = TRY(form_.read(body, change, clock_));
  saved.created_ns = saved.updated_ns = clock_.NowNs();
  return saved;
}

Result<std::string> SavedApi::Json(const SavedDocument& saved) const {
  base::JsonWriter json;
  TRY(form_.write(saved, SavedForm::Part::kWhole, json));
  return json.Take();
}

Result<std::string> SavedApi::ListJson(const net::HttpRequest& request) const {
  SavedForm::Filter is_wanted;
  if (form_.read_filter != nullptr) {
    is_wanted = TRY(form_.read_filter(Parameters(request.query)));
  }
  std::vector<SavedDocument> listed(form_.builtins.begin(), form_.builtins.end());
  const std::vector<SavedDocument> own = TRY(meta_.Saved(form_.kind));
  listed.insert(listed.end(), own.begin(), own.end());
  base::JsonWriter json;
  json.BeginObject().Key(form_.list).BeginArray();
  for (const SavedDocument& saved : listed) {
    if (is_wanted == nullptr || is_wanted(saved)) {
      TRY(form_.write(saved, SavedForm::Part::kSummary, json));
    }
  }
  json.EndArray().EndObject();
  return json.Take();
}

Result<std::string> SavedApi::CreateJson(const std::string& body) {
  SavedDocument saved = TRY(Read(body, SavedForm::Change::kCreate));
  saved.id = NewSavedId();
  TRY(meta_.AddSaved(form_.kind, saved));
  saved.version = 1;
  return Json(saved);
}

Result<std::string> SavedApi::GetJson(const net::HttpRequest& request) const {
  const std::string_view id = request.PathParameter(form_.id_parameter);
  if (const SavedDocument* builtin = FindBuiltin(id)) {
    return Json(*builtin);
  }
  const std::optional<SavedDocument> own = TRY(meta_.FindSaved(form_.kind, id));
  return own ? Json(*own) : Unknown(id);
}

Result<std::string> SavedApi::ReplaceJson(const net::HttpRequest& request,
                                          const std::string& body) {
  const std::string_view id = request.PathParameter(form_.id_parameter);
  TRY(RefuseBuiltin(id));
  SavedDocument saved = TRY(Read(body, SavedForm::Change::kReplace));
  saved.id = id;
  const SavedDocument replaced = TRY(meta_.ReplaceSaved(form_.kind, saved));
  return Json(replaced);
}

Result<std::string> SavedApi::DeleteJson(const net::HttpRequest& request) {
  const std::string_view id = request.PathParameter(form_.id_parameter);
  TRY(RefuseBuiltin(id));
  const bool was_there = TRY(meta_.DeleteSaved(form_.kind, id));
  return was_there ? Result<std::string>(DeletedJson()) : Unknown(id);
}

net::HttpResponse SavedApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

net::HttpResponse SavedApi::Create(const net::HttpRequest& request) {
  return AnswerJsonBody(request, form_.most_body_bytes,
                        [&](const std::string& body) { return CreateJson(body); });
}

net::HttpResponse SavedApi::Get(const net::HttpRequest& request) const {
  return JsonAnswer(GetJson(request));
}

net::HttpResponse SavedApi::Replace(const net::HttpRequest& request) {
  return AnswerJsonBody(request, form_.most_body_bytes,
                        [&](const std::string& body) { return ReplaceJson(request, body); });
}

net::HttpResponse SavedApi::Delete(const net::HttpRequest& request) {
  return JsonAnswer(DeleteJson(request));
}

}  // namespace sightline::api
