// SPDX-License-Identifier: Apache-2.0
#include "journal/recovery.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

namespace sightline::journal {
namespace {

// "record 5", "records 5 to 7".
std::string NameRecords(std::uint64_t first, std::uint64_t end) {
  return end - first == 1 ? fmt::format("record {}", first)
                          : fmt::format("records {} to {}", first, end - 1);
}

std::string DescribeDamage(const Damage& damage, std::uint64_t stored_position) {
  const std::string lost =
      damage.first_position == damage.end_position ? "no record is lost"
      : damage.end_position <= stored_position + 1
          ? NameRecords(damage.first_position, damage.end_position) +
                " cannot be read, but had been stored"
          : NameRecords(damage.first_position, damage.end_position) + " cannot be read";
  return fmt::format("{} bytes at {} are damaged: {}", damage.bytes, damage.offset, lost);
}

// What is wrong with a segment whose successor starts at `end`, kNoEnd for the last one.
std::vector<std::string> DescribeProblems(const SegmentScan& scan, std::uint64_t end,
                                          std::uint64_t stored_position) {
  std::vector<std::string> problems;
  if (!scan.has_header) {
    problems.emplace_back("the file header is damaged");
  }
  if (scan.unreadable_bytes > 0) {
    problems.push_back(fmt::format("the disk cannot read {} bytes", scan.unreadable_bytes));
  }
  for (const Damage& damage : scan.damages) {
    problems.push_back(DescribeDamage(damage, stored_position));
  }
  if (end != kNoEnd && scan.next_position < end && stored_position + 1 < end) {
    problems.push_back(NameRecords(scan.next_position, end) + ": missing or damaged");
  }
  return problems;
}

// What the ends of the journal say about the position that the store says it has.
void CompareWithStore(std::uint64_t stored_position, Verification& report) {
  if (report.segments.empty()) {
    return;
  }
  const std::uint64_t first = report.segments.front().file.first_position;
  if (stored_position + 1 < first) {
    report.problems.push_back(NameRecords(stored_position + 1, first) + ": missing");
  }
  if (stored_position >= report.next_position) {
    report.problems.push_back(
        fmt::format("the store says that it holds all records up to {}, but the journal ends at {}",
                    stored_position, report.next_position - 1));
  }
}

}  // namespace

base::Result<Verification> Verify(base::Disk& disk, const std::filesystem::path& directory,
                                  std::uint64_t stored_position, const RecordVisitor& visit) {
  Verification report;
  const std::vector<SegmentFile> files = TRY(ListSegments(disk, directory));
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::uint64_t end = i + 1 == files.size() ? kNoEnd : files[i + 1].first_position;
    const SegmentScan scan = TRY(ScanSegment(disk, files[i], end, visit));
    report.records += scan.records;
    report.next_position = std::max(report.next_position, scan.next_position);
    const std::vector<std::string> problems = DescribeProblems(scan, end, stored_position);
    for (const std::string& problem : problems) {
      report.problems.push_back(files[i].path.filename().string() + ": " + problem);
    }
    if (problems.empty() && scan.tail_bytes > 0) {
      ++report.cut_tails;
    }
    report.segments.push_back(
        {.file = files[i], .file_bytes = scan.file_bytes, .used_bytes = scan.used_bytes});
    report.segments.back().file.is_damaged = !problems.empty();
  }
  CompareWithStore(stored_position, report);
  return report;
}

}  // namespace sightline::journal
