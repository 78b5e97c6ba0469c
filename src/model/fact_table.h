// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/ids.h"
#include "model/kinds.h"
#include "model/span.h"

namespace sightline::model {

// What one step of a run, or a run as a whole, adds to sums by name and time. Tokens and cost are
// of calls that count (RunShape::counts_usage), 0 for all others; a run has those of its calls.
// Counted with sign -1 it takes back what an older version of its run has added.
//
// Thread: value.
struct Fact {
  // What a fact is of: the number of a SpanKind, or this. Stored on disk.
  static constexpr std::uint8_t kRun = 255;

  TraceId trace_id;
  SpanId span_id;  // Zero of a run as a whole.
  std::int64_t start_ns = 0;
  std::int64_t duration_ns = 0;  // Never negative.
  std::int64_t time_to_first_token_ns = Span::kUnknown;
  std::int64_t input_tokens = 0;
  std::int64_t cache_read_tokens = 0;
  std::int64_t cache_write_tokens = 0;
  std::int64_t output_tokens = 0;
  std::int64_t reasoning_tokens = 0;
  std::int64_t cost_picodollars = 0;  // Of calls with a known price.

  // Numbers of texts in the table.
  std::uint32_t workflow = 0;
  std::uint32_t agent = 0;
  std::uint32_t name = 0;
  std::uint32_t model = 0;  // "provider/model".
  std::uint32_t service = 0;
  std::uint32_t error_type = 0;
  std::uint32_t session = 0;  // Of the run, in facts of its steps, too; like the next four.
  std::uint32_t user = 0;
  std::uint32_t version = 0;
  std::uint32_t environment = 0;
  std::uint32_t tags = 0;     // A set (name_set.h).
  std::uint32_t prompts = 0;  // A set of prompt versions: of a run all, of a step its own.

  // 0 or 1 of a step; a run has those of its steps. A call that several spans tell of is one.
  std::uint32_t model_calls = 0;
  std::uint32_t unpriced_calls = 0;  // Their cost is not known, or not that of all parts.

  std::uint8_t kind = 0;
  std::uint8_t status = 0;  // RunStatus.
  std::int8_t sign = 1;
  bool has_failed = false;
};

// The texts of a fact.
inline constexpr auto kFactTexts = std::to_array<std::uint32_t Fact::*>(
    {&Fact::workflow, &Fact::agent, &Fact::name, &Fact::model, &Fact::service, &Fact::error_type,
     &Fact::session, &Fact::user, &Fact::version, &Fact::environment, &Fact::tags, &Fact::prompts});

// Facts and the texts that they name.
//
// Thread: value. Cost: about 160 bytes a fact.
class FactTable {
 public:
  FactTable() = default;
  FactTable(const FactTable& other);
  FactTable& operator=(const FactTable&) = delete;
  FactTable(FactTable&&) = default;
  FactTable& operator=(FactTable&&) = default;
  ~FactTable() = default;

  std::vector<Fact> facts;

  // The number of a text; 0 is "".
  std::uint32_t NumberOf(std::string_view text);

  std::string_view TextOf(std::uint32_t number) const {
    return number == 0 ? std::string_view() : std::string_view(*texts_[number - 1]);
  }

  std::size_t text_count() const { return texts_.size(); }

  // Adds the facts of `other`, with their sign turned when `sign` is -1.
  void Append(const FactTable& other, int sign);

  // An estimate.
  std::size_t bytes() const { return facts.capacity() * sizeof(Fact) + text_bytes_; }

 private:
  std::vector<std::unique_ptr<const std::string>> texts_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;  // Views into texts_.
  std::size_t text_bytes_ = 0;
};

}  // namespace sightline::model
