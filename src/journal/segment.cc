// SPDX-License-Identifier: Apache-2.0
#include "journal/segment.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "base/hash.h"

namespace sightline::journal {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

constexpr std::string_view kMagic = "SLJRNL02";
constexpr std::size_t kMagicNameBytes = 6;  // The version follows.
constexpr std::string_view kSuffix = ".journal";

template <typename T>
void AppendRaw(std::string& out, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  out.append(raw, sizeof value);
}

template <typename T>
T ReadRaw(std::string_view bytes, std::size_t offset) {
  T value{};
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

constexpr std::size_t kCheckedBytes = kRecordHeaderBytes - sizeof(std::uint64_t);

// Over everything of a record header but its check, and the place.
std::uint64_t CheckHeader(std::string_view fields, const RecordPlace& place) {
  std::array<char, kCheckedBytes + 2 * sizeof(std::uint64_t)> covered;
  std::memcpy(covered.data(), fields.data(), kCheckedBytes);
  std::memcpy(covered.data() + kCheckedBytes, &place.first_position, sizeof(std::uint64_t));
  std::memcpy(covered.data() + kCheckedBytes + sizeof(std::uint64_t), &place.offset,
              sizeof(std::uint64_t));
  return base::HashBytes64(std::string_view(covered.data(), covered.size()));
}

}  // namespace

std::string EncodeSegmentHeader(std::uint64_t first_position) {
  std::string header(kMagic);
  AppendRaw(header, first_position);
  AppendRaw(header, base::HashBytes64(header));
  return header;
}

std::optional<std::string> FindForeignVersion(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes || bytes.starts_with(kMagic) ||
      !bytes.starts_with(kMagic.substr(0, kMagicNameBytes)) ||
      ReadRaw<std::uint64_t>(bytes, 16) != base::HashBytes64(bytes.substr(0, 16))) {
    return std::nullopt;
  }
  return bytes.substr(0, kMagic.size()) > kMagic
             ? "it was written by a newer version of Sightline"
             : "it was written by an older version of Sightline, whose journal is no longer read; "
               "start with an empty data directory";
}

std::uint64_t CheckPayload(std::string_view payload) {
  return base::HashBytes64(payload);
}

void AppendRecordHeader(std::string& out, const RecordPlace& place, const RecordHeader& header) {
  const std::size_t start = out.size();
  out.append(kRecordMagic);
  AppendRaw(out, header.length);
  AppendRaw(out, header.position);
  AppendRaw(out, header.group);
  AppendRaw(out, header.payload_check);
  AppendRaw(out, CheckHeader(std::string_view(out).substr(start), place));
}

std::optional<RecordHeader> ReadRecordHeader(std::string_view bytes, const RecordPlace& place) {
  if (bytes.size() < kRecordHeaderBytes || !bytes.starts_with(kRecordMagic) ||
      ReadRaw<std::uint64_t>(bytes, kCheckedBytes) !=
          CheckHeader(bytes.substr(0, kCheckedBytes), place)) {
    return std::nullopt;
  }
  return RecordHeader{.length = ReadRaw<std::uint32_t>(bytes, 4),
                      .position = ReadRaw<std::uint64_t>(bytes, 8),
                      .group = ReadRaw<std::uint64_t>(bytes, 16),
                      .payload_check = ReadRaw<std::uint64_t>(bytes, 24)};
}

std::filesystem::path SegmentPath(const std::filesystem::path& directory,
                                  std::uint64_t first_position) {
  return directory / fmt::format("{:020}{}", first_position, kSuffix);
}

base::Result<std::vector<SegmentFile>> ListSegments(base::Disk& disk,
                                                    const std::filesystem::path& directory) {
  std::vector<SegmentFile> segments;
  for (const std::string& name : TRY(disk.List(directory))) {
    std::uint64_t position = 0;
    const char* const end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data(), end, position);
    if (error == std::errc() && std::string_view(rest, end) == kSuffix) {
      segments.push_back({.first_position = position, .path = directory / name});
    }
  }
  std::sort(segments.begin(), segments.end(), [](const SegmentFile& a, const SegmentFile& b) {
    return a.first_position < b.first_position;
  });
  return segments;
}

}  // namespace sightline::journal
