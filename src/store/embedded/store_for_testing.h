// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_directory_for_testing.h"
#include "base/time_text.h"
#include "model/ids_for_testing.h"
#include "model/rope.h"
#include "store/embedded/embedded_store.h"

namespace sightline::store::embedded {

// What tests of the store share: batches with short inputs, and a store in a directory of its own.

inline constexpr std::int64_t kNoon = 1'772'366'400'000'000'000;  // 2026-03-01T12:00:00Z.
inline constexpr std::int64_t kSecond = 1'000'000'000;

using model::SpanNumber;

inline model::TraceId Trace(std::uint8_t number) {
  return model::TraceNumber(number);
}

// Builds batches with short inputs.
class BatchBuilder {
 public:
  BatchBuilder(std::uint64_t position, std::int64_t received_ns) {
    batch_->position = position;
    batch_->received_ns = received_ns;
    batch_->day = base::DayOf(received_ns);
  }

  model::Span& AddSpan(std::uint8_t trace, std::uint8_t span, std::string_view name) {
    model::Span row;
    row.trace_id = Trace(trace);
    row.span_id = SpanNumber(span);
    if (span != 1) {
      row.parent_span_id = SpanNumber(1);
    }
    row.name = batch_->arena.Copy(name);
    row.kind = span == 1 ? model::SpanKind::kAgent : model::SpanKind::kLlm;
    row.service = "shop";
    row.start_ns = batch_->received_ns + span * kSecond;
    row.end_ns = row.start_ns + kSecond;
    batch_->spans.push_back(row);
    return batch_->spans.back();
  }

  // A span that has started and not ended.
  model::Span& AddPending(std::uint8_t trace, std::uint8_t span, std::string_view name) {
    AddSpan(trace, span, name);
    batch_->pending.push_back(batch_->spans.back());
    batch_->spans.pop_back();
    batch_->pending.back().end_ns = 0;
    batch_->pending.back().set_mark(model::Mark::kPlaceholder);
    return batch_->pending.back();
  }

  // Gives the last span a text that is stored as a body.
  BatchBuilder& WithBody(std::uint64_t id, std::string_view text) {
    batch_->bodies.push_back(
        {.id = id, .hash = base::HashBytes128(text), .bytes = batch_->arena.Copy(text)});
    return WithReference(id);
  }

  BatchBuilder& WithReference(std::uint64_t id) {
    std::string content;
    model::AppendRope(content, {.key = "input.value", .pieces = {{.body_id = id}}});
    batch_->spans.back().content = batch_->arena.Copy(content);
    return *this;
  }

  model::Batch& batch() { return *batch_; }

  model::BatchPtr Build() { return batch_; }

 private:
  std::shared_ptr<model::Batch> batch_ = std::make_shared<model::Batch>();
};

class EmbeddedStoreTest : public ::testing::Test {
 protected:
  EmbeddedStoreTest() {
    options_.directory = directory_;
    Reopen();
  }

  void Reopen() {
    store_.reset();
    auto opened = EmbeddedStore::Open(options_, clock_, losses_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    store_ = std::move(*opened);
  }

  void Seal() {
    const auto sealed = store_->SealNow();
    ASSERT_TRUE(sealed.has_value()) << sealed.error().message();
  }

  static SpanStore::Deadline Soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(30);
  }

  std::vector<std::string> NamesOf(std::uint8_t trace) {
    const auto rows = store_->FetchTrace(Trace(trace), Soon());
    EXPECT_TRUE(rows.has_value()) << rows.error().message();
    std::vector<std::string> names;
    for (const model::Span& span : (*rows)->spans) {
      names.emplace_back(span.name);
    }
    return names;
  }

  // Last byte of the ids of the listed traces.
  std::vector<int> List(query::TraceQuery query) {
    query.now_ns = clock_.NowNs();
    query.idle_limit_ns = 300 * kSecond;
    const auto page = store_->ListTraces(query, Soon());
    EXPECT_TRUE(page.has_value()) << page.error().message();
    std::vector<int> traces;
    for (const TracePage::Item& item : page->items) {
      traces.push_back(item.trace_id.bytes[15]);
    }
    return traces;
  }

  // Closes the store.
  StoreReport ExpectClean() {
    store_.reset();
    StoreReport report = CheckStore(directory_).value();
    EXPECT_THAT(report.problems, ::testing::IsEmpty());
    return report;
  }

  base::TempDirectory temp_;
  std::filesystem::path directory_ = temp_.path();
  EmbeddedStore::Options options_;
  base::ManualClock clock_{kNoon};
  base::LossTable losses_;
  std::unique_ptr<EmbeddedStore> store_;
};

}  // namespace sightline::store::embedded
