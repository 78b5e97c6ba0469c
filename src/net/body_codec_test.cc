// SPDX-License-Identifier: Apache-2.0
#include "net/body_codec.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

namespace sightline::net {
namespace {

constexpr std::size_t kLimit = std::size_t{1024} * 1024;

std::string Deflate(std::string_view text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(std::string_view text, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  if (window_log > 0) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  }
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer written{out.data(), out.size(), 0};
  if (window_log > 0) {  // As a stream: the frame cannot shrink its window to the content.
    ZSTD_compressStream2(context, &written, &in, ZSTD_e_continue);
  }
  EXPECT_EQ(ZSTD_compressStream2(context, &written, &in, ZSTD_e_end), 0U);
  ZSTD_freeCCtx(context);
  out.resize(written.pos);
  return out;
}

std::string Repetitive(std::size_t size) {
  std::string text;
  while (text.size() < size) {
    text += "span name, attribute, value; ";
  }
  text.resize(size);
  return text;
}

TEST(DecompressTest, RestoresEveryEncoding) {
  const std::string text = Repetitive(100'000);

  struct Case {
    const char* name;
    const char* encoding;
    std::string bytes;
  };

  const Case cases[] = {
      {"none", "", text},
      {"identity", "identity", text},
      {"gzip", "gzip", Deflate(text, 31)},
      {"gzip, letter case", "GZip", Deflate(text, 31)},
      {"x-gzip", "x-gzip", Deflate(text, 31)},
      {"gzip of two members", "gzip",
       Deflate(text.substr(0, 500), 31) + Deflate(text.substr(500), 31)},
      {"deflate", "deflate", Deflate(text, 15)},
      {"deflate without the zlib header", "deflate", Deflate(text, -15)},
      {"zstd", "zstd", Zstd(text)},
      {"zstd of two frames", "zstd", Zstd(text.substr(0, 500)) + Zstd(text.substr(500))},
      {"our own gzip", "gzip", GzipCompress(text)},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto decoded = Decompress(c.encoding, c.bytes, kLimit);
    ASSERT_TRUE(decoded.has_value()) << decoded.error().message();
    EXPECT_TRUE(*decoded == text);
  }
}

TEST(DecompressTest, RestoresNothing) {
  EXPECT_EQ(*Decompress("gzip", Deflate("", 31), 0), "");
  EXPECT_EQ(*Decompress("zstd", Zstd(""), 0), "");
  EXPECT_EQ(*Decompress("", "", 0), "");
}

TEST(DecompressTest, AcceptsExactlyTheLimitAndNotOneByteMore) {
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{16'384}, std::size_t{65'536}, kLimit}) {
    const std::string text = Repetitive(size);
    for (const char* encoding : {"", "gzip", "deflate", "zstd"}) {
      SCOPED_TRACE(std::string(encoding) + " " + std::to_string(size));
      const std::string_view name = encoding;
      const std::string bytes = name == "gzip"      ? Deflate(text, 31)
                                : name == "deflate" ? Deflate(text, 15)
                                : name == "zstd"    ? Zstd(text)
                                                    : text;
      EXPECT_TRUE(Decompress(encoding, bytes, size).has_value());
      const auto over = Decompress(encoding, bytes, size - 1);
      ASSERT_FALSE(over.has_value());
      EXPECT_EQ(over.error().code(), base::Code::kResourceExhausted);
    }
  }
}

TEST(DecompressTest, EndsABombEarly) {
  const std::string zeros(std::size_t{64} * 1024 * 1024, '\0');
  for (const auto& [encoding, bomb] :
       {std::pair{"gzip", Deflate(zeros, 31)}, std::pair{"zstd", Zstd(zeros)}}) {
    ASSERT_LT(bomb.size(), kLimit);
    const auto result = Decompress(encoding, bomb, kLimit);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code(), base::Code::kResourceExhausted);
  }
}

TEST(DecompressTest, RefusesAZstdWindowOverEightMebibytes) {
  const std::string text = Repetitive(1000);
  EXPECT_TRUE(Decompress("zstd", Zstd(text, 23), kLimit).has_value());
  const auto result = Decompress("zstd", Zstd(text, 24), kLimit);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), base::Code::kResourceExhausted);
}

TEST(DecompressTest, RefusesCorruptAndTruncatedInput) {
  const std::string text = Repetitive(10'000);
  const std::string gzip = Deflate(text, 31);
  const std::string zstd = Zstd(text);
  std::string wrong_checksum = gzip;
  wrong_checksum[wrong_checksum.size() - 6] ^= 1;

  struct Case {
    const char* name;
    const char* encoding;
    std::string bytes;
  };

  const Case cases[] = {
      {"gzip that is text", "gzip", "hello, world"},
      {"empty gzip", "gzip", ""},
      {"cut gzip", "gzip", gzip.substr(0, gzip.size() / 2)},
      {"gzip without its trailer", "gzip", gzip.substr(0, gzip.size() - 8)},
      {"gzip with a wrong checksum", "gzip", wrong_checksum},
      {"gzip with garbage behind", "gzip", gzip + "garbage"},
      {"deflate that is text", "deflate", "hello, world"},
      {"empty deflate", "deflate", ""},
      {"cut deflate", "deflate", Deflate(text, 15).substr(0, 20)},
      {"zstd that is text", "zstd", "hello, world"},
      {"empty zstd", "zstd", ""},
      {"cut zstd", "zstd", zstd.substr(0, zstd.size() - 1)},
      {"zstd with garbage behind", "zstd", zstd + "garbage"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto decoded = Decompress(c.encoding, c.bytes, kLimit);
    ASSERT_FALSE(decoded.has_value());
    EXPECT_EQ(decoded.error().code(), base::Code::kInvalidArgument);
  }
}

TEST(DecompressTest, RefusesUnknownEncodings) {
  for (const char* encoding : {"br", "gzip, zstd", "gzip ", "snappy"}) {
    EXPECT_FALSE(IsSupportedEncoding(encoding)) << encoding;
    EXPECT_EQ(Decompress(encoding, "x", kLimit).error().code(), base::Code::kUnimplemented);
  }
}

TEST(AcceptsGzipTest, ReadsTheListAndItsWeights) {
  const std::pair<const char*, bool> cases[] = {
      {"gzip", true},
      {"deflate, GZIP;q=0.5, br", true},
      {"*", true},
      {"br, *;q=0.1", true},
      {"", false},
      {"br", false},
      {"identity", false},
      {"gzip;q=0", false},
      {"gzip; q=0.000, *", false},
      {"*;q=0", false},
      {"gzipped", false},
  };
  for (const auto& [value, expected] : cases) {
    EXPECT_EQ(AcceptsGzip(value), expected) << value;
  }
}

}  // namespace
}  // namespace sightline::net
