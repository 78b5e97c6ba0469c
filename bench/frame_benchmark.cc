// SPDX-License-Identifier: Apache-2.0
// What the frame files of a day cost: CPU and bytes a span by level and size of frame, and how long
// it takes to find and read a trace. The spans are those of the load generator, built as the server
// builds them: rows on one side, the texts that are stored once (bodies) on the other.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/check.h"
#include "base/disk.h"
#include "base/loss.h"
#include "base/temp_directory_for_testing.h"
#include "ingest/batch_builder.h"
#include "ingest/recent_rows.h"
#include "load/mix.h"
#include "load/request_stream.h"
#include "load/text_pool.h"
#include "model/encoded_batch.h"
#include "normalize/normalizer.h"
#include "otlp/decode.h"
#include "pricing/current_prices.h"
#include "pricing/embedded_prices.h"
#include "store/embedded/body_places.h"
#include "store/embedded/frame_file.h"
#include "store/embedded/trace_map.h"

namespace sightline {
namespace {

using store::embedded::BodyPlaces;
using store::embedded::FrameKind;
using store::embedded::FrameReader;
using store::embedded::FrameWriter;
using store::embedded::TraceMap;
using store::embedded::TracePlace;

constexpr std::int64_t kNow = 1'773'136'800'000'000'000;
constexpr std::size_t kRuns = 1'000;
constexpr std::size_t kPoolBytes = std::size_t{16} << 20U;

class NumberingCatalog final : public store::BodyCatalog {
 public:
  base::Hash128 HashOf(std::string_view text) const override { return base::HashBytes128(text); }

  std::optional<Known> Find(std::int32_t /*day*/, const base::Hash128& hash) const override {
    const auto it = ids_.find(hash);
    return it == ids_.end() ? std::nullopt : std::optional(it->second);
  }

  std::uint64_t NewId() override { return ++last_id_; }

  void Add(const model::Body& body) {
    ids_.emplace(body.hash, Known{.id = body.id, .owner = body.owner});
  }

 private:
  std::map<base::Hash128, Known> ids_;
  std::uint64_t last_id_ = 0;
};

enum class Part : std::uint8_t { kRows, kBodies };

struct Corpus {
  std::size_t spans = 0;
  std::vector<std::pair<model::TraceId, std::string>> rows;  // The encoded spans of each trace.
  std::vector<std::string> bodies;
};

// Appends the spans of a batch to the traces they belong to; a run's spans are next to each other.
void AddRows(const model::Batch& batch, Corpus& corpus) {
  for (std::size_t begin = 0; begin < batch.spans.size();) {
    model::Batch part;
    const model::TraceId trace_id = batch.spans[begin].trace_id;
    while (begin < batch.spans.size() && batch.spans[begin].trace_id == trace_id) {
      part.spans.push_back(batch.spans[begin++]);
    }
    corpus.spans += part.spans.size();
    corpus.rows.emplace_back(trace_id, model::EncodedBatch::Encode(part)->record());
  }
}

Corpus MakeCorpus(load::Shape shape) {
  const load::TextPool pool(1, kPoolBytes);
  load::RequestStream stream({.shape = {.shape = shape}, .content = load::Content::kUnique}, pool);
  const normalize::Normalizer normalizer;
  const pricing::CurrentPrices prices(
      pricing::PriceBook::Create(pricing::EmbeddedPrices(), pricing::EmbeddedOverrides()).value());
  const ingest::RecentRows recent;
  NumberingCatalog catalog;
  base::LossTable losses;
  const ingest::BatchBuilder builder({.normalizer = normalizer,
                                      .prices = prices,
                                      .recent = recent,
                                      .bodies = catalog,
                                      .losses = losses,
                                      .limits = {}});
  Corpus corpus;
  for (std::size_t runs = 0; runs < kRuns;) {
    const load::RequestStream::Request sent = stream.Next(kNow);
    runs += sent.ended_runs;
    otlp::Request request;
    CHECK(otlp::Decode(otlp::Signal::kTraces, sent.body, request).has_value());
    const auto built = builder.Build(request, kNow);
    CHECK(built.rejected == 0);
    AddRows(*built.batch, corpus);
    for (const model::Body& body : built.batch->bodies) {
      catalog.Add(body);
      corpus.bodies.emplace_back(body.bytes);
    }
  }
  return corpus;
}

const Corpus& CorpusOf(load::Shape shape) {
  static const Corpus steps = MakeCorpus(load::Shape::kSteps);
  static const Corpus agent = MakeCorpus(load::Shape::kAgent);
  return shape == load::Shape::kSteps ? steps : agent;
}

// Entries joined to frames of about `frame_bytes`.
std::vector<std::string> FramesOf(const Corpus& corpus, Part part, std::size_t frame_bytes) {
  std::vector<std::string> frames(1);
  const auto add = [&](std::string_view entry) {
    if (frames.back().size() >= frame_bytes) {
      frames.emplace_back();
    }
    frames.back().append(entry);
  };
  if (part == Part::kRows) {
    for (const auto& [trace_id, rows] : corpus.rows) {
      add(rows);
    }
  } else {
    for (const std::string& body : corpus.bodies) {
      add(body);
    }
  }
  return frames;
}

// Arguments: level, KB of a frame. Compressing, hashing and writing to the page cache.
void WriteFrames(benchmark::State& state, load::Shape shape, Part part) {
  const base::TempDirectory directory;
  base::PosixDisk disk;
  const std::unique_ptr<FrameWriter> writer =
      FrameWriter::Open(disk, directory.path() / "frames", 0, static_cast<int>(state.range(0)))
          .value();
  const std::uint64_t empty = writer->length();
  const Corpus& corpus = CorpusOf(shape);
  const std::vector<std::string> frames =
      FramesOf(corpus, part, static_cast<std::size_t>(state.range(1)) << 10U);
  std::size_t raw = 0;
  for (const std::string& frame : frames) {
    raw += frame.size();
  }
  std::uint64_t stored = 0;
  for (auto _ : state) {
    for (const std::string& frame : frames) {
      CHECK(writer->Append(FrameKind::kRows, 1, frame).has_value());
    }
    stored = writer->length() - empty;
    state.PauseTiming();
    CHECK(writer->Truncate(empty).has_value());
    state.ResumeTiming();
  }
  const auto spans = static_cast<double>(corpus.spans);
  state.counters["us_per_span"] = benchmark::Counter(
      spans * 1e-6, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["raw_per_span"] = static_cast<double>(raw) / spans;
  state.counters["bytes_per_span"] = static_cast<double>(stored) / spans;
}

void BM_WriteRowsOfSteps(benchmark::State& state) {
  WriteFrames(state, load::Shape::kSteps, Part::kRows);
}

void BM_WriteRowsOfAgents(benchmark::State& state) {
  WriteFrames(state, load::Shape::kAgent, Part::kRows);
}

void BM_WriteBodiesOfAgents(benchmark::State& state) {
  WriteFrames(state, load::Shape::kAgent, Part::kBodies);
}

// A trace id of a trace that no run has.
model::TraceId OtherTrace(std::uint64_t number) {
  model::TraceId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(load::Mix(7, number) >> (8 * (i % 8)));
  }
  id.bytes[0] = static_cast<std::uint8_t>(number);
  return id;
}

constexpr std::uint64_t kOtherTraces = 1'000'000;

// Arguments: level, KB of a frame. Index of a million traces, pread from the page cache, checksum
// and decompression.
void BM_ReadTrace(benchmark::State& state) {
  const base::TempDirectory directory;
  base::PosixDisk disk;
  const std::filesystem::path path = directory.path() / "frames";
  const auto writer = FrameWriter::Open(disk, path, 0, static_cast<int>(state.range(0))).value();
  const auto map = TraceMap::Open(disk, directory.path() / "traces");
  const Corpus& corpus = CorpusOf(load::Shape::kAgent);
  std::vector<TracePlace> places;
  std::string frame;
  for (const auto& [trace_id, rows] : corpus.rows) {
    places.push_back({.trace_id = trace_id, .frame_offset = writer->length(), .position = 1});
    frame += rows;
    if (frame.size() >= static_cast<std::size_t>(state.range(1)) << 10U) {
      CHECK(writer->Append(FrameKind::kRows, 1, frame).has_value());
      frame.clear();
    }
  }
  CHECK(writer->Append(FrameKind::kRows, 1, frame).has_value());
  for (std::uint64_t i = 0; i < kOtherTraces; ++i) {
    places.push_back({.trace_id = OtherTrace(i), .frame_offset = i, .position = 1});
  }
  map->Add(std::move(places), writer->length());
  CHECK(map->Save().has_value());
  const auto reader = FrameReader::Open(disk, path).value();
  std::uint64_t number = 0;
  for (auto _ : state) {
    const auto& wanted = corpus.rows[load::Mix(3, ++number) % corpus.rows.size()].first;
    for (const TracePlace& place : map->Find(wanted)) {
      benchmark::DoNotOptimize(reader->Read(place.frame_offset).value());
    }
  }
}

std::unique_ptr<TraceMap> MillionTraces(base::Disk& disk, const std::filesystem::path& path) {
  auto map = TraceMap::Open(disk, path);
  constexpr std::uint64_t kPerSeal = 1'000;
  for (std::uint64_t begin = 0; begin < kOtherTraces; begin += kPerSeal) {
    std::vector<TracePlace> places;
    for (std::uint64_t i = begin; i < begin + kPerSeal; ++i) {
      places.push_back({.trace_id = OtherTrace(i), .frame_offset = i, .position = i});
    }
    map->Add(std::move(places), begin + kPerSeal);
  }
  return map;
}

// A thousand seals of a thousand traces, with all merging.
void BM_AddMillionTraces(benchmark::State& state) {
  const base::TempDirectory directory;
  base::PosixDisk disk;
  for (auto _ : state) {
    benchmark::DoNotOptimize(MillionTraces(disk, directory.path() / "traces"));
  }
}

void BM_SaveMillionTraces(benchmark::State& state) {
  const base::TempDirectory directory;
  base::PosixDisk disk;
  const auto map = MillionTraces(disk, directory.path() / "traces");
  for (auto _ : state) {
    CHECK(map->Save().has_value());
  }
}

void BM_OpenMillionTraces(benchmark::State& state) {
  const base::TempDirectory directory;
  base::PosixDisk disk;
  CHECK(MillionTraces(disk, directory.path() / "traces")->Save().has_value());
  for (auto _ : state) {
    const auto map = TraceMap::Open(disk, directory.path() / "traces");
    CHECK(map->covered_length() == kOtherTraces);
  }
}

// Argument: whether the traces are saved. Half of the ids are not in it.
void BM_FindTraceOfMillion(benchmark::State& state) {
  const base::TempDirectory directory;
  base::PosixDisk disk;
  const auto map = MillionTraces(disk, directory.path() / "traces");
  if (state.range(0) != 0) {
    CHECK(map->Save().has_value());
  }
  std::uint64_t number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(map->Find(OtherTrace(load::Mix(5, ++number) % (2 * kOtherTraces))));
  }
}

void BM_FindBodyIn100000Frames(benchmark::State& state) {
  constexpr std::uint64_t kFrames = 100'000;
  BodyPlaces places;
  for (std::uint64_t i = 0; i < kFrames; ++i) {
    places.Add(i * 100, i * 100 + 250, i);
  }
  std::uint64_t number = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(places.Find(load::Mix(9, ++number) % (kFrames * 100)));
  }
}

void LevelsAndSizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"level", "KB"})->ArgsProduct({{1, 3}, {64, 256}});
}

BENCHMARK(BM_WriteRowsOfSteps)->Apply(LevelsAndSizes)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_WriteRowsOfAgents)->Apply(LevelsAndSizes)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_WriteBodiesOfAgents)->Apply(LevelsAndSizes)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ReadTrace)->Apply(LevelsAndSizes)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_AddMillionTraces)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_SaveMillionTraces)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_OpenMillionTraces)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_FindTraceOfMillion)->ArgName("saved")->Arg(0)->Arg(1);
BENCHMARK(BM_FindBodyIn100000Frames);

}  // namespace
}  // namespace sightline

BENCHMARK_MAIN();
