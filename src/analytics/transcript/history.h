// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "model/message.h"

namespace sightline::analytics {

// What a model call was sent beyond what the call before it had been sent and had answered.
//
// Thread: value.
struct HistoryChange {
  // Its first so many input messages are not new: the history, with the answer of the call before.
  std::size_t kept = 0;
  // True when messages of the call before are missing: the history was shortened or rewritten.
  bool is_rewritten = false;
};

// How the input of a call goes on from `before`: from its input, and then, if it is there, from its
// output. An answer is recognised by its texts and tool calls, since clients send it back without
// what only an answer has: the reason why it ended, reasoning, names. A history that was shortened
// or summed up goes as far as the last message of `before` that is still there. Cost: linear in the
// bytes of the messages.
HistoryChange CompareHistory(const model::Conversation& before, const model::Conversation& call);

}  // namespace sightline::analytics
