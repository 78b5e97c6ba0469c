// SPDX-License-Identifier: Apache-2.0
#include "model/fact_table.h"

#include "base/reserve.h"

namespace sightline::model {

FactTable::FactTable(const FactTable& other) {
  Append(other, 1);
}

std::uint32_t FactTable::NumberOf(std::string_view text) {
  constexpr std::size_t kEntryBytes = 100;  // Of the text and its places.
  if (text.empty()) {
    return 0;
  }
  if (const auto known = numbers_.find(text); known != numbers_.end()) {
    return known->second;
  }
  texts_.push_back(std::make_unique<const std::string>(text));
  const auto number = static_cast<std::uint32_t>(texts_.size());
  numbers_.emplace(*texts_.back(), number);
  text_bytes_ += text.size() + kEntryBytes;
  return number;
}

void FactTable::Append(const FactTable& other, int sign) {
  std::vector<std::uint32_t> numbers(other.texts_.size() + 1);
  for (std::size_t i = 0; i < other.texts_.size(); ++i) {
    numbers[i + 1] = NumberOf(*other.texts_[i]);
  }
  base::ReserveMore(facts, other.facts.size());
  for (Fact fact : other.facts) {
    for (std::uint32_t Fact::* text : kFactTexts) {
      fact.*text = numbers[fact.*text];
    }
    fact.sign = static_cast<std::int8_t>(fact.sign * sign);
    facts.push_back(fact);
  }
}

}  // namespace sightline::model
