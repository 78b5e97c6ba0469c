// SPDX-License-Identifier: Apache-2.0
#include "net/chunked_body.h"

#include <string>

#include <gtest/gtest.h>

namespace sightline::net {
namespace {

struct Outcome {
  std::string body;
  std::string rest;  // Not used.
  bool is_done = false;
  bool is_refused = false;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome Decode(std::string_view bytes, std::size_t step) {
  ChunkedBody chunks;
  Outcome outcome;
  while (!bytes.empty() && !chunks.is_done()) {
    const auto used = chunks.Feed(bytes.substr(0, step), outcome.body);
    if (!used.has_value()) {
      outcome.is_refused = true;
      return outcome;
    }
    bytes.remove_prefix(*used);
  }
  outcome.is_done = chunks.is_done();
  outcome.rest = std::string(bytes);
  return outcome;
}

TEST(ChunkedBodyTest, DecodesBodiesHoweverTheyAreCut) {
  struct Case {
    const char* name;
    const char* bytes;
    Outcome expected;
  };

  const Case cases[] = {
      {"empty", "0\r\n\r\n", {.is_done = true}},
      {"one chunk", "3\r\nabc\r\n0\r\n\r\n", {.body = "abc", .is_done = true}},
      {"leading zeros", "0003\r\nabc\r\n00\r\n\r\n", {.body = "abc", .is_done = true}},
      {"upper case", "A\r\n0123456789\r\n0\r\n\r\n", {.body = "0123456789", .is_done = true}},
      {"extension", "1;a=\"b;c\"\r\nx\r\n0;d\r\n\r\n", {.body = "x", .is_done = true}},
      {"trailer", "1\r\nx\r\n0\r\nA: b\r\nC:\r\n\r\n", {.body = "x", .is_done = true}},
      {"line ends in data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", {.body = "\r\n\r\n", .is_done = true}},
      {"what follows is left",
       "1\r\nx\r\n0\r\n\r\nGET /",
       {.body = "x", .rest = "GET /", .is_done = true}},
      {"unfinished", "5\r\nab", {.body = "ab"}},
  };
  for (const Case& c : cases) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
      EXPECT_EQ(Decode(c.bytes, step), c.expected) << c.name << " in steps of " << step;
    }
  }
}

TEST(ChunkedBodyTest, RefusesWhatAnotherServerMightReadOtherwise) {
  const std::string cases[] = {
      "\r\n",
      " 3\r\nabc\r\n",
      "3 \r\nabc\r\n",
      "+3\r\nabc\r\n",
      "-3\r\nabc\r\n",
      "0x3\r\nabc\r\n",
      "3\nabc\r\n",
      "3\r\nabc\n",
      "3\r\nabcd\r\n",
      "3\r\nab\r\n0\r\n\r\n",
      "00000000000000003\r\nabc\r\n",
      "10000000000000003\r\nabc\r\n",
      "3;a=\"\n\"\r\nabc\r\n",
      "3\r;\nabc\r\n",
      std::string("3;\0\r\nabc\r\n", 10),
      "3;" + std::string(2000, 'x'),
      "0\r\n folded\r\n\r\n",
      "0\r\nno field\r\n\r\n",
      "0\r\nTransfer-Encoding : chunked\r\n\r\n",
      "0\nA: b\r\n\r\n",
  };
  for (const std::string& bytes : cases) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{1000}}) {
      EXPECT_TRUE(Decode(bytes, step).is_refused) << bytes;
    }
  }
}

TEST(ChunkedBodyTest, LimitsTrailers) {
  std::string bytes = "0\r\n";
  for (int i = 0; i < 100; ++i) {
    bytes += "Name: " + std::string(200, 'x') + "\r\n";
  }
  EXPECT_TRUE(Decode(bytes + "\r\n", 1000).is_refused);
}

}  // namespace
}  // namespace sightline::net
