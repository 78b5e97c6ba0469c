// SPDX-License-Identifier: Apache-2.0
#include "api/request/json_fields.h"

#include <algorithm>
#include <cmath>

#include "base/time_text.h"
#include "model/saturating.h"

namespace sightline::api {

void WriteText(base::JsonWriter& json, std::string_view key, std::string_view text) {
  json.Key(key);
  if (text.empty()) {
    json.Null();
  } else {
    json.String(text);
  }
}

void WriteTime(base::JsonWriter& json, std::string_view key, std::int64_t time_ns) {
  json.Key(key);
  if (time_ns == 0) {
    json.Null();
  } else {
    json.String(base::FormatTimeNs(time_ns));
  }
}

void WriteSeconds(base::JsonWriter& json, std::string_view key, std::int64_t duration_ns) {
  json.Key(key).Double(static_cast<double>(duration_ns) / 1e9);
}

void WriteCost(base::JsonWriter& json, std::int64_t picodollars, model::CostStatus status) {
  json.Key("cost");
  if (model::IsKnown(status)) {
    json.Pico(picodollars);
  } else {
    json.Null();
  }
  WriteText(json, "cost_status", model::CostStatusName(status));
}

void WriteUsage(base::JsonWriter& json, const model::Usage& usage,
                const model::UsageDetails& details) {
  if (!usage.is_known()) {
    return;
  }
  json.Key("usage").BeginObject();
  const auto write = [&](std::string_view key, std::int64_t count) {
    if (count != model::Usage::kUnknown) {
      json.Key(key).Int(count);
    }
  };
  write("input_total", usage.input_total);
  write("cache_read", usage.cache_read);
  write("cache_write", usage.cache_write);
  write("output_total", usage.output_total);
  write("reasoning", usage.reasoning);
  write("audio_in", usage.audio_in);
  write("audio_out", usage.audio_out);
  write("total", usage.total);
  for (const model::UsageDetail& detail : model::kUsageDetails) {
    write(detail.name, details.*detail.count);
  }
  if (usage.rule != model::UsageRule::kNone) {
    json.Key("rule").String(model::UsageRuleName(usage.rule));
  }
  json.EndObject();
}

std::int64_t TotalTokens(const model::Usage& usage) {
  if (usage.total != model::Usage::kUnknown) {
    return usage.total;
  }
  return model::SaturatingAdd(std::max<std::int64_t>(0, usage.input_total),
                              std::max<std::int64_t>(0, usage.output_total));
}

double Percent(std::int64_t part, std::int64_t whole) {
  return whole <= 0
             ? 0.0
             : std::round(10000.0 * static_cast<double>(part) / static_cast<double>(whole)) / 100.0;
}

void WriteStoredArray(base::JsonWriter& json, std::string_view key, std::string_view text) {
  json.Key(key).Raw(text.empty() ? "[]" : text);
}

}  // namespace sightline::api
