// SPDX-License-Identifier: Apache-2.0
// Reading and writing of JSON lines for tasks that answer each line by itself.
#pragma once

#include <cstdint>
#include <istream>
#include <ostream>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace sightline::accuracy {

// Writes one answer for each line of `in` that is not empty: `answer` takes an object and returns
// one. Throws what Boost.JSON throws when a line is not as the protocol says.
template <typename Answer>
void AnswerEachLine(std::istream& in, std::ostream& out, Answer&& answer) {
  std::string line;
  while (std::getline(in, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    const boost::json::value input = boost::json::parse(line);
    out << boost::json::serialize(answer(input.as_object())) << '\n';
  }
}

inline std::string_view Text(const boost::json::object& object, std::string_view key) {
  const boost::json::string& text = object.at(key).as_string();
  return {text.data(), text.size()};
}

// "" for null or a missing field.
inline std::string_view TextOrEmpty(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? Text(object, key) : std::string_view();
}

inline std::int64_t Integer(const boost::json::object& object, std::string_view key) {
  return object.at(key).to_number<std::int64_t>();
}

}  // namespace sightline::accuracy
