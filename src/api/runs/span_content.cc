// SPDX-License-Identifier: Apache-2.0
#include "api/runs/span_content.h"

#include <charconv>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "model/message.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

constexpr std::string_view kEventPrefix = "event.";

std::optional<std::string> NonEmpty(std::string text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
}

std::optional<std::string> FindAttribute(std::span<const normalize::SourceAttribute> attributes,
                                         std::string_view key) {
  for (const normalize::SourceAttribute& attribute : attributes) {
    if (attribute.key == key) {
      return std::string(attribute.text);
    }
  }
  return std::nullopt;
}

std::optional<std::string> FindEventAttribute(const SpanDocument& document, std::string_view number,
                                              std::string_view key) {
  std::size_t event = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), event);
  if (error != std::errc() || end != number.data() + number.size() ||
      event >= document.events().size()) {
    return std::nullopt;
  }
  return FindAttribute(document.events()[event].attributes, key);
}

const std::vector<model::MessagePart>* PartsAt(const model::Conversation& conversation,
                                               const PartPlace& place) {
  if (place.list == PartPlace::List::kSystem) {
    return place.message == 0 ? &conversation.system : nullptr;
  }
  const std::vector<model::Message>& messages =
      place.list == PartPlace::List::kInput ? conversation.input : conversation.output;
  return place.message < messages.size() ? &messages[place.message].parts : nullptr;
}

std::optional<std::string> FindPart(const model::Conversation& conversation, std::string_view key) {
  const auto place = PartPlace::Parse(key);
  if (!place) {
    return std::nullopt;
  }
  const auto* parts = PartsAt(conversation, *place);
  if (parts == nullptr || place->part >= parts->size()) {
    return std::nullopt;
  }
  const model::MessagePart& part = (*parts)[place->part];
  switch (place->member) {
    case PartPlace::Member::kContent:
      return NonEmpty(part.content);
    case PartPlace::Member::kPayload:
      return NonEmpty(part.payload_json);
    case PartPlace::Member::kWhole:
      return NonEmpty(part.raw_json);
  }
  return std::nullopt;
}

bool IsField(std::string_view field) {
  for (const std::string_view name :
       {"attributes", "messages", "tools", "input_data", "output_data", "error_message"}) {
    if (field == name) {
      return true;
    }
  }
  return field.starts_with(kEventPrefix);
}

std::optional<std::string> Find(const model::Span& span, const LogList& logs, const Bodies& bodies,
                                const ContentPlace& place) {
  if (place.field == "error_message") {
    return NonEmpty(std::string(span.error_message));
  }
  const SpanDocument document(span, logs, bodies);
  if (place.field == "attributes") {
    return FindAttribute(document.attributes(), place.key);
  }
  if (place.field.starts_with(kEventPrefix)) {
    const auto number = std::string_view(place.field).substr(kEventPrefix.size());
    return FindEventAttribute(document, number, place.key);
  }
  model::Conversation conversation =
      normalize::ExtractConversation(document.source(span.kind, span.dialect));
  if (place.field == "messages") {
    return FindPart(conversation, place.key);
  }
  if (place.field == "tools") {
    return NonEmpty(std::move(conversation.tools_json));
  }
  return NonEmpty(
      std::move(place.field == "input_data" ? conversation.input_data : conversation.output_data));
}

}  // namespace

base::Result<std::string> FindContent(const model::Span& span, const LogList& logs,
                                      const Bodies& bodies, const ContentPlace& place) {
  if (!IsField(place.field)) {
    return base::Error(base::Code::kInvalidArgument,
                       "bad parameter field: attributes, event.<number>, messages, tools, "
                       "input_data, output_data or error_message expected");
  }
  std::optional<std::string> content = Find(span, logs, bodies, place);
  if (!content) {
    return base::Error(base::Code::kNotFound, "the span has no value at this field and key");
  }
  return std::move(*content);
}

}  // namespace sightline::api
