// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/frame_block.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include "store/embedded/text_grams.h"

namespace sightline::store::embedded {
namespace {

// Fixed fields, little endian like all supported machines.
template <typename T>
void Put(std::string& out, T value) {
  std::array<char, sizeof(T)> bytes{};
  std::memcpy(bytes.data(), &value, sizeof value);
  out.append(bytes.data(), bytes.size());
}

// Takes fixed fields and texts from the front. After the first that does not fit it is not ok.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : left_(bytes) {}

  template <typename T>
  T Fixed() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    const std::string_view raw = Raw(sizeof value);
    if (raw.size() == sizeof value) {
      std::memcpy(&value, raw.data(), sizeof value);
    }
    return value;
  }

  std::string_view Raw(std::size_t size) {
    if (size > left_.size()) {
      ok_ = false;
      left_ = {};
      return {};
    }
    const std::string_view raw = left_.substr(0, size);
    left_.remove_prefix(size);
    return raw;
  }

  bool ok() const { return ok_; }

  bool is_done() const { return left_.empty(); }

 private:
  std::string_view left_;
  bool ok_ = true;
};

base::Error Malformed() {
  return {base::Code::kDataLoss, "cannot read a frame: malformed"};
}

}  // namespace

void AppendStoredBlock(std::string& frame, const StoredBlock& stored) {
  frame.append(stored.block.trace_id.view());
  Put(frame, static_cast<std::uint8_t>(stored.block.kind));
  Put(frame, stored.block.rows);
  Put(frame, static_cast<std::uint32_t>(stored.block.bytes.size()));
  Put(frame, stored.position);
  Put(frame, stored.received_ns);
  frame.append(stored.block.bytes);
}

base::Result<void> ForEachBlock(std::string_view frame,
                                const std::function<bool(const StoredBlock&)>& visit) {
  Taker taker(frame);
  while (!taker.is_done()) {
    StoredBlock stored;
    stored.block.trace_id = taker.Fixed<model::TraceId>();
    stored.block.kind = static_cast<model::RowKind>(taker.Fixed<std::uint8_t>());
    stored.block.rows = taker.Fixed<std::uint32_t>();
    const auto size = taker.Fixed<std::uint32_t>();
    stored.position = taker.Fixed<std::uint64_t>();
    stored.received_ns = taker.Fixed<std::int64_t>();
    stored.block.bytes = taker.Raw(size);
    if (!taker.ok()) {
      return Malformed();
    }
    if (!visit(stored)) {
      break;
    }
  }
  return {};
}

void AppendStoredBody(std::string& frame, const model::Body& body) {
  Put(frame, body.id);
  frame.append(body.owner.view());
  Put(frame, static_cast<std::uint32_t>(body.bytes.size()));
  frame.append(body.bytes);
}

base::Result<void> ForEachBody(std::string_view frame,
                               const std::function<bool(const model::Body&)>& visit) {
  Taker taker(frame);
  while (!taker.is_done()) {
    model::Body body;
    body.id = taker.Fixed<std::uint64_t>();
    body.owner = taker.Fixed<model::TraceId>();
    body.bytes = taker.Raw(taker.Fixed<std::uint32_t>());
    if (!taker.ok()) {
      return Malformed();
    }
    if (!visit(body)) {
      break;
    }
  }
  return {};
}

void AppendGramsOffset(std::string& frame, std::uint64_t body_frame_offset) {
  Put(frame, body_frame_offset);
}

base::Result<void> ForEachGrams(std::string_view frame,
                                const std::function<void(const StoredGrams&)>& visit) {
  Taker taker(frame);
  while (!taker.is_done()) {
    StoredGrams grams;
    grams.body_frame_offset = taker.Fixed<std::uint64_t>();
    grams.bitmap = taker.Raw(kGramBytes);
    if (!taker.ok()) {
      return Malformed();
    }
    visit(grams);
  }
  return {};
}

}  // namespace sightline::store::embedded
