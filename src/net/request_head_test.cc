// SPDX-License-Identifier: Apache-2.0
#include "net/request_head.h"

#include <string>

#include <gtest/gtest.h>

namespace sightline::net {
namespace {

std::string Head(std::string_view fields, std::string_view line = "POST / HTTP/1.1") {
  return std::string(line) + "\r\n" + std::string(fields) + "\r\n";
}

TEST(ReadBodyFramingTest, ReadsLengthAndCoding) {
  const std::string host = "Host: h\r\n";
  EXPECT_EQ(*ReadBodyFraming(Head(host)), BodyFraming{});
  EXPECT_EQ(*ReadBodyFraming(Head(host + "Content-Length: 007\r\n")), BodyFraming{.length = 7});
  EXPECT_EQ(*ReadBodyFraming(Head(host + "CONTENT-length:\t12 \r\n")), BodyFraming{.length = 12});
  EXPECT_EQ(*ReadBodyFraming(Head(host + "Transfer-Encoding: Chunked\r\n")),
            BodyFraming{.is_chunked = true});
  EXPECT_EQ(*ReadBodyFraming(Head("", "GET / HTTP/1.0")), BodyFraming{});
  EXPECT_EQ(*ReadBodyFraming(Head(host + "Empty:\r\nText: caf\xC3\xA9\t1\r\n")), BodyFraming{});
}

TEST(ReadBodyFramingTest, RefusesTransferCodingsThatAreNotServed) {
  for (const char* coding : {"xchunked", "identity", "gzip", "gzip, chunked", "deflate", "chunkedx",
                             "br,chunked", "x, y"}) {
    const auto framing =
        ReadBodyFraming(Head("Host: h\r\nTransfer-Encoding: " + std::string(coding) + "\r\n"));
    ASSERT_FALSE(framing.has_value()) << coding;
    EXPECT_EQ(framing.error().code(), base::Code::kUnimplemented) << coding;
  }
}

TEST(ReadBodyFramingTest, RefusesWhatIsNotPlainlyOneRequest) {
  struct Case {
    const char* name;
    std::string head;
  };

  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string host = "Host: h\r\n";
  const Case cases[] = {
      {"chunked not last", Head(host + "Transfer-Encoding: chunked, gzip\r\n")},
      {"chunked twice", Head(host + "Transfer-Encoding: chunked, chunked\r\n")},
      {"two codings", Head(host + chunked + chunked)},
      {"coding in two fields", Head(host + "Transfer-Encoding: gzip\r\n" + chunked)},
      {"no coding", Head(host + "Transfer-Encoding:\r\n")},
      {"empty member", Head(host + "Transfer-Encoding: ,chunked\r\n")},
      {"trailing comma", Head(host + "Transfer-Encoding: chunked,\r\n")},
      {"parameter", Head(host + "Transfer-Encoding: chunked;q=1\r\n")},
      {"quoted", Head(host + "Transfer-Encoding: \"chunked\"\r\n")},
      {"coding with vertical tab", Head(host + "Transfer-Encoding:\x0B"
                                               "chunked\r\n")},
      {"coding in HTTP/1.0", Head(host + chunked, "POST / HTTP/1.0")},
      {"both", Head(host + chunked + "Content-Length: 5\r\n")},
      {"both, other order", Head(host + "Content-Length: 5\r\n" + chunked)},
      {"unknown coding and length",
       Head(host + "Transfer-Encoding: gzip\r\nContent-Length: 5\r\n")},
      {"two lengths", Head(host + "Content-Length: 5\r\nContent-Length: 6\r\n")},
      {"the same length twice", Head(host + "Content-Length: 5\r\nContent-Length: 5\r\n")},
      {"list of lengths", Head(host + "Content-Length: 5, 5\r\n")},
      {"plus", Head(host + "Content-Length: +5\r\n")},
      {"minus", Head(host + "Content-Length: -5\r\n")},
      {"hexadecimal", Head(host + "Content-Length: 0x5\r\n")},
      {"fraction", Head(host + "Content-Length: 5.0\r\n")},
      {"blank within", Head(host + "Content-Length: 1 0\r\n")},
      {"no length", Head(host + "Content-Length:\r\n")},
      {"too long", Head(host + "Content-Length: 18446744073709551616\r\n")},
      {"no host", Head("")},
      {"two hosts", Head(host + "Host: h\r\n")},
      {"two hosts in HTTP/1.0", Head(host + host, "GET / HTTP/1.0")},
      {"folded", Head(host + "A: b\r\n c\r\n")},
      {"folded by tab", Head(host + "A: b\r\n\tc\r\n")},
      {"folded coding", Head(host + "Transfer-Encoding:\r\n chunked\r\n")},
      {"blank before the first field", Head(" Host: h\r\n")},
      {"blank before colon", Head("Host : h\r\n")},
      {"tab before colon", Head(host + "Content-Length\t: 5\r\n")},
      {"no colon", Head(host + "Content-Length 5\r\n")},
      {"no name", Head(host + ": 5\r\n")},
      {"name with a mark", Head(host + "Content(Length: 5\r\n")},
      {"bare line feed", Head(host + "A: b\nContent-Length: 5\r\n")},
      {"bare carriage return", Head(host + "A: b\rContent-Length: 5\r\n")},
      {"NUL", Head(host + std::string("A: b\0c\r\n", 8))},
      {"delete", Head(host + "A: b\x7F\r\n")},
      {"empty first line", "\r\n" + Head(host)},
      {"no version", Head(host, "GET /")},
      {"HTTP/0.9", Head(host, "GET / HTTP/0.9")},
      {"HTTP/2.0", Head(host, "PRI * HTTP/2.0")},
      {"HTTP/1.2", Head(host, "GET / HTTP/1.2")},
      {"long version", Head(host, "GET / HTTP/1.10")},
      {"lower-case version", Head(host, "GET / http/1.1")},
      {"two blanks", Head(host, "GET  / HTTP/1.1")},
      {"blank after version", Head(host, "GET / HTTP/1.1 ")},
      {"blank in target", Head(host, "GET /a b HTTP/1.1")},
      {"tab", Head(host, "GET\t/\tHTTP/1.1")},
      {"no method", Head(host, " / HTTP/1.1")},
      {"odd method", Head(host, "GE(T / HTTP/1.1")},
      {"no target", Head(host, "GET  HTTP/1.1")},
  };
  for (const Case& c : cases) {
    const auto framing = ReadBodyFraming(c.head);
    ASSERT_FALSE(framing.has_value()) << c.name;
    EXPECT_EQ(framing.error().code(), base::Code::kInvalidArgument) << c.name;
  }
}

TEST(FindHeadEndTest, FindsTheEmptyLine) {
  using Kind = HeadEnd::Kind;
  EXPECT_EQ(FindHeadEnd("").kind, Kind::kIncomplete);
  EXPECT_EQ(FindHeadEnd("GET / HTTP/1.1\r\nA: b\r\n\r").kind, Kind::kIncomplete);
  const HeadEnd end = FindHeadEnd("A\r\nB\r\n\r\nrest\n");
  EXPECT_EQ(end.kind, Kind::kComplete);
  EXPECT_EQ(end.size, 8U);
  EXPECT_EQ(FindHeadEnd("A\n").kind, Kind::kBareLineFeed);
  EXPECT_EQ(FindHeadEnd("\n").kind, Kind::kBareLineFeed);
  EXPECT_EQ(FindHeadEnd("A\r\nB\n\r\n").kind, Kind::kBareLineFeed);
  EXPECT_EQ(FindHeadEnd("A\r\n\n").kind, Kind::kBareLineFeed);
}

}  // namespace
}  // namespace sightline::net
