// SPDX-License-Identifier: Apache-2.0
#include "normalize/cost.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "normalize/json.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

using model::Money;

std::optional<json::value> StructureOf(const Slots& slots, Field field) {
  if (!slots.has(field)) {
    return std::nullopt;
  }
  const otlp::Value& value = slots.value(field);
  return value.kind == otlp::ValueKind::kString ? ParseStructure(value.bytes)
                                                : std::optional(ToJson(value));
}

std::optional<Money> DollarsMember(const json::value& object, std::string_view name) {
  const json::value* found = Member(object, {name});
  return found == nullptr ? std::nullopt : ParseDollars(TextOrJson(*found));
}

std::optional<Money> Sum(std::initializer_list<std::optional<Money>> parts) {
  std::optional<Money> sum;
  for (const auto& part : parts) {
    if (part) {
      std::int64_t total = 0;
      if (__builtin_add_overflow(sum ? sum->picodollars : 0, part->picodollars, &total)) {
        return std::nullopt;
      }
      sum = Money{.picodollars = total};
    }
  }
  return sum;
}

// "total", else the sum of all buckets.
std::optional<Money> FromLangfuse(const Slots& slots) {
  const auto map = StructureOf(slots, Field::kLangfuseCost);
  if (!map || !map->is_object()) {
    return std::nullopt;
  }
  if (const auto total = DollarsMember(*map, "total")) {
    return total;
  }
  std::optional<Money> sum;
  for (const auto& [name, amount] : map->get_object()) {
    sum = Sum({sum, ParseDollars(TextOrJson(amount))});
  }
  return sum;
}

std::optional<Money> FromMlflow(const Slots& slots) {
  const auto map = StructureOf(slots, Field::kMlflowCost);
  if (!map) {
    return std::nullopt;
  }
  if (const auto total = DollarsMember(*map, "total_cost")) {
    return total;
  }
  return Sum({DollarsMember(*map, "input_cost"), DollarsMember(*map, "output_cost")});
}

// What usage objects hold beside their counts: "cost" in langwatch.metrics and, below the name of
// the provider, in the AI SDK's metadata. 0 means that the sender had no price.
std::optional<Money> CostIn(const json::value& object, int depth) {
  constexpr int kMaxDepth = 2;
  for (const std::string_view name : {"total_cost", "totalCost", "cost"}) {
    const auto amount = DollarsMember(object, name);
    if (amount && amount->picodollars > 0) {
      return amount;
    }
  }
  if (depth == kMaxDepth || !object.is_object()) {
    return std::nullopt;
  }
  for (const auto& member : object.get_object()) {
    if (const auto amount = CostIn(member.value(), depth + 1)) {
      return amount;
    }
  }
  return std::nullopt;
}

std::optional<Money> FromUsageObjects(const Slots& slots) {
  for (const Field field : {Field::kMlflowUsage, Field::kVercelMetadata}) {
    const bool may_hold =
        slots.has(field) && slots.value(field).bytes.find("ost") != std::string_view::npos;
    const auto object = may_hold ? StructureOf(slots, field) : std::nullopt;
    const auto amount = object ? CostIn(*object, 0) : std::nullopt;
    if (amount) {
      return amount;
    }
  }
  return std::nullopt;
}

std::optional<Money> DollarsOf(const Slots& slots, Field field) {
  if (!slots.has(field)) {
    return std::nullopt;
  }
  const auto amount = ParseDollars(slots.value(field));
  const bool is_absent =
      amount && amount->picodollars == 0 && slots.rule(field).form == Form::kZeroIsAbsent;
  return is_absent ? std::nullopt : amount;
}

std::optional<Money> FromMicrodollars(const otlp::Value& value) {
  constexpr std::int64_t kPicodollars = 1'000'000;
  const auto count = ParseInteger(value);
  std::int64_t amount = 0;
  if (!count || __builtin_mul_overflow(*count, kPicodollars, &amount)) {
    return std::nullopt;
  }
  return Money{.picodollars = amount};
}

std::optional<Money> FromTotal(const Slots& slots) {
  if (!slots.has(Field::kCost)) {
    return std::nullopt;
  }
  if (slots.rule(Field::kCost).form == Form::kMicrodollars) {
    return FromMicrodollars(slots.value(Field::kCost));
  }
  return DollarsOf(slots, Field::kCost);
}

std::optional<Money> FromParts(const Slots& slots) {
  return Sum({DollarsOf(slots, Field::kCostInput), DollarsOf(slots, Field::kCostOutput)});
}

}  // namespace

std::optional<Money> ReadCost(const Slots& slots) {
  // Ranks of the field (docs/keys.md): OpenInference's total is 1, others are from 3. Langfuse's
  // details come before all, parts and MLflow between the two.
  constexpr std::uint8_t kOpenInferenceTotal = 1;
  const bool is_open_inference =
      slots.rank(Field::kCostInput) == 0 || slots.rank(Field::kCostOutput) == 0;
  bool has_any = false;
  for (const Field field : {Field::kCost, Field::kCostInput, Field::kCostOutput,
                            Field::kLangfuseCost, Field::kMlflowCost}) {
    has_any = has_any || slots.has(field);
  }
  if (!has_any) {
    return FromUsageObjects(slots);
  }
  if (const auto cost = FromLangfuse(slots)) {
    return cost;
  }
  if (slots.rank(Field::kCost) == kOpenInferenceTotal) {
    if (const auto cost = FromTotal(slots)) {
      return cost;
    }
  }
  if (is_open_inference) {
    if (const auto cost = FromParts(slots)) {
      return cost;
    }
  }
  if (const auto cost = FromMlflow(slots)) {
    return cost;
  }
  if (const auto total = FromTotal(slots)) {
    return total;
  }
  const auto parts = FromParts(slots);
  return parts ? parts : FromUsageObjects(slots);
}

}  // namespace sightline::normalize
