// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/run_status.h"

namespace sightline::live {

// Runs by status, since the first day that is kept.
//
// Thread: value.
struct RunCounts {
  // Broken clocks make durations of centuries, which do not add up in 64 bits.
  __extension__ using Wide = __int128;

  std::int64_t running = 0;
  std::int64_t completed = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;
  std::int64_t abandoned = 0;
  std::int64_t open_steps = 0;  // Of running runs.
  Wide completed_ns = 0;        // Sum of the durations of completed runs.

  double completed_seconds() const { return static_cast<double>(completed_ns) / 1e9; }

  std::int64_t total() const { return running + completed + failed + cancelled + abandoned; }

  std::int64_t& of(model::RunStatus status);

  RunCounts& operator+=(const RunCounts& other);
  RunCounts& operator-=(const RunCounts& other);

  friend bool operator==(const RunCounts&, const RunCounts&) = default;
};

// Names and when something of them came last. Bounded: when it is full, the names that were silent
// for longest make room, and are then counted only in the number of names.
//
// Thread: confined. Cost: See O(1), also when all names are new and of one moment.
class NamesSeen {
 public:
  static constexpr std::size_t kMaxNames = 20'000;

  void See(std::string_view name, std::int64_t received_ns);

  std::uint64_t count() const { return seen_.size() + forgotten_; }

  // How many were seen at or after `since_ns`.
  std::uint64_t CountSince(std::int64_t since_ns) const;

 private:
  void MakeRoom();

  struct Hasher {
    using is_transparent = void;

    std::size_t operator()(std::string_view name) const {
      return std::hash<std::string_view>{}(name);
    }
  };

  std::unordered_map<std::string, std::int64_t, Hasher, std::equal_to<>> seen_;
  std::uint64_t forgotten_ = 0;
};

// What there is in all, and by workflow. Workflows that come after kMaxWorkflows are counted in the
// total only, also when others have gone: a run is taken out of where it was added.
//
// Thread: confined.
class Totals {
 public:
  static constexpr std::size_t kMaxWorkflows = 20'000;

  void Add(const std::string& workflow_id, const RunCounts& counts);
  void Remove(const std::string& workflow_id, const RunCounts& counts);

  const RunCounts& all() const { return all_; }

  // Zeros for a workflow that is not known.
  RunCounts of(const std::string& workflow_id) const;

  NamesSeen agents;
  NamesSeen workflows;

 private:
  RunCounts all_;
  bool is_full_ = false;
  std::unordered_map<std::string, RunCounts> by_workflow_;
};

}  // namespace sightline::live
