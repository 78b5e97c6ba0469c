// SPDX-License-Identifier: Apache-2.0
#include "normalize/usage_json.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/ascii.h"
#include "normalize/key_words.h"
#include "normalize/values.h"

namespace sightline::normalize {
namespace {

using model::Usage;

// Deeper than any usage object nests.
constexpr int kMaxDepth = 4;

std::int64_t OrZero(std::int64_t count) {
  return std::max<std::int64_t>(count, 0);
}

void FillIfUnknown(std::int64_t& count, std::int64_t value) {
  if (count == Usage::kUnknown && value >= 0) {
    count = value;
  }
}

std::optional<std::int64_t> CountOf(const json::value& value) {
  if (!value.is_number() && !value.is_string()) {
    return std::nullopt;
  }
  const auto count = ParseInteger(TextOrJson(value));
  return count && *count >= 0 ? count : std::nullopt;
}

std::string_view NameOf(const json::key_value_pair& member) {
  return {member.key().data(), member.key().size()};
}

// A count that a reading found, and the sum of the parts of the cache's writes.
class Reading {
 public:
  void Take(Counted counted, std::int64_t count) {
    if (counted == Counted::kCacheWritePart || counted == Counted::kCacheWriteHour) {
      write_parts_ = OrZero(write_parts_) + count;
    }
    if (counted == Counted::kCacheWriteHour) {
      FillIfUnknown(counts_.details.cache_write_hour, count);
    } else if (std::int64_t* field = FieldOf(counted)) {
      FillIfUnknown(*field, count);
    }
  }

  // Only how much of the writes is kept for an hour: the writes themselves are counted elsewhere.
  void TakeLifetime(Counted counted, std::int64_t count) {
    if (counted == Counted::kCacheWriteHour) {
      FillIfUnknown(counts_.details.cache_write_hour, count);
    }
  }

  WireCounts Finish() {
    FillIfUnknown(counts_.cache_write, write_parts_);
    return counts_;
  }

 private:
  std::int64_t* FieldOf(Counted counted) {
    switch (counted) {
      case Counted::kInput:
        return &counts_.input;
      case Counted::kUncachedInput:
        return &counts_.uncached;
      case Counted::kToolPrompt:
        return &counts_.tool_prompt;
      case Counted::kCacheRead:
        return &counts_.cache_read;
      case Counted::kCacheWrite:
        return &counts_.cache_write;
      case Counted::kAudioInput:
        return &counts_.audio_in;
      case Counted::kOutput:
        return &counts_.output;
      case Counted::kReasoning:
        return &counts_.reasoning;
      case Counted::kAudioOutput:
        return &counts_.audio_out;
      case Counted::kTotal:
        return &counts_.total;
      case Counted::kCachedAudio:
        return &counts_.details.cached_audio;
      case Counted::kImageInput:
        return &counts_.details.image_in;
      case Counted::kCachedImage:
        return &counts_.details.cached_image;
      case Counted::kVideoInput:
        return &counts_.details.video_in;
      case Counted::kImageOutput:
        return &counts_.details.image_out;
      case Counted::kVideoOutput:
        return &counts_.details.video_out;
      case Counted::kWebSearches:
        return &counts_.details.web_searches;
      case Counted::kCacheWritePart:
      case Counted::kCacheWriteHour:
      case Counted::kNothing:
        break;
    }
    return nullptr;
  }

  WireCounts counts_;
  std::int64_t write_parts_ = Usage::kUnknown;
};

std::string Join(std::string_view path, std::string_view name) {
  return path.empty() ? std::string(name) : std::string(path) + "." + std::string(name);
}

// Gemini: [{"modality": "AUDIO", "tokenCount": 7}]. Pages of documents are counted as images.
void ReadModalities(const json::array& list, std::string_view path, Reading& reading) {
  std::array<std::int64_t, 3> sums = {Usage::kUnknown, Usage::kUnknown, Usage::kUnknown};
  constexpr auto kNames =
      std::to_array<std::string_view>({".audio_tokens", ".image_tokens", ".video_tokens"});
  for (const json::value& entry : list) {
    const std::string modality = base::ToLower(TextMember(entry, {"modality"}));
    const auto count = CountMember(entry, {"tokenCount", "token_count"});
    const std::size_t index = modality == "audio"                             ? 0
                              : modality == "image" || modality == "document" ? 1
                              : modality == "video"                           ? 2
                                                                              : sums.size();
    if (index < sums.size() && count) {
      sums[index] = OrZero(sums[index]) + *count;
    }
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums[i] != Usage::kUnknown) {
      reading.Take(WhatIsCounted(std::string(path).append(kNames[i])), sums[i]);
    }
  }
}

// Counts of one level come before those below it, so that a whole beats a part of the same name.
void ReadLevel(const json::object& usage, std::string_view path, int depth, Reading& reading) {
  for (const auto& member : usage) {
    if (const auto count = CountOf(member.value())) {
      reading.Take(WhatIsCounted(Join(path, NameOf(member))), *count);
    }
  }
  if (depth == kMaxDepth) {
    return;
  }
  for (const auto& member : usage) {
    if (const json::object* below = member.value().if_object()) {
      ReadLevel(*below, Join(path, NameOf(member)), depth + 1, reading);
    } else if (const json::array* list = member.value().if_array()) {
      ReadModalities(*list, Join(path, NameOf(member)), reading);
    }
  }
}

enum class Side : std::uint8_t { kNone, kInput, kOutput };

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Which side a bucket of Langfuse belongs to.
Side SideOf(std::string_view name, Counted counted) {
  switch (counted) {
    case Counted::kCacheRead:
    case Counted::kCacheWrite:
    case Counted::kCacheWritePart:
    case Counted::kCacheWriteHour:
    case Counted::kAudioInput:
    case Counted::kCachedAudio:
    case Counted::kImageInput:
    case Counted::kCachedImage:
    case Counted::kVideoInput:
    case Counted::kToolPrompt:
      return Side::kInput;
    case Counted::kReasoning:
    case Counted::kAudioOutput:
    case Counted::kImageOutput:
    case Counted::kVideoOutput:
      return Side::kOutput;
    case Counted::kWebSearches:
      return Side::kNone;
    case Counted::kInput:
    case Counted::kUncachedInput:
    case Counted::kOutput:
    case Counted::kTotal:
      return Side::kNone;  // Another name for the whole.
    case Counted::kNothing:
      break;
  }
  const bool is_input = Contains(name, "input");
  return is_input == Contains(name, "output") ? Side::kNone
         : is_input                           ? Side::kInput
                                              : Side::kOutput;
}

// The buckets beside "input" and "output".
struct Buckets {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t most_input = 0;  // The largest.
  std::int64_t most_output = 0;

  void Add(Side side, std::int64_t count) {
    if (side == Side::kInput) {
      input += count;
      most_input = std::max(most_input, count);
    } else if (side == Side::kOutput) {
      output += count;
      most_output = std::max(most_output, count);
    }
  }
};

Buckets ReadBuckets(const json::object& map, WireCounts& counts) {
  Buckets buckets;
  Reading reading;
  std::int64_t writes = Usage::kUnknown;
  std::int64_t write_parts = Usage::kUnknown;
  for (const auto& member : map) {
    const auto count = CountOf(member.value());
    const std::string_view name = NameOf(member);
    if (!count || name == "input" || name == "output") {
      continue;
    }
    const Counted counted = WhatIsCounted(name);
    const bool is_write = counted == Counted::kCacheWrite || counted == Counted::kCacheWritePart ||
                          counted == Counted::kCacheWriteHour;
    if (is_write) {
      reading.TakeLifetime(counted, *count);
      std::int64_t& sum = counted == Counted::kCacheWrite ? writes : write_parts;
      sum = OrZero(sum) + *count;
    } else {
      buckets.Add(SideOf(name, counted), *count);
      reading.Take(counted, *count);
    }
  }
  // Parts that add up to the whole are its breakdown and not beside it.
  const bool is_breakdown = writes != Usage::kUnknown && writes == write_parts;
  const bool has_writes = writes != Usage::kUnknown || write_parts != Usage::kUnknown;
  counts = reading.Finish();
  if (has_writes) {
    counts.cache_write = OrZero(writes) + (is_breakdown ? 0 : OrZero(write_parts));
    buckets.Add(Side::kInput, counts.cache_write);
  }
  return buckets;
}

// Whether the buckets stand beside "input" and "output" and are not parts of them.
bool AreDisjoint(const Buckets& buckets, std::int64_t input, std::int64_t output,
                 std::int64_t total) {
  if (buckets.input + buckets.output == 0) {
    return false;
  }
  const bool exceed = buckets.most_input > input || buckets.most_output > output;
  return exceed || total != input + output;
}

// What Python's str() writes for a dict, as JSON; only if nothing in it can be misread.
std::optional<json::value> ParsePythonDict(std::string_view text) {
  if (!text.starts_with("{'") || Contains(text, "\"") || Contains(text, "\\")) {
    return std::nullopt;
  }
  std::string json_text(text);
  std::replace(json_text.begin(), json_text.end(), '\'', '"');
  constexpr std::string_view kNone = "None";
  for (std::size_t at = json_text.find(kNone); at != std::string::npos;
       at = json_text.find(kNone, at)) {
    json_text.replace(at, kNone.size(), "null");
  }
  return ParseStructure(json_text);
}

}  // namespace

void Merge(const WireCounts& from, WireCounts& into) {
  FillIfUnknown(into.input, from.input);
  FillIfUnknown(into.output, from.output);
  FillIfUnknown(into.cache_read, from.cache_read);
  FillIfUnknown(into.cache_write, from.cache_write);
  FillIfUnknown(into.reasoning, from.reasoning);
  FillIfUnknown(into.audio_in, from.audio_in);
  FillIfUnknown(into.audio_out, from.audio_out);
  FillIfUnknown(into.total, from.total);
  FillIfUnknown(into.uncached, from.uncached);
  FillIfUnknown(into.tool_prompt, from.tool_prompt);
  for (const model::UsageDetail& detail : model::kUsageDetails) {
    FillIfUnknown(into.details.*detail.count, from.details.*detail.count);
  }
}

WireCounts ReadCounts(const json::value& usage, std::string_view path) {
  Reading reading;
  if (const json::object* object = usage.if_object()) {
    ReadLevel(*object, path, 0, reading);
  }
  return reading.Finish();
}

LangfuseCounts ReadLangfuseCounts(const json::value& map) {
  LangfuseCounts result;
  const json::object* object = map.if_object();
  if (object == nullptr) {
    return result;
  }
  const auto input = CountMember(map, {"input"});
  const auto output = CountMember(map, {"output"});
  if (!input && !output) {
    result.counts = ReadCounts(map);
    if (result.counts.input != Usage::kUnknown || result.counts.output != Usage::kUnknown) {
      return result;
    }
  }
  WireCounts& counts = result.counts;
  const Buckets buckets = ReadBuckets(*object, counts);
  FillIfUnknown(counts.total, CountMember(map, {"total"}).value_or(Usage::kUnknown));
  result.has_buckets = true;
  result.is_disjoint = AreDisjoint(buckets, input.value_or(0), output.value_or(0), counts.total);
  const std::int64_t input_sum = input.value_or(0) + (result.is_disjoint ? buckets.input : 0);
  const std::int64_t output_sum = output.value_or(0) + (result.is_disjoint ? buckets.output : 0);
  if (input || buckets.input > 0) {
    counts.input = input_sum;
  }
  if (output || buckets.output > 0) {
    counts.output = output_sum;
  }
  return result;
}

std::optional<json::value> ReadUsageStructure(const otlp::Value& value) {
  if (value.kind != otlp::ValueKind::kString) {
    return ToJson(value);
  }
  auto structure = ParseStructure(value.bytes);
  return structure ? std::move(structure) : ParsePythonDict(value.bytes);
}

}  // namespace sightline::normalize
