// SPDX-License-Identifier: Apache-2.0
#include "model/byte_writer.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "model/varint.h"

namespace sightline::model {
namespace {

constexpr std::uint64_t kMaxUnsigned = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t kMinSigned = std::numeric_limits<std::int64_t>::min();

TEST(ByteWriterTest, WritesWhatTheReaderReads) {
  ByteWriter out;
  const std::string long_text(100'000, 'x');
  out.Reserve(2 * ByteWriter::kMaxVarintBytes + 3);
  out.Varint(kMaxUnsigned);
  out.Signed(kMinSigned);
  out.Raw("raw");
  for (const std::string_view text : {std::string_view(), std::string_view(long_text)}) {
    out.Reserve(ByteWriter::kMaxVarintBytes + text.size());
    out.Text(text);
  }
  VarintReader reader(out.view());
  EXPECT_EQ(reader.Varint(), kMaxUnsigned);
  EXPECT_EQ(reader.Signed(), kMinSigned);
  EXPECT_EQ(reader.Raw(3), "raw");
  EXPECT_EQ(reader.Text(), "");
  EXPECT_EQ(reader.Text(), long_text);
  EXPECT_TRUE(reader.ok() && reader.done());
}

TEST(ByteWriterTest, WritesTheSameBytesAsTheStringFunctions) {
  std::string expected;
  ByteWriter out;
  for (unsigned shift = 0; shift < 63; ++shift) {
    for (const std::uint64_t value : {std::uint64_t{1} << shift, (std::uint64_t{1} << shift) - 1}) {
      AppendVarint(expected, value);
      AppendSigned(expected, -static_cast<std::int64_t>(value));
      out.Reserve(2 * ByteWriter::kMaxVarintBytes);
      out.Varint(value);
      out.Signed(-static_cast<std::int64_t>(value));
    }
  }
  EXPECT_EQ(out.view(), expected);
}

TEST(ByteWriterTest, OverwritesFixedNumbersAfterItHasGrown) {
  ByteWriter out;
  out.Reserve(sizeof(std::uint32_t));
  const std::size_t at = out.size();
  out.Fixed32(0);
  const std::string text(1'000'000, 'y');
  out.Reserve(text.size());
  out.Raw(text);
  out.PutFixed32(at, 0x04030201);
  EXPECT_EQ(out.view().substr(0, 4), std::string_view("\x01\x02\x03\x04"));
  EXPECT_EQ(out.view().substr(4), text);
}

TEST(ByteWriterTest, IsEmptyAfterClearWhetherItKeepsItsMemoryOrNot) {
  for (const std::size_t kept : {std::size_t{0}, std::size_t{1} << 20U}) {
    ByteWriter out;
    out.Reserve(3);
    out.Raw("abc");
    out.Clear(kept);
    EXPECT_EQ(out.view(), "");
    out.Reserve(3);
    out.Raw("def");
    EXPECT_EQ(out.view(), "def");
  }
}

}  // namespace
}  // namespace sightline::model
