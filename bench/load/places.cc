// SPDX-License-Identifier: Apache-2.0
#include "load/places.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace sightline::load {
namespace {

// A mark is this, the number of the place in three bytes, and filling. No text, length or tag of
// the encoded messages begins like it.
constexpr std::string_view kMagic = "\x01\x7F\x03";
constexpr std::size_t kNumberBytes = 3;

// Token counts are not long enough for a mark. They are found by their key; after it come the tag
// and length of the value, and the tag of an integer of two bytes.
constexpr std::string_view kInputKey = "usage.input_tokens\x12\x03\x18";
constexpr std::string_view kOutputKey = "usage.output_tokens\x12\x03\x18";
constexpr std::size_t kTokenBytes = 2;

// Appends the counts after `key`; the first `marks` patches are in order and tell the run.
void FindTokens(std::string_view encoded, std::string_view key, PlaceKind kind, std::size_t marks,
                std::vector<Patch>& patches) {
  std::size_t before = 0;
  for (std::size_t at = encoded.find(key); at != std::string_view::npos;
       at = encoded.find(key, at + key.size())) {
    const std::size_t offset = at + key.size();
    while (before + 1 < marks && patches[before + 1].offset < offset) {
      ++before;
    }
    patches.push_back({.offset = offset,
                       .place = {.kind = kind,
                                 .run = patches[before].place.run,
                                 .item = static_cast<std::uint32_t>(offset),
                                 .size = kTokenBytes}});
  }
}

}  // namespace

std::string Places::Mark(const Place& place) {
  CHECK(place.size >= kMinSize);
  const std::size_t number = places_.size();
  CHECK(number >> (8 * kNumberBytes) == 0);
  places_.push_back(place);
  std::string mark(kMagic);
  for (std::size_t i = 0; i < kNumberBytes; ++i) {
    mark.push_back(static_cast<char>(number >> (8 * i)));
  }
  mark.resize(place.size, '~');
  return mark;
}

std::uint64_t Places::MarkFixed64(const Place& place) {
  const std::string mark = Mark(place);
  std::uint64_t value = 0;
  std::memcpy(&value, mark.data(), sizeof value);
  return value;
}

std::vector<Patch> Places::Find(std::string_view encoded) const {
  std::vector<Patch> patches;
  // The number of a mark may look like the beginning of another.
  for (std::size_t at = encoded.find(kMagic); at != std::string_view::npos;
       at = encoded.find(kMagic, at + kMagic.size() + kNumberBytes)) {
    std::size_t number = 0;
    for (std::size_t i = 0; i < kNumberBytes; ++i) {
      number |= std::size_t{static_cast<unsigned char>(encoded[at + kMagic.size() + i])} << (8 * i);
    }
    CHECK(number < places_.size());
    patches.push_back({.offset = at, .place = places_[number]});
  }
  const std::size_t marks = patches.size();
  FindTokens(encoded, kInputKey, PlaceKind::kInputTokens, marks, patches);
  FindTokens(encoded, kOutputKey, PlaceKind::kOutputTokens, marks, patches);
  std::sort(patches.begin(), patches.end(),
            [](const Patch& a, const Patch& b) { return a.offset < b.offset; });
  return patches;
}

}  // namespace sightline::load
