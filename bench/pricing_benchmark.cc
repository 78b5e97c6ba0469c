// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <benchmark/benchmark.h>

#include "pricing/embedded_prices.h"
#include "pricing/price.h"

namespace sightline::pricing {
namespace {

constexpr std::int64_t kTimeNs = 1'762'430'400'000'000'000;  // 2025-11-06T12:00:00Z.

// What a busy service asks for.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNames = {{
    {"openai", "gpt-4o-mini-2024-07-18"},
    {"openai", "gpt-5"},
    {"anthropic", "claude-sonnet-4-5-20250929"},
    {"aws.bedrock", "us.anthropic.claude-haiku-4-5-20251001-v1:0"},
    {"gcp.vertex_ai", "gemini-2.5-flash"},
    {"azure.ai.openai", "gpt-4.1"},
}};

const PriceBook& Book() {
  static const PriceBook book = PriceBook::Create(EmbeddedPrices(), EmbeddedOverrides()).value();
  return book;
}

void CreateBook(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(PriceBook::Create(EmbeddedPrices(), EmbeddedOverrides()));
  }
}

void FindKnownName(benchmark::State& state) {
  const PriceBook& book = Book();
  std::size_t i = 0;
  for (auto _ : state) {
    const auto& [provider, model] = kNames[i++ % kNames.size()];
    benchmark::DoNotOptimize(book.Find(provider, model, kTimeNs));
  }
}

// A new name each time: the price book is searched to its end.
void FindNewName(benchmark::State& state) {
  const PriceBook& book = Book();
  std::uint64_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(book.Find("openai", "unknown-" + std::to_string(i++), kTimeNs));
  }
}

void PriceCall(benchmark::State& state) {
  const PriceBook& book = Book();
  const model::Usage usage = {.input_total = 12'000, .cache_read = 9'000, .output_total = 700};
  std::size_t i = 0;
  for (auto _ : state) {
    const auto& [provider, model] = kNames[i++ % kNames.size()];
    benchmark::DoNotOptimize(Price(book, provider, model, usage, kTimeNs));
  }
}

BENCHMARK(CreateBook)->Unit(benchmark::kMillisecond);
BENCHMARK(FindKnownName)->Threads(1)->Threads(2);
BENCHMARK(FindNewName);
BENCHMARK(PriceCall);

}  // namespace
}  // namespace sightline::pricing

BENCHMARK_MAIN();
