// SPDX-License-Identifier: Apache-2.0
#include "analytics/bottlenecks/serial_calls.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "base/ascii.h"

namespace sightline::analytics {
namespace {

bool IsCall(model::SpanKind kind) {
  using model::SpanKind;
  constexpr auto kCalls =
      std::to_array({SpanKind::kTool, SpanKind::kRetriever, SpanKind::kEmbedding,
                     SpanKind::kReranker, SpanKind::kGuardrail, SpanKind::kEvaluator});
  return std::find(kCalls.begin(), kCalls.end(), kind) != kCalls.end();
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// Letters and digits, and all that is not ASCII.
bool IsWordChar(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80U;
}

// Calls `visit` with each word in lower case that can tell a value.
template <typename Visit>
void ForEachWord(std::string_view text, Visit&& visit) {
  constexpr std::size_t kLeast = 4;
  constexpr std::size_t kLeastWithDigit = 3;
  std::string word;
  bool has_digit = false;
  const auto end = [&] {
    if (word.size() >= (has_digit ? kLeastWithDigit : kLeast)) {
      visit(word);
    }
    word.clear();
    has_digit = false;
  };
  for (const char c : text) {
    if (IsWordChar(c)) {
      word.push_back(base::ToLower(c));
      has_digit = has_digit || IsDigit(c);
    } else {
      end();
    }
  }
  end();
}

std::unordered_set<std::string> WordsOf(std::string_view text) {
  std::unordered_set<std::string> words;
  ForEachWord(text, [&](const std::string& word) { words.insert(word); });
  return words;
}

}  // namespace

std::vector<SerialCalls> FindSerialCalls(const ProfiledRun& run, const Retiming& retiming) {
  std::vector<SerialCalls> calls;
  for (std::size_t i = 0; i < run.spans.size(); ++i) {
    const std::size_t before = retiming.before(i);
    if (before != Retiming::kNone && IsCall(run.spans[i].kind) && IsCall(run.spans[before].kind) &&
        run.spans[i].is_step && run.spans[before].is_step) {
      calls.push_back({.first = before, .second = i});
    }
  }
  return calls;
}

bool IsIndependent(std::string_view first_input, std::string_view first_output,
                   std::string_view second_input) {
  if (first_output.empty() || second_input.empty()) {
    return false;
  }
  const std::unordered_set<std::string> known = WordsOf(first_input);
  const std::unordered_set<std::string> used = WordsOf(second_input);
  bool is_used = false;
  ForEachWord(first_output, [&](const std::string& word) {
    is_used = is_used || (used.contains(word) && !known.contains(word));
  });
  return !is_used;
}

}  // namespace sightline::analytics
