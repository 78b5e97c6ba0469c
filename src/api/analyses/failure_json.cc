// SPDX-License-Identifier: Apache-2.0
#include "api/analyses/failure_json.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "base/time_text.h"

namespace sightline::api {
namespace {

// Those of the most runs, at most 20.
std::map<std::string, std::int64_t> MostFrequent(
    const std::map<std::string, std::int64_t>& counts) {
  constexpr std::size_t kMost = 20;
  std::vector<std::pair<std::string, std::int64_t>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::ranges::greater(), &decltype(sorted)::value_type::second);
  sorted.resize(std::min(sorted.size(), kMost));
  return {sorted.begin(), sorted.end()};
}

}  // namespace

void WriteCounts(std::string_view name, const std::map<std::string, std::int64_t>& counts,
                 base::JsonWriter& json) {
  json.Key(name).BeginObject();
  for (const auto& [key, count] : counts) {
    if (!key.empty()) {
      json.Key(key).Int(count);
    }
  }
  json.EndObject();
}

void WriteFailureGroup(const analytics::FailureGroup& group, base::JsonWriter& json) {
  json.BeginObject();
  json.Key("fingerprint").String(group.fingerprint);
  json.Key("title").String(group.title);
  json.Key("reason").String(analytics::NameOf(group.reason));
  json.Key("count").Int(group.count);
  json.Key("first_seen").String(base::FormatTimeNs(group.first_seen_ns));
  json.Key("last_seen").String(base::FormatTimeNs(group.last_seen_ns));
  json.Key("sample_trace_ids").BeginArray();
  for (const model::TraceId& sample : group.samples) {
    json.String(sample.ToHex());
  }
  json.EndArray();
  WriteCounts("steps", MostFrequent(group.steps), json);
  WriteCounts("agents", group.agents, json);
  WriteCounts("models", group.models, json);
  json.Key("affected_users").Uint(group.users.size());
  WriteCounts("users", MostFrequent(group.users), json);
  WriteCounts("versions", MostFrequent(group.versions), json);
  json.Key("is_new").Bool(group.course.state == analytics::FailureState::kNew);
  json.Key("state").String(analytics::NameOf(group.course.state));
  json.Key("trend").String(analytics::NameOf(group.course.trend));
  json.Key("course").BeginArray();
  for (const std::int64_t count : group.course.counts) {
    json.Int(count);
  }
  json.EndArray();
  json.EndObject();
}

}  // namespace sightline::api
