// SPDX-License-Identifier: Apache-2.0
#include "journal/segment_scan.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace sightline::journal {
namespace {

// What a disk writes at once.
constexpr std::size_t kSectorBytes = 512;
// One read; and what is read again, piece by piece, when it fails.
constexpr std::size_t kReadBytes = std::size_t{1} << 20U;
constexpr std::size_t kPageBytes = 4096;
// Stands for what cannot be read: zeros would look like space that was never written.
constexpr char kUnreadable = '\xFF';

struct Content {
  std::string bytes;
  std::uint64_t unreadable = 0;
};

// Reads `out` page by page; what gives an error twice is filled with kUnreadable. Returns its size.
std::uint64_t ReadPages(base::DiskFile& file, std::span<char> out, std::uint64_t offset) {
  std::uint64_t unreadable = 0;
  for (std::size_t start = 0; start < out.size(); start += kPageBytes) {
    const std::span<char> page = out.subspan(start, std::min(kPageBytes, out.size() - start));
    if (!file.Read(page, offset + start).has_value() &&
        !file.Read(page, offset + start).has_value()) {
      std::fill(page.begin(), page.end(), kUnreadable);
      unreadable += page.size();
    }
  }
  return unreadable;
}

base::Result<Content> ReadContent(base::Disk& disk, const std::filesystem::path& path) {
  const std::unique_ptr<base::DiskFile> file = TRY(disk.Open(path, base::OpenMode::kRead));
  Content content{.bytes = std::string(TRY(file->Size()), '\0')};
  const std::span<char> all(content.bytes);
  for (std::size_t start = 0; start < all.size(); start += kReadBytes) {
    const std::span<char> part = all.subspan(start, std::min(kReadBytes, all.size() - start));
    if (!file->Read(part, start).has_value()) {
      content.unreadable += ReadPages(*file, part, start);
    }
  }
  if (!content.bytes.empty() && content.unreadable == content.bytes.size()) {
    return base::Error(base::Code::kInternal,
                       fmt::format("cannot read {}: every read failed", path.string()));
  }
  return content;
}

// True when [begin, end) holds what is left of a sector, from `begin` or a boundary to a boundary,
// that is all zero: it was preallocated and the write did not get there.
bool HasHole(std::string_view bytes, std::uint64_t begin, std::uint64_t end) {
  while (begin < end) {
    const std::uint64_t boundary = (begin / kSectorBytes + 1) * kSectorBytes;
    if (boundary > end) {
      return false;
    }
    const std::string_view sector = bytes.substr(begin, boundary - begin);
    if (sector.find_first_not_of('\0') == std::string_view::npos) {
      return true;
    }
    begin = boundary;
  }
  return false;
}

// Walks over the bytes of one segment and notes what is good before anything is handed on, because
// only what comes later tells whether damage is an unfinished write.
class Scanner {
 public:
  Scanner(std::string_view bytes, std::uint64_t first_position, std::uint64_t end_position)
      : bytes_(bytes),
        first_position_(first_position),
        end_position_(end_position),
        offset_(std::min(bytes.size(), kSegmentHeaderBytes)),
        expected_(first_position) {}

  struct Record {
    std::uint64_t position;
    std::string_view payload;
  };

  void Walk() {
    while (expected_ < end_position_) {
      const std::optional<RecordHeader> header = HeaderAt(offset_);
      std::uint64_t resume = offset_ + 1;
      if (header && header->position == expected_) {
        if (Take(*header)) {
          continue;
        }
        // The length is covered by the header's check, so what comes next can be found without
        // looking for headers inside the payload.
        resume = offset_ + kRecordHeaderBytes + header->length;
      }
      const std::optional<Candidate> next = FindHeader(resume);
      if (!next) {
        break;
      }
      damages_.push_back({.offset = offset_,
                          .bytes = next->offset - offset_,
                          .first_position = expected_,
                          .end_position = next->position});
      offset_ = next->offset;
      expected_ = next->position;
    }
    if (end_position_ == kNoEnd) {
      CutUnfinishedGroup();
    }
  }

  const std::vector<Record>& records() const { return records_; }

  std::vector<Damage> TakeDamages() { return std::move(damages_); }

  std::uint64_t next_position() const { return expected_; }

  std::uint64_t offset() const { return offset_; }

 private:
  struct Candidate {
    std::uint64_t offset;
    std::uint64_t position;
  };

  std::optional<RecordHeader> HeaderAt(std::uint64_t offset) const {
    return offset >= bytes_.size()
               ? std::nullopt
               : ReadRecordHeader(bytes_.substr(offset),
                                  {.first_position = first_position_, .offset = offset});
  }

  // Notes the record or mark at offset_ and steps over it, if its payload is good.
  bool Take(const RecordHeader& header) {
    const std::string_view rest = bytes_.substr(offset_ + kRecordHeaderBytes);
    if (header.length > rest.size()) {
      return false;
    }
    const std::string_view payload = rest.substr(0, header.length);
    if (header.length > 0) {
      if (CheckPayload(payload) != header.payload_check) {
        return false;
      }
      records_.push_back({.position = header.position, .payload = payload});
      ++expected_;
    }
    newest_group_ = std::max(newest_group_, header.group);
    offset_ += kRecordHeaderBytes + header.length;
    return true;
  }

  // The next intact header from `from` on whose position fits: each record that was lost took some
  // bytes between offset_ and there.
  std::optional<Candidate> FindHeader(std::uint64_t from) const {
    for (std::size_t at = bytes_.find(kRecordMagic, from); at != std::string_view::npos;
         at = bytes_.find(kRecordMagic, at + 1)) {
      const std::optional<RecordHeader> header = HeaderAt(at);
      if (header && header->position >= expected_ &&
          header->position - expected_ <= (at - offset_) / (kRecordHeaderBytes + 1)) {
        return Candidate{.offset = at, .position = header->position};
      }
    }
    return std::nullopt;
  }

  void CutUnfinishedGroup() {
    const auto torn = std::find_if(damages_.begin(), damages_.end(), [&](const Damage& damage) {
      return newest_group_ <= damage.first_position &&
             HasHole(bytes_, damage.offset, damage.offset + damage.bytes);
    });
    if (torn == damages_.end()) {
      return;
    }
    std::erase_if(records_,
                  [&](const Record& record) { return record.position >= torn->first_position; });
    offset_ = torn->offset;
    expected_ = torn->first_position;
    damages_.erase(torn, damages_.end());
  }

  const std::string_view bytes_;
  const std::uint64_t first_position_;
  const std::uint64_t end_position_;
  std::uint64_t offset_;    // Of what has not been looked at.
  std::uint64_t expected_;  // The position of the next record.
  std::uint64_t newest_group_ = 0;
  std::vector<Record> records_;
  std::vector<Damage> damages_;
};

// True for a good header, and for what a crash while the file was being made leaves: a part of the
// header or nothing, then zeros. Nothing was acknowledged in it.
bool HeaderIsFine(std::string_view bytes, std::uint64_t first_position) {
  const std::string expected = EncodeSegmentHeader(first_position);
  const std::size_t common = static_cast<std::size_t>(
      std::mismatch(expected.begin(), expected.end(), bytes.begin(), bytes.end()).first -
      expected.begin());
  return common == expected.size() || bytes.find_first_not_of('\0', common) == std::string::npos;
}

}  // namespace

base::Result<SegmentScan> ScanSegment(base::Disk& disk, const SegmentFile& segment,
                                      std::uint64_t end_position, const RecordVisitor& visit) {
  const Content content = TRY(ReadContent(disk, segment.path));
  const std::string_view bytes = content.bytes;
  if (const auto reason = FindForeignVersion(bytes)) {
    return base::Error(base::Code::kFailedPrecondition,
                       fmt::format("cannot open {}: {}", segment.path.string(), *reason));
  }
  // Records after a damaged file header can still be told: the file's name holds their place.
  Scanner scanner(bytes, segment.first_position, end_position);
  scanner.Walk();
  for (const Scanner::Record& record : scanner.records()) {
    TRY(visit(record.position, record.payload));
  }
  const std::uint64_t used =
      std::max<std::uint64_t>(bytes.find_last_not_of('\0') + 1, scanner.offset());
  return SegmentScan{.next_position = scanner.next_position(),
                     .records = scanner.records().size(),
                     .damages = scanner.TakeDamages(),
                     .has_header = HeaderIsFine(bytes, segment.first_position),
                     .tail_bytes = used - scanner.offset(),
                     .used_bytes = used,
                     .file_bytes = bytes.size(),
                     .unreadable_bytes = content.unreadable};
}

}  // namespace sightline::journal
