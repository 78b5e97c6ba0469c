// SPDX-License-Identifier: Apache-2.0
#include "normalize/slots.h"

#include <algorithm>

#include "normalize/provider.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

bool IsText(const otlp::Value& value) {
  switch (value.kind) {
    case otlp::ValueKind::kString:
      return !IsAbsentText(value.bytes) && value.bytes != "\"\"";
    case otlp::ValueKind::kInt:
    case otlp::ValueKind::kDouble:
    case otlp::ValueKind::kBool:
      return true;
    case otlp::ValueKind::kNone:
    case otlp::ValueKind::kArray:
    case otlp::ValueKind::kMap:
    case otlp::ValueKind::kBytes:
      return false;
  }
  return false;
}

bool IsNonNegative(const otlp::Value& value, Form form) {
  if (form == Form::kIsoTime) {
    return IsText(value);
  }
  const auto number = ParseNumber(value);
  return number && *number >= 0;
}

// Something with content: not "{}" or "[]" as text, no empty array or map.
bool HasContent(const otlp::Value& value) {
  switch (value.kind) {
    case otlp::ValueKind::kString:
      return !IsAbsentText(value.bytes) && value.bytes != "{}" && value.bytes != "[]";
    case otlp::ValueKind::kArray:
    case otlp::ValueKind::kMap:
      return !value.bytes.empty();
    case otlp::ValueKind::kInt:
    case otlp::ValueKind::kDouble:
    case otlp::ValueKind::kBool:
    case otlp::ValueKind::kBytes:
      return true;
    case otlp::ValueKind::kNone:
      return false;
  }
  return false;
}

// Unlike other structures, arguments may be empty: such a call has none.
bool IsArguments(const otlp::Value& value, Form form) {
  if (value.kind == otlp::ValueKind::kString) {
    return !IsAbsentText(value.bytes) && (form != Form::kEmptyIsAbsent || value.bytes != "{}");
  }
  return value.kind != otlp::ValueKind::kNone;
}

bool IsUsable(const KeyRule& rule, const otlp::Value& value) {
  if (rule.field <= Field::kMessaging) {
    return HasContent(value);
  }
  if (rule.field <= Field::kLastNumber) {
    return IsNonNegative(value, rule.form);
  }
  if (rule.field <= Field::kLastBool) {
    return ParseBool(value).has_value();
  }
  if (rule.field == Field::kToolArguments) {
    return IsArguments(value, rule.form);
  }
  if (rule.field <= Field::kLastStructure) {
    return HasContent(value);
  }
  if (rule.field == Field::kErrorMessage) {
    // `error=true` is a flag of OpenTracing, not a message.
    return value.kind == otlp::ValueKind::kString && IsText(value) && value.bytes != "true" &&
           value.bytes != "false";
  }
  return IsText(value);
}

}  // namespace

void Slots::OfferRule(const TableRule& rule, const otlp::KeyValue& attribute) {
  const otlp::Value& value = attribute.value;
  if (rule.field == Field::kTraceTag || rule.field == Field::kIndexedCompletion) {
    if (extras_.size() < kMaxExtras && HasContent(value)) {
      extras_.push_back({&rule, &attribute.key, &value});
    }
    return;
  }
  Field field = rule.field;
  if (field == Field::kProvider && value.kind == otlp::ValueKind::kString &&
      IsFramework(value.bytes)) {
    field = Field::kFramework;
  }
  const std::size_t at = Index(field);
  if (rule.rank >= ranks_[at] || !IsUsable(rule, value)) {
    return;
  }
  ranks_[at] = rule.rank;
  candidates_[at] = {&value, &rule, &attribute.key};
}

void Slots::Offer(const KeyMeaning& meaning, const otlp::KeyValue& attribute) {
  proofs_ |= meaning.proves;
  bool is_waiting = false;
  for (const TableRule& rule : meaning.rules) {
    if (rule.reach == Reach::kOwnDialect) {
      is_waiting = true;
    } else if (rule.field != Field::kKnown) {
      OfferRule(rule, attribute);
    }
  }
  if (is_waiting) {
    waiting_.push_back({meaning, &attribute});
  }
}

void Slots::Settle(DialectBits dialects, std::vector<std::string_view>* unmapped) {
  for (const Waiting& waiting : waiting_) {
    bool holds = !waiting.meaning.is_own;
    for (const TableRule& rule : waiting.meaning.rules) {
      if (rule.reach != Reach::kOwnDialect || !rule.HoldsFor(dialects)) {
        continue;
      }
      holds = true;
      if (rule.field != Field::kKnown) {
        OfferRule(rule, *waiting.attribute);
      }
    }
    if (!holds && unmapped != nullptr) {
      unmapped->push_back(waiting.attribute->key);
    }
  }
  waiting_.clear();
}

bool Slots::IsWaiting(Field field) const {
  return std::any_of(waiting_.begin(), waiting_.end(), [&](const Waiting& waiting) {
    return std::any_of(waiting.meaning.rules.begin(), waiting.meaning.rules.end(),
                       [&](const TableRule& rule) { return rule.field == field; });
  });
}

void CollectAttributes(KeyMemo& keys, std::span<const otlp::KeyValue> attributes, Slots& slots,
                       std::vector<std::string_view>* unmapped) {
  keys.Restart();
  for (const otlp::KeyValue& attribute : attributes) {
    const KeyMeaning meaning = keys.Find(attribute.key);
    if (!meaning.is_known && unmapped != nullptr) {
      unmapped->push_back(attribute.key);
    }
    slots.Offer(meaning, attribute);
  }
}

}  // namespace sightline::normalize
