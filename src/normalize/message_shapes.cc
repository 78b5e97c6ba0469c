// SPDX-License-Identifier: Apache-2.0
#include "normalize/message_shapes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace sightline::normalize {
namespace {

using model::Message;
using model::MessagePart;

std::string_view DefaultRole(Side side) {
  return side == Side::kInput ? "user" : "assistant";
}

// LangChain's and Gemini's names for the usual roles.
std::string CanonicalRole(std::string_view role) {
  constexpr auto kRoles = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"human", "user"},
      {"HumanMessage", "user"},
      {"HumanMessageChunk", "user"},
      {"ai", "assistant"},
      {"AIMessage", "assistant"},
      {"AIMessageChunk", "assistant"},
      {"model", "assistant"},
      {"SystemMessage", "system"},
      {"ToolMessage", "tool"},
      {"ToolMessageChunk", "tool"},
      {"function", "tool"},
      {"FunctionMessage", "tool"},
  });
  for (const auto& [alias, name] : kRoles) {
    if (alias == role) {
      return std::string(name);
    }
  }
  return std::string(role);
}

// The constructor form of LangChain, {"lc": 1, "id": [.., "HumanMessage"], "kwargs": {...}}, and
// its stored form, {"type": "human", "data": {...}}, as one object with a role. Empty for others.
std::optional<json::value> LangChainFields(const json::value& value) {
  const json::value* fields = Member(value, {"kwargs"});
  std::string kind;
  if (fields != nullptr) {
    const json::value* path = Member(value, {"id"});
    if (path != nullptr && path->is_array() && !path->get_array().empty()) {
      kind = TextOrJson(path->get_array().back());
    }
  } else {
    fields = Member(value, {"data"});
    kind = TextMember(value, {"type"});
  }
  const std::string role = CanonicalRole(kind);
  const bool is_message = role != kind || kind == "system" || kind == "tool";
  if (fields == nullptr || !fields->is_object() || !is_message) {
    return std::nullopt;
  }
  json::object message = fields->get_object();
  message["role"] = role;
  return message;
}

// Items of OpenAI's responses API that are no messages but stand between them.
std::string_view RoleOfItem(std::string_view type) {
  if (type == "function_call" || type == "reasoning" || type == "web_search_call" ||
      type == "file_search_call" || type == "computer_call" || type == "tool_call") {
    return "assistant";
  }
  return type == "function_call_output" || type == "tool_call_response" ? "tool" : "";
}

bool IsLangChainType(std::string_view type) {
  return type == "human" || type == "ai" || type == "system" || type == "tool" ||
         type == "AIMessageChunk";
}

void AppendCalls(const json::value& message, std::vector<MessagePart>& parts) {
  const json::value* calls = Member(message, {"tool_calls", "toolCalls"});
  if (calls == nullptr) {
    const json::value* extra = Member(message, {"additional_kwargs"});
    calls = extra != nullptr ? Member(*extra, {"tool_calls"}) : nullptr;
  }
  std::optional<json::value> parsed;
  if (calls != nullptr && calls->is_string()) {
    parsed = ParseStructure(TextOrJson(*calls));
    calls = parsed ? &*parsed : nullptr;
  }
  if (calls != nullptr && calls->is_array()) {
    for (const json::value& call : calls->get_array()) {
      MessagePart part = ToPart(call);
      if (part.type != "tool_call" && call.is_object()) {
        json::object typed = call.get_object();
        typed["type"] = "tool_call";
        part = ToPart(typed);
      }
      // Anthropic's content lists the same calls as LangChain's tool_calls.
      const bool is_repeat = std::any_of(parts.begin(), parts.end(), [&](const MessagePart& other) {
        return other.type == "tool_call" && !part.id.empty() && other.id == part.id;
      });
      if (!is_repeat) {
        parts.push_back(std::move(part));
      }
    }
  }
  const json::value* legacy = Member(message, {"function_call"});
  if (legacy != nullptr && legacy->is_object()) {
    json::object typed = legacy->get_object();
    typed["type"] = "tool_call";
    parts.push_back(ToPart(typed));
  }
}

// The content of a tool message is the result of the call that it names.
void WrapToolResult(const json::value& message, std::vector<MessagePart>& parts) {
  const bool has_response = std::any_of(parts.begin(), parts.end(), [](const MessagePart& part) {
    return part.type == "tool_call_response";
  });
  const json::value* content = Member(message, {"content", "contents"});
  if (has_response || content == nullptr) {
    return;
  }
  MessagePart response{
      .type = "tool_call_response",
      .id = std::string(TextMember(message, {"tool_call_id", "id", "tool_use_id"})),
      .name = std::string(TextMember(message, {"name"})),
      .payload_json = ToPayload(*content)};
  parts.clear();
  parts.push_back(std::move(response));
}

// A member of a request or a response that holds the messages, and the side it is on.
struct Holder {
  std::string_view name;
  bool is_sure = true;  // The name alone says so; otherwise only if all elements are messages.
};

constexpr auto kHolders = std::to_array<Holder>({
    {"messages"},
    {"contents"},
    {"choices"},
    {"candidates"},
    {"generations"},
    {"output", false},
    {"input", false},
    {"inputs", false},
    {"outputs", false},
    {"message"},
    {"content", false},
    {"prompt", false},
    {"response", false},
});

void ReadSystem(const json::value& object, std::vector<MessagePart>& system) {
  const json::value* config = Member(object, {"config"});
  for (const json::value* holder : {&object, config}) {
    if (holder == nullptr) {
      continue;
    }
    const json::value* found =
        Member(*holder, {"system", "system_instruction", "systemInstruction", "instructions"});
    if (found == nullptr) {
      continue;
    }
    const json::value* parts = Member(*found, {"parts"});
    AppendParts(parts != nullptr ? *parts : *found, ContentText::kPlain, system);
    return;
  }
}

bool ReadArray(const json::array& list, Side side, MessageList& out);

bool ReadObject(const json::value& object, Side side, MessageList& out) {
  for (const Holder& holder : kHolders) {
    const json::value* found = Member(object, {holder.name});
    if (found == nullptr || (!holder.is_sure && !found->is_array() && !found->is_object())) {
      continue;
    }
    MessageList inner;
    if (ReadMessages(*found, side, inner)) {
      ReadSystem(object, out.system);
      std::move(inner.system.begin(), inner.system.end(), std::back_inserter(out.system));
      std::move(inner.messages.begin(), inner.messages.end(), std::back_inserter(out.messages));
      // Google ADK: the reason is beside the content.
      const auto reason = TextMember(object, {"finish_reason", "stop_reason", "finishReason"});
      if (side == Side::kOutput && !reason.empty() && !out.messages.empty() &&
          out.messages.back().finish_reason.empty()) {
        out.messages.back().finish_reason = reason;
      }
      return true;
    }
  }
  return false;
}

bool ReadArray(const json::array& list, Side side, MessageList& out) {
  MessageList read;
  for (const json::value& element : list) {
    Message message;
    // LangChain nests lists of messages: one list per prompt.
    if (const json::array* inner = element.if_array()) {
      if (!ReadArray(*inner, side, read)) {
        return false;
      }
    } else if (ReadMessage(element, side, ContentText::kPlain, message)) {
      read.messages.push_back(std::move(message));
    } else {
      return false;
    }
  }
  if (read.messages.empty()) {
    return false;
  }
  std::move(read.messages.begin(), read.messages.end(), std::back_inserter(out.messages));
  return true;
}

// {"message": {...}, "finish_reason"}: OpenAI's choice, LangChain's generation; {"content":
// {"parts", "role"}, "finishReason"}: Gemini's candidate.
const json::value* Wrapped(const json::value& value) {
  const json::value* inner = Member(value, {"message", "content"});
  return inner != nullptr && inner->is_object() && Member(value, {"role"}) == nullptr ? inner
                                                                                      : nullptr;
}

}  // namespace

model::Message TextMessage(std::string_view text, Side side) {
  return {.role = std::string(DefaultRole(side)),
          .parts = {{.type = "text", .content = std::string(text)}}};
}

bool ReadMessage(const json::value& value, Side side, ContentText text, model::Message& out) {
  if (!value.is_object()) {
    return false;
  }
  if (const json::value* inner = Wrapped(value)) {
    if (!ReadMessage(*inner, side, text, out)) {
      return false;
    }
    const auto reason = TextMember(value, {"finish_reason", "finishReason"});
    out.finish_reason = reason.empty() ? out.finish_reason : std::string(reason);
    return true;
  }
  const std::string_view type = TextMember(value, {"type"});
  if (const auto inner = LangChainFields(value)) {
    return ReadMessage(*inner, side, text, out);
  }
  Message message;
  message.role = CanonicalRole(TextMember(value, {"role"}));
  if (message.role.empty() && IsLangChainType(type)) {
    message.role = CanonicalRole(type);
  }
  const json::value* content = Member(value, {"parts", "content", "contents"});
  if (message.role.empty() && !RoleOfItem(type).empty()) {
    message.role = RoleOfItem(type);
    message.parts.push_back(ToPart(value));
    out = std::move(message);
    return true;
  }
  // Without a role, "content" alone is too common to tell a message from other data.
  const bool is_clear = Member(value, {"parts", "tool_calls", "function_call"}) != nullptr;
  if (message.role.empty() && !is_clear) {
    return false;
  }
  if (message.role.empty()) {
    message.role = DefaultRole(side);
  }
  message.name = TextMember(value, {"name"});
  message.finish_reason =
      TextMember(value, {"finish_reason", "finishReason", "stop_reason", "stopReason"});
  if (const auto reasoning = TextMember(value, {"reasoning_content"}); !reasoning.empty()) {
    message.parts.push_back({.type = "reasoning", .content = std::string(reasoning)});
  }
  if (content != nullptr) {
    AppendParts(*content, text, message.parts);
  }
  AppendCalls(value, message.parts);
  if (const auto refusal = TextMember(value, {"refusal"}); !refusal.empty()) {
    message.parts.push_back({.type = "refusal", .content = std::string(refusal)});
  }
  if (message.role == "tool" && Member(value, {"parts"}) == nullptr) {
    WrapToolResult(value, message.parts);
  }
  out = std::move(message);
  return true;
}

bool ReadMessages(const json::value& value, Side side, MessageList& out) {
  if (const json::array* list = value.if_array()) {
    return ReadArray(*list, side, out);
  }
  Message message;
  if (ReadMessage(value, side, ContentText::kPlain, message)) {
    out.messages.push_back(std::move(message));
    return true;
  }
  return value.is_object() && ReadObject(value, side, out);
}

}  // namespace sightline::normalize
