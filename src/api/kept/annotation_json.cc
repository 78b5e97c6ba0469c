// SPDX-License-Identifier: Apache-2.0
#include "api/kept/annotation_json.h"

#include <cstddef>

#include "api/request/json_fields.h"

namespace sightline::api {
namespace {

constexpr std::size_t kMostShown = 200;

}  // namespace

void WriteAnnotation(const store::Annotation& annotation, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("id").String(annotation.id);
  WriteText(json, "trace_id", annotation.trace_id);
  WriteText(json, "span_id", annotation.span_id);
  WriteText(json, "session_id", annotation.session_id);
  json.Key("text").String(annotation.text);
  WriteText(json, "author", annotation.author);
  WriteTime(json, "timestamp", annotation.time_ns);
  json.EndObject();
}

void WriteAnnotations(const std::vector<store::Annotation>& annotations, base::JsonWriter& json) {
  json.BeginArray();
  for (const store::Annotation& annotation : annotations) {
    WriteAnnotation(annotation, json);
  }
  json.EndArray();
}

void WriteAnnotationsOf(const store::AnnotationStore* store, const std::string& trace_id,
                        base::JsonWriter& json) {
  json.Key("annotations");
  if (store == nullptr) {
    json.Null();
    return;
  }
  const auto annotations = store->Annotations({.trace_id = trace_id, .limit = kMostShown});
  if (!annotations.has_value()) {
    json.Null();
    return;
  }
  WriteAnnotations(*annotations, json);
}

}  // namespace sightline::api
