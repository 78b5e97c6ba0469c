// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "normalize/attribute_source.h"
#include "normalize/json.h"

namespace sightline::normalize {

// Attributes by key, for readers that ask for a few of them. Values that count as absent are not in
// it; of two attributes with one key the first one is.
//
// Thread: any (immutable). The attributes must outlive it.
class AttributeIndex {
 public:
  explicit AttributeIndex(std::span<const SourceAttribute> attributes);

  // The first of `keys` that is there; null otherwise.
  const SourceAttribute* Find(std::initializer_list<std::string_view> keys) const;

  // Its text: strings as they are, everything else as JSON text. "" if absent.
  std::string Text(std::initializer_list<std::string_view> keys) const;

  // Its value: JSON text of an object or array is parsed, everything else that is text stays text.
  std::optional<json::value> Value(std::initializer_list<std::string_view> keys) const;

  // All keys below `prefix` (which ends in a dot) as one tree: "0.message.role" becomes
  // [{"message": {"role": ..}}]. Segments that are all numbers make an array in their order,
  // without gaps. Empty if there is no such key.
  std::optional<json::value> Tree(std::string_view prefix) const;

  std::span<const SourceAttribute> attributes() const { return attributes_; }

 private:
  std::span<const SourceAttribute> attributes_;
  std::unordered_map<std::string_view, const SourceAttribute*> by_key_;
};

// What AttributeIndex::Value gives for one attribute.
json::value ToValue(const SourceAttribute& attribute);

// The same for values that may be prose: only strict JSON is parsed.
json::value ToStrictValue(const SourceAttribute& attribute);

// True for values that count as absent, among them "{}" and "[]".
bool IsAbsent(const SourceAttribute& attribute);

}  // namespace sightline::normalize
