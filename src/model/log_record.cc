// SPDX-License-Identifier: Apache-2.0
#include "model/log_record.h"

#include "base/hash.h"

namespace sightline::model {

std::uint64_t LogKey(const LogRecord& log) {
  auto hash = static_cast<std::uint64_t>(log.time_ns);
  for (const std::string_view text :
       {log.span_id.view(), log.event_name, log.body, log.attributes, log.content}) {
    hash = base::HashBytes64(text, hash);
  }
  return hash;
}

}  // namespace sightline::model
