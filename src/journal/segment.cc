// SPDX-License-Identifier: Apache-2.0
#include "journal/segment.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "base/file.h"
#include "base/hash.h"

namespace sightline::journal {
namespace {

constexpr std::string_view kMagic = "SLJRNL01";
constexpr std::size_t kMagicNameBytes = 6;  // The version follows.
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

base::Result<void> RefuseNewerVersion(const SegmentFile& segment, std::string_view bytes) {
  const std::string_view version = bytes.substr(0, kMagic.size());
  if (version.starts_with(kMagic.substr(0, kMagicNameBytes)) && version > kMagic) {
    return base::Error(base::Code::kFailedPrecondition,
                       fmt::format("cannot open {}: it was written by a newer version of Sightline",
                                   segment.path.string()));
  }
  return {};
}

struct Record {
  std::string_view payload;
  bool is_good = false;
};

// The record at the beginning of `bytes`; empty when there is none or its length cannot be right.
std::optional<Record> ReadRecord(std::string_view bytes, std::uint64_t position) {
  if (bytes.size() < kRecordHeaderBytes) {
    return std::nullopt;
  }
  const auto length = ReadRaw<std::uint32_t>(bytes);
  if (length == 0 || length > bytes.size() - kRecordHeaderBytes) {
    return std::nullopt;
  }
  const std::string_view payload = bytes.substr(kRecordHeaderBytes, length);
  return Record{
      .payload = payload,
      .is_good = ReadRaw<std::uint32_t>(bytes.substr(4)) == RecordCheck(position, payload)};
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
  TRY(RefuseNewerVersion(segment, bytes));
  // A crash right after the file was made leaves it without a header, and nothing was acknowledged.
  // Records behind a damaged header can still be told: their checks hold the position.
  const bool is_blank = bytes.find_first_not_of('\0') == std::string::npos;
  SegmentScan scan{.next_position = segment.first_position,
                   .has_header = is_blank || HeaderIsGood(bytes, segment.first_position)};
  std::string_view rest =
      std::string_view(bytes).substr(std::min(bytes.size(), kSegmentHeaderBytes));
  std::uint64_t position = segment.first_position;
  while (position < end_position) {
    const std::optional<Record> record = ReadRecord(rest, position);
    if (!record) {
      break;
    }
    const std::string_view behind = rest.substr(kRecordHeaderBytes + record->payload.size());
    if (record->is_good) {
      TRY(visit(position, record->payload));
      ++scan.records;
      scan.next_position = position + 1;
    } else if (const auto next = ReadRecord(behind, position + 1); next && next->is_good) {
      scan.broken.push_back(position);
    } else {
      break;
    }
    rest = behind;
    ++position;
  }
  scan.ends_cleanly = is_blank || rest.find_first_not_of('\0') == std::string_view::npos;
  return scan;
}

}  // namespace sightline::journal
