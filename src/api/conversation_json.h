// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "api/body_writer.h"
#include "base/json_writer.h"
#include "model/message.h"

namespace sightline::api {

// `messages`, `input_data` and `output_data` of a span, inside its object.
void WriteConversation(const model::Conversation& conversation, const std::string& span_id,
                       BodyWriter& body_writer, base::JsonWriter& json);

}  // namespace sightline::api
