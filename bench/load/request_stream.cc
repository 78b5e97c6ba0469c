// SPDX-License-Identifier: Apache-2.0
#include "load/request_stream.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/check.h"
#include "load/mix.h"
#include "otlp/encode.h"

namespace sightline::load {
namespace {

constexpr std::uint64_t kUsers = 5'000;
constexpr std::uint32_t kHexDigitBits = 4;

std::array<char, 16> TraceIdBytes(std::uint64_t seed, std::uint64_t run) {
  const std::array<std::uint64_t, 2> words = {Mix(seed, run), Mix(~seed, run)};
  std::array<char, 16> bytes{};
  std::memcpy(bytes.data(), words.data(), bytes.size());
  return bytes;
}

// As many hex digits of an endless random number as there is room for.
void WriteHex(std::uint64_t seed, std::size_t size, char* out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 16 == 0) {
      word = Mix(seed, i / 16);
    }
    out[i] = kDigits[word & 15U];
    word >>= kHexDigitBits;
  }
}

// Always two bytes: 128 to 16,383.
void WriteVarint2(std::uint64_t value, char* out) {
  out[0] = static_cast<char>((value & 0x7FU) | 0x80U);
  out[1] = static_cast<char>(value >> 7U);
}

bool IsTokens(PlaceKind kind) {
  return kind == PlaceKind::kInputTokens || kind == PlaceKind::kOutputTokens;
}

otlp::ResourceData Resource(std::size_t stream) {
  return {.attributes = {{"service.name", "agent-platform"},
                         {"service.version", "1.14.2"},
                         {"service.instance.id", fmt::format("agent-platform-{}", stream)},
                         {"deployment.environment.name", "prod"},
                         {"telemetry.sdk.language", "python"},
                         {"telemetry.sdk.name", "opentelemetry"},
                         {"telemetry.sdk.version", "1.37.0"}},
          .schema_url = {}};
}

otlp::ScopeData Scope() {
  return {
      .name = "opentelemetry.util.genai", .version = "0.3b0", .attributes = {}, .schema_url = {}};
}

}  // namespace

RequestStream::RequestStream(const StreamOptions& options, const TextPool& pool)
    : options_(options), pool_(pool) {
  // A cycle is whole runs and whole requests, and has every variant.
  const std::size_t run_spans = SpansPerRun(options.shape);
  runs_per_cycle_ = kVariants;
  while (runs_per_cycle_ * run_spans % options.batch != 0) {
    ++runs_per_cycle_;
  }
  Places places;
  std::vector<otlp::SpanData> spans;
  for (std::uint32_t run = 0; run < runs_per_cycle_; ++run) {
    for (otlp::SpanData& span : MakeRun(options.shape, run, run % kVariants, places)) {
      spans.push_back(std::move(span));
    }
  }
  std::size_t marks = 0;
  for (std::size_t begin = 0; begin < spans.size(); begin += options.batch) {
    Template request;
    request.body = otlp::EncodeTraces(Resource(options.stream), Scope(),
                                      std::span(spans).subspan(begin, options.batch));
    request.patches = places.Find(request.body);
    request.ended_before = begin / run_spans;
    request.ended_after = (begin + options.batch) / run_spans;
    marks += static_cast<std::size_t>(
        std::count_if(request.patches.begin(), request.patches.end(),
                      [](const Patch& patch) { return !IsTokens(patch.place.kind); }));
    templates_.push_back(std::move(request));
  }
  CHECK(marks == places.size());
}

std::uint64_t RequestStream::RunNumber(std::uint64_t local) const {
  return local * options_.streams + options_.stream;
}

RequestStream::Request RequestStream::Next(std::int64_t start_ns) {
  Template& request = templates_[next_];
  Fill(request, start_ns);
  const std::uint64_t first = cycle_ * runs_per_cycle_;
  if (++next_ == templates_.size()) {
    next_ = 0;
    ++cycle_;
  }
  const std::uint64_t ended = request.ended_after - request.ended_before;
  return {.body = request.body,
          .ended_runs = ended,
          .last_ended_run = ended == 0 ? 0 : RunNumber(first + request.ended_after - 1)};
}

void RequestStream::Fill(Template& request, std::int64_t start_ns) {
  for (const Patch& patch : request.patches) {
    const Place& place = patch.place;
    const std::uint64_t run = RunNumber(cycle_ * runs_per_cycle_ + place.run);
    if (run != current_run_) {
      current_run_ = run;
      current_start_ns_ = start_ns;
    }
    const std::uint64_t mixed = Mix(Mix(options_.seed, run), place.item);
    char* out = request.body.data() + patch.offset;
    switch (place.kind) {
      case PlaceKind::kTraceId: {
        const auto id = TraceIdBytes(options_.seed, run);
        std::memcpy(out, id.data(), id.size());
        break;
      }
      case PlaceKind::kSpanId:
        std::memcpy(out, &mixed, sizeof mixed);
        break;
      case PlaceKind::kTime: {
        const std::int64_t time_ns = current_start_ns_ + place.offset_ns;
        std::memcpy(out, &time_ns, sizeof time_ns);
        break;
      }
      case PlaceKind::kText:
        FillText(patch, run, out);
        break;
      case PlaceKind::kHex:
        WriteHex(mixed, place.size, out);
        break;
      case PlaceKind::kUserNumber:
        fmt::format_to_n(out, place.size, "{:08}", Mix(options_.seed, run) % kUsers);
        break;
      case PlaceKind::kInputTokens:
        WriteVarint2(2'048 + mixed % 14'000, out);
        break;
      case PlaceKind::kOutputTokens:
        WriteVarint2(128 + mixed % 2'000, out);
        break;
    }
  }
}

void RequestStream::FillText(const Patch& patch, std::uint64_t run, char* out) const {
  const Place& place = patch.place;
  const std::uint64_t owner = place.owner == TextOwner::kAgent ? ~std::uint64_t{0} : run;
  const std::uint64_t text = Mix(Mix(~options_.seed, owner), place.item);
  const std::uint64_t copy = Mix(Mix(text, run), patch.offset);
  const std::uint64_t choice = options_.content == Content::kUnique ? copy : text;
  const std::string_view bytes = pool_.Cut(choice, place.size);
  std::memcpy(out, bytes.data(), bytes.size());
  if (options_.content == Content::kSalted) {
    WriteHex(copy, Places::kMinSize, out);
  }
}

std::string RequestStream::TraceIdHex(std::uint64_t seed, std::uint64_t run) {
  std::string hex;
  for (const char c : TraceIdBytes(seed, run)) {
    hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  }
  return hex;
}

}  // namespace sightline::load
