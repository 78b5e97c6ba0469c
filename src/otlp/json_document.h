// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <simdjson.h>

#include "base/result.h"
#include "otlp/json_scalar.h"

namespace sightline::otlp::internal {

// Internal to otlp/: one JSON text under simdjson's cursor. Values are read once, front to back.
// The first failure sticks; after it the loops below end at once.
//
// Thread: confined.
class JsonDocument {
 public:
  // Copies the text: simdjson needs padding after it, and brackets around it make any text an
  // array of one element, because the cursor treats a lone scalar unlike all other values.
  explicit JsonDocument(std::string_view json);

  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  // Calls `read(simdjson::ondemand::value)` with the value of the whole text.
  // Errors: kInvalidArgument when the text is not one well-formed value, or Fail was called.
  template <typename Read>
  base::Result<void> ReadRoot(Read&& read) {
    simdjson::ondemand::document document;
    simdjson::ondemand::value brackets;
    const simdjson::padded_string_view text(padded_.data(), text_size_, padded_.size());
    if (Check(parser_.iterate(text).get(document)) && Check(document.get_value().get(brackets))) {
      int value_count = 0;
      ForEachElement(brackets, [&](simdjson::ondemand::value value) {
        if (++value_count == 1) {
          read(value);
        }
      });
      // The cursor says OUT_OF_BOUNDS once everything was read.
      if (value_count != 1 || !document.current_location().error()) {
        Fail("not exactly one value");
      }
    }
    return Outcome();
  }

  // Calls `read(std::string_view key, simdjson::ondemand::value)` for each entry of an object.
  // The key lives until the next key.
  template <typename Read>
  void ForEachEntry(simdjson::ondemand::value value, Read&& read) {
    simdjson::ondemand::object object;
    if (!Check(value.get_object().get(object))) {
      return;
    }
    for (auto result : object) {
      simdjson::ondemand::field field;
      if (is_failed() || !Check(std::move(result).get(field))) {
        return;
      }
      const auto key = ReadJsonText(field.key().raw(), key_scratch_);
      if (!key.has_value()) {
        return Fail("wrong escape in a key");
      }
      read(*key, field.value());
    }
  }

  // Calls `read(simdjson::ondemand::value)` for each element of an array.
  template <typename Read>
  void ForEachElement(simdjson::ondemand::value value, Read&& read) {
    simdjson::ondemand::array array;
    if (!Check(value.get_array().get(array))) {
      return;
    }
    for (auto result : array) {
      simdjson::ondemand::value element;
      if (is_failed() || !Check(std::move(result).get(element))) {
        return;
      }
      read(element);
    }
  }

  // The text of a string, or nothing after a failure. Lives until the next string is read.
  std::optional<std::string_view> ReadText(simdjson::ondemand::value value);

  // Nothing after a failure.
  std::optional<simdjson::ondemand::json_type> TypeOf(simdjson::ondemand::value value);

  // True if simdjson had no error; else fails with its message.
  bool Check(simdjson::error_code code);

  void Fail(std::string message);

  bool is_failed() const { return failure_.has_value(); }

 private:
  base::Result<void> Outcome() const;

  std::string padded_;
  const std::size_t text_size_;
  simdjson::ondemand::parser parser_;
  std::string key_scratch_;
  std::string text_scratch_;
  std::optional<std::string> failure_;
};

}  // namespace sightline::otlp::internal
