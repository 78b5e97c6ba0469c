// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/annotation_store.h"
#include "store/meta/database.h"

namespace sightline::store::meta {

// Annotations in SQLite: what the methods of AnnotationStore do.

base::Result<std::vector<Annotation>> ReadAnnotations(const Database& database,
                                                      const AnnotationQuery& query);
// `most` is how many are kept.
base::Result<void> AddAnnotation(Database& database, const Annotation& annotation,
                                 std::int64_t most);
base::Result<bool> DeleteAnnotation(Database& database, std::string_view id);

}  // namespace sightline::store::meta
