// SPDX-License-Identifier: Apache-2.0
#include "normalize/key_words.h"

#include <algorithm>

namespace sightline::normalize {
namespace {

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool IsLowerOrDigit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Words of names that hold something else than a count of tokens, or one that is no part of what
// is billed: limits, rates, sums over several calls, predictions.
bool IsAboutSomethingElse(const KeyWords& words) {
  return words.HasAny(
      {"cost",       "costs",       "price",     "raw",   "limit",    "max",      "maximum",
       "min",        "budget",      "remaining", "ratio", "rate",     "percent",  "percentage",
       "per",        "second",      "seconds",   "ms",    "duration", "latency",  "time",
       "ttl",        "id",          "key",       "name",  "window",   "requests", "searches",
       "queries",    "characters",  "effort",    "level", "accepted", "rejected", "aggregated",
       "cumulative", "accumulated", "tps"});
}

bool IsInput(const KeyWords& words) {
  return words.HasAny({"input", "inputs", "prompt", "prompts", "request"});
}

bool IsOutput(const KeyWords& words) {
  return words.HasAny({"output", "outputs", "completion", "completions", "candidates", "response",
                       "generated", "generation"});
}

// How often the provider searched the web for the call: "server_tool_use.web_search_requests".
bool IsWebSearches(const KeyWords& words) {
  return words.HasAny({"web"}) && words.HasAny({"search", "searches"}) &&
         words.HasAny({"requests", "searches", "queries", "calls", "count"}) &&
         !words.HasAny(
             {"cost", "costs", "price", "max", "limit", "remaining", "budget", "token", "tokens"});
}

// Of an image or a video: Gemini counts the pages of documents as images.
Counted WhichMedia(const KeyWords& words) {
  const bool is_image = words.HasAny({"image", "images", "document", "pdf"});
  const bool is_input = IsInput(words);
  if (is_input == IsOutput(words)) {
    return Counted::kNothing;
  }
  return is_image ? (is_input ? Counted::kImageInput : Counted::kImageOutput)
                  : (is_input ? Counted::kVideoInput : Counted::kVideoOutput);
}

Counted WhichCachedMedia(const KeyWords& words) {
  const bool is_written = words.HasAny({"write", "writes", "written", "creation"});
  if (is_written || (IsOutput(words) && !IsInput(words))) {
    return Counted::kNothing;
  }
  return words.HasAny({"audio"})   ? Counted::kCachedAudio
         : words.HasAny({"video"}) ? Counted::kNothing
                                   : Counted::kCachedImage;
}

Counted WhichCacheCount(const KeyWords& words) {
  if (IsOutput(words) && !IsInput(words)) {
    return Counted::kNothing;
  }
  if (words.HasAny({"no", "non", "not", "miss", "misses", "uncached", "without"})) {
    return Counted::kUncachedInput;
  }
  if (words.HasAny({"write", "writes", "written", "creation", "creations", "create", "created",
                    "creating", "store", "stored", "storage"})) {
    return words.HasAny({"1h"})                ? Counted::kCacheWriteHour
           : words.HasAny({"ephemeral", "5m"}) ? Counted::kCacheWritePart
                                               : Counted::kCacheWrite;
  }
  return Counted::kCacheRead;
}

// Counts of one side: what the words leave open is the whole side.
Counted WhichSide(const KeyWords& words) {
  const bool is_input = IsInput(words);
  if (is_input == IsOutput(words)) {
    return is_input || !words.HasAny({"total", "overall"}) ? Counted::kNothing : Counted::kTotal;
  }
  // "input_token_details" is what the side consists of.
  if (words.HasAny({"details", "detail"})) {
    return Counted::kNothing;
  }
  return is_input ? Counted::kInput : Counted::kOutput;
}

}  // namespace

KeyWords::KeyWords(std::string_view name) {
  if (name.size() <= kMaxBytes) {
    Split(name);
  }
}

void KeyWords::Split(std::string_view name) {
  std::size_t begin = 0;
  const auto end_word = [&](std::size_t end) {
    if (end > begin) {
      if (count_ == kMaxWords) {
        count_ = 0;
        return false;
      }
      words_[count_++] = std::string_view(letters_.data() + begin, end - begin);
    }
    return true;
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool is_letter = IsUpper(c) || IsLowerOrDigit(c);
    const bool starts_word = IsUpper(c) && i > 0 && IsLowerOrDigit(name[i - 1]);
    if (!is_letter || starts_word) {
      if (!end_word(i)) {
        return;
      }
      begin = is_letter ? i : i + 1;
    }
    letters_[i] = IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  end_word(name.size());
}

bool KeyWords::HasAny(std::initializer_list<std::string_view> words) const {
  return std::any_of(words.begin(), words.end(), [this](std::string_view word) {
    return std::find(words_.begin(), words_.begin() + count_, word) != words_.begin() + count_;
  });
}

bool KeyWords::HasPrefix(std::string_view prefix) const {
  return std::any_of(words_.begin(), words_.begin() + count_,
                     [prefix](std::string_view word) { return word.starts_with(prefix); });
}

Counted WhatIsCounted(std::string_view name) {
  const KeyWords words(name);
  if (IsWebSearches(words)) {
    return Counted::kWebSearches;
  }
  if (words.size() == 0 || IsAboutSomethingElse(words) ||
      words.HasAny({"text", "modality", "web", "search", "citation", "citations"})) {
    return Counted::kNothing;
  }
  const bool is_visual = words.HasAny({"image", "images", "video", "document", "pdf"});
  if (words.HasPrefix("cache") || words.HasAny({"uncached"})) {
    return is_visual || words.HasAny({"audio"}) ? WhichCachedMedia(words) : WhichCacheCount(words);
  }
  if (is_visual) {
    return words.HasAny({"token", "tokens"}) ? WhichMedia(words) : Counted::kNothing;
  }
  if (words.HasAny({"reasoning", "thoughts", "thought", "thinking"})) {
    return Counted::kReasoning;
  }
  if (words.HasAny({"audio"})) {
    return IsInput(words)    ? Counted::kAudioInput
           : IsOutput(words) ? Counted::kAudioOutput
                             : Counted::kNothing;
  }
  if (words.HasAny({"tool", "tools"})) {
    return words.HasAny({"prompt"}) ? Counted::kToolPrompt : Counted::kNothing;
  }
  if (words.HasAny({"eval"}) && words.last() == "count") {
    return words.HasAny({"prompt"}) ? Counted::kInput : Counted::kOutput;  // Ollama.
  }
  const bool is_count = words.size() == 1 || words.HasAny({"token", "tokens"});
  return is_count ? WhichSide(words) : Counted::kNothing;
}

CostPart WhichCost(std::string_view name) {
  constexpr auto kInput = std::to_array<std::string_view>({"input", "prompt"});
  constexpr auto kOutput = std::to_array<std::string_view>({"output", "completion"});
  constexpr auto kFillers =
      std::to_array<std::string_view>({"total", "usd", "dollars", "in", "amount", "value", "token",
                                       "tokens", "response", "estimated", "reported"});
  const auto is_in = [](const auto& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
  };
  const KeyWords words(name);
  bool has_cost = false;
  bool has_input = false;
  bool has_output = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "cost" || words[i] == "costs") {
      has_cost = true;
    } else if (is_in(kInput, words[i])) {
      has_input = true;
    } else if (is_in(kOutput, words[i])) {
      has_output = true;
    } else if (!is_in(kFillers, words[i])) {
      return CostPart::kNone;  // Of a part of one side, or in another unit.
    }
  }
  if (!has_cost || (has_input && has_output)) {
    return CostPart::kNone;
  }
  return has_input ? CostPart::kInput : has_output ? CostPart::kOutput : CostPart::kTotal;
}

}  // namespace sightline::normalize
