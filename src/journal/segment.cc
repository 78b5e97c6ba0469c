// SPDX-License-Identifier: Apache-2.0
#include "journal/segment.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"

namespace sightline::journal {
namespace {

constexpr std::string_view kMagic = "SLJRNL01";
constexpr std::string_view kSuffix = ".journal";

template <typename T>
void AppendRaw(std::string& out, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  out.append(raw, sizeof value);
}

template <typename T>
T ReadRaw(std::string_view bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::uint32_t RecordCheck(std::uint64_t position, std::string_view payload) {
  return static_cast<std::uint32_t>(base::HashBytes64(payload, position));
}

bool HeaderIsGood(std::string_view bytes, std::uint64_t first_position) {
  return bytes.substr(0, kSegmentHeaderBytes) == EncodeSegmentHeader(first_position);
}

}  // namespace

std::string EncodeSegmentHeader(std::uint64_t first_position) {
  std::string header(kMagic);
  AppendRaw(header, first_position);
  AppendRaw(header, base::HashBytes64(header));
  return header;
}

void AppendRecord(std::string& out, std::uint64_t position, std::string_view payload) {
  AppendRaw(out, static_cast<std::uint32_t>(payload.size()));
  AppendRaw(out, RecordCheck(position, payload));
  out.append(payload);
}

std::filesystem::path SegmentPath(const std::filesystem::path& directory,
                                  std::uint64_t first_position) {
  return directory / fmt::format("{:020}{}", first_position, kSuffix);
}

base::Result<std::vector<SegmentFile>> ListSegments(const std::filesystem::path& directory) {
  std::vector<SegmentFile> segments;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    std::uint64_t position = 0;
    const auto [rest, parse_error] =
        std::from_chars(name.data(), name.data() + name.size(), position);
    if (parse_error == std::errc() &&
        std::string_view(rest, static_cast<std::size_t>(name.data() + name.size() - rest)) ==
            kSuffix) {
      segments.push_back({.first_position = position, .path = it->path()});
    }
  }
  if (error) {
    return base::Error(base::Code::kInternal, fmt::format("cannot list journal {}: {}",
                                                          directory.string(), error.message()));
  }
  std::sort(segments.begin(), segments.end(), [](const SegmentFile& a, const SegmentFile& b) {
    return a.first_position < b.first_position;
  });
  return segments;
}

base::Result<SegmentScan> ScanSegment(
    const SegmentFile& segment, std::uint64_t end_position,
    const std::function<base::Result<void>(std::uint64_t, std::string_view)>& visit) {
  const std::string bytes = TRY(base::ReadFile(segment.path));
  SegmentScan scan{.next_position = segment.first_position};
  if (!HeaderIsGood(bytes, segment.first_position)) {
    // A crash right after the file was made leaves it without a header: nothing was acknowledged.
    scan.ends_cleanly = bytes.find_first_not_of('\0') == std::string::npos;
    return scan;
  }
  std::string_view rest = std::string_view(bytes).substr(kSegmentHeaderBytes);
  scan.good_bytes = kSegmentHeaderBytes;
  while (rest.size() >= kRecordHeaderBytes && scan.next_position < end_position) {
    const auto length = ReadRaw<std::uint32_t>(rest);
    const auto check = ReadRaw<std::uint32_t>(rest.substr(4));
    if (length == 0 || length > rest.size() - kRecordHeaderBytes) {
      break;
    }
    const std::string_view payload = rest.substr(kRecordHeaderBytes, length);
    if (check != RecordCheck(scan.next_position, payload)) {
      break;
    }
    TRY(visit(scan.next_position, payload));
    ++scan.next_position;
    ++scan.records;
    scan.good_bytes += kRecordHeaderBytes + length;
    rest.remove_prefix(kRecordHeaderBytes + length);
  }
  scan.ends_cleanly = rest.find_first_not_of('\0') == std::string_view::npos;
  return scan;
}

}  // namespace sightline::journal
