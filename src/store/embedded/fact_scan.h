// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/result.h"
#include "query/fact_query.h"
#include "store/embedded/day.h"
#include "store/embedded/duck.h"

namespace sightline::store::embedded {

// Some of the facts of a day: from a row of its table on, and of some time.
//
// Thread: value.
struct FactSpan {
  DayPtr day;
  std::int64_t first_row = 0;
  std::int64_t start_ns = std::numeric_limits<std::int64_t>::min();  // Starts at or after.
  std::int64_t end_ns = std::numeric_limits<std::int64_t>::max();    // Starts before.

  friend bool operator==(const FactSpan&, const FactSpan&) = default;
};

// A query over a span. Its own times do not count.
//
// Thread: value.
struct FactTask {
  const query::FactQuery* query = nullptr;  // Never null.
  FactSpan span;
  std::vector<query::FactGroup>
      groups;  // The answer: in no order, also those with nothing in them.
};

// Answers tasks from the tables of days, with few statements: preparing one costs as much as
// reading some 30,000 facts. Queries with the same filters share a statement, and one statement
// reads several days, as many as memory allows.
//
// Thread: confined, within the transaction that is open on the connection.
class FactScan {
 public:
  explicit FactScan(Connection& connection) : connection_(connection) {}

  base::Result<void> Answer(std::vector<FactTask>& tasks);

 private:
  struct Scan;

  // A key of a group whose text is to be looked up.
  struct OpenText {
    FactTask* task = nullptr;
    std::size_t group = 0;
    std::size_t key = 0;
    std::uint32_t number = 0;
  };

  base::Result<void> Run(Scan& scan);
  void ReadChunk(Scan& scan, const Chunk& chunk);
  base::Result<void> FillTexts();

  Connection& connection_;
  std::vector<OpenText> open_texts_;
};

}  // namespace sightline::store::embedded
