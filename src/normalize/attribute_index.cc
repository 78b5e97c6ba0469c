// SPDX-License-Identifier: Apache-2.0
#include "normalize/attribute_index.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "base/utf8.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

struct Node {
  const SourceAttribute* leaf = nullptr;
  std::map<std::string_view, Node> children;
};

// Keys with more segments than this are cut there; real ones have eight at most.
constexpr int kMaxSegments = 16;

void Insert(std::string_view path, const SourceAttribute& attribute, Node& root) {
  Node* node = &root;
  for (int segment = 0; segment < kMaxSegments && !path.empty(); ++segment) {
    const std::size_t dot = path.find('.');
    node = &node->children[path.substr(0, dot)];
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  node->leaf = &attribute;
}

std::optional<std::uint32_t> ToIndex(std::string_view segment) {
  std::uint32_t index = 0;
  const auto [end, error] = std::from_chars(segment.data(), segment.data() + segment.size(), index);
  return error == std::errc() && end == segment.data() + segment.size() ? std::optional(index)
                                                                        : std::nullopt;
}

json::value Build(const Node& node) {
  if (node.children.empty()) {
    return node.leaf == nullptr ? json::value(nullptr) : ToValue(*node.leaf);
  }
  std::vector<std::pair<std::uint32_t, const Node*>> elements;
  for (const auto& [segment, child] : node.children) {
    const auto index = ToIndex(segment);
    if (!index) {
      elements.clear();
      break;
    }
    elements.emplace_back(*index, &child);
  }
  if (!elements.empty()) {
    std::sort(elements.begin(), elements.end());
    json::array list;
    for (const auto& [index, child] : elements) {
      list.push_back(Build(*child));
    }
    return list;
  }
  json::object map;
  for (const auto& [segment, child] : node.children) {
    map.emplace(json::string_view(segment.data(), segment.size()), Build(child));
  }
  return map;
}

json::string ToString(std::string_view text) {
  json::string valid;
  if (base::IsValidUtf8(text)) {
    valid = text;
  } else {
    valid = base::RepairUtf8(text);
  }
  return valid;
}

// JSON text inside a JSON string, as encoders write that are called twice.
std::optional<std::string> QuotedStructure(std::string_view text) {
  if (text.size() < 4 || text.front() != '"' || text.back() != '"' ||
      (text[1] != '[' && text[1] != '{')) {
    return std::nullopt;
  }
  const auto quoted = ParseJson(text);
  return quoted && quoted->is_string() ? std::optional(TextOrJson(*quoted)) : std::nullopt;
}

std::string_view WithoutByteOrderMark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

// By `parse`, which is given the text of the structure.
template <typename Parse>
json::value ReadText(const SourceAttribute& attribute, const Parse& parse) {
  if (attribute.is_json) {
    auto parsed = ParseJson(attribute.text);
    return parsed ? std::move(*parsed) : json::value(ToString(attribute.text));
  }
  const std::string_view text = WithoutByteOrderMark(attribute.text);
  const auto quoted = QuotedStructure(text);
  auto parsed = parse(quoted ? std::string_view(*quoted) : text);
  return parsed ? std::move(*parsed) : json::value(ToString(attribute.text));
}

}  // namespace

json::value ToValue(const SourceAttribute& attribute) {
  return ReadText(attribute, ParseStructure);
}

json::value ToStrictValue(const SourceAttribute& attribute) {
  return ReadText(attribute, ParseStrictStructure);
}

bool IsAbsent(const SourceAttribute& attribute) {
  return IsAbsentText(attribute.text) || attribute.text == "{}" || attribute.text == "[]";
}

AttributeIndex::AttributeIndex(std::span<const SourceAttribute> attributes)
    : attributes_(attributes) {
  by_key_.reserve(attributes.size());
  for (const SourceAttribute& attribute : attributes) {
    if (!IsAbsent(attribute)) {
      by_key_.emplace(attribute.key, &attribute);
    }
  }
}

const SourceAttribute* AttributeIndex::Find(std::initializer_list<std::string_view> keys) const {
  for (const std::string_view key : keys) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      return found->second;
    }
  }
  return nullptr;
}

std::string AttributeIndex::Text(std::initializer_list<std::string_view> keys) const {
  const SourceAttribute* found = Find(keys);
  return found == nullptr ? std::string() : std::string(ToString(found->text));
}

std::optional<json::value> AttributeIndex::Value(
    std::initializer_list<std::string_view> keys) const {
  const SourceAttribute* found = Find(keys);
  return found == nullptr ? std::nullopt : std::optional(ToValue(*found));
}

std::optional<json::value> AttributeIndex::Tree(std::string_view prefix) const {
  Node root;
  for (const SourceAttribute& attribute : attributes_) {
    if (attribute.key.starts_with(prefix) && attribute.key.size() > prefix.size()) {
      Insert(attribute.key.substr(prefix.size()), attribute, root);
    }
  }
  return root.children.empty() ? std::nullopt : std::optional(Build(root));
}

}  // namespace sightline::normalize
