// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <protozero/pbf_writer.hpp>

namespace sightline::otlp::internal {

// Internal to otlp/: appends the fields of one protobuf message to a buffer. Put* leaves out
// default values, as proto3 does; Add* always writes. Unlike protozero's nested writers, a
// sub-message that turns out empty is written, because in a list or a oneof its presence carries
// meaning.
//
// Thread: confined. Must not outlive the buffer.
class MessageWriter {
 public:
  explicit MessageWriter(std::string& buffer) : buffer_(buffer), writer_(buffer) {}

  // Calls `fill(MessageWriter&)` for the sub-message.
  template <typename Fill>
  void AddMessage(std::uint32_t number, Fill&& fill) {
    const std::size_t before = buffer_.size();
    {
      const protozero::pbf_writer length(writer_, number);
      MessageWriter sub_message(buffer_);
      std::forward<Fill>(fill)(sub_message);
    }
    if (buffer_.size() == before) {
      writer_.add_message(number, "", 0);
    }
  }

  // The same, for a sub-message that means nothing when it is empty.
  template <typename Fill>
  void PutMessage(std::uint32_t number, Fill&& fill) {
    const protozero::pbf_writer length(writer_, number);
    MessageWriter sub_message(buffer_);
    std::forward<Fill>(fill)(sub_message);
  }

  void AddBytes(std::uint32_t number, std::string_view bytes) {
    writer_.add_bytes(number, bytes.data(), bytes.size());
  }

  void PutBytes(std::uint32_t number, std::string_view bytes) {
    if (!bytes.empty()) {
      AddBytes(number, bytes);
    }
  }

  // Fields that are encoded already.
  void AddRaw(std::string_view fields) { buffer_.append(fields); }

  void AddBool(std::uint32_t number, bool value) { writer_.add_bool(number, value); }

  void AddInt64(std::uint32_t number, std::int64_t value) { writer_.add_int64(number, value); }

  void AddDouble(std::uint32_t number, double value) { writer_.add_double(number, value); }

  void AddSfixed64(std::uint32_t number, std::int64_t value) {
    writer_.add_sfixed64(number, value);
  }

  // Enums too: a negative value is written in ten bytes, as protobuf does.
  void PutInt32(std::uint32_t number, std::int32_t value) {
    if (value != 0) {
      writer_.add_int32(number, value);
    }
  }

  void PutInt64(std::uint32_t number, std::int64_t value) {
    if (value != 0) {
      writer_.add_int64(number, value);
    }
  }

  void PutUint32(std::uint32_t number, std::uint32_t value) {
    if (value != 0) {
      writer_.add_uint32(number, value);
    }
  }

  void PutSint32(std::uint32_t number, std::int32_t value) {
    if (value != 0) {
      writer_.add_sint32(number, value);
    }
  }

  void PutFixed32(std::uint32_t number, std::uint32_t value) {
    if (value != 0) {
      writer_.add_fixed32(number, value);
    }
  }

  void PutFixed64(std::uint32_t number, std::uint64_t value) {
    if (value != 0) {
      writer_.add_fixed64(number, value);
    }
  }

  void AddFixed64(std::uint32_t number, std::uint64_t value) { writer_.add_fixed64(number, value); }

  void AddUint64(std::uint32_t number, std::uint64_t value) { writer_.add_uint64(number, value); }

  // Packed lists.
  void PutFixed64s(std::uint32_t number, const auto& values) {
    writer_.add_packed_fixed64(number, values.begin(), values.end());
  }

  void PutDoubles(std::uint32_t number, const auto& values) {
    writer_.add_packed_double(number, values.begin(), values.end());
  }

  void PutUint64s(std::uint32_t number, const auto& values) {
    writer_.add_packed_uint64(number, values.begin(), values.end());
  }

 private:
  std::string& buffer_;
  protozero::pbf_writer writer_;
};

}  // namespace sightline::otlp::internal
