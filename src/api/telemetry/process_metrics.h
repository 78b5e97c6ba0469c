// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/process_usage.h"
#include "base/result.h"
#include "store/store.h"

namespace sightline::api {

// Which process a resource is, as far as its attributes tell.
//
// Thread: value.
struct ProcessIdentity {
  std::string service;
  std::string instance;   // service.instance.id
  std::string host;       // host.id, else host.name
  std::string pid;        // process.pid
  std::string container;  // container.id

  // `attributes` are those of a resource as JSON text.
  static ProcessIdentity Of(std::string_view service, std::string_view attributes);

  friend auto operator<=>(const ProcessIdentity&, const ProcessIdentity&) = default;
};

// Whether metrics of `metrics` are of the process `process`: by the instance id when it has one,
// else by host (or container) and process id, else by service and host, which is a guess.
bool IsSameProcess(const ProcessIdentity& process, const ProcessIdentity& metrics);

// What the metrics of a process tell of a time.
//
// Thread: value.
struct ProcessMetrics {
  std::vector<std::string> names;  // Of the metrics that tell it.
  analytics::ProcessUsage usage;
  bool is_ambiguous = false;  // Left out are metrics that may be of one of several processes.
};

// From the metrics process.* and container.* of OpenTelemetry, older names included; for each
// measure from the first of its names that the process has. Errors: those of the store, but a
// metric with too many series is passed over.
base::Result<ProcessMetrics> ReadProcessMetrics(const ProcessIdentity& process,
                                                std::int64_t start_ns, std::int64_t end_ns,
                                                store::SpanStore& store,
                                                store::SpanStore::Deadline deadline);

}  // namespace sightline::api
