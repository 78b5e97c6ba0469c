// SPDX-License-Identifier: Apache-2.0
#include "api/request/query_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <fmt/format.h>

#include "api/request/nearest_name.h"
#include "base/ascii.h"
#include "base/utf8.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
namespace json = boost::json;

constexpr std::size_t kMostShownBytes = 40;

constexpr auto kMethods =
    std::to_array<std::string_view>({"get", "put", "post", "delete", "patch"});

// The parameter, or what its reference names.
Result<const json::object*> Resolve(const json::value& document, const json::value& node) {
  const json::object* object = node.if_object();
  const json::value* reference = object == nullptr ? nullptr : object->if_contains("$ref");
  const json::value* found = &node;
  if (reference != nullptr && reference->is_string()) {
    boost::system::error_code error;
    std::string_view path = reference->get_string();
    path.remove_prefix(path.starts_with('#') ? 1 : 0);
    found = document.find_pointer(path, error);
  }
  if (found == nullptr || !found->is_object()) {
    return Error(Code::kInvalidArgument, "bad document: a parameter is no object");
  }
  return &found->get_object();
}

Result<void> AddNames(const json::value& document, const json::object& item,
                      std::vector<std::string>& names) {
  const json::value* parameters = item.if_contains("parameters");
  if (parameters == nullptr || !parameters->is_array()) {
    return {};
  }
  for (const json::value& node : parameters->get_array()) {
    const json::object* parameter = TRY(Resolve(document, node));
    const json::value* place = parameter->if_contains("in");
    const json::value* name = parameter->if_contains("name");
    if (place == nullptr || name == nullptr || !name->is_string()) {
      return Error(Code::kInvalidArgument, "bad document: a parameter has no name");
    }
    if (*place == "query") {
      names.emplace_back(name->get_string());
    }
  }
  return {};
}

bool Takes(std::string_view known, std::string_view name) {
  const std::size_t brace = known.find('{');
  if (brace == std::string_view::npos) {
    return known == name;
  }
  return name.size() > brace && name.starts_with(known.substr(0, brace));
}

Error Unknown(std::string_view name, const std::vector<std::string>& names) {
  const std::string_view shown = base::TruncateUtf8(name, kMostShownBytes);
  if (names.empty()) {
    return {Code::kInvalidArgument,
            fmt::format("bad parameter {}: nothing can be asked for here", shown)};
  }
  std::vector<std::string_view> beginnings;  // Of those that stand for many.
  for (const std::string& known : names) {
    beginnings.push_back(std::string_view(known).substr(0, known.find('{')));
  }
  const std::string_view nearest = NearestName(shown, beginnings);
  const auto place = std::ranges::find(beginnings, nearest) - beginnings.begin();
  return {Code::kInvalidArgument,
          fmt::format("bad parameter {}: not known here; the nearest is '{}'", shown,
                      names[static_cast<std::size_t>(place)])};
}

}  // namespace

Result<QueryNames> QueryNames::Of(std::string_view openapi) {
  boost::system::error_code error;
  const json::value document = json::parse(openapi, error);
  const json::object* root = error ? nullptr : document.if_object();
  const json::value* paths = root == nullptr ? nullptr : root->if_contains("paths");
  if (paths == nullptr || !paths->is_object()) {
    return Error(Code::kInvalidArgument, "bad document: it has no paths");
  }
  QueryNames names;
  for (const auto& [path, node] : paths->get_object()) {
    const json::object* item = TRY(Resolve(document, node));
    for (const std::string_view method : kMethods) {
      const json::value* operation = item->if_contains(method);
      if (operation == nullptr || !operation->is_object()) {
        continue;
      }
      std::string upper(method);
      std::ranges::transform(upper, upper.begin(), [](char c) { return base::ToUpper(c); });
      std::vector<std::string>& known =
          names.names_[fmt::format("{} {}", upper, std::string_view(path))];
      TRY(AddNames(document, *item, known));
      TRY(AddNames(document, operation->get_object(), known));
    }
  }
  return names;
}

Result<void> QueryNames::Check(std::string_view method, std::string_view pattern,
                               const net::QueryParameters& query) const {
  if (query.begin() == query.end()) {
    return {};
  }
  const auto found = names_.find(fmt::format("{} {}", method == "HEAD" ? "GET" : method, pattern));
  if (found == names_.end()) {
    return {};
  }
  for (const net::NameValue& parameter : query) {
    const bool is_known = std::ranges::any_of(
        found->second, [&](const std::string& known) { return Takes(known, parameter.name); });
    if (!is_known) {
      return Unknown(parameter.name, found->second);
    }
  }
  return {};
}

}  // namespace sightline::api
