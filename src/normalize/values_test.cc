// SPDX-License-Identifier: Apache-2.0
#include "normalize/values.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/arena.h"
#include "normalize/lists.h"

namespace sightline::normalize {
namespace {

otlp::Value TextValue(std::string_view text) {
  return {.kind = otlp::ValueKind::kString, .bytes = text};
}

otlp::Value IntValue(std::int64_t number) {
  return {.kind = otlp::ValueKind::kInt, .integer = number};
}

otlp::Value DoubleValue(double number) {
  return {.kind = otlp::ValueKind::kDouble, .number = number};
}

TEST(ValuesTest, TreatsWhatEmittersWriteForNothingAsAbsent) {
  for (const std::string_view text : {"", "null", "<REDACTED>", "[REDACTED]", "<not specified>"}) {
    EXPECT_TRUE(IsAbsentText(text)) << text;
  }
  for (const std::string_view text : {"0", "false", "none", "Null", "REDACTED", "nul", "{}"}) {
    EXPECT_FALSE(IsAbsentText(text)) << text;
  }
  EXPECT_TRUE(IsAbsent(otlp::Value{}));
}

TEST(ValuesTest, ReadsIntegersFromAnyNumericForm) {
  struct Case {
    std::string_view name;
    otlp::Value value;
    std::optional<std::int64_t> expected;
  };

  const Case cases[] = {
      {"int", IntValue(12), 12},
      {"double", DoubleValue(12.0), 12},
      {"fraction", DoubleValue(12.9), 12},
      {"decimal text", TextValue("12"), 12},
      {"text with fraction", TextValue("12.0"), 12},
      {"exponent", TextValue("1.2e3"), 1200},
      {"spaces", TextValue(" 7 "), 7},
      {"quoted text", TextValue("\"34\""), 34},
      {"negative", IntValue(-1), -1},
      {"words", TextValue("many"), std::nullopt},
      {"trailing words", TextValue("12 tokens"), std::nullopt},
      {"empty", TextValue(""), std::nullopt},
      {"NaN", DoubleValue(std::nan("")), std::nullopt},
      {"infinity", TextValue("inf"), std::nullopt},
      {"too large for sums", IntValue(std::numeric_limits<std::int64_t>::max()), std::nullopt},
      {"bool", {.kind = otlp::ValueKind::kBool, .integer = 1}, std::nullopt},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(ParseInteger(c.value), c.expected) << c.name;
  }
}

TEST(ValuesTest, ReadsBooleansAlsoFromText) {
  EXPECT_EQ(ParseBool({.kind = otlp::ValueKind::kBool, .integer = 1}), true);
  EXPECT_EQ(ParseBool(TextValue("True")), true);
  EXPECT_EQ(ParseBool(TextValue("false")), false);
  EXPECT_EQ(ParseBool(IntValue(0)), false);
  EXPECT_EQ(ParseBool(TextValue("maybe")), std::nullopt);
}

TEST(ValuesTest, ReadsDollarsWithoutDrift) {
  struct Case {
    otlp::Value value;
    std::optional<std::int64_t> picodollars;
  };

  const Case cases[] = {
      {TextValue("0.1"), 100'000'000'000},
      {TextValue("0.000123456789"), 123'456'789},
      {TextValue("3.4e-05"), 34'000'000},
      {TextValue("1E-13"), 0},
      {TextValue("5e-13"), 1},
      {TextValue("0.0000000000014"), 1},
      {TextValue("0.0000000000015"), 2},
      {TextValue("$1.50"), 1'500'000'000'000},
      {TextValue(".5"), 500'000'000'000},
      {TextValue("0e300"), 0},
      {DoubleValue(0.1), 100'000'000'000},
      {DoubleValue(0.00034125), 341'250'000},
      {DoubleValue(2.5e-07), 250'000},
      {IntValue(3), 3'000'000'000'000},
      {TextValue("12345678901"), std::nullopt},
      {TextValue("1e30"), std::nullopt},
      {TextValue("-0.5"), std::nullopt},
      {TextValue("free"), std::nullopt},
      {TextValue("1.2.3"), std::nullopt},
      {TextValue(""), std::nullopt},
      {DoubleValue(std::nan("")), std::nullopt},
      {DoubleValue(-1), std::nullopt},
  };
  for (const Case& c : cases) {
    const auto money = ParseDollars(c.value);
    EXPECT_EQ(money ? std::optional(money->picodollars) : std::nullopt, c.picodollars)
        << c.value.bytes << " " << c.value.number;
  }
}

TEST(ValuesTest, WritesScalarsAsText) {
  base::Arena arena;
  EXPECT_EQ(ScalarText(TextValue("a"), arena), "a");
  EXPECT_EQ(ScalarText(TextValue("null"), arena), "");
  EXPECT_EQ(ScalarText(IntValue(-5), arena), "-5");
  EXPECT_EQ(ScalarText(DoubleValue(0.5), arena), "0.5");
  EXPECT_EQ(ScalarText({.kind = otlp::ValueKind::kBool, .integer = 1}, arena), "true");
  EXPECT_EQ(ScalarText({.kind = otlp::ValueKind::kMap, .bytes = "x"}, arena), "");
}

TEST(ValuesTest, TakesOnePairOfQuotesOff) {
  EXPECT_EQ(Unquote(R"("gpt-4o")"), "gpt-4o");
  EXPECT_EQ(Unquote(R"("a\"b")"), "a\"b");
  EXPECT_EQ(Unquote(R"("\"x\"")"), R"("x")");
  EXPECT_EQ(Unquote("plain"), "plain");
  EXPECT_EQ(Unquote("\""), "\"");
}

TEST(ListsTest, ReadsListsInAllTheirForms) {
  EXPECT_EQ(ListText(TextValue(R"(["stop","length"])"), Form::kPlain), R"(["stop","length"])");
  EXPECT_EQ(ListText(TextValue("stop"), Form::kPlain), R"(["stop"])");
  EXPECT_EQ(ListText(TextValue("\"stop\""), Form::kPlain), R"(["stop"])");
  EXPECT_EQ(ListText(TextValue("a, b,c"), Form::kCommaList), R"(["a","b","c"])");
  EXPECT_EQ(ListText(TextValue("a, b"), Form::kPlain), R"(["a, b"])");
  EXPECT_EQ(ListText(TextValue("[not json"), Form::kPlain), R"(["[not json"])");
  EXPECT_EQ(ListText(IntValue(3), Form::kPlain), R"(["3"])");
  EXPECT_EQ(ListText(TextValue("[]"), Form::kPlain), "");
}

}  // namespace
}  // namespace sightline::normalize
