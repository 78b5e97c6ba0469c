// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/search_pattern.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/embedded/duck.h"

namespace sightline::store::embedded {
namespace {

struct SearchCase {
  std::string_view name;
  std::string_view text;  // What a user types.
  std::string_view body;
  bool is_found;
};

constexpr std::string_view kLongText =
    "a text of more than a few words, as somebody would paste it into the search box to find the "
    "one message that he has just read somewhere else; Ünïcödé included, 世界 as well";

const std::vector<SearchCase> kCases = {
    {"as it is", "order", "an order", true},
    {"not there", "orders", "an order", false},
    {"case of ascii", "ORDER no. x", "An Order No. X", true},
    {"case of other letters", "straße ÜBER", "Straße über", true},
    {"case of greek with final sigma", "ΠΟΛΙΣ", "η πόλις πολις", true},
    {"syntax of patterns", "a.b*c(d)[e]{f}|g?", "xa.b*c(d)[e]{f}|g?x", true},
    {"syntax of patterns is not used", "a.c", "abc", false},
    {"quotes of SQL", "it's", "it's", true},
    {"percent and underscore", "100%_", "100%_", true},
    {"escaped letters in any case", "заказ", R"("\u0417\u0410\u041A\u0430\u0437")", true},
    {"escaped final sigma", "πολις", R"("\u03a0\u039f\u039b\u0399\u03a3")", true},
    {"escaped pair", "🚀!", R"("\ud83d\ude80!")", true},
    {"half escaped", "今天天气", R"("今\u5929天\u6c14")", true},
    {"quote in JSON", R"(say "hi")", R"("say \"hi\"")", true},
    {"quote in JSON in JSON", R"(say "hi")", R"("{\"a\":\"say \\\"hi\\\"\"}")", true},
    {"letters in JSON in JSON", "é", R"("{\"a\":\"\\u00e9\"}")", true},
    {"line break in JSON", "a\nb", R"("a\nb")", true},
    {"line break as it is", "a\nb", "a\nb", true},
    {"backslash", R"(C:\temp)", R"("C:\\temp")", true},
    {"slash of PHP", "a/b", R"("a\/b")", true},
    {"angle brackets of Go", "<b> & 'c'", R"("\u003cb\u003e \u0026 \u0027c\u0027")", true},
    {"right to left", "الطقس", "ما هو الطقس اليوم؟", true},
    {"combined emoji", "👩‍💻", "a 👩‍💻 b", true},
    {"control character",
     "a\x01"
     "b",
     R"("a\u0001b")", true},
    {"invalid UTF-8 finds its repair", "\xFFx", "\xEF\xBF\xBDx", true},
    {"long text", kLongText, kLongText, true},
};

TEST(SearchPatternTest, FindsTextsAsTheyAreStored) {
  const auto database = Database::Open({}).value();
  const auto connection = database->Connect().value();
  for (const SearchCase& c : kCases) {
    const std::string pattern = SearchPattern(c.text);
    EXPECT_EQ(pattern.find('\''), std::string::npos) << c.name;
    const auto found = connection->QueryIntegers(
        fmt::format("SELECT regexp_matches(?, '{}')::BIGINT", pattern), {Param::Text(c.body)});
    ASSERT_TRUE(found.has_value()) << c.name << ": " << found.error().message();
    EXPECT_EQ((*found)[0], c.is_found ? 1 : 0) << c.name;
  }
}

}  // namespace
}  // namespace sightline::store::embedded
