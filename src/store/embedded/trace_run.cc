// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/trace_run.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include "base/check.h"
#include "base/hash.h"

namespace sightline::store::embedded {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");
static_assert(sizeof(TracePlace) == 32 && std::has_unique_object_representations_v<TracePlace>);

using RunPtr = std::shared_ptr<const TraceRun>;

constexpr std::uint64_t kMagic = 0x50414D4543415254;  // "TRACEMAP"
constexpr std::uint64_t kFormatVersion = 1;
constexpr std::uint64_t kBitsPerKey = 10;
constexpr std::uint64_t kBitsPerBlock = 512;
// Far more than a day can have; keeps sizes and the choice of a filter's block from overflowing.
constexpr std::uint64_t kMaxEntries = std::uint64_t{1} << 36U;
constexpr std::size_t kChunkBytes = std::size_t{1} << 20U;

struct Header {
  std::uint64_t magic = kMagic;
  std::uint64_t version = kFormatVersion;
  std::uint64_t covered_length = 0;
  std::uint64_t count = 0;
  std::uint64_t max_position = 0;
  std::uint64_t filter_checksum = 0;
  std::uint64_t entries_checksum = 0;
  std::uint64_t checksum = 0;
};

// One cache line, so that the filter's blocks are cache lines too.
static_assert(sizeof(Header) == 64 && std::has_unique_object_representations_v<Header>);

template <typename T>
std::string_view BytesOf(std::span<const T> items) {
  return {reinterpret_cast<const char*>(items.data()), items.size_bytes()};
}

std::string_view BytesOf(const Header& header) {
  return BytesOf(std::span(&header, 1));
}

std::uint64_t ChecksumOf(const Header& header) {
  return base::HashBytes64(BytesOf(header).substr(0, offsetof(Header, checksum)));
}

bool ByTrace(const TracePlace& a, const TracePlace& b) {
  const auto order = a.trace_id <=> b.trace_id;
  return order != 0 ? order < 0 : a.frame_offset < b.frame_offset;
}

base::Error DataLoss(const std::filesystem::path& path, std::string_view cause) {
  return {base::Code::kDataLoss, fmt::format("cannot use {}: {}", path.string(), cause)};
}

// Calls `take(place)` for the places of all runs in order, until it fails.
template <typename Take>
base::Result<void> ForEachMerged(const std::vector<RunPtr>& runs, const Take& take) {
  std::vector<std::span<const TracePlace>> rest;
  for (const RunPtr& run : runs) {
    if (!run->places().empty()) {
      rest.push_back(run->places());
    }
  }
  const auto later = [](const auto& a, const auto& b) { return ByTrace(b.front(), a.front()); };
  std::make_heap(rest.begin(), rest.end(), later);
  while (!rest.empty()) {
    std::pop_heap(rest.begin(), rest.end(), later);
    TRY(take(rest.back().front()));
    rest.back() = rest.back().subspan(1);
    if (rest.back().empty()) {
      rest.pop_back();
    } else {
      std::push_heap(rest.begin(), rest.end(), later);
    }
  }
  return {};
}

std::uint64_t CountOf(const std::vector<RunPtr>& runs) {
  std::uint64_t count = 0;
  for (const RunPtr& run : runs) {
    count += run->places().size();
  }
  return count;
}

// The checksum of `size` bytes of the file. Read, not mapped, because a part that the disk cannot
// read ends a process that touches it in a mapping.
base::Result<std::uint64_t> ChecksumOfPart(base::DiskFile& file, std::uint64_t offset,
                                           std::uint64_t size) {
  std::vector<char> buffer(std::min<std::uint64_t>(size, kChunkBytes));
  base::Hash64Stream hash;
  while (size > 0) {
    const std::size_t wanted = std::min<std::uint64_t>(size, buffer.size());
    const std::size_t got = TRY(file.Read(std::span(buffer).first(wanted), offset));
    if (got < wanted) {
      return base::Error(base::Code::kDataLoss, "cannot read an index: it became shorter");
    }
    hash.Add({buffer.data(), got});
    offset += got;
    size -= got;
  }
  return hash.value();
}

// Of a file that checks as a whole.
base::Result<Header> ReadHeader(base::Disk& disk, const std::filesystem::path& path) {
  const std::unique_ptr<base::DiskFile> file = TRY(disk.Open(path, base::OpenMode::kRead));
  const std::uint64_t size = TRY(file->Size());
  Header header;
  std::array<char, sizeof header> bytes;
  const std::size_t got = TRY(file->Read(bytes, 0));
  if (got < bytes.size()) {
    return DataLoss(path, "it is too short");
  }
  std::memcpy(&header, bytes.data(), bytes.size());
  if (header.magic != kMagic || header.checksum != ChecksumOf(header)) {
    return DataLoss(path, "its header does not check");
  }
  if (header.version != kFormatVersion || header.count > kMaxEntries) {
    return DataLoss(path, "its format is unknown");
  }
  const std::uint64_t filter_bytes = TraceFilter::WordsFor(header.count) * sizeof(std::uint64_t);
  const std::uint64_t entry_bytes = header.count * sizeof(TracePlace);
  if (size != sizeof header + filter_bytes + entry_bytes) {
    return DataLoss(path, "it has another length than it says");
  }
  const std::uint64_t filter_checksum = TRY(ChecksumOfPart(*file, sizeof header, filter_bytes));
  const std::uint64_t entries_checksum =
      TRY(ChecksumOfPart(*file, sizeof header + filter_bytes, entry_bytes));
  if (filter_checksum != header.filter_checksum || entries_checksum != header.entries_checksum) {
    return DataLoss(path, "its checksum does not match");
  }
  return header;
}

// Collects places and writes them in pieces.
class EntryWriter {
 public:
  EntryWriter(base::DiskFile& file, std::uint64_t offset) : file_(file), offset_(offset) {
    pending_.reserve(kChunkBytes / sizeof(TracePlace));
  }

  base::Result<void> Add(const TracePlace& place) {
    pending_.push_back(place);
    return pending_.size() < pending_.capacity() ? base::Result<void>() : Flush();
  }

  base::Result<void> Flush() {
    const std::string_view bytes = BytesOf(std::span<const TracePlace>(pending_));
    TRY(file_.Write(bytes, offset_));
    hash_.Add(bytes);
    offset_ += bytes.size();
    pending_.clear();
    return {};
  }

  std::uint64_t checksum() const { return hash_.value(); }

 private:
  base::DiskFile& file_;
  std::uint64_t offset_;
  std::vector<TracePlace> pending_;
  base::Hash64Stream hash_;
};

// The block of the id's hash, and the hash that picks the bits in it.
std::pair<std::uint64_t, std::uint64_t> BlockOf(std::size_t words, const model::TraceId& id) {
  const base::Hash128 hash = base::HashBytes128(id.view());
  const std::uint64_t blocks = words / TraceFilter::kWordsPerBlock;
  const std::uint64_t block = ((hash.high >> 32U) * blocks) >> 32U;
  return {block * TraceFilter::kWordsPerBlock, hash.low};
}

// Six bits of 512, nine bits of the hash each.
template <typename Use>
bool ForEachBit(std::uint64_t hash, const Use& use) {
  for (int i = 0; i < 6; ++i) {
    if (!use((hash & 511U) >> 6U, std::uint64_t{1} << (hash & 63U))) {
      return false;
    }
    hash >>= 9U;
  }
  return true;
}

}  // namespace

std::uint64_t TraceFilter::WordsFor(std::uint64_t keys) {
  const std::uint64_t blocks = (keys * kBitsPerKey + kBitsPerBlock - 1) / kBitsPerBlock;
  return std::max<std::uint64_t>(blocks, 1) * kWordsPerBlock;
}

void TraceFilter::Set(std::span<std::uint64_t> words, const model::TraceId& id) {
  const auto [first, hash] = BlockOf(words.size(), id);
  ForEachBit(hash, [&, begin = first](std::uint64_t word, std::uint64_t bit) {
    words[begin + word] |= bit;
    return true;
  });
}

bool TraceFilter::MayContain(std::span<const std::uint64_t> words, const model::TraceId& id) {
  const auto [first, hash] = BlockOf(words.size(), id);
  return ForEachBit(hash, [&, begin = first](std::uint64_t word, std::uint64_t bit) {
    return (words[begin + word] & bit) != 0;
  });
}

RunPtr TraceRun::FromPlaces(std::vector<TracePlace> places) {
  std::sort(places.begin(), places.end(), ByTrace);
  places.shrink_to_fit();
  return FromSorted(std::move(places));
}

RunPtr TraceRun::FromSorted(std::vector<TracePlace> places) {
  const std::shared_ptr<TraceRun> run(new TraceRun);
  run->own_places_ = std::move(places);
  run->own_filter_.resize(TraceFilter::WordsFor(run->own_places_.size()));
  for (const TracePlace& place : run->own_places_) {
    TraceFilter::Set(run->own_filter_, place.trace_id);
    run->max_position_ = std::max(run->max_position_, place.position);
  }
  run->places_ = run->own_places_;
  run->filter_ = run->own_filter_;
  return run;
}

RunPtr TraceRun::Merge(const std::vector<RunPtr>& runs) {
  std::vector<TracePlace> places;
  places.reserve(CountOf(runs));
  const base::Result<void> merged =
      ForEachMerged(runs, [&](const TracePlace& place) -> base::Result<void> {
        places.push_back(place);
        return {};
      });
  CHECK(merged.has_value());
  return FromSorted(std::move(places));
}

base::Result<std::pair<RunPtr, std::uint64_t>> TraceRun::FromFile(
    base::Disk& disk, const std::filesystem::path& path) {
  const Header header = TRY(ReadHeader(disk, path));
  const std::shared_ptr<TraceRun> run(new TraceRun);
  run->mapping_ = TRY(disk.Map(path));
  const std::uint64_t words = TraceFilter::WordsFor(header.count);
  const std::string_view bytes = run->mapping_.bytes();
  if (bytes.size() !=
      sizeof header + words * sizeof(std::uint64_t) + header.count * sizeof(TracePlace)) {
    return DataLoss(path, "it changed while it was opened");
  }
  const char* const filter = bytes.data() + sizeof header;
  const char* const places = filter + words * sizeof(std::uint64_t);
  run->filter_ = {reinterpret_cast<const std::uint64_t*>(filter), words};
  run->places_ = {reinterpret_cast<const TracePlace*>(places), header.count};
  run->max_position_ = header.max_position;
  return std::pair(RunPtr(run), header.covered_length);
}

base::Result<void> TraceRun::WriteFile(base::Disk& disk, const std::filesystem::path& path,
                                       const std::vector<RunPtr>& runs,
                                       std::uint64_t covered_length) {
  const std::unique_ptr<base::DiskFile> file = TRY(disk.Open(path, base::OpenMode::kReplace));
  Header header{.covered_length = covered_length, .count = CountOf(runs)};
  std::vector<std::uint64_t> filter(TraceFilter::WordsFor(header.count));
  const std::string_view filter_bytes = BytesOf(std::span<const std::uint64_t>(filter));
  EntryWriter entries(*file, sizeof header + filter_bytes.size());
  TRY(ForEachMerged(runs, [&](const TracePlace& place) {
    TraceFilter::Set(filter, place.trace_id);
    return entries.Add(place);
  }));
  TRY(entries.Flush());
  for (const RunPtr& run : runs) {
    header.max_position = std::max(header.max_position, run->max_position());
  }
  header.filter_checksum = base::HashBytes64(filter_bytes);
  header.entries_checksum = entries.checksum();
  header.checksum = ChecksumOf(header);
  TRY(file->Write(filter_bytes, sizeof header));
  TRY(file->Write(BytesOf(header), 0));
  return file->Sync();
}

void TraceRun::Find(const model::TraceId& id, std::vector<TracePlace>& out) const {
  if (!MayContain(id)) {
    return;
  }
  const auto before = [](const TracePlace& place, const model::TraceId& wanted) {
    return place.trace_id < wanted;
  };
  auto it = std::lower_bound(places_.begin(), places_.end(), id, before);
  for (; it != places_.end() && it->trace_id == id; ++it) {
    out.push_back(*it);
  }
}

}  // namespace sightline::store::embedded
