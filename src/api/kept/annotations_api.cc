// SPDX-License-Identifier: Apache-2.0
#include "api/kept/annotations_api.h"

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "api/kept/annotation_json.h"
#include "api/kept/saved_json.h"
#include "api/kept/target.h"
#include "api/kept/time_cursor.h"
#include "api/request/answers.h"
#include "api/request/json_body.h"
#include "api/request/object_reader.h"
#include "api/request/parameters.h"
#include "api/request/query_deadline.h"
#include "base/ascii.h"
#include "base/json_writer.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
using store::Annotation;

constexpr std::size_t kMostBodyBytes = std::size_t{64} << 10U;
constexpr std::size_t kMostTextBytes = 5000;
constexpr std::size_t kMostAuthorBytes = 200;

}  // namespace

Result<std::string> AnnotationsApi::TraceOf(std::string_view execution_id) const {
  return TraceOfRun(execution_id, store_, DeadlineAfter(query_timeout_));
}

Result<std::string> AnnotationsApi::ListJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  store::AnnotationQuery query;
  if (const auto id = parameters.Text("trace_id")) {
    query.trace_id = base::ToLower(*id);
  }
  if (const auto id = parameters.Text("execution_id")) {
    query.trace_id = TRY(TraceOf(*id));
  }
  if (const auto id = parameters.Text("span_id")) {
    query.span_id = base::ToLower(*id);
  }
  query.session_id = parameters.Text("session_id");
  query.author = parameters.Text("author");
  query.after = TRY(ReadTimeCursor<store::AnnotationPlace>(parameters));
  const std::size_t limit = TRY(parameters.Limit(100, 1000));
  query.limit = limit + 1;
  std::vector<Annotation> annotations = TRY(annotations_.Annotations(query));
  const bool has_more = annotations.size() > limit;
  if (has_more) {
    annotations.resize(limit);
  }
  base::JsonWriter json;
  json.BeginObject().Key("annotations");
  WriteAnnotations(annotations, json);
  json.Key("next_cursor");
  if (has_more) {
    json.String(CursorAfter(annotations.back()));
  } else {
    json.Null();
  }
  json.EndObject();
  return json.Take();
}

Result<std::string> AnnotationsApi::AddJson(const std::string& body) {
  const boost::json::value value = TRY(ParseRequestJson(body));
  ObjectReader reader = TRY(ObjectReader::Of(value, ""));
  Annotation annotation{.id = NewSavedId(), .time_ns = clock_.NowNs()};
  annotation.text = TRY(reader.Text("text", kMostTextBytes));
  if (base::Trim(annotation.text).empty()) {
    return BadField(reader.PathOf("text"), "a text expected");
  }
  annotation.author = TRY(reader.Text("author", kMostAuthorBytes));
  MentionTarget(reader);
  TRY(reader.RefuseOthers());
  Target target = TRY(ReadTarget(reader, [this](std::string_view id) { return TraceOf(id); }));
  annotation.trace_id = std::move(target.trace_id);
  annotation.span_id = std::move(target.span_id);
  annotation.session_id = std::move(target.session_id);
  TRY(annotations_.AddAnnotation(annotation));
  base::JsonWriter json;
  WriteAnnotation(annotation, json);
  return json.Take();
}

Result<std::string> AnnotationsApi::DeleteJson(std::string_view id) {
  const bool was_there = TRY(annotations_.DeleteAnnotation(id));
  return was_there ? Result<std::string>(DeletedJson())
                   : Error(Code::kNotFound, fmt::format("no annotation '{}'", id));
}

net::HttpResponse AnnotationsApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

net::HttpResponse AnnotationsApi::Add(const net::HttpRequest& request) {
  return AnswerJsonBody(request, kMostBodyBytes,
                        [&](const std::string& body) { return AddJson(body); });
}

net::HttpResponse AnnotationsApi::Delete(const net::HttpRequest& request) {
  return JsonAnswer(DeleteJson(request.PathParameter("annotation_id")));
}

}  // namespace sightline::api
