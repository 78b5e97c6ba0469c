// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sightline::analytics::blame {

// What phrases of a text tell about it. Each has a list of common English phrases.
enum class Sign : std::uint8_t {
  kRequest,     // Hands the work to others: "please provide", "could you".
  kByHand,      // Claims work that leaves no trace: "manually", "i have reviewed".
  kAgreement,   // Accepts what is there: "i agree", "verified", "is correct".
  kCorrection,  // Repairs something: "corrected", "instead", "try again".
  kConclusion,  // Draws a result: "therefore", "final answer", "the result is".
  kDone,        // Claims success: "successfully", "has been".
  kPlan,        // Says what comes: "let's start", "i will", "step 1".
  kComplaint,   // Is not satisfied: "not yet", "incorrect", "no progress".
  kRefusal,     // Declines: "unfortunately", "i cannot", "not possible".
  kBreakdown,   // A program failed: "traceback", "status code", "error code".
};
inline constexpr std::size_t kSignCount = 10;

// A text taken apart once, for all questions about it.
//
// Thread: value.
struct StepText {
  std::array<int, kSignCount> signs{};  // How often phrases of each sign occur.
  std::vector<std::uint64_t> words;     // Hashes of words of three letters or more; sorted, unique.
  std::vector<std::uint64_t> numbers;   // Hashes of numbers of two characters or more; as words.
  std::vector<std::uint64_t> marked;    // Hashes of what is in bold or in quotes; as words.
  std::size_t length = 0;               // In bytes.

  [[nodiscard]] int count(Sign sign) const { return signs[static_cast<std::size_t>(sign)]; }
};

// Phrases are looked for at the beginning and the end of a long text only: what agents paste in
// between (pages, listings) is not what they say.
StepText ReadStepText(std::string_view text);

// Lower case, spaces instead of other white space, plain apostrophes.
std::string PlainText(std::string_view text);

// The share of `part` that is in `whole`; 0 if `part` is empty. `whole` is sorted.
double ShareOf(const std::vector<std::uint64_t>& part, const std::vector<std::uint64_t>& whole);

// What is common over all there is; 0 if there is nothing. Both sorted.
double Similarity(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b);

}  // namespace sightline::analytics::blame
