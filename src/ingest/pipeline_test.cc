// SPDX-License-Identifier: Apache-2.0
#include "ingest/pipeline.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/mutex.h"
#include "base/temp_directory_for_testing.h"
#include "journal/journal.h"
#include "net/body_codec.h"
#include "otlp/encode.h"
#include "pricing/embedded_prices.h"
#include "store/embedded/embedded_store.h"

namespace sightline::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t kNoLimit = std::numeric_limits<std::uint32_t>::max();
constexpr auto kForEver = std::chrono::hours(1);

struct Answer {
  base::Result<otlp::PartialSuccess> outcome;
  std::optional<std::chrono::seconds> retry_after;
};

std::string IdOf(int number) {
  std::string id(8, '\0');
  id[6] = static_cast<char>(number / 256);
  id[7] = static_cast<char>(number % 256 + 1);
  return id;
}

// Spans of trace 1 with numbers from `first` on.
std::vector<otlp::SpanData> SpansFrom(int first, int count) {
  std::vector<otlp::SpanData> spans;
  for (int i = first; i < first + count; ++i) {
    spans.push_back({.trace_id = std::string(15, '\0') + '\1',
                     .span_id = IdOf(i),
                     .name = "step",
                     .start_ns = 1'772'366'400'000'000'000U,
                     .end_ns = 1'772'366'400'000'000'001U});
  }
  return spans;
}

std::string BodyOf(std::vector<otlp::SpanData> spans) {
  return otlp::EncodeTraces({}, {}, spans);
}

class PipelineTest : public ::testing::Test {
 protected:
  ~PipelineTest() override {
    Stop();
    pipeline_.reset();
    store_.reset();  // Looks at the clock while it ends.
  }

  void Start() {
    store_ = store::embedded::EmbeddedStore::Open({.directory = directory_.path() / "days",
                                                   .seal_rows = kNoLimit,
                                                   .seal_age = kForEver,
                                                   .max_head_bytes = max_head_bytes_},
                                                  clock_, losses_, disk_)
                 .value();
    journal_ = journal::Journal::Open(
                   {.directory = directory_.path() / "journal", .disk_reserve_bytes = 0}, 0,
                   losses_, [](std::uint64_t, std::string_view) { return base::Result<void>(); })
                   .value();
    pipeline_ = std::make_unique<Pipeline>(
        options_, Pipeline::Parts{.normalizer = normalizer_,
                                  .prices = prices_,
                                  .journal = *journal_,
                                  .store = *store_,
                                  .recent = recent_,
                                  .clock = clock_,
                                  .losses = losses_,
                                  .on_commit = [this](const model::BatchPtr& batch) {
                                    base::MutexLock lock(mutex_);
                                    committed_.push_back(batch->spans.size());
                                  }});
  }

  void Stop() {
    if (pipeline_ != nullptr) {
      pipeline_->Stop();
      store_->StopSealing();
      journal_.reset();
    }
  }

  std::future<Answer> Submit(std::string body, std::string encoding = "") {
    return Submit({.content_encoding = std::move(encoding), .body = std::move(body)});
  }

  std::future<Answer> SubmitJson(otlp::Signal signal, std::string body) {
    return Submit({.signal = signal, .encoding = otlp::Encoding::kJson, .body = std::move(body)});
  }

  std::future<Answer> Submit(Job job) {
    auto promise = std::make_shared<std::promise<Answer>>();
    job.charge = ByteBudget::Charge(budget_);
    EXPECT_TRUE(job.charge.Grow(job.body.size()));
    job.answer = [promise](base::Result<otlp::PartialSuccess> outcome,
                           std::optional<std::chrono::seconds> retry_after) {
      promise->set_value({.outcome = std::move(outcome), .retry_after = retry_after});
    };
    pipeline_->Submit(std::move(job));
    return promise->get_future();
  }

  // Sizes of the batches that became durable, in order.
  std::vector<std::size_t> Committed() {
    base::MutexLock lock(mutex_);
    return committed_;
  }

  std::size_t StoredSpans() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    model::TraceId id{};
    id.bytes.back() = 1;
    return store_->FetchTrace(id, deadline).value()->spans.size();
  }

  Pipeline::Options options_{.threads = 1, .patience = kForEver};
  std::uint64_t max_head_bytes_ = std::uint64_t{64} << 20U;
  base::LossTable losses_;
  ByteBudget budget_{std::uint64_t{1} << 20U};
  std::unique_ptr<store::embedded::EmbeddedStore> store_;
  std::unique_ptr<Pipeline> pipeline_;

 private:
  const base::SystemClock clock_;
  base::TempDirectory directory_;
  base::PosixDisk disk_;
  normalize::Normalizer normalizer_;
  pricing::CurrentPrices prices_{
      pricing::PriceBook::Create(pricing::EmbeddedPrices(), pricing::EmbeddedOverrides()).value()};
  RecentRows recent_;
  std::unique_ptr<journal::Journal> journal_;
  base::Mutex mutex_;
  std::vector<std::size_t> committed_ GUARDED_BY(mutex_);
};

TEST_F(PipelineTest, StoresALargeRequestInPortionsAndAnswersOnce) {
  options_.portion.rows = 10;
  Start();
  std::vector<otlp::SpanData> spans = SpansFrom(0, 35);
  spans[3].span_id = "";
  spans[30].trace_id = "short";
  const Answer answer = Submit(BodyOf(spans)).get();
  ASSERT_TRUE(answer.outcome.has_value());
  EXPECT_EQ(answer.outcome->rejected, 2);
  EXPECT_THAT(answer.outcome->error_message, HasSubstr("2 rejected"));
  EXPECT_THAT(Committed(), ElementsAre(9, 10, 10, 4));
  EXPECT_EQ(StoredSpans(), 33U);
  EXPECT_EQ(budget_.in_flight(), 0U);
}

TEST_F(PipelineTest, StoresASmallRequestAtOnce) {
  Start();
  ASSERT_TRUE(Submit(BodyOf(SpansFrom(0, 35))).get().outcome.has_value());
  EXPECT_THAT(Committed(), ElementsAre(35));
}

TEST_F(PipelineTest, LeavesNothingOfALargeRequestThatIsBrokenAtItsEnd) {
  options_.portion.rows = 10;
  Start();
  std::string body = BodyOf(SpansFrom(0, 35));
  body.pop_back();
  const Answer answer = Submit(std::move(body)).get();
  ASSERT_FALSE(answer.outcome.has_value());
  EXPECT_EQ(answer.outcome.error().code(), base::Code::kInvalidArgument);
  EXPECT_FALSE(answer.retry_after);
  EXPECT_EQ(StoredSpans(), 0U);
}

TEST_F(PipelineTest, MakesPortionsWaitForRoomForTheirRows) {
  options_.portion.rows = 10;
  options_.max_row_bytes = 1;  // One portion at a time.
  Start();
  ASSERT_TRUE(Submit(BodyOf(SpansFrom(0, 100))).get().outcome.has_value());
  EXPECT_EQ(Committed().size(), 10U);
}

TEST_F(PipelineTest, HoldsRequestsUntilTheStoreHasRoom) {
  max_head_bytes_ = 1;
  Start();
  ASSERT_TRUE(Submit(BodyOf(SpansFrom(0, 5))).get().outcome.has_value());
  ASSERT_FALSE(store_->has_room());
  std::future<Answer> held = Submit(BodyOf(SpansFrom(5, 5)));
  EXPECT_EQ(held.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  ASSERT_TRUE(store_->SealNow().has_value());
  EXPECT_TRUE(held.get().outcome.has_value());
  EXPECT_EQ(losses_.count(base::Loss::kRequestPushedBack), 0U);
}

TEST_F(PipelineTest, PushesBackWhatHasWaitedForTooLong) {
  max_head_bytes_ = 1;
  options_.patience = std::chrono::milliseconds(20);
  Start();
  ASSERT_TRUE(Submit(BodyOf(SpansFrom(0, 5))).get().outcome.has_value());
  const Answer answer = Submit(BodyOf(SpansFrom(5, 5))).get();
  ASSERT_FALSE(answer.outcome.has_value());
  EXPECT_EQ(answer.outcome.error().code(), base::Code::kResourceExhausted);
  EXPECT_THAT(answer.outcome.error().message(), HasSubstr("the store is catching up"));
  EXPECT_TRUE(answer.retry_after);
  EXPECT_EQ(losses_.count(base::Loss::kRequestPushedBack), 1U);
  EXPECT_EQ(budget_.in_flight(), 0U);
}

TEST_F(PipelineTest, PushesBackTheRestOfALargeRequestWhenTheStoreFillsUp) {
  max_head_bytes_ = 1;
  options_.patience = std::chrono::milliseconds(20);
  options_.portion.rows = 10;
  options_.max_row_bytes = 1;  // So that the third waits for the first.
  Start();
  const std::string body = BodyOf(SpansFrom(0, 25));
  ASSERT_TRUE(Submit(body).get().retry_after);
  // What was stored of it is recognised when it comes again.
  while (StoredSpans() < 25U) {
    ASSERT_TRUE(store_->SealNow().has_value());
    Submit(body).get();
  }
  EXPECT_EQ(StoredSpans(), 25U);
}

TEST_F(PipelineTest, HoldsABodyUntilThereIsRoomForWhatItBecomes) {
  Start();
  ByteBudget::Charge others(budget_);
  ASSERT_TRUE(others.Grow(budget_.limit() - 1000));
  std::vector<otlp::SpanData> spans = SpansFrom(0, 1);
  spans[0].name = std::string(100'000, 'x');
  std::future<Answer> held = Submit(net::GzipCompress(BodyOf(std::move(spans))), "gzip");
  EXPECT_EQ(held.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  // Others pass it.
  EXPECT_TRUE(Submit(BodyOf(SpansFrom(1, 1))).get().outcome.has_value());
  others.Release();
  EXPECT_TRUE(held.get().outcome.has_value());
  EXPECT_EQ(StoredSpans(), 2U);
  EXPECT_EQ(budget_.in_flight(), 0U);
}

TEST_F(PipelineTest, GoesOnWhenAnAnswerThrows) {
  Start();
  Job job{.body = "\xff", .answer = [](auto&&...) { throw std::runtime_error("no more memory"); }};
  pipeline_->Submit(std::move(job));
  EXPECT_TRUE(Submit(BodyOf(SpansFrom(0, 1))).get().outcome.has_value());
  EXPECT_EQ(losses_.count(base::Loss::kTaskFailed), 1U);
}

constexpr std::string_view kPending = R"({"resourceSpans": [{"scopeSpans": [{"spans": [
  {"traceId": "00000000000000000000000000000001", "spanId": "00000000000000aa",
   "parentSpanId": "00000000000000bb", "name": "run",
   "startTimeUnixNano": "1772366400000000000", "endTimeUnixNano": "1772366400000000000",
   "attributes": [
     {"key": "logfire.span_type", "value": {"stringValue": "pending_span"}},
     {"key": "logfire.pending_parent_id", "value": {"stringValue": "0000000000000000"}}]}]}]}]})";

// A sender that lost its answer sends the same again.
TEST_F(PipelineTest, StoresAnAnnouncementThatIsSentAgainOnce) {
  Start();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(SubmitJson(otlp::Signal::kTraces, std::string(kPending)).get().outcome.has_value());
  }
  EXPECT_EQ(StoredSpans(), 1U);
  EXPECT_EQ(losses_.count(base::Loss::kSpanRepeated), 1U);
  // Its end is no repeat of it, also when all else is the same.
  std::string end(kPending);
  end.replace(end.find("00000000000000aa"), 16, "00000000000000bb");
  end.replace(end.find("00000000000000bb", end.find("parentSpanId")), 16, "0000000000000000");
  end.replace(end.find("pending_span"), 12, "span");
  ASSERT_TRUE(SubmitJson(otlp::Signal::kTraces, end).get().outcome.has_value());
  EXPECT_EQ(StoredSpans(), 2U);
}

TEST_F(PipelineTest, StoresAPointThatIsSentAgainOnce) {
  Start();
  const auto body = [](std::string_view value) {
    return R"({"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "load", "gauge":
      {"dataPoints": [{"timeUnixNano": "1772366400000000000", "asDouble": )" +
           std::string(value) + "}]}}]}]}]}";
  };
  for (const std::string_view value : {"1.5", "1.5", "2.5", "2.5"}) {
    ASSERT_TRUE(SubmitJson(otlp::Signal::kMetrics, body(value)).get().outcome.has_value());
  }
  EXPECT_EQ(pipeline_->stats().points, 2U) << "another value is another point";
  EXPECT_EQ(losses_.count(base::Loss::kMetricPointRepeated), 2U);
}

}  // namespace
}  // namespace sightline::ingest
