// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/message.h"
#include "normalize/attribute_index.h"
#include "normalize/attribute_source.h"
#include "normalize/message_shapes.h"

namespace sightline::normalize {

// One span's attributes, ready to be asked.
//
// Thread: value.
struct SourceView {
  const AttributeSource& source;
  const AttributeIndex& index;

  bool is_call() const { return model::IsModelCall(source.kind); }
};

// Reads what one family of keys says about the conversation. A side that it does not know stays
// empty.
using MessageReader = void (*)(const SourceView& view, model::Conversation& out);

// The readers in the order of docs/conventions.md, Messages.
std::span<const MessageReader> MessageReaders();

// Moves the sides that `into` lacks: each side comes from one source only, because sources repeat
// each other.
void TakeMissing(model::Conversation&& from, model::Conversation& into);

// The readers, by file. gen_ai:
void ReadGenAiAttributes(const SourceView& view, model::Conversation& out);
void ReadDetailsEvent(const SourceView& view, model::Conversation& out);
void ReadGenAiDeprecated(const SourceView& view, model::Conversation& out);
// Indexed keys:
void ReadOpenInference(const SourceView& view, model::Conversation& out);
void ReadTraceloop(const SourceView& view, model::Conversation& out);
// Frameworks and products:
void ReadSentry(const SourceView& view, model::Conversation& out);
void ReadMastra(const SourceView& view, model::Conversation& out);
void ReadVercelAi(const SourceView& view, model::Conversation& out);
void ReadLangfuse(const SourceView& view, model::Conversation& out);
void ReadPydanticAi(const SourceView& view, model::Conversation& out);
void ReadGoogleAdk(const SourceView& view, model::Conversation& out);
void ReadMlflow(const SourceView& view, model::Conversation& out);
void ReadGenericValues(const SourceView& view, model::Conversation& out);
void ReadTraceloopEntity(const SourceView& view, model::Conversation& out);
// Emitters with keys of their own for both sides:
void ReadEmitterValues(const SourceView& view, model::Conversation& out);
// Events:
void ReadMessageEvents(const SourceView& view, model::Conversation& out);
void ReadMessageLogs(const SourceView& view, model::Conversation& out);
void ReadPromptLogs(const SourceView& view, model::Conversation& out);

// Messages from an array of event bodies, each with "event.name" (Pydantic AI, version 1).
void ReadEventBodies(const json::value& bodies, model::Conversation& out);

// Keys that hold messages by definition: what is not one is a message of text.
void PutMessages(const json::value& value, Side side, model::Conversation& out);

// Puts a value on one side: as messages if it looks like messages; else as one message for model
// calls (texts) or as data.
void PutInput(const SourceView& view, const json::value& value, model::Conversation& out);
void PutOutput(const SourceView& view, const json::value& value, model::Conversation& out);

// The same for an attribute. Prose that only a lenient reader takes for a structure stays text.
void PutAttribute(const SourceView& view, const SourceAttribute& attribute, Side side,
                  model::Conversation& out);

// The list that the keys below `prefix` make, else the value of the key without the dot: some
// senders write the whole list as one JSON text. Flat names inside are unfolded.
std::optional<json::value> ListBelow(const AttributeIndex& index, std::string_view prefix);

// Arguments and result of a tool.
void ReadToolData(const SourceView& view, model::Conversation& out);

// Query and documents of a retriever or reranker.
void ReadDocuments(const SourceView& view, model::Conversation& out);

// Tool definitions as JSON text, "" if there are none.
std::string ReadToolDefinitions(const SourceView& view);

}  // namespace sightline::normalize
