// SPDX-License-Identifier: Apache-2.0
#include "normalize/lenient_json.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "normalize/json.h"

namespace sightline::normalize {
namespace {

struct Case {
  std::string_view text;
  std::string_view json;  // "": refused.
};

std::string JsonOf(const std::optional<json::value>& value) {
  return value ? ToJsonText(*value) : std::string();
}

TEST(LenientJsonTest, ReadsWhatEncodersWrite) {
  const std::vector<Case> cases = {
      {R"({"a":NaN,"b":Infinity,"c":-Infinity,"d":1.5})",
       R"({"a":"NaN","b":"Infinity","c":"-Infinity","d":1.5})"},
      {R"({'a': nan, 'b': inf, 'c': -inf})", R"({"a":"NaN","b":"Infinity","c":"-Infinity"})"},
      {R"(["\ud83d", "\ude00 x", "\ud83d\ude00", "\ud83d\u0041"])",
       "[\"\uFFFD\",\"\uFFFD x\",\"\U0001F600\",\"\uFFFDA\"]"},
      {"{\"a\":\"line\nbreak\"}", R"({"a":"line\nbreak"})"},
      {R"({'a': True, 'b': False, 'c': None, 1: (1, 'x'), 'd': (2,), 'e': b'raw\x41'})",
       R"({"a":true,"b":false,"c":null,"1":[1,"x"],"d":[2],"e":"rawA"})"},
      {R"({'a': "it's", 'b': 'say "hi"', 'c': 'it\'s'})",
       R"({"a":"it's","b":"say \"hi\"","c":"it's"})"},
      {R"x([HumanMessage(content='hi', additional_kwargs={}), x.AIMessage(content='yo', id=None)])x",
       R"([{"type":"HumanMessage","content":"hi","additional_kwargs":{}},)"
       R"({"type":"AIMessage","content":"yo","id":null}])"},
      {R"x({'at': datetime.datetime(2025, 1, 1, tzinfo=f(')')), 'f': <function f at 0x7f>})x",
       R"x({"at":"datetime.datetime(2025, 1, 1, tzinfo=f(')'))","f":"<function f at 0x7f>"})x"},
      {R"([1, -2, 3.25, 1e3, 123456789012345678901,])", "[1,-2,3.25,1000,123456789012345683968]"},
      {R"({"a": "C:\path"})", R"({"a":"C:\\path"})"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(JsonOf(ParseLenientJson(c.text)), c.json) << c.text;
  }
}

TEST(LenientJsonTest, LeavesProseAlone) {
  for (const std::string_view text : {"",
                                      "[INFO] started",
                                      "[1] see below",
                                      "{name}, hello",
                                      "{'a'}",
                                      "{1, 2}",
                                      "{'a': 'it's'}",
                                      "[link](http://x)",
                                      "['a'] and more",
                                      "{\"a\":1}}",
                                      "[x for x in y]",
                                      "{\"a\" 1}",
                                      "NaN",
                                      "{\"a\":1",
                                      "[<p>hi</p>]",
                                      "{'a': f(}",
                                      "[1 2]",
                                      "{'a': <}",
                                      "[1-2]",
                                      "{,}",
                                      "[,]"}) {
    EXPECT_EQ(JsonOf(ParseLenientJson(text)), "") << text;
  }
}

TEST(LenientJsonTest, RefusesWhatNestsTooDeep) {
  EXPECT_FALSE(ParseLenientJson(std::string(100000, '[')));
  EXPECT_FALSE(ParseLenientJson(std::string(100, '[') + "NaN" + std::string(100, ']')));
  EXPECT_FALSE(ParseCutJson(std::string(100000, '[')));
  EXPECT_TRUE(ParseLenientJson(std::string(60, '[') + "NaN" + std::string(60, ']')));
}

TEST(LenientJsonTest, ReadsATextToWhereItWasCut) {
  const std::vector<Case> cases = {
      {R"([{"role":"user","content":"hel)", R"([{"role":"user","content":"hel"}])"},
      {R"([{"role":"user","content":"a"},{"role":"ass)", R"([{"role":"user","content":"a"}])"},
      {R"([{"role":"user","content":"a"},{"role":"assistant","con)",
       R"([{"role":"user","content":"a"},{"role":"assistant"}])"},
      {R"([{"role":"user","content":"a"},)", R"([{"role":"user","content":"a"}])"},
      {R"([{"role":"user","content":"a"}, ...)", R"([{"role":"user","content":"a"}])"},
      {"[{\"role\":\"user\",\"content\":\"a\"}\u2026", R"([{"role":"user","content":"a"}])"},
      {R"([{"role":"user","content":"a"}...[truncated 12 chars])",
       R"([{"role":"user","content":"a"}])"},
      {R"({"a":{"b":[1,2,12)", R"({"a":{"b":[1,2]}})"},
      {R"({"a":1,"b":tru)", R"({"a":1})"},
      {R"({'a': 'b\)", R"({"a":"b"})"},
      {R"({"a":"b","c":"\ud83)", R"({"a":"b","c":"\\ud83"})"},
      {R"([HumanMessage(content='hi', addit)", R"([{"type":"HumanMessage","content":"hi"}])"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(JsonOf(ParseCutJson(c.text)), c.json) << c.text;
  }
}

TEST(LenientJsonTest, RefusesWhatIsNotCut) {
  for (const std::string_view text :
       {"", "[", "{", "[1, 2, 3", "[INFO", R"({"a":1})", R"({"a":1}})", R"({"a":1 "b")", R"({"a)",
        R"({"a":)", R"([{"a":1}; and so on...)", "[\"hello"}) {
    EXPECT_EQ(JsonOf(ParseCutJson(text)), "") << text;
  }
}

}  // namespace
}  // namespace sightline::normalize
