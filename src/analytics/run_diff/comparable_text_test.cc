// SPDX-License-Identifier: Apache-2.0
#include "analytics/run_diff/comparable_text.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

struct TextCase {
  std::string_view name;
  std::string_view one;
  std::string_view other;
  bool is_equal;
};

constexpr TextCase kCases[] = {
    {"UUID", "id 3f2b8c1e-0a4d-4f6b-9c7e-1d2e3f4a5b6c.", "id 00000000-1111-2222-3333-444444444444.",
     true},
    {"HexOfTwelve", "request 0a1b2c3d4e5f failed", "request ffffffffffff failed", true},
    {"HexOfEleven", "commit 0a1b2c3d4e5", "commit 0a1b2c3d4e6", false},
    {"TimeWithZone", "at 2026-05-01T10:00:00Z", "at 2026-05-02T11:22:33.123+02:00", true},
    {"TimeWithBlank", "at 2026-05-01 10:00:00", "at 2026-05-01 10:00:01", true},
    {"Date", "on 2026-05-01", "on 2026-05-02", false},
    {"CallId", "call_Ab3dE5gH7jK9mN1pQ3sT5v", "call_Zz9yX8wV7uT6sR5qP4oN3m", true},
    {"Number", "12 apples", "13 apples", false},
    {"Word", "an apple", "a pear", false},
    {"LongWordWithoutDigits", "electroencephalographically", "counterrevolutionaryistic", false},
    {"EncodedFile", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
     "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8", false},
};

TEST(ComparableTextTest, TakesOutWhatDiffersByChance) {
  for (const TextCase& test : kCases) {
    EXPECT_EQ(ComparableText(test.one) == ComparableText(test.other), test.is_equal) << test.name;
  }
}

TEST(ComparableTextTest, KeepsAllElse) {
  const std::string_view text = "Grüße, \xFF 7: {\"a\": [1, 2]}";
  EXPECT_EQ(ComparableText(text), text);
}

TEST(TextSketchTest, EstimatesTheShareOfSequencesInBoth) {
  std::string first;
  std::string half;
  std::string other;
  for (int i = 0; i < 400; ++i) {
    first += " word" + std::to_string(i);
    half += " word" + std::to_string(i < 200 ? i : i + 1000);
    other += " word" + std::to_string(i + 2000);
  }
  EXPECT_EQ(Likeness(SketchText(first), SketchText(first)), 1);
  // 198 sequences of 598 are in both.
  EXPECT_NEAR(Likeness(SketchText(first), SketchText(half)), 0.33, 0.2);
  EXPECT_EQ(Likeness(SketchText(first), SketchText(other)), 0);
}

TEST(TextSketchTest, OfShortTexts) {
  EXPECT_EQ(Likeness(SketchText(""), SketchText("")), 1);
  EXPECT_EQ(Likeness(SketchText("yes"), SketchText("yes ")), 1);
  EXPECT_EQ(Likeness(SketchText("yes"), SketchText("no")), 0);
  EXPECT_EQ(Likeness(SketchText("yes"), SketchText("")), 0);
}

}  // namespace
}  // namespace sightline::analytics
