// SPDX-License-Identifier: Apache-2.0
#include "api/telemetry/resource_usage.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>
#include <vector>

#include "base/json_scan.h"
#include "ingest/lifecycle_event.h"
#include "model/ancestors.h"
#include "model/kinds.h"

namespace sightline::api {
namespace {

constexpr std::array<std::string_view, kResourceCount> kNames = {
    "memory_usage",     "cpu_usage",        "io_operations",
    "network_requests", "memory_change_mb", "cpu_change_percent"};

std::optional<double> NumberOf(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) {
    return std::nullopt;
  }
  return number;
}

bool IsChange(Resource resource) {
  return resource == Resource::kMemoryChange || resource == Resource::kCpuChange;
}

bool IsHighest(Resource resource) {
  return resource == Resource::kMemoryUsage || resource == Resource::kCpuUsage;
}

// Of the outermost spans that tell of `resource`, see the header.
std::optional<double> Gather(const analytics::TraceView& view,
                             const std::vector<ResourceUsage>& usages, Resource resource) {
  const std::vector<std::size_t> tellers = model::NearestAtOrAbove(
      usages.size(), [&](std::size_t i) { return view.parents[i]; },
      [&](std::size_t i) { return usages[i].of(resource).has_value(); });
  const auto has_teller_above = [&](std::size_t span) {
    const std::size_t above = view.parents[span];
    return above != analytics::TraceView::kNone && tellers[above] != analytics::TraceView::kNone;
  };
  double sum = 0;
  double highest = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < usages.size(); ++i) {
    const std::optional<double> value = usages[i].of(resource);
    if (value && !has_teller_above(i)) {
      sum += *value;
      highest = count++ == 0 ? *value : std::max(highest, *value);
    }
  }
  if (count == 0) {
    return std::nullopt;
  }
  if (IsHighest(resource)) {
    return highest;
  }
  return resource == Resource::kCpuChange ? sum / static_cast<double>(count) : sum;
}

}  // namespace

std::string_view ResourceName(Resource resource) {
  return kNames[static_cast<std::size_t>(resource)];
}

void ForEachResource(std::string_view attributes_json,
                     const std::function<void(Resource, std::string_view)>& visit) {
  if (attributes_json.find(ingest::kResourceUsagePrefix) == std::string_view::npos) {
    return;
  }
  base::ForEachJsonMember(attributes_json, [&](const std::string& key, std::string_view raw) {
    std::string_view name = key;
    if (!name.starts_with(ingest::kResourceUsagePrefix)) {
      return;
    }
    name.remove_prefix(ingest::kResourceUsagePrefix.size());
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found != kNames.end() && NumberOf(raw)) {
      visit(static_cast<Resource>(found - kNames.begin()), raw);
    }
  });
}

ResourceUsage ResourceUsageOf(const model::Span& span) {
  ResourceUsage usage;
  ForEachResource(span.attributes, [&](Resource resource, std::string_view raw) {
    const std::optional<double> number = NumberOf(raw);
    if (number && (*number >= 0 || IsChange(resource))) {
      usage.of(resource) = number;
    }
  });
  return usage;
}

ResourceUsage ResourceUsageOf(const analytics::TraceView& view) {
  std::vector<ResourceUsage> usages;
  usages.reserve(view.spans.size());
  for (const model::Span& span : view.spans) {
    usages.push_back(ResourceUsageOf(span));
  }
  ResourceUsage run;
  for (std::size_t i = 0; i < kResourceCount; ++i) {
    const auto resource = static_cast<Resource>(i);
    if (view.root != analytics::TraceView::kNone) {
      run.of(resource) = usages[view.root].of(resource);
    }
    if (!run.of(resource)) {
      run.of(resource) = Gather(view, usages, resource);
    }
  }
  return run;
}

bool IsResourceStep(const analytics::ProfiledRun& run, std::size_t span) {
  return run.spans[span].is_step &&
         (span != run.root || run.spans[span].kind != model::SpanKind::kWorkflow);
}

void ResourceSums::Add(const ResourceUsage& usage) {
  for (std::size_t i = 0; i < kResourceCount; ++i) {
    if (const std::optional<double> value = usage.values[i]) {
      sums_[i] += *value;
      ++counts_[i];
    }
  }
}

std::size_t ResourceSums::count(Resource resource) const {
  return counts_[static_cast<std::size_t>(resource)];
}

std::optional<double> ResourceSums::average(Resource resource) const {
  if (count(resource) == 0) {
    return std::nullopt;
  }
  return sums_[static_cast<std::size_t>(resource)] / static_cast<double>(count(resource));
}

}  // namespace sightline::api
