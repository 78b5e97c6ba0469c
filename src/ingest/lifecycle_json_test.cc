// SPDX-License-Identifier: Apache-2.0
#include "ingest/lifecycle_json.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::ingest {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kMaxItems = 3;

struct SplitCase {
  std::string_view name;
  EventFormat format;
  std::string_view body;
  std::vector<std::string_view> items;
};

TEST(SplitEventsTest, CutsABodyIntoItems) {
  const SplitCase cases[] = {
      {"one object", EventFormat::kJson, " {\"a\":1}\n", {"{\"a\":1}"}},
      {"empty array", EventFormat::kJson, "[ ]", {}},
      {"array", EventFormat::kJson, "[{\"a\":[1,2]} , {}]", {"{\"a\":[1,2]}", "{}"}},
      {"brackets in strings", EventFormat::kJson, R"([{"a":"]},\"["}])", {R"({"a":"]},\"["})"}},
      {"a value that is not an object is an item",
       EventFormat::kJson,
       "[1,,tru]",
       {"1", "", "tru"}},
      {"lines", EventFormat::kLines, "{}\r\n\n  \n{\"a\":1}", {"{}", "{\"a\":1}"}},
      {"broken lines are items", EventFormat::kLines, "{\n}\n", {"{", "}"}},
      {"an array on a line is one item", EventFormat::kLines, "[{},{}]\n", {"[{},{}]"}},
  };
  for (const SplitCase& c : cases) {
    const auto items = SplitEvents(c.format, c.body, kMaxItems);
    ASSERT_TRUE(items.has_value()) << c.name;
    EXPECT_EQ(*items, c.items) << c.name;
  }
}

struct RefusalCase {
  std::string_view name;
  EventFormat format;
  std::string_view body;
  base::Code code;
  std::string_view message;
};

TEST(SplitEventsTest, RefusesWhatIsNoListOfItems) {
  const RefusalCase cases[] = {
      {"empty", EventFormat::kJson, " \n", base::Code::kInvalidArgument, "empty"},
      {"no lines", EventFormat::kLines, "\n\n", base::Code::kInvalidArgument, "empty"},
      {"open array", EventFormat::kJson, "[{},{}", base::Code::kInvalidArgument, "no end"},
      {"open string", EventFormat::kJson, "[{\"a\":\"b}]", base::Code::kInvalidArgument, "no end"},
      {"wrong bracket", EventFormat::kJson, "[1}", base::Code::kInvalidArgument, "wrong bracket"},
      {"two arrays", EventFormat::kJson, "[{}][{}]", base::Code::kInvalidArgument,
       "after the array"},
      {"array too long", EventFormat::kJson, "[1,2,3,4]", base::Code::kResourceExhausted, "3"},
      {"too many lines", EventFormat::kLines, "1\n2\n3\n4", base::Code::kResourceExhausted, "3"},
  };
  for (const RefusalCase& c : cases) {
    const auto items = SplitEvents(c.format, c.body, kMaxItems);
    ASSERT_FALSE(items.has_value()) << c.name;
    EXPECT_EQ(items.error().code(), c.code) << c.name;
    EXPECT_THAT(items.error().message(), HasSubstr(c.message)) << c.name;
  }
}

TEST(FindJsonFaultTest, AcceptsObjects) {
  for (const std::string_view text :
       {R"({})", R"({"a":[1,-2.5e3,true,null,"\u00e9\ud83d\ude00"],"b":{"c":{}}})",
        "{\"invalid utf-8\":\"\xFF\"}", "{ \"a\" : 1 } "}) {
    EXPECT_EQ(FindJsonFault(text), std::nullopt) << text;
  }
}

TEST(FindJsonFaultTest, SaysWhatIsWrong) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"", "must be a JSON object"},
      {"5", "must be a JSON object"},
      {"[{}]", "must be a JSON object"},
      {"{", "is not JSON"},
      {"{\"a\":}", "is not JSON: syntax error at byte 5"},
      {"{\"a\":01}", "is not JSON"},
      {"{\"a\":\"\\ud83d\"}", "is not JSON"},
      {"{} {}", "it goes on after its end at byte 3"},
      {"{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}", "nests deeper than 32"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_THAT(FindJsonFault(text).value_or("no fault"), HasSubstr(expected)) << text;
  }
}

TEST(RepairSurrogatesTest, ReplacesHalfCharactersOnly) {
  const std::pair<std::string_view, std::optional<std::string>> cases[] = {
      {R"({"a":"plain"})", std::nullopt},
      {R"({"a":"\ud83d\ude00"})", std::nullopt},
      {R"({"a":"cut \ud83d"})", R"({"a":"cut \ufffd"})"},
      {R"({"a":"\ude00 tail"})", R"({"a":"\ufffd tail"})"},
      {R"({"a":"\ud83d\ud83d\ude00"})", R"({"a":"\ufffd\ud83d\ude00"})"},
      {R"({"a":"\\ud83d"})", std::nullopt},  // A backslash and the letters ud83d.
      {R"({"a":"\ud83)", std::nullopt},
      {R"(\)", std::nullopt},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(RepairSurrogates(text), expected) << text;
  }
}

}  // namespace
}  // namespace sightline::ingest
