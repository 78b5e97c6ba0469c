// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::load {

// Requests are encoded once and sent many times; what differs from run to run is written into the
// encoded bytes. A place is such a spot. While a request is being put together, a mark of the same
// size stands in its stead, and is looked for when the request is encoded.

enum class PlaceKind : std::uint8_t {
  kTraceId,      // 16 bytes.
  kSpanId,       // 8 bytes; also the parent's.
  kTime,         // Nanoseconds after the run's start, as a fixed64.
  kText,         // A message.
  kHex,          // Hex digits that are the same wherever run and item are.
  kUserNumber,   // Eight decimal digits, one of a limited number of users.
  kInputTokens,  // A varint of two bytes.
  kOutputTokens,
};

// Whose text it is: the same in all runs of an agent, or new in each run.
enum class TextOwner : std::uint8_t { kAgent, kRun };

// Thread: value.
struct Place {
  PlaceKind kind = PlaceKind::kText;
  std::uint32_t run = 0;   // Counted from the first run of the cycle.
  std::uint32_t item = 0;  // Which span, text or number of that run or agent.
  std::uint32_t size = 8;
  std::int64_t offset_ns = 0;         // kTime.
  TextOwner owner = TextOwner::kRun;  // kText.
};

// Where a place lies in encoded bytes.
struct Patch {
  std::size_t offset = 0;
  Place place;
};

// Gives out marks and finds them again.
//
// Thread: confined.
class Places {
 public:
  static constexpr std::size_t kMinSize = 8;

  // Bytes that stand for the place until the request is encoded. At least kMinSize.
  std::string Mark(const Place& place);

  // The same for a fixed64 field.
  std::uint64_t MarkFixed64(const Place& place);

  // The places that are in `encoded`, in order of offset.
  std::vector<Patch> Find(std::string_view encoded) const;

  // Marks given out.
  std::size_t size() const { return places_.size(); }

 private:
  std::vector<Place> places_;
};

}  // namespace sightline::load
