// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/json_writer.h"
#include "store/annotation_store.h"

namespace sightline::api {

void WriteAnnotation(const store::Annotation& annotation, base::JsonWriter& json);

// An array.
void WriteAnnotations(const std::vector<store::Annotation>& annotations, base::JsonWriter& json);

// The newest 200 of a run and its steps as the field `annotations` of an object that is open; null
// while they cannot be read, or when `store` is. `trace_id` is in hex.
void WriteAnnotationsOf(const store::AnnotationStore* store, const std::string& trace_id,
                        base::JsonWriter& json);

}  // namespace sightline::api
