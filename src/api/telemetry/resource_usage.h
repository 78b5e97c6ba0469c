// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "analytics/bottlenecks/profiled_run.h"
#include "analytics/trace_view.h"
#include "model/span.h"

namespace sightline::api {

// What a step or run may say that it used: attributes `sightline.resource_usage.*`, which lifecycle
// events become and which spans may carry themselves.
enum class Resource : std::uint8_t {
  kMemoryUsage,      // MB while it ran.
  kCpuUsage,         // Percent while it ran.
  kIoOperations,     // How many.
  kNetworkRequests,  // How many.
  kMemoryChange,     // MB from its start to its end; below zero when memory was given back.
  kCpuChange,        // Percent from its start to its end.
};
inline constexpr std::size_t kResourceCount = 6;

// As the API and the attributes spell it after the prefix: "memory_usage" ...
std::string_view ResourceName(Resource resource);

// Calls `visit(resource, number)` with the number as JSON text for each one that the attributes of
// a span tell. What is no number is passed over.
void ForEachResource(std::string_view attributes_json,
                     const std::function<void(Resource, std::string_view)>& visit);

// What one step or run said; empty where it said nothing.
//
// Thread: value.
struct ResourceUsage {
  std::array<std::optional<double>, kResourceCount> values;

  std::optional<double>& of(Resource resource) {
    return values[static_cast<std::size_t>(resource)];
  }

  std::optional<double> of(Resource resource) const {
    return values[static_cast<std::size_t>(resource)];
  }
};

// A usage or a count below zero cannot be and is not taken; a change may be below zero.
ResourceUsage ResourceUsageOf(const model::Span& span);

// Of a run that has ended: what its root says, else what its outermost spans that say something do,
// those inside which no span above them does. Changes of memory and counts of these are added,
// the highest usage of memory and CPU is taken, and changes of CPU are averaged.
ResourceUsage ResourceUsageOf(const analytics::TraceView& view);

// Whether what a span says is about a step: a root of kind workflow stands for the run itself.
bool IsResourceStep(const analytics::ProfiledRun& run, std::size_t span);

// Averages over those of many that said something.
//
// Thread: value.
class ResourceSums {
 public:
  void Add(const ResourceUsage& usage);

  std::size_t count(Resource resource) const;              // That said something.
  std::optional<double> average(Resource resource) const;  // Empty when none did.

 private:
  std::array<double, kResourceCount> sums_{};
  std::array<std::size_t, kResourceCount> counts_{};
};

}  // namespace sightline::api
