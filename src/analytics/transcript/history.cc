// SPDX-License-Identifier: Apache-2.0
#include "analytics/transcript/history.h"

#include <algorithm>

namespace sightline::analytics {
namespace {

using model::Message;
using model::MessagePart;

// The next part from `at` that an answer keeps when it is sent back; null after the last.
const MessagePart* NextKept(const std::vector<MessagePart>& parts, std::size_t& at) {
  while (at < parts.size()) {
    const MessagePart& part = parts[at++];
    if (part.type == "tool_call" || (part.type == "text" && !part.content.empty())) {
      return &part;
    }
  }
  return nullptr;
}

bool IsSamePart(const MessagePart& a, const MessagePart& b) {
  if (a.type != b.type) {
    return false;
  }
  if (a.type == "text") {
    return a.content == b.content;
  }
  // The arguments of one call are often spelled in two ways.
  return a.id.empty() || b.id.empty() ? a.name == b.name && a.payload_json == b.payload_json
                                      : a.id == b.id;
}

bool IsAnswerSentBack(const Message& answer, const Message& message) {
  if (message.role != answer.role && message.role != "assistant") {
    return false;
  }
  std::size_t at_answer = 0;
  std::size_t at_message = 0;
  bool is_something = false;
  while (true) {
    const MessagePart* const a = NextKept(answer.parts, at_answer);
    const MessagePart* const b = NextKept(message.parts, at_message);
    if (a == nullptr || b == nullptr) {
      return is_something && a == b;
    }
    if (!IsSamePart(*a, *b)) {
      return false;
    }
    is_something = true;
  }
}

bool IsSameMessage(const Message& a, const Message& b) {
  return a.role == b.role && a.parts == b.parts;
}

// Where the rest begins after the last message that is like `wanted`; 0 when none is.
std::size_t EndOfLast(const Message& wanted, const std::vector<Message>& messages) {
  for (std::size_t i = messages.size(); i > 0; --i) {
    if (IsSameMessage(wanted, messages[i - 1])) {
      return i;
    }
  }
  return 0;
}

}  // namespace

HistoryChange CompareHistory(const model::Conversation& before, const model::Conversation& call) {
  const std::size_t most = std::min(before.input.size(), call.input.size());
  HistoryChange change;
  while (change.kept < most && IsSameMessage(before.input[change.kept], call.input[change.kept])) {
    ++change.kept;
  }
  change.is_rewritten = change.kept < before.input.size();
  if (change.is_rewritten) {
    change.kept = std::max(change.kept, EndOfLast(before.input.back(), call.input));
  }
  for (const Message& answer : before.output) {
    if (change.kept < call.input.size() && IsAnswerSentBack(answer, call.input[change.kept])) {
      ++change.kept;
    }
  }
  return change;
}

}  // namespace sightline::analytics
