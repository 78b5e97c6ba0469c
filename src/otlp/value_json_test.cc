// SPDX-License-Identifier: Apache-2.0
#include "otlp/value_json.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "otlp/encode.h"
#include "otlp/request.h"
#include "otlp/value.h"

namespace sightline::otlp {
namespace {

using std::string_literals::operator""s;

std::string ToJson(const AnyData& data, JsonMarks& marks) {
  const std::string bytes = EncodeValue(data);
  std::string json;
  AppendJson(DecodeValue(bytes), json, marks);
  return json;
}

struct ValueCase {
  const char* name;
  AnyData value;
  std::string json;
};

class ValueJsonTest : public testing::TestWithParam<ValueCase> {};

TEST_P(ValueJsonTest, IsWrittenAsPlainJson) {
  JsonMarks marks;
  EXPECT_EQ(ToJson(GetParam().value, marks), GetParam().json);
  EXPECT_FALSE(marks.is_repaired);
  EXPECT_FALSE(marks.is_too_deep);
}

TEST_P(ValueJsonTest, IsReadBackAsTheSameBytes) {
  const auto bytes = JsonToValue(GetParam().json);
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message();
  EXPECT_EQ(*bytes, EncodeValue(GetParam().value));
}

INSTANTIATE_TEST_SUITE_P(
    Values, ValueJsonTest,
    testing::Values(
        ValueCase{"None", AnyData(), "null"}, ValueCase{"EmptyText", "", "\"\""},
        ValueCase{"PlainText", "hello", "\"hello\""},
        ValueCase{"QuotesAndBackslashes", R"(say "a\b")", R"("say \"a\\b\"")"},
        ValueCase{"ShortEscapes", "\b\f\n\r\t", R"("\b\f\n\r\t")"},
        ValueCase{"OtherControls", "\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\""},
        ValueCase{"Nul", AnyData("a\0b"s), R"("a\u0000b")"},
        ValueCase{"LongTextWithLateEscape", "0123456789abcdefghijklmnopqrstuv\nend",
                  R"("0123456789abcdefghijklmnopqrstuv\nend")"},
        ValueCase{"Umlauts", "gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80",
                  "\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\""},
        ValueCase{"True", true, "true"}, ValueCase{"False", false, "false"},
        ValueCase{"Zero", 0, "0"}, ValueCase{"Negative", -5, "-5"},
        ValueCase{"SmallestInt", std::numeric_limits<std::int64_t>::min(), "-9223372036854775808"},
        ValueCase{"LargestInt", std::numeric_limits<std::int64_t>::max(), "9223372036854775807"},
        ValueCase{"DoubleOfWholeNumber", 3.0, "3.0"}, ValueCase{"NegativeZero", -0.0, "-0.0"},
        ValueCase{"Fraction", 0.1, "0.1"}, ValueCase{"LargeDouble", 1e300, "1e+300"},
        ValueCase{"SmallestDouble", 5e-324, "5e-324"},
        ValueCase{"NotANumber", std::numeric_limits<double>::quiet_NaN(), R"({"$double":"NaN"})"},
        ValueCase{"Infinity", std::numeric_limits<double>::infinity(), R"({"$double":"Infinity"})"},
        ValueCase{"NegativeInfinity", -std::numeric_limits<double>::infinity(),
                  R"({"$double":"-Infinity"})"},
        ValueCase{"Bytes", AnyData::Bytes{"\0\xFF\x10"s}, R"({"$bytes":"AP8Q"})"},
        ValueCase{"NoBytes", AnyData::Bytes{""}, R"({"$bytes":""})"},
        ValueCase{"EmptyArray", AnyData::Array{}, "[]"},
        ValueCase{"EmptyMap", AnyData::Map{}, "{}"},
        ValueCase{"Array", AnyData::Array{1, "a", AnyData(), AnyData::Array{}},
                  R"([1,"a",null,[]])"},
        ValueCase{"Map", AnyData::Map{{"a", 1}, {"b", AnyData::Map{{"c", 2.5}}}},
                  R"({"a":1,"b":{"c":2.5}})"},
        ValueCase{"EmptyKey", AnyData::Map{{"", 1}, {"a", 1}}, R"({"":1,"a":1})"},
        ValueCase{"KeyWithEscape", AnyData::Map{{"a\"b", 1}}, R"({"a\"b":1})"},
        ValueCase{"MapThatOnlyLooksLikeBytes", AnyData::Map{{"$bytes", "not base64!"}},
                  R"({"$bytes":"not base64!"})"},
        ValueCase{"MapWithMoreThanBytes", AnyData::Map{{"$bytes", "AP8Q"}, {"x", 1}},
                  R"({"$bytes":"AP8Q","x":1})"},
        ValueCase{"MapThatOnlyLooksLikeADouble", AnyData::Map{{"$double", "1.5"}},
                  R"({"$double":"1.5"})"}),
    [](const auto& test) { return test.param.name; });

// Texts are scanned in words: an escape must be found wherever it stands in one.
TEST(ValueJsonTest, TheFirstValueOfARepeatedKeyIsKept) {
  for (const int distinct : {1, 2, 95, 96, 97, 300}) {
    AnyData::Map map;
    std::string expected = "{";
    for (int i = 0; i < distinct; ++i) {
      map.push_back({"key-" + std::to_string(i), i});
      expected += (i == 0 ? "\"key-" : ",\"key-") + std::to_string(i) + "\":" + std::to_string(i);
    }
    JsonMarks marks;
    EXPECT_EQ(ToJson(map, marks), expected + "}");
    EXPECT_FALSE(marks.has_repeats);
    map.push_back({"key-0", "again"});
    map.push_back({"key-" + std::to_string(distinct - 1), "again"});
    EXPECT_EQ(ToJson(map, marks), expected + "}") << distinct;
    EXPECT_TRUE(marks.has_repeats);
  }
}

TEST(ValueJsonTest, EscapesAreFoundAtEveryPlaceOfEveryLength) {
  for (std::size_t size = 1; size < 40; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string text(size, 'x');
      text[place] = '\n';
      std::string expected = "\"" + std::string(size, 'x') + "\"";
      expected.replace(place + 1, 1, "\\n");
      std::string json;
      JsonMarks marks;
      AppendJsonString(text, json, marks);
      ASSERT_EQ(json, expected);
    }
  }
}

TEST(ValueJsonTest, TextsOfOnlyControlsFit) {
  std::string expected = "\"";
  for (int i = 0; i < 300; ++i) {
    expected.append("\\u0000");
  }
  std::string json;
  JsonMarks marks;
  AppendJsonString(std::string(300, '\0'), json, marks);
  EXPECT_EQ(json, expected + "\"");
}

TEST(ValueJsonTest, InvalidUtf8IsRepairedAndReported) {
  JsonMarks marks;
  EXPECT_EQ(ToJson("ok\xFF\"z", marks), "\"ok\xEF\xBF\xBD\\\"z\"");
  EXPECT_TRUE(marks.is_repaired);
}

TEST(ValueJsonTest, InvalidUtf8InAKeyIsRepairedAndReported) {
  JsonMarks marks;
  EXPECT_EQ(ToJson(AnyData::Map{{"\x80", 1}}, marks), "{\"\xEF\xBF\xBD\":1}");
  EXPECT_TRUE(marks.is_repaired);
}

AnyData Nest(int depth, const AnyData& inside) {
  AnyData value = inside;
  for (int i = 0; i < depth; ++i) {
    value = AnyData(AnyData::Array{value});
  }
  return value;
}

TEST(ValueJsonTest, ValuesAtTheDepthLimitAreKeptWhole) {
  JsonMarks marks;
  const std::string json = ToJson(Nest(kMaxValueDepth, AnyData::Bytes{"x"}), marks);
  EXPECT_FALSE(marks.is_too_deep);
  EXPECT_NE(json.find("$bytes"), std::string::npos);
  EXPECT_EQ(JsonToValue(json).value(), EncodeValue(Nest(kMaxValueDepth, AnyData::Bytes{"x"})));
}

TEST(ValueJsonTest, ContainersBeyondTheDepthLimitBecomeNullAndAreReported) {
  JsonMarks marks;
  const std::string json = ToJson(Nest(kMaxValueDepth + 1, "x"), marks);
  EXPECT_TRUE(marks.is_too_deep);
  EXPECT_NE(json.find("[null]"), std::string::npos);
}

TEST(ValueJsonTest, ReadingCutsContainersBeyondTheDepthLimit) {
  const std::string deep(500, '[');
  const auto bytes = JsonToValue(deep + std::string(500, ']'));
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message();
  EXPECT_EQ(*bytes, EncodeValue(Nest(kMaxValueDepth, AnyData())));
}

TEST(ValueJsonTest, NumbersBeyondInt64BecomeDoubles) {
  EXPECT_EQ(JsonToValue("18446744073709551616").value(), EncodeValue(18446744073709551616.0));
  EXPECT_EQ(JsonToValue("9223372036854775808").value(), EncodeValue(9223372036854775808.0));
  EXPECT_EQ(JsonToValue("1e2").value(), EncodeValue(100.0));
}

TEST(ValueJsonTest, WritesAttributesAsOneObject) {
  const std::vector<KeyValue> attributes{
      {.key = "a", .value = {.kind = ValueKind::kInt, .integer = 1}},
      {.key = "b", .value = {.kind = ValueKind::kString, .bytes = "x"}}};
  std::string json;
  JsonMarks marks;
  AppendJsonObject(attributes, json, marks);
  AppendJsonObject({}, json, marks);
  EXPECT_EQ(json, R"({"a":1,"b":"x"}{})");
}

struct BadTextCase {
  const char* name;
  std::string json;
};

class BadJsonTest : public testing::TestWithParam<BadTextCase> {};

TEST_P(BadJsonTest, IsRefused) {
  const auto bytes = JsonToValue(GetParam().json);
  ASSERT_FALSE(bytes.has_value());
  EXPECT_EQ(bytes.error().code(), base::Code::kInvalidArgument);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, BadJsonTest,
    testing::Values(BadTextCase{"Empty", ""}, BadTextCase{"Spaces", "  "},
                    BadTextCase{"TwoValues", "1,2"}, BadTextCase{"TwoTexts", "1 2"},
                    BadTextCase{"ClosesTooMuch", "[1]]"}, BadTextCase{"ClosesAndReopens", "1],[2"},
                    BadTextCase{"Unclosed", "[1"}, BadTextCase{"UnclosedString", "\"a"},
                    BadTextCase{"MissingColon", "{\"a\" 1}"}, BadTextCase{"TrailingComma", "[1,]"},
                    BadTextCase{"BareWord", "nothing"}, BadTextCase{"AlmostNull", "nul"},
                    BadTextCase{"AlmostTrue", "[truth]"}, BadTextCase{"LeadingZero", "01"},
                    BadTextCase{"PlusSign", "+1"}, BadTextCase{"WrongEscape", "\"\\x\""},
                    BadTextCase{"ShortUnicodeEscape", "\"\\u12\""},
                    BadTextCase{"ControlInString", "\"a\nb\""},
                    BadTextCase{"InvalidUtf8", "\"\xFF\""}, BadTextCase{"HugeExponent", "1e999"}),
    [](const auto& test) { return test.param.name; });

TEST(ValueJsonTest, LoneSurrogatesAreRepairedInsteadOfRefused) {
  const std::string bytes = JsonToValue(R"("cut \ud83d")").value();
  std::string json;
  JsonMarks marks;
  AppendJson(DecodeValue(bytes), json, marks);
  EXPECT_EQ(json, "\"cut \xEF\xBF\xBD\"");
  EXPECT_TRUE(marks.is_repaired);
}

TEST(ValueJsonTest, SurrogatePairsBecomeOneCodePoint) {
  EXPECT_EQ(JsonToValue(R"("\ud83d\ude00\u00fc\u20ac\u0041")").value(),
            EncodeValue("\xF0\x9F\x98\x80\xC3\xBC\xE2\x82\xAC"
                        "A"));
}

}  // namespace
}  // namespace sightline::otlp
