// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sightline::store {

// What somebody wrote about a run, a step or a session. Unlike a score it judges nothing.
//
// Thread: value.
struct Annotation {
  std::string id;          // Given by who makes it.
  std::string trace_id;    // Hex; "" when it is of a session.
  std::string span_id;     // Hex; "" when it is of a whole run or a session.
  std::string session_id;  // "" when it is of a run or a step.
  std::string text;
  std::string author;
  std::int64_t time_ns = 0;
};

// A place in the list of annotations, which has the newest first.
struct AnnotationPlace {
  std::int64_t time_ns = 0;
  std::string id;
};

// Which annotations are asked for. Absent filters match everything; all given ones must match.
//
// Thread: value.
struct AnnotationQuery {
  std::optional<std::string> trace_id;
  std::optional<std::string> span_id;
  std::optional<std::string> session_id;
  std::optional<std::string> author;
  std::optional<AnnotationPlace> after;  // Those after it in the list.
  std::size_t limit = 100;
};

// Annotations, kept with what else people edit (store/meta_store.h). Durable when a call returns.
//
// Errors: kUnavailable while the store is damaged or the disk is full; nothing has changed then.
//
// Thread: any; calls block.
class AnnotationStore {
 public:
  virtual ~AnnotationStore() = default;

  // The newest first, then by id, downwards.
  virtual base::Result<std::vector<Annotation>> Annotations(const AnnotationQuery& query) const = 0;

  // kResourceExhausted: there are too many.
  virtual base::Result<void> AddAnnotation(const Annotation& annotation) = 0;

  // Returns whether there was one.
  virtual base::Result<bool> DeleteAnnotation(std::string_view id) = 0;

  AnnotationStore(const AnnotationStore&) = delete;
  AnnotationStore& operator=(const AnnotationStore&) = delete;

 protected:
  AnnotationStore() = default;
};

}  // namespace sightline::store
