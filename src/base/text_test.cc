// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ascii.h"
#include "base/decimal.h"
#include "base/json_quote.h"
#include "base/json_writer.h"
#include "base/utf8.h"

namespace sightline::base {
namespace {

using namespace std::string_view_literals;

TEST(AsciiTest, ChangesTheCaseOfAsciiLettersOnly) {
  EXPECT_EQ(ToLower("AZ@[`{\xC3\x84"sv), "az@[`{\xC3\x84");
  EXPECT_EQ(ToUpper('a'), 'A');
  EXPECT_EQ(ToUpper('{'), '{');
  EXPECT_TRUE(EqualsIgnoringCase("Content-Type", "content-TYPE"));
  EXPECT_FALSE(EqualsIgnoringCase("a", "ab"));
  EXPECT_FALSE(EqualsIgnoringCase("@", "`"));
}

TEST(AsciiTest, TrimsBothEnds) {
  EXPECT_EQ(Trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(Trim(" \n"), "");
  EXPECT_EQ(Trim("\va"), "\va");
  EXPECT_EQ(TrimBlanks(" \ta\n "), "a\n");
}

struct DecimalCase {
  std::string_view text;
  std::string_view whole;
  std::string_view fraction;
  int exponent = 0;
};

TEST(DecimalTest, SplitsNumbers) {
  const std::vector<DecimalCase> cases = {
      {"12", "12", "", 0},     {"012.50", "012", "50", 0}, {"12.", "12", "", 0},
      {".5", "", "5", 0},      {"1e-7", "1", "", -7},      {"1.5E+3", "1", "5", 3},
      {"1e400", "1", "", 400},
  };
  for (const DecimalCase& c : cases) {
    const std::optional<Decimal> decimal = SplitDecimal(c.text);
    ASSERT_TRUE(decimal) << c.text;
    EXPECT_EQ(decimal->whole, c.whole) << c.text;
    EXPECT_EQ(decimal->fraction, c.fraction) << c.text;
    EXPECT_EQ(decimal->has_point, c.text.find('.') != std::string_view::npos) << c.text;
    EXPECT_EQ(decimal->exponent, c.exponent) << c.text;
  }
}

TEST(DecimalTest, RefusesWhatIsNotADecimal) {
  for (const std::string_view text :
       {"", ".", "-1", "+1", " 1", "1 ", "1e", "1e+", "1e-", "1e+-5", "1e++5", "1e401",
        "1e99999999999", "1.2.3", "0x1", "nan", "1e5x", "$1", "1,5"}) {
    EXPECT_FALSE(SplitDecimal(text)) << text;
  }
}

TEST(JsonQuoteTest, EscapesWhatJsonAsksFor) {
  EXPECT_EQ(JsonQuote("plain"), R"("plain")");
  EXPECT_EQ(JsonQuote("a\"b\\c/\b\f\n\r\t\x01\x1F\x7F"sv), R"("a\"b\\c/\b\f\n\r\t\u0001\u001f)"
                                                           "\x7F\"");
  EXPECT_EQ(JsonQuote("\0"sv), R"("\u0000")");
  EXPECT_EQ(JsonQuote("你好 🚀"), "\"你好 🚀\"");
}

TEST(JsonQuoteTest, RepairsAndSaysSo) {
  std::string out = "[";
  EXPECT_FALSE(AppendJsonString("é", out));
  EXPECT_TRUE(AppendJsonString("\"\xFF", out));
  EXPECT_EQ(out, "[\"é\"\"\\\"\xEF\xBF\xBD\"");
}

// A quote at every place of texts of every length around a machine word.
TEST(JsonQuoteTest, FindsEscapesAtEveryPlace) {
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t place = 0; place < length; ++place) {
      std::string text(length, 'x');
      text[place] = '"';
      std::string want = '"' + text + '"';
      want.insert(place + 1, "\\");
      EXPECT_EQ(JsonQuote(text), want);
    }
  }
}

TEST(JsonWriterTest, QuotesAsEverywhere) {
  JsonWriter json;
  json.BeginObject().Key("k\n").String("v\b\xFF").EndObject();
  EXPECT_EQ(json.Take(), "{\"k\\n\":\"v\\b\xEF\xBF\xBD\"}");
}

// Against the decoder that repairs: a text is valid if and only if nothing in it is replaced.
TEST(Utf8Test, AgreesWithTheRepairAtEveryPlace) {
  for (const std::size_t place : {0U, 1U, 7U, 8U, 56U, 63U, 64U, 65U, 100U}) {
    std::string text(place + 4, 'x');
    for (int first = 0x70; first < 0x100; ++first) {
      for (int second = 0x70; second < 0x100; ++second) {
        text[place] = static_cast<char>(first);
        text[place + 1] = static_cast<char>(second);
        text[place + 2] = '\x80';
        ASSERT_EQ(IsValidUtf8(text), RepairUtf8(text) == text)
            << place << ' ' << first << ' ' << second;
        ASSERT_EQ(IsValidUtf8(std::string_view(text).substr(0, place + 2)),
                  RepairUtf8(text.substr(0, place + 2)) == text.substr(0, place + 2));
      }
    }
  }
}

}  // namespace
}  // namespace sightline::base
