// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/model_names.h"
#include "pricing/own_price.h"

namespace sightline::pricing {

// The own prices of one model, by the time they begin.
//
// Thread: value.
struct OwnSchedule {
  std::vector<OwnPrice> prices;  // Ascending `from_ns`.

  // The last that has begun and is not over; null when there is none.
  const OwnPrice* At(std::int64_t time_ns) const;
};

// What a name leads to. Points into the table.
struct OwnPrices {
  const OwnSchedule* schedule = nullptr;
  model::Tuning tuning = model::Tuning::kNone;

  const OwnPrice* At(std::int64_t time_ns) const {
    return schedule == nullptr ? nullptr : schedule->At(time_ns);
  }
};

// Prices that the user has set, found by the names of models and by their aliases. A name is looked
// up as it is and then in ever more general forms (see model::ModelNamesToTry); under the provider
// of the call first, then under kAnyProvider. A call without a provider, or through a gateway,
// takes the price of the one provider that has the name; of several, none. Prices of tools are
// found by the names of tools alone, as they are, in any letter case.
//
// Thread: value; reading is safe from any.
class OwnPriceTable {
 public:
  static constexpr std::string_view kAnyProvider = "*";

  OwnPriceTable() = default;
  // In any order. Precondition: no two have the same provider, model and start.
  explicit OwnPriceTable(std::vector<OwnPrice> prices);

  OwnPrices Find(std::string_view provider, std::string_view model) const;

  // Null for a tool without a price.
  const OwnSchedule* FindTool(std::string_view tool) const;

  // By provider and model.
  const std::vector<OwnSchedule>& schedules() const { return schedules_; }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  const OwnSchedule* FindName(const std::string& provider, bool is_any,
                              const std::string& name) const;

  std::vector<OwnSchedule> schedules_;
  std::unordered_map<std::string, std::size_t> by_provider_;  // "<provider>\n<name>".
  std::unordered_map<std::string, std::size_t> by_name_;      // kNone: several providers have it.
  std::unordered_map<std::string, std::size_t> by_tool_;
};

}  // namespace sightline::pricing
