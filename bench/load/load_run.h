// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "load/request_stream.h"

namespace sightline::load {

enum class Protocol : std::uint8_t { kGrpc, kHttp };

struct LoadOptions {
  std::string target;  // host:port
  Protocol protocol = Protocol::kGrpc;
  StreamOptions stream;
  std::size_t connections = 4;
  // Ends at whichever comes first; 0: no limit.
  std::uint64_t spans = 0;
  std::chrono::duration<double> duration{0};
  // Spans a second, spread evenly; 0: as fast as the answers come.
  double rate = 0;
  // Runs start over this time up to now, in the order in which they are sent. Needs `spans`.
  std::chrono::duration<double> history{0};
  // How much older the runs are.
  std::chrono::duration<double> ago{0};
  // How long a request that was pushed back waits before it is sent again.
  std::chrono::milliseconds retry_pause{50};
};

struct LoadReport {
  std::uint64_t requests = 0;  // Accepted.
  std::uint64_t spans = 0;
  std::uint64_t bytes = 0;
  std::uint64_t pushed_back = 0;  // Answers that asked to come again.
  std::uint64_t failed = 0;       // Requests given up.
  std::string problem;            // Of the last failure.
  double seconds = 0;
  std::vector<float> latencies_ms;  // Of accepted requests, from sending to the answer, sorted.
  std::vector<std::uint64_t> runs;  // Numbers of some runs that were accepted as a whole.
};

// Sends one stream of requests per connection, each on a thread of its own. A request that is
// pushed back is sent again until it is accepted or the time is over; a failed one ends its
// connection.
LoadReport RunLoad(const LoadOptions& options);

}  // namespace sightline::load
