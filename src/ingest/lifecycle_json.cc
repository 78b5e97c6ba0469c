// SPDX-License-Identifier: Apache-2.0
#include "ingest/lifecycle_json.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include <boost/json/basic_parser_impl.hpp>
#include <fmt/format.h>

#include "base/ascii.h"

namespace sightline::ingest {
namespace {

namespace json = boost::json;
using boost::system::error_code;

base::Error TooMany(std::size_t max_items) {
  return {
      base::Code::kResourceExhausted,
      fmt::format("a request may hold at most {} events: send the rest in another one", max_items)};
}

base::Error Malformed(std::string_view why) {
  return {base::Code::kInvalidArgument, fmt::format("cannot read events: {}", why)};
}

// The end of the item that begins at `at`: a comma or bracket outside of its own brackets and
// strings, or the end of the text.
std::size_t EndOfItem(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  bool is_in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (is_in_string) {
      if (c == '\\') {
        ++at;
      } else if (c == '"') {
        is_in_string = false;
      }
    } else if (c == '"') {
      is_in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) {
        return at;
      }
      --depth;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
  return text.size();
}

// `text` begins with '['.
base::Result<std::vector<std::string_view>> SplitArray(std::string_view text,
                                                       std::size_t max_items) {
  std::vector<std::string_view> items;
  std::size_t at = 1;
  if (base::Trim(text.substr(at)) == "]") {
    return items;
  }
  while (true) {
    const std::size_t end = EndOfItem(text, at);
    if (end == text.size()) {
      return Malformed("the array has no end");
    }
    if (items.size() == max_items) {
      return TooMany(max_items);
    }
    items.push_back(base::Trim(text.substr(at, end - at)));
    at = end + 1;
    if (text[end] != ',') {
      break;
    }
  }
  if (text[at - 1] != ']') {
    return Malformed("the array ends with the wrong bracket");
  }
  if (at != text.size()) {
    return Malformed("there is something after the array; NDJSON is application/x-ndjson");
  }
  return items;
}

base::Result<std::vector<std::string_view>> SplitLines(std::string_view text,
                                                       std::size_t max_items) {
  std::vector<std::string_view> items;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = base::Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) {
      continue;
    }
    if (items.size() == max_items) {
      return TooMany(max_items);
    }
    items.push_back(line);
  }
  return items;
}

// Accepts everything: only the grammar is of interest.
struct NullHandler {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  // NOLINTBEGIN(readability-identifier-naming): the parser calls them by these names.
  bool on_document_begin(error_code&) { return true; }

  bool on_document_end(error_code&) { return true; }

  bool on_object_begin(error_code&) { return true; }

  bool on_object_end(std::size_t, error_code&) { return true; }

  bool on_array_begin(error_code&) { return true; }

  bool on_array_end(std::size_t, error_code&) { return true; }

  bool on_key_part(json::string_view, std::size_t, error_code&) { return true; }

  bool on_key(json::string_view, std::size_t, error_code&) { return true; }

  bool on_string_part(json::string_view, std::size_t, error_code&) { return true; }

  bool on_string(json::string_view, std::size_t, error_code&) { return true; }

  bool on_number_part(json::string_view, error_code&) { return true; }

  bool on_int64(std::int64_t, json::string_view, error_code&) { return true; }

  bool on_uint64(std::uint64_t, json::string_view, error_code&) { return true; }

  bool on_double(double, json::string_view, error_code&) { return true; }

  bool on_bool(bool, error_code&) { return true; }

  bool on_null(error_code&) { return true; }

  bool on_comment_part(json::string_view, error_code&) { return true; }

  bool on_comment(json::string_view, error_code&) { return true; }

  // NOLINTEND(readability-identifier-naming)
};

// The code unit of the escape \uXXXX at `at`; empty when there is none.
std::optional<std::uint32_t> UnitAt(std::string_view text, std::size_t at) {
  constexpr std::size_t kLength = 6;
  std::uint32_t unit = 0;
  if (at + kLength > text.size() || text.substr(at, 2) != "\\u") {
    return std::nullopt;
  }
  const char* end = text.data() + at + kLength;
  const auto [stop, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
  return error == std::errc() && stop == end ? std::optional(unit) : std::nullopt;
}

bool IsHighSurrogate(std::uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool IsLowSurrogate(std::uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

}  // namespace

base::Result<std::vector<std::string_view>> SplitEvents(EventFormat format, std::string_view body,
                                                        std::size_t max_items) {
  const std::string_view text = base::Trim(body);
  if (text.empty()) {
    return Malformed("the body is empty");
  }
  if (format == EventFormat::kLines) {
    return SplitLines(text, max_items);
  }
  if (text.front() == '[') {
    return SplitArray(text, max_items);
  }
  return std::vector<std::string_view>{text};
}

std::optional<std::string> FindJsonFault(std::string_view text) {
  if (!text.starts_with('{')) {
    return "must be a JSON object";
  }
  json::parse_options options;
  options.max_depth = kMaxEventDepth;
  options.allow_invalid_utf8 = true;
  json::basic_parser<NullHandler> parser(options);
  error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (error == json::error::too_deep) {
    return fmt::format("nests deeper than {} levels", kMaxEventDepth);
  }
  if (error) {
    return fmt::format("is not JSON: {} at byte {}", error.message(), used);
  }
  if (used != text.size()) {
    return fmt::format("is not JSON: it goes on after its end at byte {}", used);
  }
  return std::nullopt;
}

std::optional<std::string> RepairSurrogates(std::string_view text) {
  constexpr std::size_t kLength = 6;
  std::optional<std::string> repaired;
  for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
    const auto unit = UnitAt(text, at);
    if (!unit) {
      at += 2;
      continue;
    }
    const auto next = UnitAt(text, at + kLength);
    if (IsHighSurrogate(*unit) && next && IsLowSurrogate(*next)) {
      at += 2 * kLength;
      continue;
    }
    if (IsHighSurrogate(*unit) || IsLowSurrogate(*unit)) {
      if (!repaired) {
        repaired = text;
      }
      repaired->replace(at, kLength, "\\ufffd");
    }
    at += kLength;
  }
  return repaired;
}

}  // namespace sightline::ingest
