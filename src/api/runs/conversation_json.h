// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "api/request/body_writer.h"
#include "api/request/content_place.h"
#include "base/json_writer.h"
#include "model/message.h"

namespace sightline::api {

// `messages`, `input_data` and `output_data` of a span, inside its object. Parts are spelled as in
// the OTel GenAI message schemas.
void WriteConversation(const model::Conversation& conversation, BodyWriter& bodies,
                       base::JsonWriter& json);

// An array of those messages of a list that stand at the places in `which`, and the one of the
// parts of the system prompt. Values, as in `messages` above.
void WriteMessages(const std::vector<model::Message>& messages, PartPlace::List list,
                   std::span<const std::size_t> which, BodyWriter& bodies, base::JsonWriter& json);
void WriteSystem(const model::Conversation& conversation, BodyWriter& bodies,
                 base::JsonWriter& json);

// What a run was asked and what it answered, from the conversation of its root span: the data, else
// the last text of the messages. A value; null when there is none.
void WriteRunInput(const model::Conversation& conversation, BodyWriter& bodies,
                   base::JsonWriter& json);
void WriteRunOutput(const model::Conversation& conversation, BodyWriter& bodies,
                    base::JsonWriter& json);

// What a model call was given and what it said, as values: {"messages": [...]}. Those of the input
// begin with the system prompt and have the definitions of "tools" beside them, if there are any.
void WriteCallInput(const model::Conversation& conversation, BodyWriter& bodies,
                    base::JsonWriter& json);
void WriteCallOutput(const model::Conversation& conversation, BodyWriter& bodies,
                     base::JsonWriter& json);

}  // namespace sightline::api
