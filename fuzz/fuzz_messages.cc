// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/utf8.h"
#include "model/message.h"
#include "normalize/attribute_source.h"
#include "normalize/json.h"
#include "normalize/lenient_json.h"
#include "normalize/messages.h"

namespace {

using namespace sightline::normalize;  // NOLINT(google-build-using-namespace): a fuzzer is one
                                       // file.
namespace model = sightline::model;

// What one reader or another looks at.
constexpr std::array<std::string_view, 24> kKeys = {
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.tool.definitions",
    "gen_ai.event.content",
    "gen_ai.prompt",
    "gen_ai.prompt.0.content",
    "gen_ai.completion.0.role",
    "llm.input_messages",
    "llm.prompts",
    "llm.tools",
    "retrieval.documents",
    "langfuse.observation.input",
    "langfuse.observation.output",
    "mlflow.spanInputs",
    "request_data",
    "response_data",
    "gen_ai.request.messages",
    "gen_ai.response.text",
    "gen_ai.response.tool_calls",
    "mastra.agent_run.output",
    "ai.prompt",
    "input.value",
    "response_text",
};

constexpr std::array<std::string_view, 6> kEvents = {
    "gen_ai.choice",         "gen_ai.user.message", "gen_ai.content.prompt",
    "gen_ai.input.messages", "codex.user_prompt",   "gen_ai.system.instructions"};

// What was read is JSON that a strict reader takes.
void CheckJson(const std::optional<json::value>& value) {
  if (value) {
    CHECK(ParseJson(ToJsonText(*value)).has_value());
  }
}

void CheckParts(const std::vector<model::MessagePart>& parts) {
  for (const model::MessagePart& part : parts) {
    CHECK(!part.type.empty() || !part.raw_json.empty());
    CHECK(part.raw_json.empty() || ParseJson(part.raw_json).has_value());
  }
}

void CheckMessages(const std::vector<model::Message>& messages) {
  for (const model::Message& message : messages) {
    CheckParts(message.parts);
  }
}

}  // namespace

// The first byte picks kind and dialect, the second a key, the rest is a value, which stands in an
// attribute, in an event and in a log body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) {
    return 0;
  }
  const std::string raw(reinterpret_cast<const char*>(data + 2), size - 2);
  const std::string text = sightline::base::RepairUtf8(raw);
  CheckJson(ParseLenientJson(text));
  CheckJson(ParseCutJson(text));
  const SourceAttribute attribute{.key = kKeys[data[1] % kKeys.size()], .text = text};
  const SourceEvent event{.name = kEvents[data[1] % kEvents.size()],
                          .time_ns = 1,
                          .attributes = {&attribute, 1},
                          .body = {.key = {}, .text = text}};
  const AttributeSource source{.kind = static_cast<model::SpanKind>(data[0] % 13),
                               .dialect = static_cast<model::Dialect>(data[0] % 19),
                               .attributes = {&attribute, 1},
                               .events = {&event, 1},
                               .logs = {&event, 1}};
  const model::Conversation conversation = ExtractConversation(source);
  CheckParts(conversation.system);
  CheckMessages(conversation.input);
  CheckMessages(conversation.output);
  return 0;
}
