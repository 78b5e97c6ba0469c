// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/mutex.h"
#include "model/span.h"

namespace sightline::ingest {

// Counts the attribute keys of received spans that no rule knows, by instrumentation scope, so that
// somebody can report an emitter that is not understood. In memory, since it was made; bounded:
// further keys are only counted together. Segments of a key that are all digits are counted as "N".
//
// Thread: any.
class UnmappedKeys {
 public:
  static constexpr std::size_t kMaxRows = 2000;
  static constexpr std::size_t kMaxTextBytes = 200;  // Of a key or scope; the rest is cut.

  struct Row {
    std::string key;
    std::string scope;
    model::Dialect dialect = model::Dialect::kNone;
    std::uint64_t spans = 0;  // That had the key.
  };

  struct Counts {
    std::vector<Row> rows;       // Most spans first.
    std::uint64_t left_out = 0;  // Keys of spans that found no row any more.
  };

  // To be called once for each span that was received.
  void Add(std::span<const model::Span> spans);

  Counts counts() const;

 private:
  using RowKey = std::tuple<std::string, std::string, model::Dialect>;

  void AddList(std::string_view unmapped_json, std::string_view scope, model::Dialect dialect,
               std::uint64_t spans) REQUIRES(mutex_);

  mutable base::Mutex mutex_;
  std::map<RowKey, std::uint64_t> rows_ GUARDED_BY(mutex_);
  std::uint64_t left_out_ GUARDED_BY(mutex_) = 0;
};

}  // namespace sightline::ingest
