// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "normalize/message_shapes.h"

namespace sightline::normalize {
namespace {

using model::MessagePart;

std::string Text(const json::value& object, std::initializer_list<std::string_view> names) {
  return std::string(TextMember(object, names));
}

std::string TypeOf(const json::value& object) {
  return Text(object, {"type", "block_type"});  // LlamaIndex has blocks.
}

MessagePart TextPart(std::string_view text) {
  return {.type = "text", .content = std::string(text)};
}

MessagePart ReasoningPart(std::string_view text) {
  return {.type = "reasoning", .content = std::string(text)};
}

// "web_search" of "web_search_call".
std::string StemOf(std::string_view type, std::string_view ending) {
  return std::string(type.substr(0, type.size() - ending.size()));
}

MessagePart CallPart(const json::value& call) {
  // OpenAI wraps name and arguments into "function".
  const json::value* function = Member(call, {"function"});
  const json::value& inner = function != nullptr && function->is_object() ? *function : call;
  MessagePart part{.type = "tool_call",
                   .id = Text(call, {"id", "call_id", "toolCallId", "toolUseId", "tool_call_id"}),
                   .name = Text(inner, {"name", "toolName", "tool_name"})};
  const json::value* arguments = Member(
      inner, {"arguments", "args", "input", "parameters", "action", "queries", "query", "code"});
  if (arguments != nullptr) {
    part.payload_json = ToPayload(*arguments);
  }
  const std::string type = TypeOf(call);
  if (part.name.empty() && type.ends_with("_call") && type != "tool_call" &&
      type != "function_call") {
    part.name = StemOf(type, "_call");  // OpenAI's own tools.
  }
  // OTel's calls of tools that the provider runs: the details are one object.
  if (const auto* details = Member(call, {"server_tool_call"}); arguments == nullptr && details) {
    part.payload_json = ToPayload(*details);
  }
  // Responses items have an id of their own beside the call's.
  if (const std::string call_id = Text(call, {"call_id"}); !call_id.empty()) {
    part.id = call_id;
  }
  return part;
}

MessagePart ResponsePart(const json::value& response) {
  MessagePart part{.type = "tool_call_response",
                   .id = Text(response, {"tool_use_id", "toolUseId", "call_id", "toolCallId",
                                         "tool_call_id", "id"}),
                   .name = Text(response, {"name", "toolName", "tool_name"})};
  if (const auto* result = Member(response, {"response", "result", "output", "content",
                                             "server_tool_call_response", "outputs"})) {
    part.payload_json = ToPayload(*result);
  }
  return part;
}

std::string ModalityOf(std::string_view mime_type, std::string_view fallback) {
  for (const std::string_view modality : {"image", "audio", "video"}) {
    if (mime_type.starts_with(modality)) {
      return std::string(modality);
    }
  }
  return std::string(fallback);
}

// "data:image/png;base64,...." carries the content itself.
MessagePart UriPart(std::string_view uri, std::string_view mime_type, std::string_view modality) {
  MessagePart part{.type = "uri", .content = std::string(uri), .mime_type = std::string(mime_type)};
  constexpr std::string_view kBase64 = ";base64,";
  const std::size_t comma = uri.find(kBase64);
  if (uri.starts_with("data:") && comma != std::string_view::npos) {
    part.type = "blob";
    part.mime_type = uri.substr(5, comma - 5);
    part.content = uri.substr(comma + kBase64.size());
  }
  part.modality = ModalityOf(part.mime_type, modality);
  return part;
}

MessagePart BlobPart(std::string_view content, std::string_view mime_type,
                     std::string_view modality) {
  return {.type = "blob",
          .content = std::string(content),
          .mime_type = std::string(mime_type),
          .modality = ModalityOf(mime_type, modality)};
}

MessagePart FilePart(std::string_view id, std::string_view modality) {
  return {.type = "file", .id = std::string(id), .modality = std::string(modality)};
}

MessagePart GenericPart(const json::value& value) {
  MessagePart part{.type = value.is_object() ? TypeOf(value) : std::string(),
                   .raw_json = ToJsonText(value)};
  if (part.type.empty()) {
    part.type = "unknown";
  }
  return part;
}

// OpenAI: {"image_url": {"url"}} or a bare text; OpenInference: {"image": {"image": {"url"}}}.
std::string_view UrlIn(const json::value& value) {
  if (const json::string* text = value.if_string()) {
    return {text->data(), text->size()};
  }
  if (const std::string_view url = TextMember(value, {"url", "uri", "fileUri"}); !url.empty()) {
    return url;
  }
  const json::value* inner = Member(value, {"image", "image_url"});
  return inner != nullptr ? UrlIn(*inner) : std::string_view();
}

// Anthropic's image and document: {"source": {"type": "base64" | "url" | "file", ...}}; Bedrock's
// {"source": {"bytes"}}.
MessagePart SourcePart(const json::value& value, const json::value& source,
                       std::string_view modality) {
  const std::string_view mime_type = TextMember(source, {"media_type"});
  if (const auto data = TextMember(source, {"data", "bytes"}); !data.empty()) {
    return BlobPart(data, mime_type, modality);
  }
  if (const auto url = TextMember(source, {"url"}); !url.empty()) {
    return UriPart(url, mime_type, modality);
  }
  if (const auto id = TextMember(source, {"file_id"}); !id.empty()) {
    return FilePart(id, modality);
  }
  return GenericPart(value);
}

MessagePart MediaPart(const json::value& value, std::string_view modality) {
  if (const auto* source = Member(value, {"source"})) {
    return SourcePart(value, *source, modality);
  }
  const std::string_view mime_type =
      TextMember(value, {"mime_type", "mimeType", "mediaType", "media_type"});
  for (const std::string_view name : {"image_url", "image", "url", "uri", "audio_url"}) {
    if (const auto* found = Member(value, {name})) {
      if (const auto url = UrlIn(*found); url.starts_with("data:") || url.find("://") < 8) {
        return UriPart(url, mime_type, modality);
      }
    }
  }
  if (const auto* inner = Member(value, {"input_audio", "file"}); inner != nullptr) {
    if (const auto data = TextMember(*inner, {"data", "file_data"}); !data.empty()) {
      return UriPart(data, {}, modality).type == "blob" ? UriPart(data, {}, modality)
                                                        : BlobPart(data, mime_type, modality);
    }
    return FilePart(TextMember(*inner, {"file_id"}), modality);
  }
  if (const auto id = TextMember(value, {"file_id"}); !id.empty()) {
    return FilePart(id, modality);
  }
  if (const auto data = TextMember(value, {"data", "image", "content"}); !data.empty()) {
    return BlobPart(data, mime_type, modality);
  }
  return GenericPart(value);
}

// Responses of OpenAI keep summaries of what was thought.
MessagePart ReasoningOf(const json::value& value) {
  const auto text = TextMember(value, {"content", "text", "thinking"});
  const auto* summary = Member(value, {"summary"});
  if (!text.empty() || summary == nullptr || !summary->is_array()) {
    return ReasoningPart(text);
  }
  std::string joined;
  for (const json::value& line : summary->get_array()) {
    joined.append(joined.empty() ? "" : "\n").append(TextMember(line, {"text"}));
  }
  return ReasoningPart(joined);
}

// Part types of all shapes, "-" read as "_".
MessagePart TypedPart(const json::value& value, std::string_view type) {
  if (type == "text" || type == "input_text" || type == "output_text") {
    const auto* inner = Member(value, {"text"});
    return TextPart(inner != nullptr && inner->is_object()
                        ? TextMember(*inner, {"value", "content"})
                        : TextMember(value, {"content", "text"}));
  }
  if (type == "reasoning" || type == "thinking") {
    return ReasoningOf(value);
  }
  // By the word at the end: Anthropic's server_tool_use and mcp_tool_use, OpenAI's web_search_call,
  // and what comes back.
  if (type == "function" || type.ends_with("tool_use") || type.ends_with("_call")) {
    return CallPart(value);
  }
  if (type.ends_with("tool_result") || type.ends_with("_call_response") ||
      type.ends_with("_call_output") || type == "tool_return" || type == "function_response") {
    return ResponsePart(value);
  }
  if (type == "blob") {
    return BlobPart(TextMember(value, {"content", "data"}), TextMember(value, {"mime_type"}),
                    TextMember(value, {"modality"}));
  }
  if (type == "uri") {
    return {.type = "uri",
            .content = Text(value, {"uri", "url"}),
            .mime_type = Text(value, {"mime_type"}),
            .modality = Text(value, {"modality"})};
  }
  if (type == "file" && Member(value, {"file_id"}) != nullptr) {
    return {.type = "file",
            .id = Text(value, {"file_id"}),
            .mime_type = Text(value, {"mime_type"}),
            .modality = Text(value, {"modality"})};
  }
  if (type == "image" || type == "image_url" || type == "input_image") {
    return MediaPart(value, "image");
  }
  if (type == "audio" || type == "input_audio") {
    return MediaPart(value, "audio");
  }
  if (type == "document" || type == "file" || type == "input_file") {
    return MediaPart(value, "document");
  }
  MessagePart part = GenericPart(value);
  part.content = Text(value, {"refusal"});
  return part;
}

// Gemini and Bedrock: the member's name is the type.
MessagePart NamedPart(const json::value& value) {
  // Azure's agents: {"text": {"value": "Hello", "annotations": []}}.
  if (const auto* text = Member(value, {"text"}); text != nullptr && text->is_object()) {
    if (const auto inner = TextMember(*text, {"value", "content"}); !inner.empty()) {
      return TextPart(inner);
    }
  }
  if (const auto* text = Member(value, {"text"}); text != nullptr && text->is_string()) {
    const json::value* thought = Member(value, {"thought"});
    const bool is_thought = thought != nullptr && thought->is_bool() && thought->get_bool();
    const std::string_view content = TextMember(value, {"text"});
    return is_thought ? ReasoningPart(content) : TextPart(content);
  }
  if (const auto* call = Member(value, {"functionCall", "function_call", "toolUse"})) {
    return CallPart(*call);
  }
  if (const auto* result = Member(value, {"functionResponse", "function_response", "toolResult"})) {
    return ResponsePart(*result);
  }
  if (const auto* data = Member(value, {"inlineData", "inline_data"})) {
    return BlobPart(TextMember(*data, {"data"}), TextMember(*data, {"mimeType", "mime_type"}),
                    "document");
  }
  if (const auto* file = Member(value, {"fileData", "file_data"})) {
    return UriPart(TextMember(*file, {"fileUri", "file_uri"}),
                   TextMember(*file, {"mimeType", "mime_type"}), "document");
  }
  if (const auto* reasoning = Member(value, {"reasoningContent"})) {
    const auto* text = Member(*reasoning, {"reasoningText"});
    return ReasoningPart(TextMember(text != nullptr ? *text : *reasoning, {"text"}));
  }
  if (const auto* image = Member(value, {"image"}); image != nullptr && image->is_object()) {
    return MediaPart(*image, "image");
  }
  return GenericPart(value);
}

// OpenAI's items for tools that it runs itself hold the call and what came of it.
void AppendOwnResult(const json::value& item, std::vector<MessagePart>& parts) {
  const json::value* result = Member(item, {"output", "results", "outputs"});
  if (parts.back().type != "tool_call" || result == nullptr) {
    return;
  }
  MessagePart response{.type = "tool_call_response",
                       .id = parts.back().id,
                       .name = parts.back().name,
                       .payload_json = ToPayload(*result)};
  parts.push_back(std::move(response));
}

bool LooksLikePart(const json::value& value) {
  return value.is_object() &&
         Member(value, {"type", "block_type", "text", "toolUse", "toolResult", "functionCall",
                        "functionResponse", "inlineData", "image", "reasoningContent"}) != nullptr;
}

}  // namespace

std::string ToPayload(const json::value& value) {
  if (const json::string* text = value.if_string()) {
    const std::string_view content(text->data(), text->size());
    if (const auto parsed = ParseStructure(content)) {
      return StructureText(std::string(content));
    }
  }
  return ToJsonText(value);
}

model::MessagePart ToPart(const json::value& value) {
  if (const json::string* text = value.if_string()) {
    return TextPart({text->data(), text->size()});
  }
  if (!value.is_object()) {
    return GenericPart(value);
  }
  // OpenInference wraps each part and each call.
  if (const auto* inner = Member(value, {"message_content", "tool_call"});
      inner != nullptr && inner->is_object()) {
    return Member(value, {"tool_call"}) != nullptr ? CallPart(*inner) : ToPart(*inner);
  }
  std::string type = TypeOf(value);
  std::replace(type.begin(), type.end(), '-', '_');
  return type.empty() ? NamedPart(value) : TypedPart(value, type);
}

model::MessagePart ToCall(const json::value& value) {
  MessagePart part = ToPart(value);
  if (part.type == "tool_call" || !value.is_object()) {
    return part;
  }
  json::object typed = value.get_object();
  typed["type"] = "tool_call";
  return ToPart(typed);
}

bool IsToolDefinition(const json::value& value) {
  const json::value* function = Member(value, {"function"});
  const json::value& inner = function != nullptr && function->is_object() ? *function : value;
  if (TextMember(inner, {"name"}).empty() || Member(inner, {"arguments", "args"}) != nullptr) {
    return false;
  }
  const json::value* schema =
      Member(inner, {"parameters", "input_schema", "inputSchema", "json_schema"});
  const bool has_schema =
      schema != nullptr && schema->is_object() &&
      (schema->get_object().empty() || Member(*schema, {"type", "properties", "json"}) != nullptr);
  // Arguments may be called parameters, too: then there is no description.
  const bool is_function = function != nullptr && TextMember(value, {"type"}) == "function";
  return has_schema
             ? is_function || Member(inner, {"description", "input_schema", "inputSchema"}) ||
                   TextMember(*schema, {"type"}) == "object"
             : is_function && Member(inner, {"description"}) != nullptr;
}

void AppendParts(const json::value& content, ContentText text,
                 std::vector<model::MessagePart>& parts) {
  if (const json::array* list = content.if_array()) {
    for (const json::value& element : *list) {
      parts.push_back(ToPart(element));
      AppendOwnResult(element, parts);
    }
    return;
  }
  if (const json::string* plain = content.if_string()) {
    const std::string_view words(plain->data(), plain->size());
    const auto parsed = text == ContentText::kMaybeJson ? ParseStructure(words) : std::nullopt;
    if (parsed && parsed->is_array() &&
        std::all_of(parsed->get_array().begin(), parsed->get_array().end(), LooksLikePart)) {
      AppendParts(*parsed, ContentText::kPlain, parts);
    } else if (!words.empty()) {
      parts.push_back(TextPart(words));
    }
    return;
  }
  if (!content.is_null()) {
    parts.push_back(ToPart(content));
  }
}

}  // namespace sightline::normalize
