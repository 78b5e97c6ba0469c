// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "model/kinds.h"

namespace sightline::normalize {

// The kind that the words of an operation's name tell, for names that no table lists: whatever ends
// in chat, completion, responses or messages is a model call ("acompletion", "chat.completions",
// "openai.responses.create"), "rag_embedding" an embedding, "workflow_step" a task. Empty if they
// tell none. Operations on stored things ("delete_response", "list_messages") are kOther.
std::optional<model::SpanKind> KindOfOperationFamily(std::string_view operation);

}  // namespace sightline::normalize
