// SPDX-License-Identifier: Apache-2.0
#include "journal/segment_writer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace sightline::journal {
namespace {

base::Error Unavailable(std::string message) {
  return {base::Code::kUnavailable, std::move(message)};
}

}  // namespace

base::Result<void> SegmentWriter::CheckRoom(std::uint64_t needed_bytes) const {
  const auto free = disk_.FreeBytes(options_.directory);
  if (!free.has_value()) {
    return free.error().code() == base::Code::kNotFound
               ? Unavailable(fmt::format("cannot start a journal segment: the directory {} is gone",
                                         options_.directory.string()))
               : free.error();
  }
  const std::uint64_t size = std::max(options_.segment_bytes, needed_bytes);
  if (*free < size + options_.disk_reserve_bytes) {
    return Unavailable("cannot start a journal segment: disk full");
  }
  return {};
}

base::Result<SegmentFile> SegmentWriter::Start(std::uint64_t first_position,
                                               std::uint64_t needed_bytes) {
  // A mark must fit as well.
  const std::uint64_t size =
      std::max(options_.segment_bytes, kSegmentHeaderBytes + needed_bytes + kRecordHeaderBytes);
  TRY(CheckRoom(size));
  const SegmentFile segment{.first_position = first_position,
                            .path = SegmentPath(options_.directory, first_position)};
  if (const auto removed = disk_.Remove(segment.path);
      !removed.has_value() && removed.error().code() != base::Code::kNotFound) {
    return removed.error();
  }
  base::Result<std::unique_ptr<base::DiskFile>> file = Create(segment.path, first_position, size);
  if (!file.has_value()) {
    if (const auto removed = disk_.Remove(segment.path);
        !removed.has_value() && removed.error().code() != base::Code::kNotFound) {
      base::LogWarning("journal: {}", removed.error().message());
    }
    return file.error();
  }
  file_ = *std::move(file);
  segment_ = segment;
  size_ = size;
  offset_ = kSegmentHeaderBytes;
  is_marked_ = true;
  return segment;
}

base::Result<std::unique_ptr<base::DiskFile>> SegmentWriter::Create(
    const std::filesystem::path& path, std::uint64_t first_position, std::uint64_t size) {
  std::unique_ptr<base::DiskFile> file = TRY(disk_.Open(path, base::OpenMode::kCreateNew));
  TRY(file->Preallocate(size));
  TRY(file->Write(EncodeSegmentHeader(first_position), 0));
  TRY(file->Sync());
  TRY(disk_.SyncDirectory(options_.directory));
  identity_ = TRY(file->Identity());
  return file;
}

std::uint64_t SegmentWriter::GroupBytes(std::span<const Record> records) {
  std::uint64_t bytes = 0;
  for (const Record& record : records) {
    bytes += kRecordHeaderBytes + record.payload.size();
  }
  return bytes;
}

base::Result<void> SegmentWriter::WriteGroup(std::uint64_t first_position,
                                             std::span<const Record> records) {
  headers_.clear();
  RecordPlace place{.first_position = segment_.first_position, .offset = offset_};
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Record& record = records[i];
    AppendRecordHeader(headers_, place,
                       {.length = static_cast<std::uint32_t>(record.payload.size()),
                        .position = first_position + i,
                        .group = first_position,
                        .payload_check = record.check});
    place.offset += kRecordHeaderBytes + record.payload.size();
  }
  pieces_.clear();
  for (std::size_t i = 0; i < records.size(); ++i) {
    pieces_.push_back(
        std::string_view(headers_).substr(i * kRecordHeaderBytes, kRecordHeaderBytes));
    pieces_.push_back(records[i].payload);
  }
  TRY(file_->Write(pieces_, offset_));
  TRY(file_->Sync());
  TRY(CheckPlace());
  offset_ = place.offset;
  is_marked_ = false;
  return {};
}

base::Result<void> SegmentWriter::CheckPlace() const {
  const auto found = disk_.Identify(segment_.path);
  if (!found.has_value() && found.error().code() != base::Code::kNotFound) {
    return found.error();
  }
  if (!found.has_value() || *found != identity_) {
    return Unavailable(fmt::format("cannot keep the journal: {} was {} while it was written to",
                                   segment_.path.string(),
                                   found.has_value() ? "replaced" : "deleted"));
  }
  return {};
}

base::Result<void> SegmentWriter::Mark(std::uint64_t next_position) {
  if (is_marked_) {
    return {};
  }
  std::string mark;
  AppendRecordHeader(
      mark, {.first_position = segment_.first_position, .offset = offset_},
      {.position = next_position, .group = next_position, .payload_check = CheckPayload({})});
  TRY(file_->Write(mark, offset_));
  offset_ += mark.size();
  is_marked_ = true;
  return {};
}

base::Result<void> SegmentWriter::Finish(std::uint64_t next_position) {
  const auto write_end = [&]() -> base::Result<void> {
    TRY(Mark(next_position));
    TRY(file_->Truncate(offset_));
    return file_->Sync();
  };
  const base::Result<void> written = write_end();
  if (!written.has_value()) {
    Abandon();
  }
  file_.reset();
  return written;
}

void SegmentWriter::Abandon() {
  if (file_ == nullptr) {
    return;
  }
  if (const auto cut = file_->Truncate(offset_); !cut.has_value()) {
    base::LogWarning("journal: {}", cut.error().message());
  }
  file_.reset();
}

}  // namespace sightline::journal
