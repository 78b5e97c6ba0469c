// SPDX-License-Identifier: Apache-2.0
#include "analytics/blame/step_text.h"

#include <algorithm>
#include <span>

namespace sightline::analytics::blame {
namespace {

// Longer than what an agent says before and after what it pastes, shorter than a page.
constexpr std::size_t kHeadBytes = 1600;
constexpr std::size_t kTailBytes = 700;

// The longest text in bold or quotes that is a value rather than a passage.
constexpr std::size_t kLongestMarked = 80;

constexpr std::string_view kRequest[] = {
    "please provide", "please share",  "could you",    "can you",        "please confirm",
    "let me know",    "please verify", "if you have",  "please execute", "would you like",
    "please run",     "feel free",     "please check", "please let",     "once you have",
    "if anyone",      "does anyone"};
constexpr std::string_view kByHand[] = {
    "manual",          "i have reviewed", "i have verified", "i have checked",  "i have located",
    "i have found",    "i've found",      "i've located",    "i've manually",   "i have identified",
    "i have accessed", "upon visiting",   "upon review",     "i have examined", "i reviewed",
    "i verified",      "i checked",       "i found",         "i accessed",      "i visited"};
constexpr std::string_view kAgreement[] = {
    "i agree",      "verified",        "confirmed",     "is correct", "are correct",
    "accurate",     "looks good",      "validated",     "is valid",   "as expected",
    "in agreement", "consistent with", "no discrepanc", "correctly"};
constexpr std::string_view kCorrection[] = {
    "correct the",      "corrected",          "mistake", "instead", "retry",  "try again",
    "let's fix",        "let me fix",         "to fix",  "fixed",   "adjust", "alternative",
    "another approach", "different approach", "revis",   "re-run",  "rerun",  "update the",
    "resolve",          "modify the"};
constexpr std::string_view kConclusion[] = {
    "therefore",       "thus",       "final answer",   "the answer",
    "the result",      "hence",      "in conclusion",  "final result",
    "based on the",    "in summary", "final output",   "the total",
    "we can conclude", "this means", "indicates that", "the correct answer"};
constexpr std::string_view kDone[] = {
    "successful",   "has been",          "have been", "completed",    "here is the", "here are the",
    "following is", "the following are", "retrieved", "is available", "identified",  "has now"};
constexpr std::string_view kPlan[] = {
    "let's start", "let's begin", "step 1",       "i will",      "i'll",          "we will",
    "first,",      "to begin",    "to start",     "next,",       "let's proceed", "we need to",
    "to solve",    "plan",        "let's follow", "step-by-step"};
constexpr std::string_view kComplaint[] = {
    "not yet",     "has not",     "have not",     "haven't",    "hasn't",       "incorrect",
    "wrong",       "not what",    "no progress",  "loop",       "repeat",       "stall",
    "replan",      "again",       "not satisf",   "not fully",  "still need",   "misunderst",
    "only wanted", "not helpful", "however",      "frustrat",   "not relevant", "irrelevant",
    "off-topic",   "off topic",   "not accurate", "instead of", "unhappy",      "mistake"};
constexpr std::string_view kRefusal[] = {
    "unfortunately",     "i cannot",           "i can't",       "not possible",
    "unable to",         "i'm sorry",          "i am sorry",    "we cannot",
    "cannot be",         "can't assist",       "not able to",   "not allowed",
    "don't have access", "do not have access", "cannot access", "cannot directly"};
constexpr std::string_view kBreakdown[] = {
    "traceback",   "bad request",    "badrequest",  "status code",   "exit code",
    "errno",       "segmentation",   "core dumped", "out of memory", "stack trace",
    "syntaxerror", "context length", "max_tokens",  "error code"};

constexpr std::span<const std::string_view> kPhrases[kSignCount] = {
    kRequest, kByHand, kAgreement, kCorrection, kConclusion,
    kDone,    kPlan,   kComplaint, kRefusal,    kBreakdown};

bool IsLetter(unsigned char c) {
  return (c >= 'a' && c <= 'z') || c >= 0x80;
}

bool IsDigit(unsigned char c) {
  return c >= '0' && c <= '9';
}

// FNV-1a: identity only, never kept.
std::uint64_t Hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  }
  return hash;
}

void SortUnique(std::vector<std::uint64_t>& values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

int CountPhrase(std::string_view text, std::string_view phrase) {
  int count = 0;
  for (std::size_t at = text.find(phrase); at != std::string_view::npos;
       at = text.find(phrase, at + phrase.size())) {
    if (at == 0 || !(IsLetter(static_cast<unsigned char>(text[at - 1])))) {
      ++count;
    }
  }
  return count;
}

void CountSigns(std::string_view plain, StepText& out) {
  std::string spoken;
  if (plain.size() > kHeadBytes + kTailBytes) {
    spoken.append(plain.substr(0, kHeadBytes))
        .append(" ")
        .append(plain.substr(plain.size() - kTailBytes));
    plain = spoken;
  }
  for (std::size_t sign = 0; sign < kSignCount; ++sign) {
    for (const std::string_view phrase : kPhrases[sign]) {
      out.signs[sign] += CountPhrase(plain, phrase);
    }
  }
}

// "1,234.50" is read as 1234.50; the end of a sentence is not part of it.
std::size_t ReadNumber(std::string_view plain, std::size_t at, StepText& out) {
  std::string digits;
  std::size_t end = at;
  while (end < plain.size()) {
    const auto c = static_cast<unsigned char>(plain[end]);
    const bool joins = (c == ',' || c == '.') && end + 1 < plain.size() &&
                       IsDigit(static_cast<unsigned char>(plain[end + 1]));
    if (!IsDigit(c) && !joins) {
      break;
    }
    if (c != ',') {
      digits.push_back(plain[end]);
    }
    ++end;
  }
  if (digits.size() >= 2) {
    out.numbers.push_back(Hash(digits));
  }
  return end;
}

void ReadWords(std::string_view plain, StepText& out) {
  for (std::size_t at = 0; at < plain.size();) {
    const auto c = static_cast<unsigned char>(plain[at]);
    if (IsDigit(c)) {
      at = ReadNumber(plain, at, out);
      continue;
    }
    std::size_t end = at;
    while (end < plain.size() && IsLetter(static_cast<unsigned char>(plain[end]))) {
      ++end;
    }
    if (end - at >= 3) {
      out.words.push_back(Hash(plain.substr(at, end - at)));
    }
    at = std::max(end, at + 1);
  }
  SortUnique(out.words);
  SortUnique(out.numbers);
}

void ReadMarked(std::string_view plain, std::string_view mark, StepText& out) {
  std::size_t at = plain.find(mark);
  while (at != std::string_view::npos) {
    const std::size_t from = at + mark.size();
    const std::size_t to = plain.find(mark, from);
    if (to == std::string_view::npos) {
      return;
    }
    std::string_view inside = plain.substr(from, to - from);
    while (!inside.empty() &&
           (inside.back() == '.' || inside.back() == ':' || inside.back() == ' ')) {
      inside.remove_suffix(1);
    }
    if (inside.size() >= 2 && inside.size() <= kLongestMarked) {
      out.marked.push_back(Hash(inside));
      at = plain.find(mark, to + mark.size());
    } else {
      at = to;
    }
  }
}

}  // namespace

std::string PlainText(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= 'A' && c <= 'Z') {
      plain.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if (c == '\t' || c == '\r' || c == '\n') {
      plain.push_back(' ');
    } else if (text.substr(i, 3) == "\xE2\x80\x99") {
      plain.push_back('\'');
      i += 2;
    } else {
      plain.push_back(c);
    }
  }
  return plain;
}

StepText ReadStepText(std::string_view text) {
  StepText out;
  const std::string plain = PlainText(text);
  out.length = text.size();
  CountSigns(plain, out);
  ReadWords(plain, out);
  ReadMarked(plain, "**", out);
  ReadMarked(plain, "\"", out);
  SortUnique(out.marked);
  return out;
}

double ShareOf(const std::vector<std::uint64_t>& part, const std::vector<std::uint64_t>& whole) {
  if (part.empty()) {
    return 0;
  }
  std::size_t common = 0;
  for (const std::uint64_t word : part) {
    common += std::ranges::binary_search(whole, word) ? 1 : 0;
  }
  return static_cast<double>(common) / static_cast<double>(part.size());
}

double Similarity(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
  const double common = ShareOf(a, b) * static_cast<double>(a.size());
  const double all = static_cast<double>(a.size() + b.size()) - common;
  return all > 0 ? common / all : 0;
}

}  // namespace sightline::analytics::blame
