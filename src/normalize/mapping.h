// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "normalize/attribute_source.h"
#include "normalize/normalizer.h"

namespace sightline::normalize {

// What is stored of a span, as far as rules read it.
//
// Thread: value. Views must outlive it.
struct StoredSpan {
  std::string_view name;
  std::string_view scope;
  std::span<const SourceAttribute> attributes;
  std::span<const SourceEvent> events;
  std::string_view resource_json;  // {"key": value ...}, "" for none.
  std::string_view scope_json;     // {"attributes": {...} ...}, "" for none.
};

// Which rule gave each canonical field of a stored span, by the rules of today: they may be newer
// than those that the span was received with. Costs some 50 microseconds.
std::vector<MappedField> ExplainStoredSpan(const Normalizer& normalizer, const StoredSpan& span);

}  // namespace sightline::normalize
