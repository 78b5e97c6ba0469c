// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/arena.h"
#include "demo/conversation.h"

namespace sightline::demo {

// The simulator's texts are files of data/, built into the program. They are ours: a file that does
// not have the expected form is a bug of ours and ends the program (the tests read each of them).

// The content of data/<name>.json. Lives as long as the program.
std::string_view EmbeddedData(std::string_view name);

// Reads the members of one JSON object. Texts are copied into an arena, so that they outlive the
// parsed document.
//
// Thread: confined. Borrows both arguments.
class DataObject {
 public:
  DataObject(const boost::json::object& object, base::Arena& arena)
      : object_(object), arena_(arena) {}

  // A string, or an array of lines, which are joined by line breaks.
  std::string_view Text(std::string_view name) const;

  // An array of strings.
  std::vector<std::string_view> Texts(std::string_view name) const;

  double Number(std::string_view name) const;

  // The compact JSON text of any value.
  std::string_view Json(std::string_view name) const;

  // `make(object)` for each object of an array, in order.
  template <typename Make>
  auto List(std::string_view name, Make&& make) const {
    std::vector<decltype(make(std::declval<const DataObject&>()))> items;
    for (const boost::json::value& item : Member(name).as_array()) {
      items.push_back(make(DataObject(item.as_object(), arena_)));
    }
    return items;
  }

  std::vector<ToolDefinition> Tools(std::string_view name) const;

 private:
  const boost::json::value& Member(std::string_view name) const;
  std::string_view Copy(const boost::json::value& text) const;

  const boost::json::object& object_;
  base::Arena& arena_;
};

boost::json::value ParseData(std::string_view name);

// Parses data/<name>.json, whose texts go into `arena`, and returns `read(object)`.
template <typename Read>
auto ReadData(std::string_view name, base::Arena& arena, Read&& read) {
  const boost::json::value document = ParseData(name);
  return read(DataObject(document.as_object(), arena));
}

}  // namespace sightline::demo
