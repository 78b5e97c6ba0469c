// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/disk.h"
#include "base/result.h"
#include "model/ids.h"
#include "store/embedded/trace_map.h"

namespace sightline::store::embedded {

// A bloom filter in blocks of one cache line: 10 bits a key, of which 6 are set, all in the block
// that the key's hash picks. About one in a hundred other keys passes.
//
// Thread: value.
class TraceFilter {
 public:
  static constexpr std::size_t kWordsPerBlock = 8;

  // Words that a filter for `keys` keys has; at least one block.
  static std::uint64_t WordsFor(std::uint64_t keys);

  static void Set(std::span<std::uint64_t> words, const model::TraceId& id);
  static bool MayContain(std::span<const std::uint64_t> words, const model::TraceId& id);
};

// Places sorted by trace id, then offset, with a filter: in memory, or mapped from a file.
//
// File. A header of 64 bytes (magic, version, length of the frame file that is covered, number of
// entries, highest position, checksum of the filter, of the entries, and of these fields), the
// filter, the entries of 32 bytes. The file has exactly this length, so each bit of it is covered.
//
// Thread: any (immutable).
class TraceRun {
 public:
  // Sorts.
  static std::shared_ptr<const TraceRun> FromPlaces(std::vector<TracePlace> places);

  // Errors: kNotFound, kDataLoss, or what the disk says.
  static base::Result<std::pair<std::shared_ptr<const TraceRun>, std::uint64_t>> FromFile(
      base::Disk& disk, const std::filesystem::path& path);

  // Merges the runs straight into a file, in pieces, and syncs it.
  static base::Result<void> WriteFile(base::Disk& disk, const std::filesystem::path& path,
                                      const std::vector<std::shared_ptr<const TraceRun>>& runs,
                                      std::uint64_t covered_length);

  static std::shared_ptr<const TraceRun> Merge(
      const std::vector<std::shared_ptr<const TraceRun>>& runs);

  std::span<const TracePlace> places() const { return places_; }

  std::uint64_t max_position() const { return max_position_; }

  bool MayContain(const model::TraceId& id) const { return TraceFilter::MayContain(filter_, id); }

  // Appends the places of the trace.
  void Find(const model::TraceId& id, std::vector<TracePlace>& out) const;

 private:
  TraceRun() = default;

  static std::shared_ptr<const TraceRun> FromSorted(std::vector<TracePlace> places);

  // What the spans point into: either the vectors or the mapping.
  std::vector<TracePlace> own_places_;
  std::vector<std::uint64_t> own_filter_;
  base::Mapping mapping_;

  std::span<const TracePlace> places_;
  std::span<const std::uint64_t> filter_;
  std::uint64_t max_position_ = 0;
};

}  // namespace sightline::store::embedded
