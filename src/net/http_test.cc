// SPDX-License-Identifier: Apache-2.0
#include "net/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::net {
namespace {

using ::testing::ElementsAre;

TEST(PercentDecodeTest, DecodesEscapesAndPlus) {
  struct Case {
    const char* name;
    std::string text;
    PlusSign plus;
    const char* expected;  // Null: an error.
  };

  const Case cases[] = {
      {"plain", "abc", PlusSign::kLiteral, "abc"},
      {"escape", "a%20b", PlusSign::kLiteral, "a b"},
      {"lower-case hex", "%c3%a9", PlusSign::kLiteral, "\xC3\xA9"},
      {"escape at the end", "x%2F", PlusSign::kLiteral, "x/"},
      {"decoded once", "%2541", PlusSign::kLiteral, "%41"},
      {"plus in a path", "a+b", PlusSign::kLiteral, "a+b"},
      {"plus in a query", "a+b", PlusSign::kSpace, "a b"},
      {"escaped plus", "a%2Bb", PlusSign::kSpace, "a+b"},
      {"cut escape", "a%2", PlusSign::kLiteral, nullptr},
      {"lone percent", "%", PlusSign::kLiteral, nullptr},
      {"not hex", "%zz", PlusSign::kLiteral, nullptr},
      {"sign is not hex", "%+1", PlusSign::kLiteral, nullptr},
      {"escaped NUL", "a%00", PlusSign::kLiteral, nullptr},
      {"raw NUL", std::string("a\0b", 3), PlusSign::kLiteral, nullptr},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto decoded = PercentDecode(c.text, c.plus);
    ASSERT_EQ(decoded.has_value(), c.expected != nullptr);
    if (decoded.has_value()) {
      EXPECT_EQ(*decoded, c.expected);
    }
  }
}

TEST(ParseTargetTest, SplitsPathIntoDecodedSegments) {
  struct Case {
    const char* name;
    const char* target;
    const char* path;
    std::vector<std::string> segments;
  };

  const Case cases[] = {
      {"root", "/", "/", {""}},
      {"plain", "/a/b", "/a/b", {"a", "b"}},
      {"trailing slash", "/a/", "/a/", {"a", ""}},
      {"double slash", "//a", "//a", {"", "a"}},
      {"escaped slash stays in its segment", "/a%2Fb/c", "/a/b/c", {"a/b", "c"}},
      {"query is cut", "/a?b=/c", "/a", {"a"}},
      {"fragment is cut", "/a#b?c", "/a", {"a"}},
      {"absolute form", "http://host:80/a?b", "/a", {"a"}},
      {"absolute form without a path", "http://host?b", "/", {""}},
      {"asterisk", "*", "*", {}},
      {"dots that are no dot segment", "/a.b/...", "/a.b/...", {"a.b", "..."}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto parsed = ParseTarget(c.target);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->path, c.path);
    EXPECT_EQ(parsed->path_segments, c.segments);
  }
}

TEST(ParseTargetTest, RefusesWhatIsNoPath) {
  for (const char* target :
       {"a/b", "/a/../b", "/a/%2e%2E/b", "/.", "/a/%", "/a?b=%zz", "ftp://host/a", "host:80"}) {
    EXPECT_FALSE(ParseTarget(target).has_value()) << target;
  }
}

TEST(ParseTargetTest, NamesWhatIsNotUtf8) {
  const auto message_of = [](const char* target) {
    const auto parsed = ParseTarget(target);
    return parsed.has_value() ? std::string("taken") : parsed.error().message();
  };
  EXPECT_EQ(message_of("/a?b=c&q=%ff%fe"), "bad parameter q: UTF-8 expected");
  EXPECT_EQ(message_of("/a?q=caf%c3"), "bad parameter q: UTF-8 expected");
  EXPECT_EQ(message_of("/a?q=%ed%a0%80"), "bad parameter q: UTF-8 expected") << "a surrogate";
  EXPECT_EQ(message_of("/a?q=%c0%80"), "bad parameter q: UTF-8 expected") << "overlong";
  EXPECT_EQ(message_of("/a?%ff=x"), "bad parameter \xEF\xBF\xBD: UTF-8 expected");
  EXPECT_EQ(message_of("/a?q=\xFF"), "bad parameter q: UTF-8 expected");
  EXPECT_EQ(message_of("/a/%ff%fe/c"),
            "cannot read request target: segment 2 of its path is not UTF-8");
  EXPECT_EQ(message_of("/caf%c3%a9?q=%f0%9f%98%80"), "taken");
}

TEST(ParseTargetTest, KeepsTheAuthorityOfTheAbsoluteForm) {
  EXPECT_EQ(ParseTarget("http://host:80/a?b")->authority, "host:80");
  EXPECT_EQ(ParseTarget("HTTPS://host?b")->authority, "host");
  EXPECT_EQ(ParseTarget("/a?http://host/")->authority, "");
}

TEST(ParseTargetTest, KeepsQueryParametersInOrder) {
  const auto parsed = ParseTarget("/x?b=2&a=1&b=3&&flag&e=&s=a+b%26c=d");
  ASSERT_TRUE(parsed.has_value());
  const QueryParameters& query = parsed->query;
  const std::vector<NameValue> all(query.begin(), query.end());
  EXPECT_THAT(all,
              ElementsAre(NameValue{"b", "2"}, NameValue{"a", "1"}, NameValue{"b", "3"},
                          NameValue{"flag", ""}, NameValue{"e", ""}, NameValue{"s", "a b&c=d"}));
  EXPECT_EQ(query.Find("b"), "2");
  EXPECT_EQ(query.Find("flag"), "");
  EXPECT_EQ(query.Find("none"), std::nullopt);
}

TEST(HttpHeadersTest, FindsNamesInAnyLetterCase) {
  HttpHeaders headers{{"Content-Type", "text/plain"}, {"Connection", "keep-alive , Upgrade"}};
  EXPECT_EQ(headers.Find("content-TYPE"), "text/plain");
  EXPECT_EQ(headers.Find("Content"), std::nullopt);
  EXPECT_TRUE(headers.HasToken("connection", "upgrade"));
  EXPECT_FALSE(headers.HasToken("connection", "keep"));
  headers.Set("CONTENT-TYPE", "a");
  headers.Add("content-type", "b");
  EXPECT_EQ(headers.Find("Content-Type"), "a");
  EXPECT_EQ(headers.size(), 3U);
}

TEST(DetailResponseTest, EscapesTheDetail) {
  const HttpResponse response = DetailResponse(400, "a \"b\" \\ \n \x01 \xFF");
  EXPECT_EQ(response.body, "{\"detail\": \"a \\\"b\\\" \\\\ \\n \\u0001 \xEF\xBF\xBD\"}");
  EXPECT_EQ(response.content_type, "application/json");
}

}  // namespace
}  // namespace sightline::net
