// SPDX-License-Identifier: Apache-2.0
#include "normalize/timing.h"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "base/time_text.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::int64_t kDayNs = 86'400 * kSecondNs;
constexpr std::int64_t kYearNs = 366 * kDayNs;
constexpr std::int64_t kYear2000Ns = 946'684'800 * kSecondNs;

std::optional<std::int64_t> SinceStart(std::int64_t time_ns, std::int64_t start_ns) {
  return time_ns >= start_ns ? std::optional(time_ns - start_ns) : std::nullopt;
}

std::optional<std::int64_t> FromIsoTime(const otlp::Value& value, std::int64_t start_ns) {
  if (value.kind != otlp::ValueKind::kString) {
    return std::nullopt;
  }
  const std::string text = Unquote(Unquote(value.bytes));
  const auto time_ns = base::ParseTimeNs(text);
  return time_ns ? SinceStart(*time_ns, start_ns) : std::nullopt;
}

std::optional<std::int64_t> FromEvents(std::span<const otlp::SpanEvent> events,
                                       std::span<const otlp::KeyValue> pool,
                                       std::int64_t start_ns) {
  for (const otlp::SpanEvent& event : events) {
    const bool is_vercel = event.name == "ai.stream.firstChunk";
    if (!is_vercel && event.name != "gen_ai.content.completion.chunk" &&
        event.name != "llm.content.completion.chunk") {
      continue;
    }
    for (const otlp::KeyValue& attribute :
         pool.subspan(event.attributes.begin, event.attributes.count)) {
      if (attribute.key == "ai.response.msToFirstChunk" ||
          attribute.key == "ai.stream.msToFirstChunk") {
        return ReadDuration(attribute.value, Form::kMilliseconds);
      }
    }
    return SinceStart(ToTimeNs(event.time_ns), start_ns);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> ReadDuration(const otlp::Value& value, Form form) {
  const auto number = ParseNumber(value);
  if (!number || *number < 0) {
    return std::nullopt;
  }
  const double unit_ns = form == Form::kMilliseconds ? 1e6 : 1e9;
  const double duration_ns = std::round(*number * unit_ns);
  return duration_ns < 9e18 ? std::optional(static_cast<std::int64_t>(duration_ns)) : std::nullopt;
}

std::optional<std::int64_t> ReadTimeToFirstToken(const Slots& slots,
                                                 std::span<const otlp::SpanEvent> events,
                                                 std::span<const otlp::KeyValue> pool,
                                                 model::Dialect dialect, std::int64_t start_ns) {
  if (slots.has(Field::kTimeToFirstToken)) {
    const otlp::Value& value = slots.value(Field::kTimeToFirstToken);
    Form form = slots.rule(Field::kTimeToFirstToken).form;
    if (form == Form::kServerSeconds && dialect == model::Dialect::kStrands) {
      form = Form::kMilliseconds;
    }
    const auto wait =
        form == Form::kIsoTime ? FromIsoTime(value, start_ns) : ReadDuration(value, form);
    if (wait) {
      return wait;
    }
  }
  return events.empty() ? std::nullopt : FromEvents(events, pool, start_ns);
}

std::int64_t ToTimeNs(std::uint64_t time_ns) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(time_ns < kLargest ? time_ns : kLargest);
}

void CheckTimes(std::int64_t now_ns, base::LossTable* losses, model::Span& span) {
  const auto mark = [&](model::Mark bit, base::Loss loss) {
    span.set_mark(bit);
    if (losses != nullptr) {
      losses->Count(loss);
    }
  };
  if (span.start_ns < kYear2000Ns || span.start_ns - kDayNs > now_ns) {
    mark(model::Mark::kTimeSuspect, base::Loss::kSpanTimeSuspect);
  }
  if (span.end_ns < span.start_ns) {
    mark(model::Mark::kEndBeforeStart, base::Loss::kSpanEndBeforeStart);
  } else if (span.end_ns - span.start_ns > kYearNs) {
    mark(model::Mark::kTooLong, base::Loss::kSpanTooLong);
  }
}

}  // namespace sightline::normalize
