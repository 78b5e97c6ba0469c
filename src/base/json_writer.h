// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sightline::base {

// Writes JSON text front to back into one string. The caller keeps objects and arrays balanced;
// commas and escapes are done here. Texts are taken to be UTF-8; invalid ones are repaired.
//
// Thread: confined.
class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();

  // The name of the next value.
  JsonWriter& Key(std::string_view name);

  JsonWriter& String(std::string_view text);
  JsonWriter& Int(std::int64_t value);
  JsonWriter& Uint(std::uint64_t value);

  // Shortest text that reads back the same; null for NaN and infinities.
  JsonWriter& Double(double value);

  // A number of 10^-12 units as an exact decimal: 1500000000 is 0.0015.
  JsonWriter& Pico(std::int64_t value);

  JsonWriter& Bool(bool value);
  JsonWriter& Null();

  // JSON text that is known to be well-formed.
  JsonWriter& Raw(std::string_view json);

  // Bytes written so far.
  std::size_t size() const { return text_.size(); }

  std::string Take() { return std::move(text_); }

 private:
  void Separate();

  std::string text_;
  std::vector<bool> has_items_;  // Of each open container.
  bool after_key_ = false;
};

}  // namespace sightline::base
