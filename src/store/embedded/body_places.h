// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/mutex.h"

namespace sightline::store::embedded {

// Which frames of a day may hold a body. A body frame holds bodies of ids between a first and a
// last one; ranges of frames may overlap. In memory only: the frames are the truth.
//
// Cost: 32 bytes a frame; a look-up takes O(log n) for each of O(log n) runs and each frame found,
// whatever the ranges are. Each range is merged O(log n) times, by the thread that adds.
//
// Thread: any. Readers do not wait for merging.
class BodyPlaces {
 public:
  BodyPlaces();
  ~BodyPlaces();
  BodyPlaces(const BodyPlaces&) = delete;
  BodyPlaces& operator=(const BodyPlaces&) = delete;

  // The frame at `offset` holds bodies from id `first` to `last`. A range whose first id is above
  // its last one holds nothing.
  void Add(std::uint64_t first, std::uint64_t last, std::uint64_t offset)
      EXCLUDES(add_mutex_, mutex_);

  // Offsets of the frames that may hold the body, in ascending order.
  std::vector<std::uint64_t> Find(std::uint64_t id) const EXCLUDES(mutex_);

  // Frames in it.
  std::size_t size() const EXCLUDES(mutex_);

 private:
  struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t offset = 0;
  };

  class Run;
  using Runs = std::vector<std::shared_ptr<const Run>>;
  using RunsPtr = std::shared_ptr<const Runs>;

  RunsPtr runs() const EXCLUDES(mutex_);

  base::Mutex add_mutex_;  // One Add at a time; taken before mutex_.
  mutable base::Mutex mutex_;
  RunsPtr runs_ GUARDED_BY(mutex_);  // Never changed once published; longest first.
};

}  // namespace sightline::store::embedded
