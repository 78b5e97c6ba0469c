// SPDX-License-Identifier: Apache-2.0
// Many short runs: what one costs, what is held of them, and how long a list takes.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <malloc.h>

#include "base/clock.h"
#include "base/loss.h"
#include "live/history.h"
#include "live/live.h"
#include "live/runs.h"
#include "live/span_builder_for_testing.h"

namespace sightline::live {
namespace {

constexpr std::uint32_t kSpansOfBatch = 256;

class NoHistory final : public History {
 public:
  bool MayKnow(const model::TraceId&, std::uint64_t) const override { return false; }

  base::Result<model::BatchPtr> Load(const model::TraceId&, std::uint64_t) override {
    return base::Error(base::Code::kNotFound, "there is no history");
  }
};

model::BatchPtr BatchOfRuns(std::uint64_t position, std::int64_t now_ns, std::uint8_t parent) {
  std::vector<SpanBuilder> spans;
  for (std::uint32_t i = 0; i < kSpansOfBatch; ++i) {
    spans.push_back(SpanBuilder(1, 1, parent, model::SpanKind::kLlm)
                        .Trace(static_cast<std::uint32_t>(position) * kSpansOfBatch + i)
                        .Tokens(10, 5)
                        .Between(now_ns - kSecondNs, now_ns));
  }
  return MakeBatch(position, now_ns, spans);
}

double HeapBytes() {
  return static_cast<double>(mallinfo2().uordblks);
}

// Runs of one span at 20,000 a second, with a cut every two seconds.
void StreamRunsOfOneSpan(benchmark::State& state) {
  for (auto _ : state) {
    base::ManualClock clock(kStartNs);
    base::LossTable losses;
    NoHistory history;
    Rates rates(clock);
    Rollups rollups(kStartNs / kMinuteNs);
    Runs runs({}, history, rollups, rates, losses);
    const double before = HeapBytes();
    double most = 0;
    std::uint64_t position = 0;
    std::uint64_t settled = 0;
    while (settled + runs.size().runs < static_cast<std::uint64_t>(state.range(0))) {
      clock.Advance(std::chrono::nanoseconds(kSecondNs / 20'000 * kSpansOfBatch));
      runs.Apply(*BatchOfRuns(++position, clock.NowNs(), 0));
      if (position % 3 == 0) {  // Each tick of 40 ms.
        rollups.Advance(clock.NowNs() / kMinuteNs);
        runs.Refresh(clock.NowNs());
        runs.TakeChanged();
      }
      if (position % 156 == 0) {
        settled += std::move(runs.TakeCut()).Finish().settled.size();
        most = std::max(most, HeapBytes() - before);
      }
    }
    state.counters["heap_mb"] = most / 1e6;
    state.counters["held_runs"] = static_cast<double>(runs.size().runs);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// Runs of one span whose root does not come.
void HoldOpenRuns(benchmark::State& state) {
  for (auto _ : state) {
    base::ManualClock clock(kStartNs);
    base::LossTable losses;
    NoHistory history;
    Live live({.runs = {.max_bytes = std::size_t{1} << 30U}}, history, clock, losses);
    live.Start();
    const double before = HeapBytes();
    std::uint64_t position = 0;
    for (std::int64_t left = state.range(0); left > 0; left -= kSpansOfBatch) {
      live.Add(BatchOfRuns(++position, clock.NowNs(), 9));
    }
    live.Flush();
    const auto runs = static_cast<double>(live.stats().runs.runs);
    state.counters["heap_bytes_a_run"] = (HeapBytes() - before) / runs;
    state.counters["estimated_bytes_a_run"] = static_cast<double>(live.stats().runs.bytes) / runs;
    const auto began = std::chrono::steady_clock::now();
    std::size_t seen = 0;
    live.VisitRuns([&](const model::RunRecord& record) {
      seen += record.status == model::RunStatus::kRunning ? 1U : 0U;
      return true;
    });
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    state.counters["list_ms"] = took.count();
    state.counters["listed"] = static_cast<double>(seen);
  }
}

BENCHMARK(StreamRunsOfOneSpan)->Arg(1'300'000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(HoldOpenRuns)->Arg(100'000)->Arg(200'000)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sightline::live

BENCHMARK_MAIN();
