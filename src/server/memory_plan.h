// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace sightline::server {

// The parts of the server that hold memory. What each of them does at its share is in
// docs/configuration.md.
enum class MemoryPart : std::uint8_t {
  kProgram,      // Code, stacks and what allocators keep.
  kGrpc,         // Messages that have not come whole.
  kBodies,       // Requests, as they were sent and as they are after decompression.
  kRows,         // What requests became, until they are durable: rows and the journal's queue.
  kHead,         // Encoded rows that are not in a day folder yet.
  kSealing,      // What is written to a day folder at once.
  kLiveQueue,    // Batches that live state has not taken in.
  kLiveRuns,     // Runs that go on or ended lately.
  kRollups,      // Figures of the last day.
  kQueries,      // DuckDB; above it queries use the disk.
  kReads,        // Rows of runs that are being read; above it one request alone reads.
  kSums,         // Sums of days and pages of runs, kept for the next who asks.
  kAnswers,      // Answers that clients have not taken yet.
  kLifecycle,    // What is remembered of runs that report through the lifecycle API.
  kRecentRows,   // What is remembered of rows, to know one that is sent again.
  kBodyIndex,    // What is remembered of message bodies, to store one that is sent again once.
  kConnections,  // What connections hold between requests and what feeds have to send.
};

inline constexpr std::size_t kMemoryParts = static_cast<std::size_t>(MemoryPart::kConnections) + 1;

// For people: "live runs".
std::string_view NameOf(MemoryPart part);

// How much memory each part may hold, in bytes. The shares add up to the budget.
//
// Thread: value.
struct MemoryPlan {
  std::array<std::uint64_t, kMemoryParts> bytes{};

  std::uint64_t operator[](MemoryPart part) const { return bytes[static_cast<std::size_t>(part)]; }
};

// Divides the budget. The program, queries and one request of `max_body_bytes` that gRPC has not
// received whole need what they need; the parts share the rest.
// Errors: kInvalidArgument when the rest is too small, which names the least budget.
base::Result<MemoryPlan> PlanMemory(std::uint64_t budget_bytes, std::uint64_t max_body_bytes);

}  // namespace sightline::server
