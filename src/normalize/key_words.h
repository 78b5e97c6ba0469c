// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace sightline::normalize {

// The words of a name in lower case: "llm.usage.cachedInputTokens" is llm, usage, cached, input,
// tokens. A change from small to capital letters and everything that is not a letter or a digit
// separates words. Names with more than 16 words or 120 bytes have none.
//
// Thread: value; owns its letters, allocates nothing.
class KeyWords {
 public:
  explicit KeyWords(std::string_view name);
  KeyWords(const KeyWords&) = delete;
  KeyWords& operator=(const KeyWords&) = delete;
  ~KeyWords() = default;

  std::size_t size() const { return count_; }

  // Precondition: i < size().
  std::string_view operator[](std::size_t i) const { return words_[i]; }

  std::string_view last() const { return count_ == 0 ? std::string_view() : words_[count_ - 1]; }

  bool HasAny(std::initializer_list<std::string_view> words) const;
  bool HasPrefix(std::string_view prefix) const;  // A word that starts with it.

 private:
  static constexpr std::size_t kMaxWords = 16;
  static constexpr std::size_t kMaxBytes = 120;

  void Split(std::string_view name);

  std::array<char, kMaxBytes> letters_{};
  std::array<std::string_view, kMaxWords> words_;
  std::size_t count_ = 0;
};

// What a token count counts.
enum class Counted : std::uint8_t {
  kNothing,  // No token count, or one that no figure needs, such as that of texts.
  kInput,
  kUncachedInput,
  kToolPrompt,  // Gemini: what its own tools put into the prompt, beside the prompt.
  kCacheRead,
  kCacheWrite,
  kCacheWritePart,  // Anthropic: of one lifetime.
  kCacheWriteHour,  // The part that is kept for an hour.
  kAudioInput,
  kOutput,
  kReasoning,
  kAudioOutput,
  kTotal,
  kCachedAudio,
  kImageInput,
  kCachedImage,
  kVideoInput,
  kImageOutput,
  kVideoOutput,
  kWebSearches,  // Calls, not tokens.
};

// Told by the words of its name: "cache" with "write" or "creation" is kCacheWrite, "thoughts" is
// kReasoning, "candidates" is kOutput. The name is that of the count alone, or the path to it
// inside the usage that holds it: "prompt_tokens_details.cached_tokens".
Counted WhatIsCounted(std::string_view name);

// Which part of a cost an amount in dollars is.
enum class CostPart : std::uint8_t { kNone, kTotal, kInput, kOutput };

// Told by words: kNone without "cost", and for costs of parts of the input or the output.
CostPart WhichCost(std::string_view name);

}  // namespace sightline::normalize
