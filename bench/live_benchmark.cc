// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "live/rollups.h"
#include "live/signs.h"
#include "model/sketch.h"

namespace sightline::live {
namespace {

constexpr std::int64_t kNow = 29'500'000;  // Minutes.
constexpr std::int64_t kMillisecond = 1'000'000;

// Ten workflows of five agents each, which use four models or none.
model::RollupKey KeyNumber(std::uint64_t number) {
  model::RollupKey key = {.workflow = "workflow-" + std::to_string(number % 10),
                          .agent = "agent-" + std::to_string(number / 10 % 5),
                          .service = "agents"};
  if (number / 50 % 4 != 0) {
    key.model = "model-" + std::to_string(number / 50 % 4);
  }
  return key;
}

constexpr std::uint64_t kKeys = 200;

model::RollupEntry EntryNumber(std::uint64_t number, std::int64_t minute,
                               std::mt19937_64& generator) {
  model::RollupEntry entry{.minute = minute,
                           .key = KeyNumber(number),
                           .counts = {.steps = 5,
                                      .model_calls = 5,
                                      .input_tokens = 20'000,
                                      .output_tokens = 1'500,
                                      .cost_picodollars = 30'000'000'000}};
  std::lognormal_distribution<double> milliseconds(7, 1);
  for (int i = 0; i < 5; ++i) {
    entry.step_latency.Add(static_cast<std::int64_t>(milliseconds(generator) * kMillisecond));
  }
  return entry;
}

// A day in which every key is active in every minute.
Rollups& FullDay() {
  static Rollups* rollups = [] {
    auto* full = new Rollups(kNow);
    std::mt19937_64 generator(1);
    for (std::int64_t minute = kNow - model::MinutesOf(model::Window::k24Hours) + 1; minute <= kNow;
         ++minute) {
      for (std::uint64_t number = 0; number < kKeys; ++number) {
        const model::RollupEntry entry = EntryNumber(number, minute, generator);
        full->Apply(std::span(&entry, 1), RollupChange::kAdd);
      }
    }
    return full;
  }();
  return *rollups;
}

// One step of a run that grows: its old entries out, its new ones in.
void ReplaceEntriesOfARun(benchmark::State& state) {
  Rollups& rollups = FullDay();
  std::mt19937_64 generator(2);
  std::vector<model::RollupEntry> entries;
  for (std::uint64_t i = 0; i < 6; ++i) {
    entries.push_back(EntryNumber(i * 50 + 3, kNow - static_cast<std::int64_t>(i % 2), generator));
  }
  rollups.Apply(entries, RollupChange::kAdd);
  for (auto _ : state) {
    rollups.Apply(entries, RollupChange::kRemove);
    rollups.Apply(entries, RollupChange::kAdd);
  }
  state.SetItemsProcessed(state.iterations() * 2 * static_cast<std::int64_t>(entries.size()));
}

void TotalOfADay(benchmark::State& state) {
  const Rollups& rollups = FullDay();
  for (auto _ : state) {
    benchmark::DoNotOptimize(rollups.Total(model::Window::k24Hours));
  }
}

void GetKeyOfADay(benchmark::State& state) {
  const Rollups& rollups = FullDay();
  const model::RollupKey key = KeyNumber(7);
  for (auto _ : state) {
    benchmark::DoNotOptimize(rollups.Get(model::Window::k24Hours, key));
  }
}

void GroupADayByModel(benchmark::State& state) {
  const Rollups& rollups = FullDay();
  for (auto _ : state) {
    benchmark::DoNotOptimize(rollups.GroupBy(model::Window::k24Hours, model::Dimension::kModel));
  }
}

void SeriesOfADay(benchmark::State& state) {
  const Rollups& rollups = FullDay();
  for (auto _ : state) {
    benchmark::DoNotOptimize(rollups.Series(model::MinutesOf(model::Window::k24Hours)));
  }
}

void SeriesOfAWorkflow(benchmark::State& state) {
  const Rollups& rollups = FullDay();
  for (auto _ : state) {
    benchmark::DoNotOptimize(rollups.Series(model::MinutesOf(model::Window::k1Hour), "workflow-3"));
  }
}

void MergeSketches(benchmark::State& state) {
  std::mt19937_64 generator(3);
  const model::Sketch few = EntryNumber(0, 0, generator).step_latency;
  model::Sketch many = FullDay().Total(model::Window::k24Hours).step_latency;
  for (auto _ : state) {
    many.Merge(few);
    many.Subtract(few);
  }
  state.counters["buckets"] = static_cast<double>(many.bucket_count());
}

// A run with as many calls as are kept and an open step, as is done for every live run once a
// second.
void EvaluateSigns(benchmark::State& state) {
  const SignOptions options;
  UsualBehaviour usual;
  for (int i = 0; i < 1'000; ++i) {
    usual.AddStep("chat", (i % 100) * 50 * kMillisecond);
  }
  RunSigns signs(options);
  signs.OnRun({.workflow = "crew", .has_root = true});
  for (std::uint8_t id = 1; id <= CallSequence::kMaxCalls; ++id) {
    signs.OnStep({.span_id = {{id}},
                  .step_name = id % 2 == 0 ? "chat" : "tool search",
                  .kind = id % 2 == 0 ? model::SpanKind::kLlm : model::SpanKind::kTool,
                  .start_ns = id * 1'000 * kMillisecond,
                  .end_ns = id * 1'001 * kMillisecond,
                  .arguments_hash = id % 2 == 0 ? 0U : id});
  }
  signs.OnStep({.span_id = {{255}}, .step_name = "chat", .kind = model::SpanKind::kLlm});
  for (auto _ : state) {
    benchmark::DoNotOptimize(signs.Evaluate(2'000 * kMillisecond, usual));
  }
}

// Last: it moves the day on, from which every run of it takes a minute.
void AdvanceAMinute(benchmark::State& state) {
  Rollups& rollups = FullDay();
  std::int64_t minute = kNow;
  for (auto _ : state) {
    rollups.Advance(++minute);
  }
}

BENCHMARK(ReplaceEntriesOfARun);
BENCHMARK(TotalOfADay);
BENCHMARK(GetKeyOfADay);
BENCHMARK(GroupADayByModel);
BENCHMARK(SeriesOfADay);
BENCHMARK(SeriesOfAWorkflow);
BENCHMARK(MergeSketches);
BENCHMARK(EvaluateSigns);
BENCHMARK(AdvanceAMinute)->Iterations(1'000);

}  // namespace
}  // namespace sightline::live

BENCHMARK_MAIN();
