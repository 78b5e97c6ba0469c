// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/frame_file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_directory_for_testing.h"
#include "store/embedded/failing_disk_for_testing.h"

namespace sightline::store::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::size_t kFileHeaderBytes = 32;
constexpr std::size_t kFrameHeaderBytes = 40;

// Bytes that do not compress, different for each seed.
std::string Noise(std::size_t size, std::uint64_t seed) {
  std::string bytes(size, '\0');
  std::uint64_t state = seed * 0x9E3779B97F4A7C15U + 1;
  for (char& byte : bytes) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    byte = static_cast<char>(state >> 56U);
  }
  return bytes;
}

class FrameFileTest : public ::testing::Test {
 protected:
  std::unique_ptr<FrameWriter> Write(std::uint64_t valid_length = 0) {
    return FrameWriter::Open(disk_, path_, valid_length).value();
  }

  std::shared_ptr<FrameReader> Reader() { return FrameReader::Open(disk_, path_).value(); }

  // A file of these frames; where they begin, and where the last one ends.
  std::vector<std::uint64_t> WriteFrames(const std::vector<std::string>& frames) {
    const auto writer = Write();
    std::vector<std::uint64_t> offsets;
    for (const std::string& bytes : frames) {
      offsets.push_back(writer->Append(FrameKind::kRows, 1, bytes).value());
    }
    offsets.push_back(writer->length());
    return offsets;
  }

  // What a scan sees and says.
  struct Scanned {
    std::vector<std::string> frames;
    std::vector<std::string> damage;
  };

  Scanned Scan(std::uint64_t offset = 0, std::uint64_t end = FrameReader::kToEndOfFile) {
    Scanned scanned;
    const auto done = Reader()->Scan(
        offset, end,
        [&](const Frame& frame) {
          scanned.frames.push_back(frame.bytes);
          return true;
        },
        [&](const std::string& what) { scanned.damage.push_back(what); });
    EXPECT_TRUE(done.has_value());
    return scanned;
  }

  std::string Bytes() { return disk_.ReadFile(path_).value(); }

  void SetBytes(std::string_view bytes) {
    ASSERT_TRUE(disk_.ReplaceFile(path_, bytes).has_value());
  }

  void Overwrite(std::uint64_t offset, std::string_view bytes) {
    const auto file = disk_.Open(path_, base::OpenMode::kReadWrite).value();
    ASSERT_TRUE(file->Write(bytes, offset).has_value());
  }

  base::TempDirectory directory_;
  FailingDisk disk_;
  const std::filesystem::path path_ = directory_.path() / "details";
};

TEST_F(FrameFileTest, ReadsWhatWasAppended) {
  const auto writer = Write();
  const auto reader = Reader();
  const std::uint64_t rows = writer->Append(FrameKind::kRows, 3, "some rows").value();
  const std::uint64_t bodies = writer->Append(FrameKind::kBodies, 7, Noise(300'000, 1)).value();
  ASSERT_TRUE(writer->Sync().has_value());

  const Frame first = reader->Read(rows).value();
  EXPECT_EQ(first.kind, FrameKind::kRows);
  EXPECT_EQ(first.entries, 3U);
  EXPECT_EQ(first.offset, rows);
  EXPECT_EQ(first.next_offset, bodies);
  EXPECT_EQ(first.bytes, "some rows");
  const Frame second = reader->Read(bodies).value();
  EXPECT_EQ(second.kind, FrameKind::kBodies);
  EXPECT_EQ(second.entries, 7U);
  EXPECT_EQ(second.next_offset, writer->length());
  EXPECT_EQ(second.bytes, Noise(300'000, 1));
}

TEST_F(FrameFileTest, HoldsFramesOfAnySizeUpToTheLargest) {
  const auto writer = Write();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kMaxFrameBytes}) {
    const std::uint64_t offset =
        writer->Append(FrameKind::kBodies, 1, std::string(size, 'x')).value();
    const Frame frame = Reader()->Read(offset).value();
    EXPECT_TRUE(frame.bytes == std::string(size, 'x'));
  }
  const std::uint64_t before = writer->length();
  const auto refused = writer->Append(FrameKind::kBodies, 1, std::string(kMaxFrameBytes + 1, 'x'));
  EXPECT_EQ(refused.error().code(), base::Code::kResourceExhausted);
  EXPECT_EQ(writer->length(), before);
}

TEST_F(FrameFileTest, FindsNothingPastTheEnd) {
  const std::uint64_t end = WriteFrames({"one"}).back();
  for (const std::uint64_t offset : {end, end + 1, ~std::uint64_t{0}}) {
    EXPECT_EQ(Reader()->Read(offset).error().code(), base::Code::kNotFound) << offset;
  }
}

TEST_F(FrameFileTest, RefusesPlacesWhereNoFrameBegins) {
  const auto offsets = WriteFrames({Noise(100, 1)});
  for (std::uint64_t offset = 0; offset < offsets.back(); ++offset) {
    if (offset != offsets[0]) {
      EXPECT_EQ(Reader()->Read(offset).error().code(), base::Code::kDataLoss) << offset;
    }
  }
}

TEST_F(FrameFileTest, GoesOnAfterItsValidLengthWhenReopened) {
  const auto offsets = WriteFrames({"one", "two", "three"});
  {
    const auto writer = Write(offsets[2]);
    EXPECT_EQ(writer->length(), offsets[2]);
    EXPECT_EQ(writer->Append(FrameKind::kRows, 1, "other").value(), offsets[2]);
  }
  EXPECT_THAT(Scan().frames, ElementsAre("one", "two", "other"));
}

TEST_F(FrameFileTest, StartsAgainWithoutAValidLength) {
  WriteFrames({"one", "two"});
  EXPECT_EQ(Write()->length(), kFileHeaderBytes);
  EXPECT_THAT(Scan().frames, IsEmpty());
}

TEST_F(FrameFileTest, RefusesAFileThatIsMissingShortOrNotItsOwn) {
  const auto loss = [&](std::uint64_t length) {
    const auto opened = FrameWriter::Open(disk_, path_, length);
    return !opened.has_value() && opened.error().code() == base::Code::kDataLoss;
  };
  EXPECT_TRUE(loss(100));
  const std::uint64_t end = WriteFrames({"one"}).back();
  const std::string good = Bytes();
  EXPECT_TRUE(loss(end + 1));
  EXPECT_TRUE(loss(kFileHeaderBytes - 1));
  EXPECT_EQ(Bytes(), good);
  for (std::size_t bit = 0; bit < kFileHeaderBytes * 8; ++bit) {
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    SetBytes(bytes);
    EXPECT_TRUE(loss(end)) << bit;
    EXPECT_EQ(FrameReader::Open(disk_, path_).error().code(), base::Code::kDataLoss) << bit;
  }
  SetBytes("short");
  EXPECT_TRUE(loss(5));
  EXPECT_EQ(FrameReader::Open(disk_, path_).error().code(), base::Code::kDataLoss);
}

TEST_F(FrameFileTest, NoticesEveryFlippedBit) {
  const auto offsets = WriteFrames({"one", Noise(60, 2), "three"});
  const std::string good = Bytes();
  const std::vector<std::string> frames = {"one", Noise(60, 2), "three"};
  for (std::size_t bit = kFileHeaderBytes * 8; bit < good.size() * 8; ++bit) {
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    SetBytes(bytes);
    const Scanned scanned = Scan();
    std::vector<std::string> expected = frames;
    const std::size_t hit = bit / 8 < offsets[1] ? 0 : bit / 8 < offsets[2] ? 1 : 2;
    expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(hit));
    EXPECT_EQ(scanned.frames, expected) << bit;
    EXPECT_THAT(scanned.damage, SizeIs(1)) << bit;
  }
}

TEST_F(FrameFileTest, NoticesWhereItWasCut) {
  const auto offsets = WriteFrames({"one", "two"});
  const std::string good = Bytes();
  for (std::uint64_t length = kFileHeaderBytes; length < offsets.back(); ++length) {
    SetBytes(std::string_view(good).substr(0, length));
    const Scanned scanned = Scan(0, offsets.back());
    EXPECT_THAT(scanned.frames, SizeIs(length < offsets[1] ? 0 : 1)) << length;
    const bool is_boundary = length == offsets[0] || length == offsets[1];
    EXPECT_THAT(scanned.damage, SizeIs(is_boundary ? 1 : 2)) << length;
    EXPECT_THAT(scanned.damage.back(), HasSubstr("the file ends before")) << length;
  }
}

TEST_F(FrameFileTest, RefusesFramesThatWereMovedOrCameFromElsewhere) {
  const auto offsets = WriteFrames({"one", "two"});
  const std::string good = Bytes();
  const std::string first = good.substr(offsets[0], offsets[1] - offsets[0]);
  const std::string second = good.substr(offsets[1]);
  SetBytes(good.substr(0, offsets[0]) + second + first);
  EXPECT_THAT(Scan().frames, IsEmpty());
  // The same frames at the same places of another file.
  WriteFrames({"one", "two"});
  SetBytes(Bytes().substr(0, offsets[0]) + first + second);
  EXPECT_THAT(Scan().frames, IsEmpty());
}

TEST_F(FrameFileTest, FindsTheNextFrameAfterDamageOfAnyLength) {
  for (const std::size_t size : {std::size_t{10}, std::size_t{100'000}, std::size_t{1'000'000}}) {
    const auto offsets = WriteFrames({"before", Noise(size, 3), "after"});
    Overwrite(offsets[1], Noise(offsets[2] - offsets[1], 4));
    const Scanned scanned = Scan();
    EXPECT_THAT(scanned.frames, ElementsAre("before", "after"));
    ASSERT_THAT(scanned.damage, SizeIs(1));
    EXPECT_THAT(scanned.damage[0],
                HasSubstr(std::to_string(offsets[2] - offsets[1]) + " bytes are skipped"));
  }
}

// A header is found wherever the pieces that are searched end.
TEST_F(FrameFileTest, FindsTheNextFrameAtEachPlaceOfAPiece) {
  constexpr std::size_t kPiece = std::size_t{256} << 10U;
  for (std::size_t shift = 0; shift < 2 * kFrameHeaderBytes; ++shift) {
    const auto offsets = WriteFrames({Noise(kPiece - kFrameHeaderBytes - shift, 5), "after"});
    Overwrite(offsets[0], "damage");
    EXPECT_THAT(Scan().frames, ElementsAre("after")) << shift;
  }
}

TEST_F(FrameFileTest, GoesOnAfterBlocksThatTheDiskCannotRead) {
  std::vector<std::string> frames;
  for (std::uint64_t i = 0; i < 100; ++i) {
    frames.push_back(Noise(5'000, i));
  }
  const auto offsets = WriteFrames(frames);
  disk_.bad_begin = 81'920;
  disk_.bad_end = 90'112;
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (offsets[i + 1] <= disk_.bad_begin || offsets[i] >= disk_.bad_end) {
      expected.push_back(frames[i]);
    }
  }
  const Scanned scanned = Scan();
  EXPECT_EQ(expected.size(), frames.size() - 2);
  EXPECT_TRUE(scanned.frames == expected);
  EXPECT_THAT(scanned.damage, SizeIs(1));
}

TEST_F(FrameFileTest, ScansFromWhereToWhereAndUntilToldToStop) {
  const auto offsets = WriteFrames({"one", "two", "three"});
  EXPECT_THAT(Scan(offsets[1]).frames, ElementsAre("two", "three"));
  EXPECT_THAT(Scan(0, offsets[2]).frames, ElementsAre("one", "two"));
  EXPECT_THAT(Scan(offsets.back()).frames, IsEmpty());
  std::size_t seen = 0;
  ASSERT_TRUE(Reader()
                  ->Scan(
                      0, offsets.back(), [&](const Frame&) { return ++seen < 2; },
                      [](const std::string& what) { ADD_FAILURE() << what; })
                  .has_value());
  EXPECT_EQ(seen, 2U);
}

TEST_F(FrameFileTest, CannotBeFooledByBytesOfASender) {
  // A frame that another frame holds as its bytes, as they are.
  const auto offsets = WriteFrames({Noise(500, 6)});
  const std::string frame = Bytes().substr(offsets[0]);
  const auto outer = WriteFrames({frame + Noise(2'000, 7), "after"});
  Overwrite(outer[0], "damage");
  EXPECT_THAT(Scan().frames, ElementsAre("after"));
}

TEST_F(FrameFileTest, SurvivesAnyBytes) {
  const auto offsets = WriteFrames({"one", Noise(50'000, 8), "three"});
  const std::string good = Bytes();
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    std::string bytes = good;
    const std::string noise = Noise(1 + seed * 7, seed);
    const std::size_t place = kFileHeaderBytes + (seed * 7919) % (bytes.size() - kFileHeaderBytes);
    bytes.replace(place, noise.size(), noise);
    SetBytes(bytes);
    EXPECT_THAT(Scan(0, offsets.back()).damage, testing::Not(IsEmpty()));
  }
}

TEST_F(FrameFileTest, CanRepeatAnAppendThatFailed) {
  const auto writer = Write();
  ASSERT_TRUE(writer->Append(FrameKind::kRows, 1, "one").has_value());
  const std::uint64_t before = writer->length();
  int failures = 0;
  for (bool failed = true; failed; ++failures) {
    disk_.calls_until_failure = failures;
    const auto appended = writer->Append(FrameKind::kRows, 1, Noise(1'000, 9));
    failed = !appended.has_value();
    if (failed) {
      EXPECT_EQ(writer->length(), before);
    }
    disk_.calls_until_failure = FailingDisk::kNever;
  }
  EXPECT_GT(failures, 10);
  ASSERT_TRUE(writer->Append(FrameKind::kRows, 1, "three").has_value());
  const Scanned scanned = Scan(0, writer->length());
  EXPECT_THAT(scanned.frames, ElementsAre("one", Noise(1'000, 9), "three"));
  EXPECT_THAT(scanned.damage, IsEmpty());
}

TEST_F(FrameFileTest, TrustsNothingAfterAFailedSyncUntilItIsTakenBack) {
  const auto writer = Write();
  ASSERT_TRUE(writer->Append(FrameKind::kRows, 1, "one").has_value());
  ASSERT_TRUE(writer->Sync().has_value());
  const std::uint64_t durable = writer->length();
  const std::uint64_t second = writer->Append(FrameKind::kRows, 1, "two").value();
  const std::uint64_t third = writer->Append(FrameKind::kRows, 1, "three").value();
  EXPECT_EQ(second, durable);
  disk_.calls_until_failure = 0;
  EXPECT_FALSE(writer->Sync().has_value());
  EXPECT_EQ(writer->Sync().error().code(), base::Code::kFailedPrecondition);
  ASSERT_TRUE(writer->Truncate(third).has_value());
  EXPECT_EQ(writer->Append(FrameKind::kRows, 1, "x").error().code(),
            base::Code::kFailedPrecondition);
  ASSERT_TRUE(writer->Truncate(durable).has_value());
  ASSERT_TRUE(writer->Append(FrameKind::kRows, 1, "two again").has_value());
  ASSERT_TRUE(writer->Sync().has_value());
  EXPECT_THAT(Scan().frames, ElementsAre("one", "two again"));
}

TEST_F(FrameFileTest, MakesTheNameOfANewFileDurableWithTheFirstSync) {
  const auto writer = Write();
  ASSERT_TRUE(writer->Append(FrameKind::kRows, 1, "one").has_value());
  disk_.calls_until_failure = 1;  // The second call of Sync is for the directory.
  EXPECT_EQ(writer->Sync().error().code(), base::Code::kUnavailable);
  EXPECT_TRUE(writer->Sync().has_value());
}

TEST_F(FrameFileTest, CutsOnlyWithinTheFile) {
  const auto writer = Write();
  ASSERT_TRUE(writer->Append(FrameKind::kRows, 1, "one").has_value());
  EXPECT_EQ(writer->Truncate(writer->length() + 1).error().code(), base::Code::kInvalidArgument);
  EXPECT_EQ(writer->Truncate(kFileHeaderBytes - 1).error().code(), base::Code::kInvalidArgument);
  EXPECT_TRUE(writer->Truncate(kFileHeaderBytes).has_value());
  EXPECT_THAT(Scan().frames, IsEmpty());
}

}  // namespace
}  // namespace sightline::store::embedded
