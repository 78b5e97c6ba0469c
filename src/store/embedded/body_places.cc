// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/body_places.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sightline::store::embedded {

// Ranges sorted by their first id, as a balanced binary tree without pointers: the root of a
// stretch of the array is its middle. With each range is the highest last id of its stretch, so
// that a search leaves out stretches that end before the id.
class BodyPlaces::Run {
 public:
  explicit Run(std::vector<Range> ranges) : ranges_(std::move(ranges)), highest_(ranges_.size()) {
    Fill(0, ranges_.size());
  }

  const std::vector<Range>& ranges() const { return ranges_; }

  void Find(std::uint64_t id, std::vector<std::uint64_t>& out) const {
    Find(id, 0, ranges_.size(), out);
  }

 private:
  std::uint64_t Fill(std::size_t begin, std::size_t end) {
    if (begin == end) {
      return 0;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    highest_[middle] = std::max({ranges_[middle].last, Fill(begin, middle), Fill(middle + 1, end)});
    return highest_[middle];
  }

  void Find(std::uint64_t id, std::size_t begin, std::size_t end,
            std::vector<std::uint64_t>& out) const {
    while (begin < end) {
      const std::size_t middle = begin + (end - begin) / 2;
      if (highest_[middle] < id) {
        return;
      }
      Find(id, begin, middle, out);
      if (ranges_[middle].first > id) {
        return;
      }
      if (ranges_[middle].last >= id) {
        out.push_back(ranges_[middle].offset);
      }
      begin = middle + 1;
    }
  }

  const std::vector<Range> ranges_;
  std::vector<std::uint64_t> highest_;
};

BodyPlaces::BodyPlaces() {
  const base::MutexLock lock(mutex_);
  runs_ = std::make_shared<const Runs>();
}

BodyPlaces::~BodyPlaces() = default;

BodyPlaces::RunsPtr BodyPlaces::runs() const {
  const base::MutexLock lock(mutex_);
  return runs_;
}

void BodyPlaces::Add(std::uint64_t first, std::uint64_t last, std::uint64_t offset) {
  const auto by_first = [](const Range& a, const Range& b) { return a.first < b.first; };
  const base::MutexLock adding(add_mutex_);
  Runs next = *runs();
  std::vector<Range> ranges = {{.first = first, .last = last, .offset = offset}};
  // A run takes in those that are not longer, so that lengths at least double from each to the one
  // before it.
  while (!next.empty() && next.back()->ranges().size() <= ranges.size()) {
    const std::vector<Range>& older = next.back()->ranges();
    std::vector<Range> merged;
    merged.reserve(older.size() + ranges.size());
    std::merge(older.begin(), older.end(), ranges.begin(), ranges.end(), std::back_inserter(merged),
               by_first);
    ranges = std::move(merged);
    next.pop_back();
  }
  next.push_back(std::make_shared<const Run>(std::move(ranges)));
  auto published = std::make_shared<const Runs>(std::move(next));
  const base::MutexLock lock(mutex_);
  runs_ = std::move(published);
}

std::vector<std::uint64_t> BodyPlaces::Find(std::uint64_t id) const {
  std::vector<std::uint64_t> offsets;
  const RunsPtr now = runs();
  for (const std::shared_ptr<const Run>& run : *now) {
    run->Find(id, offsets);
  }
  std::sort(offsets.begin(), offsets.end());
  return offsets;
}

std::size_t BodyPlaces::size() const {
  std::size_t size = 0;
  const RunsPtr now = runs();
  for (const std::shared_ptr<const Run>& run : *now) {
    size += run->ranges().size();
  }
  return size;
}

}  // namespace sightline::store::embedded
