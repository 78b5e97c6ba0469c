// SPDX-License-Identifier: Apache-2.0
#include "api/request/content_place.h"

#include <array>
#include <charconv>
#include <system_error>

#include <fmt/format.h>

#include "api/request/query_escape.h"

namespace sightline::api {
namespace {

constexpr std::string_view kTracesUrl = "/api/v1/observability/traces";
constexpr std::array<std::string_view, 3> kListNames = {"system", "input", "output"};
constexpr std::array<std::string_view, 3> kMemberNames = {"content", "payload", "whole"};

// The text before the next dot; `rest` is moved past it.
std::string_view TakePart(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find('.'));
  rest.remove_prefix(part.size() < rest.size() ? part.size() + 1 : rest.size());
  return part;
}

std::optional<std::size_t> ParseNumber(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size()
             ? std::optional<std::size_t>(number)
             : std::nullopt;
}

template <typename Enum, std::size_t Size>
std::optional<Enum> ParseName(const std::array<std::string_view, Size>& names,
                              std::string_view text) {
  for (std::size_t i = 0; i < Size; ++i) {
    if (names[i] == text) {
      return static_cast<Enum>(i);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string SpanUrl(const model::TraceId& trace_id, const model::SpanId& span_id) {
  return fmt::format("{}/{}/spans/{}", kTracesUrl, trace_id.ToHex(), span_id.ToHex());
}

std::string LogUrl(const model::TraceId& trace_id, std::string_view log_id) {
  return fmt::format("{}/{}/logs/{}", kTracesUrl, trace_id.ToHex(), log_id);
}

ContentPlace ContentPlace::Attribute(std::string_view key) {
  return {.field = "attributes", .key = std::string(key)};
}

ContentPlace ContentPlace::EventAttribute(std::size_t event, std::string_view key) {
  return {.field = fmt::format("event.{}", event), .key = std::string(key)};
}

std::string ContentPlace::ToQuery() const {
  std::string query = "field=" + QueryEscape(field);
  if (!key.empty()) {
    query += "&key=" + QueryEscape(key);
  }
  return query;
}

ContentPlace PartPlace::ToPlace() const {
  return {.field = "messages",
          .key = fmt::format("{}.{}.{}.{}", kListNames[static_cast<std::size_t>(list)], message,
                             part, kMemberNames[static_cast<std::size_t>(member)])};
}

std::optional<PartPlace> PartPlace::Parse(std::string_view key) {
  std::string_view rest = key;
  const auto list = ParseName<List>(kListNames, TakePart(rest));
  const auto message = ParseNumber(TakePart(rest));
  const auto part = ParseNumber(TakePart(rest));
  const auto member = ParseName<Member>(kMemberNames, TakePart(rest));
  if (!list || !message || !part || !member) {
    return std::nullopt;
  }
  const PartPlace place{.list = *list, .message = *message, .part = *part, .member = *member};
  return place.ToPlace().key == key ? std::optional<PartPlace>(place) : std::nullopt;
}

}  // namespace sightline::api
