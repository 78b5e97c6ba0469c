// SPDX-License-Identifier: Apache-2.0
#include "model/run_bytes.h"

#include <string>
#include <vector>

namespace sightline::model {
namespace {

// What a text has outside its object.
std::size_t HeapBytesOf(const std::string& text) {
  constexpr std::size_t kInside = 15;
  constexpr std::size_t kBlock = 16;  // What an allocation takes besides.
  return text.capacity() > kInside ? text.capacity() + 1 + kBlock : 0;
}

}  // namespace

std::size_t BytesOf(const RunRecord& record) {
  constexpr std::size_t kBlock = 32;  // Of the allocation and the reference count.
  std::size_t bytes = sizeof record + kBlock;
  for (const std::string* text :
       {&record.run_id, &record.name, &record.workflow_id, &record.workflow_name, &record.agent,
        &record.service, &record.session_id, &record.user_id, &record.error_type,
        &record.error_message, &record.version, &record.environment}) {
    bytes += HeapBytesOf(*text);
  }
  for (const std::vector<std::string>* names :
       {&record.agents, &record.models, &record.services, &record.tags, &record.prompt_versions}) {
    bytes += names->empty() ? 0 : names->capacity() * sizeof(std::string) + kBlock / 2;
    for (const std::string& name : *names) {
      bytes += HeapBytesOf(name);
    }
  }
  return bytes;
}

}  // namespace sightline::model
