// SPDX-License-Identifier: Apache-2.0
#include "server/memory_plan.h"

#include <numeric>

#include <fmt/format.h>

namespace sightline::server {
namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;

// What gRPC needs beside the messages: its connections.
constexpr std::uint64_t kGrpcOverheadBytes = 48 * kMebibyte;

// Below this the shares do not hold what each part needs to go on at all.
constexpr std::uint64_t kLeastShared = 128 * kMebibyte;

struct PartPlan {
  MemoryPart part;
  std::string_view name;
  std::uint64_t fixed_mebibytes;  // Whatever the budget is.
  std::uint64_t share;            // Of what the fixed ones leave, in relation to the others.
};

// With the default budget of 1 GiB and requests of 64 MiB a share of 1 is 16 MiB.
constexpr std::array<PartPlan, kMemoryParts> kParts = {{
    {MemoryPart::kProgram, "program", 64, 0},
    {MemoryPart::kGrpc, "gRPC", 0, 0},  // And the largest request.
    {MemoryPart::kBodies, "request bodies", 0, 6},
    {MemoryPart::kRows, "rows on their way", 0, 4},
    {MemoryPart::kHead, "head of the store", 0, 6},
    {MemoryPart::kSealing, "sealing", 0, 3},
    {MemoryPart::kLiveQueue, "live queue", 0, 3},
    {MemoryPart::kLiveRuns, "live runs", 0, 6},
    {MemoryPart::kRollups, "rollups", 0, 3},
    {MemoryPart::kQueries, "queries", 96, 2},
    {MemoryPart::kReads, "runs being read", 0, 2},
    {MemoryPart::kSums, "kept sums", 0, 1},
    {MemoryPart::kAnswers, "answers", 0, 3},
    {MemoryPart::kLifecycle, "lifecycle events", 0, 2},
    {MemoryPart::kRecentRows, "recent rows", 0, 2},
    {MemoryPart::kBodyIndex, "body index", 0, 2},
    {MemoryPart::kConnections, "connections", 0, 2},
}};

constexpr bool IsInOrder() {
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    if (static_cast<std::size_t>(kParts[i].part) != i) {
      return false;
    }
  }
  return true;
}

static_assert(IsInOrder());

}  // namespace

std::string_view NameOf(MemoryPart part) {
  return kParts[static_cast<std::size_t>(part)].name;
}

base::Result<MemoryPlan> PlanMemory(std::uint64_t budget_bytes, std::uint64_t max_body_bytes) {
  MemoryPlan plan;
  std::uint64_t shares = 0;
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    plan.bytes[i] = kParts[i].fixed_mebibytes * kMebibyte;
    shares += kParts[i].share;
  }
  plan.bytes[static_cast<std::size_t>(MemoryPart::kGrpc)] = max_body_bytes + kGrpcOverheadBytes;
  const std::uint64_t fixed =
      std::accumulate(plan.bytes.begin(), plan.bytes.end(), std::uint64_t{0});
  if (budget_bytes < fixed + kLeastShared) {
    return base::Error(
        base::Code::kInvalidArgument,
        fmt::format("a memory of {} bytes is too small for requests of {} bytes: at least {} bytes "
                    "are needed",
                    budget_bytes, max_body_bytes, fixed + kLeastShared));
  }
  const std::uint64_t shared = budget_bytes - fixed;
  std::uint64_t given = fixed;
  for (std::size_t i = 0; i < kParts.size(); ++i) {
    const std::uint64_t part = shared / shares * kParts[i].share;
    plan.bytes[i] += part;
    given += part;
  }
  plan.bytes[static_cast<std::size_t>(MemoryPart::kProgram)] += budget_bytes - given;
  return plan;
}

}  // namespace sightline::server
