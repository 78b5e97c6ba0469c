// SPDX-License-Identifier: Apache-2.0
#include "net/stream.h"

#include <algorithm>
#include <utility>

namespace sightline::net {
namespace {

void AppendField(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += '\n';
}

}  // namespace

StreamWriter::StreamWriter(StreamOptions options)
    : options_(std::move(options)), queue_(options_.max_queued_bytes, options_.room) {}

void StreamWriter::NotifyWritable() const {
  if (options_.on_writable) {
    options_.on_writable();
  }
}

void StreamWriter::NotifyClosed() {
  queue_.Detach();
  options_.on_writable = nullptr;
  if (const auto on_close = std::exchange(options_.on_close, nullptr)) {
    on_close();
  }
}

std::string FormatServerSentEvent(std::string_view event, std::string_view id,
                                  std::string_view data) {
  std::string out;
  out.reserve(event.size() + id.size() + data.size() + 32);
  if (!event.empty()) {
    AppendField(out, "event", event);
  }
  if (!id.empty()) {
    AppendField(out, "id", id);
  }
  while (true) {
    const std::string_view line = data.substr(0, data.find('\n'));
    AppendField(out, "data", line);
    if (line.size() == data.size()) {
      break;
    }
    data.remove_prefix(line.size() + 1);
  }
  out += '\n';
  return out;
}

}  // namespace sightline::net
