// SPDX-License-Identifier: Apache-2.0
#include "ingest/unmapped_keys.h"

#include <algorithm>
#include <utility>

#include "base/json_scan.h"
#include "base/utf8.h"

namespace sightline::ingest {
namespace {

std::string Cut(std::string_view text) {
  return text.size() <= UnmappedKeys::kMaxTextBytes
             ? std::string(text)
             : base::RepairUtf8(text.substr(0, UnmappedKeys::kMaxTextBytes));
}

// "a.12.b" is one key for every index.
std::string WithoutIndices(std::string_view key) {
  std::string general;
  while (true) {
    const std::size_t dot = key.find('.');
    const std::string_view segment = key.substr(0, dot);
    const bool is_index =
        !segment.empty() && segment.find_first_not_of("0123456789") == std::string_view::npos;
    general += is_index ? std::string_view("N") : segment;
    if (dot == std::string_view::npos) {
      return general;
    }
    general.push_back('.');
    key.remove_prefix(dot + 1);
  }
}

}  // namespace

void UnmappedKeys::Add(std::span<const model::Span> spans) {
  // Spans of one kind share the text of their keys.
  struct Group {
    const model::Span* span;
    std::uint64_t count;
  };

  std::map<std::tuple<const char*, std::size_t, const char*>, Group> groups;
  for (const model::Span& span : spans) {
    if (!span.unmapped.empty()) {
      const auto [group, is_new] = groups.try_emplace(
          {span.unmapped.data(), span.unmapped.size(), span.scope.data()}, Group{&span, 0});
      ++group->second.count;
    }
  }
  if (groups.empty()) {
    return;
  }
  const base::MutexLock lock(mutex_);
  for (const auto& [place, group] : groups) {
    AddList(group.span->unmapped, group.span->scope, group.span->dialect, group.count);
  }
}

void UnmappedKeys::AddList(std::string_view unmapped_json, std::string_view scope,
                           model::Dialect dialect, std::uint64_t spans) {
  std::vector<std::string> keys;
  base::ForEachJsonElement(unmapped_json, [&](std::string_view raw) {
    keys.push_back(Cut(WithoutIndices(base::UnescapeJsonString(raw))));
  });
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (std::string& key : keys) {
    RowKey row{std::move(key), Cut(scope), dialect};
    if (const auto found = rows_.find(row); found != rows_.end()) {
      found->second += spans;
    } else if (rows_.size() < kMaxRows) {
      rows_.emplace(std::move(row), spans);
    } else {
      left_out_ += spans;
    }
  }
}

UnmappedKeys::Counts UnmappedKeys::counts() const {
  Counts counts;
  {
    const base::MutexLock lock(mutex_);
    counts.left_out = left_out_;
    counts.rows.reserve(rows_.size());
    for (const auto& [row, spans] : rows_) {
      counts.rows.push_back({.key = std::get<0>(row),
                             .scope = std::get<1>(row),
                             .dialect = std::get<2>(row),
                             .spans = spans});
    }
  }
  std::stable_sort(counts.rows.begin(), counts.rows.end(),
                   [](const Row& a, const Row& b) { return a.spans > b.spans; });
  return counts;
}

}  // namespace sightline::ingest
