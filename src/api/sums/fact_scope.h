// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/request/parameters.h"
#include "api/request/period.h"
#include "base/clock.h"
#include "base/result.h"
#include "query/fact_query.h"

namespace sightline::api {

// A key of facts as the API spells it, in filters and groupings.
struct FactField {
  query::FactKey key;
  std::string_view name;
  bool is_of_runs;   // Runs as a whole have it.
  bool is_of_steps;  // Steps have it.
};

// All of them, by FactKey.
std::span<const FactField> FactFields();

// Which facts a request asks for: its period, its filters, and whether runs are counted or steps.
//
// Thread: value.
struct FactScope {
  Period period;
  query::FactQuery facts;  // Without grouping.

  std::vector<query::FactKey> keys;  // That the request asks to keep apart.

  // `of` (runs or steps), the period (30 days by default), a filter for each of FactFields, and in
  // parameter `keys_name` a list of at most `most_keys` names with commas between them. Without
  // `of`, steps are counted if a filter or a key is of steps only, else runs.
  // Errors: kInvalidArgument names the parameter: unreadable, an unknown key, one given twice, or
  // a filter or a key that what is counted does not have.
  static base::Result<FactScope> Read(const Parameters& parameters, const base::Clock& clock,
                                      std::string_view keys_name, std::size_t most_keys);

  // The same of steps, without keys; `of` is not read.
  static base::Result<FactScope> ReadOfSteps(const Parameters& parameters,
                                             const base::Clock& clock);

  // "runs" or "steps".
  std::string_view of() const { return facts.of_runs ? "runs" : "steps"; }

 private:
  static base::Result<FactScope> ReadFilters(const Parameters& parameters, const base::Clock& clock,
                                             bool of_runs);
};

// The names in a list with commas between them; empty ones are left out.
std::vector<std::string> SplitNames(std::string_view list);

}  // namespace sightline::api
