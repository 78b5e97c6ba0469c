// SPDX-License-Identifier: Apache-2.0
#include "pricing/decimal.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "pricing/price_json.h"

namespace sightline::pricing {
namespace {

// Decimal digits of a non-negative number.
std::string Text(Int128 number) {
  std::string text;
  do {
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(number % 10)));
    number /= 10;
  } while (number != 0);
  return text;
}

TEST(DecimalTest, ReadsRatesExactly) {
  struct Case {
    std::string_view name;
    std::string_view text;
    int per_exponent;
    std::string_view units;
  };

  const std::vector<Case> cases = {
      {"zero", "0", 6, "0"},
      {"zero with decimals", "0.000", 6, "0"},
      {"whole", "3", 6, "3000000000000000000"},
      {"decimals", "0.075", 6, "75000000000000000"},
      {"what doubles cannot hold", "0.1", 6, "100000000000000000"},
      {"17 decimals", "0.08333333333333334", 6, "83333333333333340"},
      {"negative exponent", "1e-7", 6, "100000000000"},
      {"positive exponent", "1.5E+2", 6, "150000000000000000000"},
      {"per thousand", "14", 3, "14000000000000000000000"},
      {"trailing zeros beyond what can be kept", "1.0000000000000000000", 6, "1000000000000000000"},
  };
  for (const Case& test : cases) {
    const auto rate = ParseRate(test.text, test.per_exponent);
    ASSERT_TRUE(rate) << test.name;
    EXPECT_EQ(Text(*rate), test.units) << test.name;
  }
}

TEST(DecimalTest, RefusesWhatIsNotAPrice) {
  for (const std::string_view text :
       {"", "-1", "+1", ".5", "5.", "1.2.3", "1,5", "abc", "1e", "1e999", "0x10", "NaN", " 1",
        "0.0000000000000000001", "123456789012345678901", "2000000000"}) {
    EXPECT_FALSE(ParseRate(text, 6)) << text;
  }
  EXPECT_EQ(ParseRate("1.2.3", 6).error().message(),
            "cannot read price '1.2.3': not a non-negative decimal of at most 20 digits");
}

TEST(DecimalTest, RoundsToTheNearestPicodollarHalvesUp) {
  EXPECT_EQ(RoundToMoney(0).picodollars, 0);
  EXPECT_EQ(RoundToMoney(kUnitsPerPicodollar / 2 - 1).picodollars, 0);
  EXPECT_EQ(RoundToMoney(kUnitsPerPicodollar / 2).picodollars, 1);
  EXPECT_EQ(RoundToMoney(kUnitsPerPicodollar * 7).picodollars, 7);
}

TEST(PriceJsonTest, KeepsTheTextOfNumbers) {
  const auto value =
      ParsePriceJson(R"({"a":[0.1,-2e5,0.08333333333333334],"b 1":"x \" 3 \\","c":null,"d":7})");
  ASSERT_TRUE(value);
  const boost::json::object& object = value->as_object();
  EXPECT_EQ(object.at("a").at(0).as_string(), "0.1");
  EXPECT_EQ(object.at("a").at(1).as_string(), "-2e5");
  EXPECT_EQ(object.at("a").at(2).as_string(), "0.08333333333333334");
  EXPECT_EQ(object.at("b 1").as_string(), "x \" 3 \\");
  EXPECT_TRUE(object.at("c").is_null());
  EXPECT_EQ(object.at("d").as_string(), "7");
}

TEST(PriceJsonTest, RefusesWhatIsNotJson) {
  for (const std::string_view text : {"", "{", "[1,]", "\"open", "{\"a\" 1}"}) {
    EXPECT_FALSE(ParsePriceJson(text)) << text;
  }
}

}  // namespace
}  // namespace sightline::pricing
