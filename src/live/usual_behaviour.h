// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/sketch.h"

namespace sightline::live {

// The median of the last values.
//
// Thread: value.
class RecentMedian {
 public:
  // Half of them have to be unusual before the median follows.
  static constexpr std::size_t kKept = 50;

  void Add(std::int64_t value);

  std::size_t count() const { return values_.size(); }

  // 0 when there is none; of an even number the lower one of the middle.
  std::int64_t median() const { return median_; }

 private:
  std::vector<std::int64_t> values_;  // A ring.
  std::size_t next_ = 0;
  std::int64_t median_ = 0;
};

// The sketch of the last 500 to 1,000 values: what changed for good is usual after a while.
//
// Thread: value.
class RecentSketch {
 public:
  static constexpr std::int64_t kGeneration = 500;

  void Add(std::int64_t value);

  const model::Sketch& sketch() const { return both_; }

 private:
  model::Sketch current_;
  model::Sketch before_;
  model::Sketch both_;
};

// Values by name hash; the name that was not written to for the longest time makes room.
//
// Thread: confined.
template <typename Value>
class NameTable {
 public:
  explicit NameTable(std::size_t max_names) : max_names_(max_names) {}

  // The value of a name, new if need be.
  Value& Touch(std::uint64_t name) {
    if (const auto found = index_.find(name); found != index_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return entries_.front().second;
    }
    if (entries_.size() >= max_names_) {
      index_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(name, Value());
    index_.emplace(name, entries_.begin());
    return entries_.front().second;
  }

  // Null if the name is not known.
  const Value* Find(std::uint64_t name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &found->second->second;
  }

  std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::list<std::pair<std::uint64_t, Value>>;

  std::size_t max_names_;
  Entries entries_;  // Last written first.
  std::unordered_map<std::uint64_t, typename Entries::iterator> index_;
};

// How long steps take and how much runs use, as far as seen: what signs of trouble are held
// against. It is not stored; after a restart it is learnt again.
//
// Thread: the live thread. Memory: 1 to 5 KB a step name, 1 KB a workflow.
class UsualBehaviour {
 public:
  struct Options {
    std::size_t max_steps = 2'000;
    std::size_t max_workflows = 1'000;
  };

  struct Run {
    static constexpr std::int64_t kUnknown = -1;

    std::int64_t duration_ns = 0;
    std::int64_t tokens = kUnknown;
    std::int64_t cost_picodollars = kUnknown;  // Unless all of its calls have a price.
  };

  struct Workflow {
    RecentMedian tokens_per_minute;
    RecentMedian cost_picodollars;
  };

  UsualBehaviour();
  explicit UsualBehaviour(const Options& options);

  // A step that has ended, once.
  void AddStep(std::string_view step_name, std::int64_t duration_ns);

  // A run that is over, once.
  void AddRun(std::string_view workflow, const Run& run);

  // Latencies of a step name; null if it is not known. By hash, for who keeps no names.
  const model::Sketch* FindStep(std::uint64_t step_name_hash) const;
  const Workflow* FindWorkflow(std::uint64_t workflow_hash) const;

  static std::uint64_t HashOf(std::string_view name);

  // Rates of less than a minute say nothing of a minute: shorter times count as one.
  static std::int64_t TokensPerMinute(std::int64_t tokens, std::int64_t duration_ns);

 private:
  NameTable<RecentSketch> steps_;
  NameTable<Workflow> workflows_;
};

}  // namespace sightline::live
