// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/frame_file.h"

#include <sys/random.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <zstd.h>

#include "base/check.h"
#include "base/hash.h"

namespace sightline::store::embedded {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

constexpr std::uint32_t kFileMagic = 0x46464C53;   // "SLFF"
constexpr std::uint32_t kFrameMagic = 0xF3A47E1D;  // Not text, and rare in compressed bytes.
constexpr std::uint32_t kFormatVersion = 1;

// Covers most frames of 256 KB of rows in one read.
constexpr std::size_t kReadGuess = std::size_t{48} << 10U;
// After damage, headers are looked for in pieces of this size; where the disk cannot read such a
// piece, in blocks as small as what disks lose.
constexpr std::size_t kSearchBytes = std::size_t{256} << 10U;
constexpr std::size_t kBlockBytes = 4096;
// No file is longer; keeps sums of offsets and lengths from overflowing.
constexpr std::uint64_t kMaxOffset = std::uint64_t{1} << 62U;
// A buffer that a huge frame needed is not kept.
constexpr std::size_t kMaxKeptBytes = std::size_t{1} << 20U;

struct FileHeader {
  std::uint32_t magic = kFileMagic;
  std::uint32_t version = kFormatVersion;
  FrameFileId id{};
  std::uint64_t checksum = 0;
};

static_assert(sizeof(FileHeader) == 32 && std::has_unique_object_representations_v<FileHeader>);

struct FrameHeader {
  std::uint32_t magic = kFrameMagic;
  std::uint32_t kind = 0;
  std::uint32_t stored_bytes = 0;
  std::uint32_t raw_bytes = 0;
  std::uint32_t entries = 0;
  std::uint32_t header_checksum = 0;
  std::uint64_t offset = 0;
  std::uint64_t checksum = 0;
};

static_assert(sizeof(FrameHeader) == 40 && std::has_unique_object_representations_v<FrameHeader>);

template <typename Header>
std::string_view BytesOf(const Header& header) {
  return {reinterpret_cast<const char*>(&header), sizeof header};
}

template <typename Header>
std::optional<Header> HeaderFrom(std::string_view bytes) {
  Header header;
  if (bytes.size() < sizeof header) {
    return std::nullopt;
  }
  std::memcpy(&header, bytes.data(), sizeof header);
  return header;
}

std::uint64_t ChecksumOf(const FileHeader& header) {
  return base::HashBytes64(BytesOf(header).substr(0, offsetof(FileHeader, checksum)));
}

// Of the file's id and all of the header's fields but the checksums.
std::uint64_t HashOf(const FrameFileId& id, FrameHeader header) {
  header.header_checksum = 0;
  header.checksum = 0;
  std::array<char, sizeof id + sizeof header> bytes;
  std::copy(id.begin(), id.end(), bytes.begin());
  std::memcpy(bytes.data() + sizeof id, &header, sizeof header);
  return base::HashBytes64({bytes.data(), bytes.size()});
}

std::uint32_t HeaderChecksum(std::uint64_t header_hash) {
  return static_cast<std::uint32_t>(header_hash >> 32U);
}

std::uint64_t PayloadChecksum(std::uint64_t header_hash, std::string_view stored) {
  return base::HashBytes64(stored, header_hash);
}

bool IsKnownKind(std::uint32_t kind) {
  return kind >= static_cast<std::uint32_t>(FrameKind::kRows) &&
         kind <= static_cast<std::uint32_t>(FrameKind::kGrams);
}

// Why these are not the header of a frame at `offset`; "" if they are.
std::string_view Fault(const FrameFileId& id, const FrameHeader& header, std::uint64_t offset) {
  if (header.magic != kFrameMagic) {
    return "no frame begins there";
  }
  if (header.header_checksum != HeaderChecksum(HashOf(id, header))) {
    return "the checksum of its header does not match";
  }
  if (header.offset != offset) {
    return "it belongs to another place";
  }
  if (!IsKnownKind(header.kind)) {
    return "its kind is unknown";
  }
  if (header.raw_bytes > kMaxFrameBytes ||
      header.stored_bytes > ZSTD_compressBound(kMaxFrameBytes)) {
    return "it is too long";
  }
  return "";
}

// Where in `bytes`, which are at `offset` of the file, the first header of a frame checks; npos.
std::size_t HeaderIn(std::string_view bytes, const FrameFileId& id, std::uint64_t offset) {
  const std::string_view magic(reinterpret_cast<const char*>(&kFrameMagic), sizeof kFrameMagic);
  std::size_t at = bytes.find(magic);
  while (at != std::string_view::npos) {
    const std::optional<FrameHeader> header = HeaderFrom<FrameHeader>(bytes.substr(at));
    if (header.has_value() && Fault(id, *header, offset + at).empty()) {
      return at;
    }
    at = bytes.find(magic, at + 1);
  }
  return at;
}

// A context is 100 KB and more: each thread keeps one.
ZSTD_DCtx* DecompressionContext() {
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };

  static thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  CHECK(context != nullptr);
  return context.get();
}

bool Decompress(std::string_view stored, std::size_t raw_bytes, std::string& out) {
  if (ZSTD_getFrameContentSize(stored.data(), stored.size()) != raw_bytes) {
    return false;
  }
  out.resize(raw_bytes);
  return ZSTD_decompressDCtx(DecompressionContext(), out.data(), out.size(), stored.data(),
                             stored.size()) == raw_bytes;
}

base::Error DataLoss(std::string_view what, const std::filesystem::path& path,
                     std::string_view cause) {
  return {base::Code::kDataLoss, fmt::format("cannot {} {}: {}", what, path.string(), cause)};
}

base::Error FrameLoss(std::uint64_t offset, const std::filesystem::path& path,
                      std::string_view cause) {
  return DataLoss(fmt::format("read the frame at byte {} of", offset), path, cause);
}

base::Result<FrameFileId> ReadFileHeader(base::DiskFile& file, const std::filesystem::path& path) {
  std::array<char, sizeof(FileHeader)> bytes;
  const std::size_t got = TRY(file.Read(bytes, 0));
  const std::optional<FileHeader> header = HeaderFrom<FileHeader>({bytes.data(), got});
  if (!header.has_value()) {
    return DataLoss("open", path, "it is too short");
  }
  if (header->magic != kFileMagic || header->checksum != ChecksumOf(*header)) {
    return DataLoss("open", path, "its header does not check");
  }
  if (header->version != kFormatVersion) {
    return DataLoss("open", path, fmt::format("its format version {} is unknown", header->version));
  }
  return header->id;
}

base::Result<FrameFileId> MakeId() {
  FrameFileId id;
  // The kernel gives so few bytes whole.
  if (::getrandom(id.data(), id.size(), 0) != static_cast<ssize_t>(id.size())) {
    return base::ErrnoError("cannot make the id of a file", errno);
  }
  return id;
}

}  // namespace

void FrameWriter::FreeContext::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}

FrameWriter::FrameWriter(base::Disk& disk, std::filesystem::path path, int level)
    : disk_(disk), path_(std::move(path)), level_(level), context_(ZSTD_createCCtx()) {
  CHECK(context_ != nullptr);
}

FrameWriter::~FrameWriter() = default;

base::Result<std::unique_ptr<FrameWriter>> FrameWriter::Open(base::Disk& disk,
                                                             const std::filesystem::path& path,
                                                             std::uint64_t valid_length,
                                                             int level) {
  std::unique_ptr<FrameWriter> writer(new FrameWriter(disk, path, level));
  if (valid_length == 0) {
    TRY(writer->Create());
  } else {
    TRY(writer->Reopen(valid_length));
  }
  return writer;
}

base::Result<void> FrameWriter::Create() {
  FileHeader header{.id = TRY(MakeId())};
  header.checksum = ChecksumOf(header);
  file_ = TRY(disk_.Open(path_, base::OpenMode::kReplace));
  TRY(file_->Write(BytesOf(header), 0));
  id_ = header.id;
  length_ = sizeof header;
  return {};
}

base::Result<void> FrameWriter::Reopen(std::uint64_t valid_length) {
  base::Result<std::unique_ptr<base::DiskFile>> file =
      disk_.Open(path_, base::OpenMode::kReadWrite);
  if (!file.has_value()) {
    return file.error().code() == base::Code::kNotFound ? DataLoss("open", path_, "it is missing")
                                                        : file.error();
  }
  file_ = std::move(file).value();
  id_ = TRY(ReadFileHeader(*file_, path_));
  const std::uint64_t size = TRY(file_->Size());
  if (size < valid_length || valid_length < sizeof(FileHeader)) {
    return DataLoss("open", path_, fmt::format("it has {} bytes, not {}", size, valid_length));
  }
  if (size > valid_length) {
    TRY(file_->Truncate(valid_length));
  }
  length_ = valid_length;
  synced_length_ = valid_length;
  is_entry_durable_ = true;
  return {};
}

base::Error FrameWriter::RefusedAfterSync() const {
  return {base::Code::kFailedPrecondition,
          fmt::format("cannot go on with {}: syncing it failed, and what was written since byte {} "
                      "may be lost",
                      path_.string(), synced_length_)};
}

base::Result<std::uint64_t> FrameWriter::Append(FrameKind kind, std::uint32_t entries,
                                                std::string_view bytes) {
  if (has_sync_failed_) {
    return RefusedAfterSync();
  }
  if (bytes.size() > kMaxFrameBytes) {
    return base::Error(base::Code::kResourceExhausted,
                       fmt::format("cannot write a frame of {} bytes to {}: at most {} are allowed",
                                   bytes.size(), path_.string(), kMaxFrameBytes));
  }
  compressed_.resize(std::max(compressed_.size(), ZSTD_compressBound(bytes.size())));
  const std::size_t stored = ZSTD_compressCCtx(
      context_.get(), compressed_.data(), compressed_.size(), bytes.data(), bytes.size(), level_);
  CHECK(ZSTD_isError(stored) == 0);  // The buffer is large enough.
  const std::string_view payload(compressed_.data(), stored);

  FrameHeader header{.kind = static_cast<std::uint32_t>(kind),
                     .stored_bytes = static_cast<std::uint32_t>(stored),
                     .raw_bytes = static_cast<std::uint32_t>(bytes.size()),
                     .entries = entries,
                     .offset = length_};
  const std::uint64_t hash = HashOf(id_, header);
  header.header_checksum = HeaderChecksum(hash);
  header.checksum = PayloadChecksum(hash, payload);
  const std::array<std::string_view, 2> pieces = {BytesOf(header), payload};
  const base::Result<void> written = file_->Write(pieces, length_);
  if (compressed_.size() > kMaxKeptBytes) {
    compressed_ = std::string();
  }
  if (!written.has_value()) {
    return written.error();
  }
  return std::exchange(length_, length_ + sizeof header + stored);
}

base::Result<void> FrameWriter::Sync() {
  if (has_sync_failed_) {
    return RefusedAfterSync();
  }
  const base::Result<void> synced = file_->Sync();
  if (!synced.has_value()) {
    has_sync_failed_ = true;
    return synced;
  }
  if (!is_entry_durable_) {
    TRY(disk_.SyncDirectory(path_.has_parent_path() ? path_.parent_path() : "."));
    is_entry_durable_ = true;
  }
  synced_length_ = length_;
  return {};
}

base::Result<void> FrameWriter::Truncate(std::uint64_t length) {
  if (length < sizeof(FileHeader) || length > length_) {
    return base::Error(
        base::Code::kInvalidArgument,
        fmt::format("cannot cut {} at byte {}: it has {}", path_.string(), length, length_));
  }
  TRY(file_->Truncate(length));
  length_ = length;
  if (length <= synced_length_) {
    has_sync_failed_ = false;
    synced_length_ = length;
  }
  return {};
}

FrameReader::FrameReader(std::filesystem::path path, std::unique_ptr<base::DiskFile> file,
                         FrameFileId id)
    : path_(std::move(path)), file_(std::move(file)), id_(id) {}

FrameReader::~FrameReader() = default;

base::Result<std::shared_ptr<FrameReader>> FrameReader::Open(base::Disk& disk,
                                                             const std::filesystem::path& path) {
  std::unique_ptr<base::DiskFile> file = TRY(disk.Open(path, base::OpenMode::kRead));
  const FrameFileId id = TRY(ReadFileHeader(*file, path));
  return std::shared_ptr<FrameReader>(new FrameReader(path, std::move(file), id));
}

base::Result<Frame> FrameReader::Read(std::uint64_t offset) const {
  return ReadWithin(offset, kMaxOffset);
}

base::Result<Frame> FrameReader::ReadWithin(std::uint64_t offset, std::uint64_t end) const {
  auto buffer = std::make_unique_for_overwrite<char[]>(kReadGuess);
  std::size_t got = 0;
  if (offset < end) {
    const std::size_t guess = std::min<std::uint64_t>(kReadGuess, end - offset);
    base::Result<std::size_t> start = file_->Read({buffer.get(), guess}, offset);
    if (!start.has_value()) {  // Perhaps the disk only fails after the frame.
      start = file_->Read({buffer.get(), std::min(guess, sizeof(FrameHeader))}, offset);
    }
    got = TRY(std::move(start));
  }
  if (got == 0) {
    return base::Error(base::Code::kNotFound,
                       fmt::format("cannot read the frame at byte {} of {}: that is past the end",
                                   offset, path_.string()));
  }
  const std::optional<FrameHeader> header = HeaderFrom<FrameHeader>({buffer.get(), got});
  if (!header.has_value()) {
    return FrameLoss(offset, path_, "its header is cut off");
  }
  if (const std::string_view fault = Fault(id_, *header, offset); !fault.empty()) {
    return FrameLoss(offset, path_, fault);
  }
  const std::size_t size = sizeof *header + header->stored_bytes;
  if (size > end - offset) {
    return FrameLoss(offset, path_, "it is cut off");
  }
  if (size > got) {
    auto whole = std::make_unique_for_overwrite<char[]>(size);
    std::memcpy(whole.get(), buffer.get(), got);
    buffer = std::move(whole);
    got += TRY(file_->Read({buffer.get() + got, size - got}, offset + got));
  }
  if (size > got) {
    return FrameLoss(offset, path_, "it is cut off");
  }
  const std::string_view stored(buffer.get() + sizeof *header, header->stored_bytes);
  if (header->checksum != PayloadChecksum(HashOf(id_, *header), stored)) {
    return FrameLoss(offset, path_, "its checksum does not match");
  }
  Frame frame{.kind = static_cast<FrameKind>(header->kind),
              .entries = header->entries,
              .offset = offset,
              .next_offset = offset + size,
              .bytes = {}};
  if (!Decompress(stored, header->raw_bytes, frame.bytes)) {
    return FrameLoss(offset, path_, "it cannot be decompressed");
  }
  return frame;
}

base::Result<void> FrameReader::Scan(
    std::uint64_t offset, std::uint64_t end, const std::function<bool(const Frame&)>& visit,
    const std::function<void(const std::string&)>& on_damage) const {
  const std::uint64_t size = TRY(file_->Size());
  const std::uint64_t stop = std::min(end, size);
  std::uint64_t at = std::max<std::uint64_t>(offset, sizeof(FileHeader));
  while (at < stop) {
    const base::Result<Frame> frame = ReadWithin(at, stop);
    if (frame.has_value()) {
      at = frame->next_offset;
      if (!visit(*frame)) {
        return {};
      }
      continue;
    }
    const std::uint64_t next = FindHeader(at + 1, stop);
    on_damage(fmt::format("{}; {} bytes are skipped", frame.error().message(), next - at));
    at = next;
  }
  if (end != kToEndOfFile && size < end) {
    on_damage(fmt::format("cannot read {} from byte {} to {}: the file ends before", path_.string(),
                          std::max(size, offset), end));
  }
  return {};
}

// The first offset from `from` on at which the header of a frame checks; `end` if there is none.
std::uint64_t FrameReader::FindHeader(std::uint64_t from, std::uint64_t end) const {
  constexpr std::size_t kOverlap = sizeof(FrameHeader) - 1;
  const auto buffer = std::make_unique_for_overwrite<char[]>(kSearchBytes);
  std::uint64_t small_until = 0;  // Up to there, pieces as small as the disk can lose.
  while (from < end && end - from > kOverlap) {
    const std::size_t to_boundary = kBlockBytes - from % kBlockBytes;
    const std::array<std::size_t, 3> pieces = {kSearchBytes, to_boundary + kOverlap, to_boundary};
    std::uint64_t next = from + to_boundary;
    for (std::size_t i = from < small_until ? 1 : 0; i < pieces.size(); ++i) {
      const base::Result<std::size_t> got =
          file_->Read({buffer.get(), std::min<std::uint64_t>(pieces[i], end - from)}, from);
      if (!got.has_value()) {
        small_until = i == 0 ? from + kSearchBytes : small_until;
        continue;
      }
      const std::size_t at = HeaderIn({buffer.get(), *got}, id_, from);
      if (at != std::string_view::npos) {
        return from + at;
      }
      next = i < 2 && *got > kOverlap ? from + *got - kOverlap : next;
      break;
    }
    from = next;
  }
  return end;
}

}  // namespace sightline::store::embedded
