// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/text_grams.h"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::store::embedded {
namespace {

std::string GramsOf(std::initializer_list<std::string_view> texts) {
  GramBuilder builder;
  for (const std::string_view text : texts) {
    builder.Add(text);
  }
  std::string bitmap;
  builder.TakeTo(bitmap);
  return bitmap;
}

int CountOf(std::string_view bitmap) {
  int count = 0;
  for (const char c : bitmap) {
    count += std::popcount(static_cast<unsigned char>(c));
  }
  return count;
}

struct GramCase {
  std::string_view name;
  std::string_view sought;
  std::string_view text;
  bool may_be_in;
};

const std::vector<GramCase> kCases = {
    {"the same", "order", "order", true},
    {"inside", "order", "reordering", true},
    {"not there", "order", "bord ders", false},
    {"one letter off", "orders", "order", false},
    {"capitals in the text", "order", "ORDER", true},
    {"capitals in what is sought", "ORDER", "order", true},
    {"all letters", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", true},
    {"all digits", "0123456789", "x0123456789", true},
    {"across words", "to the order", "said to the Order of", true},
    {"other words between", "to the order", "to that order, the", false},
    {"long s is s", "missing", "mi\u017F\u017Fing", true},
    {"Kelvin sign is k", "broken", "bro\u212Aen", true},
    {"both after each other", "risks", "ri\u017F\u212A\u017F", true},
    {"long s of the one who searches is not told from others", "mi\u017F\u017Fing", "other", true},
    {"line break in JSON", "first line\nsecond", R"("first line\nsecond")", true},
    {"letters after an escape", "second", R"("first line\nsecond")", true},
    {"quotes in JSON in JSON", R"(say "hello" now)", R"("{\"a\":\"say \\\"hello\\\" now\"}")",
     true},
    {"escaped letters beside others", "caf\u00E9 bill", R"("caf\u00e9 bill")", true},
    {"punctuation ends a sequence", "a.b.c.d.e", "nothing", true},
    {"three characters tell nothing", "xyz", "nothing", true},
    {"four characters do", "wxyz", "nothing", false},
    {"nothing sought", "", "nothing", true},
    {"other scripts tell nothing", "北京到上海", "nothing", true},
    {"words among other scripts do", "从 Beijing 到", "nothing", false},
};

TEST(TextGramsTest, TellWhatCannotBeInATextButNeverDenyWhatIs) {
  for (const GramCase& c : kCases) {
    EXPECT_EQ(SoughtGrams(c.sought).MayBeIn(GramsOf({c.text})), c.may_be_in) << c.name;
  }
}

TEST(TextGramsTest, SetABitForEachGram) {
  EXPECT_EQ(CountOf(GramsOf({"abc"})), 0);
  EXPECT_EQ(CountOf(GramsOf({"abcd"})), 1);
  EXPECT_EQ(CountOf(GramsOf({"abcde"})), 2);
  EXPECT_EQ(CountOf(GramsOf({"abc,abc;abc\nabc\x01"
                             "abc\xE2\x82\xAC"
                             "abc"})),
            0);
  EXPECT_EQ(CountOf(GramsOf({"abcd", "ABCD"})), 1);
}

TEST(TextGramsTest, DoNotReachFromOneTextIntoAnother) {
  EXPECT_EQ(GramsOf({"ab", "cd", "ef"}), GramsOf({}));
  EXPECT_EQ(CountOf(GramsOf({})), 0);
}

TEST(TextGramsTest, ForgetWhatWasTaken) {
  GramBuilder builder;
  std::string bitmaps;
  builder.Add("the first of them");
  builder.TakeTo(bitmaps);
  builder.Add("another");
  builder.TakeTo(bitmaps);
  ASSERT_EQ(bitmaps.size(), 2 * kGramBytes);
  EXPECT_EQ(bitmaps.substr(0, kGramBytes), GramsOf({"the first of them"}));
  EXPECT_EQ(bitmaps.substr(kGramBytes), GramsOf({"another"}));
}

// They are on disk.
TEST(TextGramsTest, HaveTheirPlaceForGood) {
  const std::string bitmap = GramsOf({"gram", "of 5"});
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < 8 * kGramBytes; ++i) {
    if (((static_cast<unsigned char>(bitmap[i / 8]) >> (i % 8)) & 1) != 0) {
      places.push_back(i);
    }
  }
  EXPECT_EQ(places, (std::vector<std::size_t>{8758, 8969}));
}

TEST(TextGramsTest, AreEmptyWhereNothingCanBePassedOver) {
  EXPECT_TRUE(SoughtGrams("abc").is_empty());
  EXPECT_TRUE(SoughtGrams("a-b-c").is_empty());
  EXPECT_FALSE(SoughtGrams("a-bcde").is_empty());
}

}  // namespace
}  // namespace sightline::store::embedded
