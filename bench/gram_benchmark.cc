// SPDX-License-Identifier: Apache-2.0
// What the grams of texts (store/embedded/text_grams.h) cost: gathering those of a frame of message
// bodies, which is part of sealing, and asking a bitmap whether a text may be in its frame.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <benchmark/benchmark.h>

#include "load/text_pool.h"
#include "store/embedded/text_grams.h"

namespace sightline {
namespace {

using store::embedded::GramBuilder;
using store::embedded::kGramBytes;
using store::embedded::SoughtGrams;

constexpr std::size_t kFrameBytes = std::size_t{256} << 10U;
constexpr std::size_t kBodyBytes = 600;

std::string Text() {
  const load::TextPool pool(1, 2 * kFrameBytes);
  return std::string(pool.Cut(0, kFrameBytes));
}

void BM_GatherGramsOfAFrame(benchmark::State& state) {
  const std::string text = Text();
  GramBuilder builder;
  std::string bitmap;
  for (auto _ : state) {
    for (std::size_t at = 0; at < text.size(); at += kBodyBytes) {
      builder.Add(std::string_view(text).substr(at, kBodyBytes));
    }
    bitmap.clear();
    builder.TakeTo(bitmap);
    benchmark::DoNotOptimize(bitmap.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

BENCHMARK(BM_GatherGramsOfAFrame);

void BM_AskABitmap(benchmark::State& state) {
  GramBuilder builder;
  builder.Add(Text());
  std::string bitmap;
  builder.TakeTo(bitmap);
  const SoughtGrams sought("no run holds this text, so that all is read");
  for (auto _ : state) {
    benchmark::DoNotOptimize(sought.MayBeIn(bitmap));
  }
}

BENCHMARK(BM_AskABitmap);

}  // namespace
}  // namespace sightline

BENCHMARK_MAIN();
