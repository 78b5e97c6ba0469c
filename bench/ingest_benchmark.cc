// SPDX-License-Identifier: Apache-2.0
// What an ingest worker does with a request, step by step, on one thread: the requests are those of
// the load generator, the catalog of bodies is the store's. Also what live state does with the
// batches.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/check.h"
#include "base/loss.h"
#include "ingest/batch_builder.h"
#include "ingest/recent_rows.h"
#include "load/request_stream.h"
#include "load/text_pool.h"
#include "model/encoded_batch.h"
#include "normalize/normalizer.h"
#include "otlp/decode.h"
#include "pricing/current_prices.h"
#include "pricing/embedded_prices.h"
#include "store/embedded/body_index.h"

namespace sightline {
namespace {

using store::embedded::BodyIndex;

constexpr std::int64_t kNow = 1'773'136'800'000'000'000;
constexpr std::size_t kRequests = 60;
constexpr std::size_t kPoolBytes = std::size_t{16} << 20U;

const std::vector<std::string>& Requests(load::Shape shape) {
  const auto make = [](load::Shape wanted) {
    const load::TextPool pool(1, kPoolBytes);
    load::RequestStream stream({.shape = {.shape = wanted}}, pool);
    std::vector<std::string> requests;
    for (std::size_t i = 0; i < kRequests; ++i) {
      requests.emplace_back(stream.Next(kNow).body);
    }
    return requests;
  };
  static const std::vector<std::string> agent = make(load::Shape::kAgent);
  static const std::vector<std::string> steps = make(load::Shape::kSteps);
  return shape == load::Shape::kSteps ? steps : agent;
}

enum class Until : std::uint8_t { kDecoded, kNormalized, kBuilt, kEncoded };

// Everything up to a step.
void Ingest(benchmark::State& state, load::Shape shape, Until until) {
  const normalize::Normalizer normalizer;
  const pricing::CurrentPrices prices(
      pricing::PriceBook::Create(pricing::EmbeddedPrices(), pricing::EmbeddedOverrides()).value());
  const ingest::RecentRows recent;
  base::LossTable losses;
  const std::vector<std::string>& requests = Requests(shape);
  std::int64_t spans = 0;
  otlp::Request request;
  for (auto _ : state) {
    BodyIndex bodies(base::HashKey{});
    const ingest::BatchBuilder builder({.normalizer = normalizer,
                                        .prices = prices,
                                        .recent = recent,
                                        .bodies = bodies,
                                        .losses = losses,
                                        .limits = {}});
    for (const std::string& bytes : requests) {
      CHECK(otlp::Decode(otlp::Signal::kTraces, bytes, request).has_value());
      spans += static_cast<std::int64_t>(request.spans.size());
      if (until == Until::kDecoded) {
        continue;
      }
      if (until == Until::kNormalized) {
        base::Arena arena;
        normalize::RequestContext context = normalizer.Prepare(request, arena, kNow, &losses);
        for (std::size_t i = 0; i < request.spans.size(); ++i) {
          model::Span row;
          benchmark::DoNotOptimize(normalizer.NormalizeSpan(context, i, row));
        }
        continue;
      }
      const ingest::BatchBuilder::Built built = builder.Build(request, kNow);
      for (const model::Body& body : built.batch->bodies) {
        bodies.Insert(built.batch->day, body.hash, {.id = body.id, .owner = body.owner});
      }
      if (until == Until::kEncoded) {
        benchmark::DoNotOptimize(model::EncodedBatch::Encode(*built.batch));
      }
    }
  }
  state.SetItemsProcessed(spans);
  state.counters["us_per_span"] = benchmark::Counter(
      static_cast<double>(spans) * 1e-6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(Ingest, AgentDecoded, load::Shape::kAgent, Until::kDecoded)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Ingest, AgentNormalized, load::Shape::kAgent, Until::kNormalized)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Ingest, AgentBuilt, load::Shape::kAgent, Until::kBuilt)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Ingest, AgentEncoded, load::Shape::kAgent, Until::kEncoded)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(Ingest, StepsEncoded, load::Shape::kSteps, Until::kEncoded)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sightline

BENCHMARK_MAIN();
