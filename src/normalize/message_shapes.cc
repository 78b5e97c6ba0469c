// SPDX-License-Identifier: Apache-2.0
#include "normalize/message_shapes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "normalize/lenient_json.h"

namespace sightline::normalize {
namespace {

using model::Message;
using model::MessagePart;

std::string_view DefaultRole(Side side) {
  return side == Side::kInput ? "user" : "assistant";
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

// A message of this role is what the assistant thought.
bool IsThinkingRole(std::string_view role) {
  return role == "thinking" || role == "reasoning" || role == "redacted_thinking";
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
  const bool is_call = type.ends_with("_call") || type == "tool-call";
  if (is_call || type == "reasoning") {
    return "assistant";
  }
  return type.ends_with("_call_output") || type.ends_with("_call_response") ? "tool" : "";
}

bool IsLangChainType(std::string_view type) {
  return type == "human" || type == "ai" || type == "system" || type == "tool" ||
         (type.find("Message") != std::string_view::npos && CanonicalRole(type) != type);
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
      MessagePart part = ToCall(call);
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
    parts.push_back(ToCall(*legacy));
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
  bool is_sure = true;   // The name alone says so; otherwise only if all elements are messages.
  bool is_list = false;  // Of messages, whatever stands between them.
};

constexpr auto kHolders = std::to_array<Holder>({
    {"messages", true, true},
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

// Definitions that stand beside the messages of a request, or in its configuration.
void ReadTools(const json::value& object, json::array& tools) {
  for (const json::value* holder :
       {&object, Member(object, {"config"}), Member(object, {"toolConfig", "tool_config"}),
        Member(object, {"kwargs", "invocation_params"})}) {
    const json::value* found =
        holder == nullptr ? nullptr : Member(*holder, {"tools", "functions", "tool_definitions"});
    if (found != nullptr && found->is_array() && !found->get_array().empty()) {
      const json::array& list = found->get_array();
      tools.insert(tools.end(), list.begin(), list.end());
      return;
    }
  }
}

bool ReadObject(const json::value& object, Side side, Others others, MessageList& out) {
  for (const Holder& holder : kHolders) {
    const json::value* found = Member(object, {holder.name});
    if (found == nullptr || (!holder.is_sure && !found->is_array() && !found->is_object())) {
      continue;
    }
    MessageList inner;
    const bool is_text = holder.name == "messages" && found->is_string();
    if (is_text ? ReadMessagesText(TextOrJson(*found), side, inner)
                : ReadMessages(*found, side, inner, holder.is_list ? others : Others::kRefuse)) {
      ReadSystem(object, out.system);
      ReadTools(object, out.tools);
      out.tools.insert(out.tools.end(), inner.tools.begin(), inner.tools.end());
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

// LangChain's short form: ["user", "Hello"].
bool ReadPair(const json::array& pair, Side side, Message& out) {
  if (pair.size() != 2 || !pair[0].is_string() || pair[1].is_array()) {
    return false;
  }
  const std::string role = CanonicalRole(TextOrJson(pair[0]));
  constexpr auto kRoles = std::to_array<std::string_view>(
      {"system", "developer", "user", "assistant", "tool", "placeholder"});
  if (std::find(kRoles.begin(), kRoles.end(), role) == kRoles.end()) {
    return false;
  }
  const json::object fields{{"role", role}, {"content", pair[1]}};
  return ReadMessage(fields, side, ContentText::kPlain, out);
}

// LangChain's handler for Langfuse puts the definitions into the list of messages, one each, also
// as JSON text. What names a call is its result, whatever it looks like.
std::optional<json::value> DefinitionIn(const json::value& element) {
  if (IsToolDefinition(element) && Member(element, {"role", "content", "parts"}) == nullptr) {
    return element;
  }
  const json::value* content = Member(element, {"content"});
  if (content == nullptr || Member(element, {"tool_call_id", "tool_use_id"}) != nullptr) {
    return std::nullopt;
  }
  auto parsed = content->is_string() && TextMember(element, {"role"}) == "tool"
                    ? ParseStrictStructure(TextOrJson(*content))
                    : std::nullopt;
  const json::value& definition = parsed ? *parsed : *content;
  return IsToolDefinition(definition) ? std::optional(definition) : std::nullopt;
}

bool IsOneText(const Message& message) {
  return message.parts.size() == 1 && message.parts.front().type == "text";
}

// A streamed response as the list of its chunks, each with "candidates" or "choices": texts that
// follow each other are one.
bool ReadChunk(const json::value& chunk, Side side, bool follows_chunk, MessageList& out) {
  MessageList inner;
  if (Member(chunk, {"candidates", "choices"}) == nullptr ||
      !ReadObject(chunk, side, Others::kRefuse, inner)) {
    return false;
  }
  for (Message& message : inner.messages) {
    const bool continues = follows_chunk && !out.messages.empty() && IsOneText(message) &&
                           IsOneText(out.messages.back()) &&
                           out.messages.back().role == message.role;
    if (continues) {
      out.messages.back().parts.front().content += message.parts.front().content;
      out.messages.back().finish_reason = message.finish_reason;
    } else {
      out.messages.push_back(std::move(message));
    }
  }
  return true;
}

bool ReadArray(const json::array& list, Side side, Others others, MessageList& out) {
  MessageList read;
  bool follows_chunk = false;
  for (const json::value& element : list) {
    Message message;
    if (auto definition = DefinitionIn(element)) {
      read.tools.push_back(std::move(*definition));
      continue;
    }
    if (const json::array* inner = element.if_array()) {
      if (ReadPair(*inner, side, message)) {
        read.messages.push_back(std::move(message));
        continue;
      }
      // LangChain nests lists of messages: one list per prompt.
      if (ReadArray(*inner, side, Others::kRefuse, read)) {
        continue;
      }
    } else if (ReadMessage(element, side, ContentText::kPlain, message)) {
      read.messages.push_back(std::move(message));
      continue;
    }
    if (ReadChunk(element, side, follows_chunk, read)) {
      follows_chunk = true;
      continue;
    }
    if (others == Others::kRefuse) {
      return false;
    }
    if (!element.is_null()) {
      read.messages.push_back(TextMessage(TextOrJson(element), side));
    }
  }
  if (read.messages.empty()) {
    return false;
  }
  out.tools.insert(out.tools.end(), read.tools.begin(), read.tools.end());
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

// Koog's history: the calls of the assistant under the role of a tool.
bool HoldsCalls(const std::vector<MessagePart>& parts) {
  return !parts.empty() && std::all_of(parts.begin(), parts.end(), [](const MessagePart& part) {
    return part.type == "tool_call";
  });
}

// The calls that a tool message's content lists, as JSON or as JSON text; none for a result.
std::vector<MessagePart> CallsIn(const json::value& content) {
  std::optional<json::value> parsed;
  if (content.is_string()) {
    parsed = ParseStructure(TextOrJson(content));
  }
  const json::value& value = parsed ? *parsed : content;
  std::vector<MessagePart> calls;
  if (!value.is_array()) {
    return calls;
  }
  for (const json::value& element : value.get_array()) {
    const json::value* function = Member(element, {"function"});
    const bool is_call = (function != nullptr && Member(*function, {"arguments"}) != nullptr) ||
                         ToPart(element).type == "tool_call";
    if (!is_call || IsToolDefinition(element)) {
      return {};
    }
    calls.push_back(ToCall(element));
  }
  return calls;
}

// What the assistant thought before it said or called anything.
void AppendThoughts(const json::value& message, std::vector<MessagePart>& parts) {
  for (const std::string_view name : {"reasoning_content", "reasoning", "thinking", "tool_plan"}) {
    if (const auto text = TextMember(message, {name}); !text.empty()) {
      parts.push_back({.type = "reasoning", .content = std::string(text)});
      return;
    }
  }
}

}  // namespace

std::string CanonicalRole(std::string_view role) {
  constexpr auto kRoles = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"human", "user"},
      {"ai", "assistant"},
      {"model", "assistant"},
      {"chatbot", "assistant"},
      {"bot", "assistant"},
      {"function", "tool"},
      {"system", "system"},
      {"developer", "developer"},
      {"user", "user"},
      {"assistant", "assistant"},
      {"tool", "tool"},
  });
  std::string name = Lower(role.substr(role.rfind('.') + 1));
  for (const std::string_view ending : {"chunk", "message"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) {
      name.resize(name.size() - ending.size());
    }
  }
  for (const auto& [alias, canonical] : kRoles) {
    if (alias == name) {
      return std::string(canonical);
    }
  }
  return std::string(role);
}

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
  const json::value* content = Member(value, {"parts", "content", "contents", "blocks"});
  if (message.role.empty() && !RoleOfItem(type).empty()) {
    message.role = RoleOfItem(type);
    json::array item;
    item.push_back(value);
    AppendParts(item, ContentText::kPlain, message.parts);
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
  AppendThoughts(value, message.parts);
  if (message.role == "tool" && content != nullptr) {
    message.parts = CallsIn(*content);
  }
  if (HoldsCalls(message.parts)) {
    message.role = "assistant";
  } else if (content != nullptr) {
    AppendParts(*content, text, message.parts);
  }
  AppendCalls(value, message.parts);
  if (const auto refusal = TextMember(value, {"refusal"}); !refusal.empty()) {
    message.parts.push_back({.type = "refusal", .content = std::string(refusal)});
  }
  if (message.role == "tool" && Member(value, {"parts"}) == nullptr && !HoldsCalls(message.parts)) {
    WrapToolResult(value, message.parts);
  } else if (message.role == "tool" && HoldsCalls(message.parts)) {
    message.role = "assistant";
  }
  if (IsThinkingRole(message.role)) {
    message.role = "assistant";
    for (MessagePart& part : message.parts) {
      part.type = part.type == "text" ? "reasoning" : part.type;
    }
  }
  out = std::move(message);
  return true;
}

bool ReadMessages(const json::value& value, Side side, MessageList& out, Others others) {
  if (const json::array* list = value.if_array()) {
    return ReadArray(*list, side, others, out);
  }
  Message message;
  if (ReadMessage(value, side, ContentText::kPlain, message)) {
    ReadTools(value, out.tools);
    out.messages.push_back(std::move(message));
    return true;
  }
  return value.is_object() && ReadObject(value, side, others, out);
}

namespace {

bool SaysAnything(const MessageList& list) {
  return !list.system.empty() || !list.tools.empty() ||
         std::any_of(list.messages.begin(), list.messages.end(),
                     [](const model::Message& message) { return !message.parts.empty(); });
}

}  // namespace

bool ReadMessagesText(std::string_view text, Side side, MessageList& out, Others others) {
  if (const auto value = ParseStructure(text)) {
    return ReadMessages(*value, side, out, others);
  }
  // A text that was cut off before it said anything is shown as it is.
  const auto cut = ParseCutJson(text);
  MessageList read;
  return cut && ReadMessages(*cut, side, read, others) && SaysAnything(read) &&
         ReadMessages(*cut, side, out, others);
}

}  // namespace sightline::normalize
