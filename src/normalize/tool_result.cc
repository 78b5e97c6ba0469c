// SPDX-License-Identifier: Apache-2.0
#include "normalize/tool_result.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "normalize/json.h"

namespace sightline::normalize {
namespace {

// Results nest in what carries them: {"result": {"content": [...]}}.
constexpr int kMaxDepth = 5;

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool IsTrue(const json::value* value) {
  if (value == nullptr) {
    return false;
  }
  return value->is_bool() ? value->get_bool()
                          : value->is_string() &&
                                (value->get_string() == "true" || value->get_string() == "True");
}

// An answer to one call, by an id that only such have.
bool IsToolMessage(const json::value& object) {
  return Member(object, {"tool_call_id", "toolUseId", "tool_use_id", "toolCallId"}) != nullptr ||
         TextMember(object, {"type"}) == "tool" || TextMember(object, {"type"}) == "tool_result";
}

bool SaysFailed(const json::value& object) {
  if (IsTrue(Member(object, {"isError", "is_error"}))) {
    return true;
  }
  if (TextMember(object, {"status"}) == "error" && IsToolMessage(object)) {
    return true;
  }
  // The AI SDK's outcomes of a call and Anthropic's "web_search_tool_result_error".
  const std::string_view type = TextMember(object, {"type"});
  if (type == "tool-error" || type == "error-text" || type == "error-json" ||
      type.ends_with("_tool_result_error")) {
    return true;
  }
  return Member(object, {"jsonrpc"}) != nullptr && Member(object, {"error"}) != nullptr;
}

// The part that says that the call failed; null if none does.
const json::value* FindFailure(const json::value& value, int depth) {
  if (depth > kMaxDepth) {
    return nullptr;
  }
  if (const json::array* list = value.if_array()) {
    for (const json::value& entry : *list) {
      if (const json::value* found = FindFailure(entry, depth + 1)) {
        return found;
      }
    }
    return nullptr;
  }
  if (!value.is_object()) {
    return nullptr;
  }
  if (SaysFailed(value)) {
    return &value;
  }
  constexpr auto kCarriers = std::to_array<std::string_view>(
      {"result", "response", "output", "toolResult", "tool_result", "content", "kwargs", "data",
       "message", "update", "messages", "value", "parts"});
  for (const std::string_view carrier : kCarriers) {
    if (const json::value* inner = Member(value, {carrier})) {
      if (const json::value* found = FindFailure(*inner, depth + 1)) {
        return found;
      }
    }
  }
  return nullptr;
}

std::string TextIn(const json::value& value, int depth) {
  if (depth > kMaxDepth) {
    return {};
  }
  if (value.is_string()) {
    return TextOrJson(value);
  }
  std::string text;
  if (const json::array* list = value.if_array()) {
    for (const json::value& entry : *list) {
      const std::string part = TextIn(entry, depth + 1);
      text.append(text.empty() || part.empty() ? "" : "\n").append(part);
    }
    return text;
  }
  for (const std::string_view name : {"text", "content", "message", "error", "result", "output",
                                      "value", "toolResult", "kwargs", "error_code"}) {
    const json::value* inner = Member(value, {name});
    if (inner != nullptr && text.empty()) {
      text = TextIn(*inner, depth + 1);
    }
  }
  return text;
}

// "meta=None content=[TextContent(type='text', text='no such file')] isError=True".
ToolVerdict JudgePythonText(std::string_view text) {
  const bool is_result = Contains(text, "content=[") && Contains(text, "isError=True");
  if (!is_result) {
    return {.text = std::string(text)};
  }
  constexpr std::string_view kText = " text='";
  const std::size_t begin = text.find(kText);
  const std::size_t end =
      begin == std::string_view::npos ? begin : text.find('\'', begin + kText.size());
  return {.has_failed = true,
          .text = end == std::string_view::npos
                      ? std::string()
                      : std::string(text.substr(begin + kText.size(), end - begin - kText.size()))};
}

ToolVerdict JudgeJson(const json::value& value) {
  const json::value* failure = FindFailure(value, 0);
  return {.has_failed = failure != nullptr,
          .text = TextIn(failure == nullptr ? value : *failure, 0)};
}

}  // namespace

ToolVerdict JudgeToolResult(const otlp::Value& result) {
  if (result.kind != otlp::ValueKind::kString) {
    return JudgeJson(ToJson(result));
  }
  if (const auto value = ParseStructure(result.bytes)) {
    return JudgeJson(*value);
  }
  // JSON text inside a JSON string.
  if (result.bytes.starts_with('"')) {
    const auto quoted = ParseJson(result.bytes);
    if (quoted && quoted->is_string()) {
      const std::string inner = TextOrJson(*quoted);
      const auto value = ParseStructure(inner);
      return value ? JudgeJson(*value) : JudgePythonText(inner);
    }
  }
  return JudgePythonText(result.bytes);
}

}  // namespace sightline::normalize
