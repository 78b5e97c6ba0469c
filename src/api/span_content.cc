// SPDX-License-Identifier: Apache-2.0
#include "api/span_content.h"

#include <cstddef>
#include <cstdlib>
#include <span>
#include <vector>

#include "model/message.h"
#include "normalize/messages.h"

namespace sightline::api {
namespace {

// The value of the part that a place such as "input.3.0" names.
std::optional<std::string> FindPart(const model::Conversation& conversation,
                                    std::string_view place) {
  const std::size_t first = place.find('.');
  const std::size_t second = place.find('.', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view list = place.substr(0, first);
  const std::size_t message =
      std::strtoul(std::string(place.substr(first + 1, second - first - 1)).c_str(), nullptr, 10);
  const std::size_t part = std::strtoul(std::string(place.substr(second + 1)).c_str(), nullptr, 10);
  const std::vector<model::MessagePart>* parts = nullptr;
  if (list == "system") {
    parts = &conversation.system;
  } else {
    const auto& messages = list == "output" ? conversation.output : conversation.input;
    parts = message < messages.size() ? &messages[message].parts : nullptr;
  }
  if (parts == nullptr || part >= parts->size()) {
    return std::nullopt;
  }
  const model::MessagePart& found = (*parts)[part];
  return found.payload_json.empty() ? found.content : found.payload_json;
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

}  // namespace

std::optional<std::string> FindContent(const model::Span& span, const Bodies& bodies,
                                       std::string_view field, std::string_view key) {
  const SpanDocument document(span, bodies);
  if (field == "attributes") {
    return FindAttribute(document.attributes(), key);
  }
  if (field.starts_with("event.")) {
    const std::size_t event = std::strtoul(std::string(field.substr(6)).c_str(), nullptr, 10);
    return event < document.events().size()
               ? FindAttribute(document.events()[event].attributes, key)
               : std::nullopt;
  }
  const model::Conversation conversation =
      normalize::ExtractConversation(document.source(span.kind, span.dialect));
  if (field == "messages") {
    return FindPart(conversation, key);
  }
  if (field == "tools") {
    return conversation.tools_json;
  }
  if (field == "input_data") {
    return conversation.input_data;
  }
  if (field == "output_data") {
    return conversation.output_data;
  }
  return std::nullopt;
}

}  // namespace sightline::api
