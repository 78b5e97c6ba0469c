// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/body_writer.h"
#include "base/json_writer.h"
#include "model/message.h"

namespace sightline::api {

// `messages`, `input_data` and `output_data` of a span, inside its object. Parts are spelled as in
// the OTel GenAI message schemas.
void WriteConversation(const model::Conversation& conversation, BodyWriter& bodies,
                       base::JsonWriter& json);

// What a run was asked and what it answered, from the conversation of its root span: the data, else
// the last text of the messages. Inside an object that is open.
void WriteRunInput(const model::Conversation& conversation, BodyWriter& bodies,
                   base::JsonWriter& json);
void WriteRunOutput(const model::Conversation& conversation, BodyWriter& bodies,
                    base::JsonWriter& json);

}  // namespace sightline::api
