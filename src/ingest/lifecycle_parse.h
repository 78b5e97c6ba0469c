// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/arena.h"
#include "base/loss.h"
#include "ingest/lifecycle_event.h"

namespace sightline::ingest {

// Ids are keys of memory and of columns; names are shown in one line.
inline constexpr std::size_t kMaxEventIdBytes = 256;
inline constexpr std::size_t kMaxEventNameBytes = 1024;

// Why one event is rejected.
struct EventFault {
  std::string detail;  // For the sender: "<field> <what is wrong>".
  base::Loss loss = base::Loss::kEventInvalid;
  bool is_not_json = false;  // It could not even be read.
};

// Reads one item of a request and derives its ids. `now_ns` stands in for an absent timestamp.
//
// Every field may be null, which is the same as absent. Counts may be decimal text, ids may be
// integers. Members that api/openapi.yaml does not name are metadata, so that a sender may add to
// it.
// Texts of the event are views into `item`, `arena` and static storage.
std::variant<LifecycleEvent, EventFault> ParseEvent(std::string_view item, std::int64_t now_ns,
                                                    base::Arena& arena);

}  // namespace sightline::ingest
