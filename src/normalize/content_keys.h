// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace sightline::normalize {

// True for attribute keys that hold what was said: messages, prompts, answers, tool arguments and
// results, documents. Their values go to the content store whatever their size, so that a search
// over message content finds them.
//
// Thread: any.
bool IsContentKey(std::string_view key);

// The same for the body of a log record with this event name.
bool IsContentEvent(std::string_view event_name);

}  // namespace sightline::normalize
