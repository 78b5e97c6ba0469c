// SPDX-License-Identifier: Apache-2.0
#include "api/runs/span_preview.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/utf8.h"

namespace sightline::api {
namespace {

constexpr std::string_view kEllipsis = "\u2026";

bool IsBlank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

std::string_view TextOf(const model::MessagePart& part) {
  if (part.type == "text") {
    return part.content;
  }
  return part.type == "tool_call_response" ? std::string_view(part.payload_json)
                                           : std::string_view();
}

std::string_view LastText(const std::vector<model::Message>& messages) {
  for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
    for (auto part = message->parts.rbegin(); part != message->parts.rend(); ++part) {
      if (!TextOf(*part).empty()) {
        return TextOf(*part);
      }
    }
  }
  return {};
}

std::string CallsOf(const std::vector<model::Message>& messages) {
  std::string calls;
  for (const model::Message& message : messages) {
    for (const model::MessagePart& part : message.parts) {
      if (part.type == "tool_call" && calls.size() <= kMaxPreviewBytes) {
        calls += fmt::format("{}{}({})", calls.empty() ? "" : ", ", part.name,
                             base::TruncateUtf8(part.payload_json, kMaxPreviewBytes));
      }
    }
  }
  return calls;
}

}  // namespace

std::string PreviewOf(std::string_view text) {
  // Blanks at the beginning of a long text must not hide what comes after them.
  constexpr std::size_t kMostRead = 4096;
  std::string line;
  const std::string_view begin = base::TruncateUtf8(text, kMostRead);
  for (const char c : begin) {
    if (!IsBlank(c)) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') {
    line.pop_back();
  }
  const bool is_cut = line.size() > kMaxPreviewBytes || begin.size() < text.size();
  if (line.size() > kMaxPreviewBytes) {
    line.resize(base::TruncateUtf8(line, kMaxPreviewBytes - kEllipsis.size()).size());
  }
  return is_cut && !line.empty() ? line.append(kEllipsis) : line;
}

std::string InputPreview(const model::Conversation& conversation) {
  return PreviewOf(conversation.input_data.empty() ? LastText(conversation.input)
                                                   : std::string_view(conversation.input_data));
}

std::string OutputPreview(const model::Conversation& conversation) {
  if (!conversation.output_data.empty()) {
    return PreviewOf(conversation.output_data);
  }
  const std::string_view text = LastText(conversation.output);
  return text.empty() ? PreviewOf(CallsOf(conversation.output)) : PreviewOf(text);
}

}  // namespace sightline::api
