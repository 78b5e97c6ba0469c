// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/result.h"
#include "model/fact_table.h"

namespace sightline::repricing {

// What calls cost before and after they are priced again. Costs are in picodollars and of calls
// with a known price.
//
// Thread: value.
struct ModelDifference {
  std::int64_t calls = 0;
  std::int64_t old_cost = 0;
  std::int64_t new_cost = 0;
  std::int64_t unpriced_before = 0;
  std::int64_t unpriced_after = 0;

  ModelDifference& operator+=(const ModelDifference& other);

  friend bool operator==(const ModelDifference&, const ModelDifference&) = default;
};

// Thread: value.
struct Difference {
  std::int64_t runs = 0;          // That were looked at.
  std::int64_t changed_runs = 0;  // With a call whose cost is another one.
  // By "provider/model". Of tools that cost something before or after, by "tool/name".
  std::map<std::string, ModelDifference> models;

  Difference& operator+=(const Difference& other);

  // Adds the steps of a run as they were counted and as they are to be counted.
  void AddSteps(const model::FactTable& before, const model::FactTable& after);

  std::string Encode() const;
  static base::Result<Difference> Decode(std::string_view text);

 private:
  void AddTools(const model::FactTable& before, const model::FactTable& after);
};

enum class Mode : std::uint8_t { kDryRun, kApply };

enum class State : std::uint8_t { kRunning, kDone, kFailed };

// Thread: value.
struct Job {
  std::string id;
  std::int64_t start_ns = 0;  // Of runs that began at this time or later,
  std::int64_t end_ns = 0;    // and before this.
  Mode mode = Mode::kDryRun;
  State state = State::kRunning;
  std::int64_t created_ns = 0;
  std::int64_t finished_ns = 0;   // 0 while it is running.
  Difference difference;          // So far.
  std::int64_t skipped_runs = 0;  // That went on again whenever they were to be priced.
  std::string detail;             // Why it failed.

  std::string Encode() const;
  static base::Result<Job> Decode(std::string_view text);
};

std::string_view NameOf(State state);

}  // namespace sightline::repricing
