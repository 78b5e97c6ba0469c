// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/result.h"

namespace sightline::api {

// The JSON text of a request. kInvalidArgument: it is not JSON.
base::Result<boost::json::value> ParseRequestJson(std::string_view text);

// What a bad member of a request is answered: "bad field panels[2].kind: ...".
base::Error BadField(std::string_view path, std::string_view cause);

// What an unknown name is answered, with the nearest of those that there are.
base::Error UnknownName(std::string_view path, std::string_view name,
                        std::span<const std::string_view> names);

// Reads an object of a request member by member. Errors are kInvalidArgument and name the member by
// its path. Members that are null count as absent.
//
// Thread: confined. Refers to the value.
class ObjectReader {
 public:
  // `path` is where the object stands in the request; "" for the request itself.
  static base::Result<ObjectReader> Of(const boost::json::value& value, std::string path);

  // Null when it is absent.
  const boost::json::value* Find(std::string_view name);

  // 1 to `most_bytes` bytes after trimming, without control characters.
  base::Result<std::string> Name(std::string_view name, std::size_t most_bytes);

  // At most `most_bytes` bytes, "" when it is absent. Control characters but tabs and new lines are
  // refused.
  base::Result<std::string> Text(std::string_view name, std::size_t most_bytes);

  // One of `names`.
  base::Result<std::string> OneOf(std::string_view name, std::span<const std::string_view> names);

  // A whole number from `least` to `most`.
  base::Result<std::optional<std::int64_t>> Int(std::string_view name, std::int64_t least,
                                                std::int64_t most);
  base::Result<std::int64_t> RequiredInt(std::string_view name, std::int64_t least,
                                         std::int64_t most);

  // A list of at most `most` items; null when it is absent.
  base::Result<const boost::json::array*> List(std::string_view name, std::size_t most);

  // An error if the object has a member that was not asked for: call it when all have been.
  base::Result<void> RefuseOthers() const;

  // Of a member.
  std::string PathOf(std::string_view name) const;

 private:
  ObjectReader(const boost::json::object& object, std::string path)
      : object_(&object), path_(std::move(path)) {}

  const boost::json::object* object_;
  std::string path_;
  std::vector<std::string_view> asked_;
};

}  // namespace sightline::api
