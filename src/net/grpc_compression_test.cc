// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_compression.h"

#include <gtest/gtest.h>

namespace sightline::net {
namespace {

TEST(CompressionOfTest, TellsCompressedMessagesFromPlainOnes) {
  using namespace std::string_view_literals;
  EXPECT_EQ(CompressionOf("\x1F\x8B\x08"sv), "gzip");
  EXPECT_EQ(CompressionOf("\x78\x9C..."sv), "deflate");
  EXPECT_EQ(CompressionOf("\x78\x01"sv), "deflate");
  EXPECT_EQ(CompressionOf("\x28\xB5\x2F\xFD..."sv), "zstd");
  EXPECT_EQ(CompressionOf("\xFF\x06\0\0sNaPpY"sv), "snappy");
  EXPECT_EQ(CompressionOf("\x04\x22\x4D\x18"sv), "lz4");
  EXPECT_EQ(CompressionOf(""), "");
  EXPECT_EQ(CompressionOf("\x78"), "");
  EXPECT_EQ(CompressionOf("\x78\x9D"sv), "");
  EXPECT_EQ(CompressionOf("\x0A\x02..."sv), "") << "a request of OTLP";
}

}  // namespace
}  // namespace sightline::net
