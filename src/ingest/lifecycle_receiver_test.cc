// SPDX-License-Identifier: Apache-2.0
#include "ingest/lifecycle_receiver.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_directory_for_testing.h"
#include "journal/journal.h"
#include "model/encoded_batch.h"
#include "net/body_codec.h"
#include "pricing/embedded_prices.h"
#include "store/embedded/embedded_store.h"

namespace sightline::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Answer {
  base::Result<EventsOutcome> outcome;
  std::optional<std::chrono::seconds> retry_after;
};

// Everything that the receiver needs, on a directory.
class LifecycleReceiverTest : public ::testing::Test {
 protected:
  LifecycleReceiverTest() { Start(); }

  ~LifecycleReceiverTest() override { Stop(); }

  void Restart() {
    Stop();
    Start();
  }

  // Goes on from the files as they are now: what was not synced is lost, nothing is sealed.
  void Crash() {
    const std::filesystem::path files = directory_.path() / "after the crash";
    std::filesystem::create_directory(files);
    for (const std::string_view part : {"days", "journal"}) {
      std::filesystem::copy(data_ / part, files / part, std::filesystem::copy_options::recursive);
    }
    Stop();
    data_ = files;
    Start();
  }

  std::future<Answer> Submit(EventFormat format, std::string body, std::string encoding = "") {
    auto promise = std::make_shared<std::promise<Answer>>();
    ByteBudget::Charge charge(budget_);
    EXPECT_TRUE(charge.Grow(body.size()));
    receiver_->Submit(
        {.format = format,
         .content_encoding = std::move(encoding),
         .body = std::move(body),
         .charge = std::move(charge)},
        [promise](base::Result<EventsOutcome> outcome,
                  std::optional<std::chrono::seconds> retry_after) {
          promise->set_value({.outcome = std::move(outcome), .retry_after = retry_after});
        });
    return promise->get_future();
  }

  Answer Post(std::string body, EventFormat format = EventFormat::kJson,
              std::string encoding = "") {
    return Submit(format, std::move(body), std::move(encoding)).get();
  }

  // The rows of a run.
  store::Rows Fetch(std::string_view run) {
    return store_->FetchTrace(TraceIdOfRun(run), Soon()).value();
  }

  // Its spans without placeholders. Texts live until the next call.
  std::vector<model::Span> Ended(std::string_view run) {
    fetched_ = Fetch(run);
    std::vector<model::Span> ended;
    for (const model::Span& span : fetched_->spans) {
      if (!span.has_mark(model::Mark::kPlaceholder)) {
        ended.push_back(span);
      }
    }
    return ended;
  }

  LifecycleReceiver::Options options_{.max_events = 5};
  base::LossTable losses_;
  base::PosixDisk disk_;
  ByteBudget budget_{std::uint64_t{1} << 20U};
  std::unique_ptr<store::embedded::EmbeddedStore> store_;
  std::unique_ptr<LifecycleReceiver> receiver_;

 private:
  static std::chrono::steady_clock::time_point Soon() {
    return std::chrono::steady_clock::now() + std::chrono::seconds(30);
  }

  void Start() {
    recent_ = std::make_unique<RecentRows>();
    state_ = std::make_unique<LifecycleState>(LifecycleState::Options{}, losses_);
    store_ = store::embedded::EmbeddedStore::Open(
                 {.directory = data_ / "days", .seal_age = std::chrono::hours(1)}, clock_, losses_,
                 disk_)
                 .value();
    journal_ = journal::Journal::Open(
                   {.directory = data_ / "journal", .disk_reserve_bytes = 0},
                   store_->sealed_position(), losses_,
                   [this](std::uint64_t position, std::string_view record) {
                     const auto encoded = model::EncodedBatch::Parse(std::string(record)).value();
                     encoded->position = position;
                     state_->Restore(*model::EncodedBatch::Decode(encoded).value());
                     store_->Commit(encoded);
                     return base::Result<void>();
                   })
                   .value();
    pipeline_ = std::make_unique<Pipeline>(Pipeline::Options{.threads = 1},
                                           Pipeline::Parts{.normalizer = normalizer_,
                                                           .prices = prices_,
                                                           .journal = *journal_,
                                                           .store = *store_,
                                                           .recent = *recent_,
                                                           .clock = clock_,
                                                           .losses = losses_,
                                                           .on_commit = {}});
    receiver_ = std::make_unique<LifecycleReceiver>(
        options_, LifecycleReceiver::Parts{.normalizer = normalizer_,
                                           .prices = prices_,
                                           .recent = *recent_,
                                           .store = *store_,
                                           .pipeline = *pipeline_,
                                           .state = *state_,
                                           .clock = clock_,
                                           .losses = losses_});
  }

  void Stop() {
    receiver_->Stop();
    pipeline_->Stop();
    store_->StopSealing();
    journal_.reset();
    store_.reset();
  }

  const base::SystemClock clock_;
  base::TempDirectory directory_;
  std::filesystem::path data_ = directory_.path();  // Or below it.
  normalize::Normalizer normalizer_;
  pricing::CurrentPrices prices_{
      pricing::PriceBook::Create(pricing::EmbeddedPrices(), pricing::EmbeddedOverrides()).value()};
  store::Rows fetched_;
  std::unique_ptr<RecentRows> recent_;
  std::unique_ptr<LifecycleState> state_;
  std::unique_ptr<journal::Journal> journal_;
  std::unique_ptr<Pipeline> pipeline_;
};

std::string WithRun(std::string_view run, std::string text) {
  constexpr std::string_view kPlace = "RUN";
  for (std::size_t at = text.find(kPlace); at != std::string::npos; at = text.find(kPlace, at)) {
    text.replace(at, kPlace.size(), run);
  }
  return text;
}

constexpr std::string_view kFinish = R"({"type":"execution.finished","execution_id":"r"})";

TEST_F(LifecycleReceiverTest, AnswersWhenEventsAreReadable) {
  const Answer answer = Post(std::string(kFinish));
  ASSERT_TRUE(answer.outcome.has_value());
  EXPECT_EQ(answer.outcome->accepted, 1U);
  EXPECT_EQ(answer.outcome->repeated, 0U);
  EXPECT_THAT(answer.outcome->rejected, IsEmpty());
  EXPECT_THAT(Fetch("r")->spans, SizeIs(1));
}

TEST_F(LifecycleReceiverTest, RejectsItemsOneByOne) {
  const Answer answer =
      Post(fmt::format("{}\n{{broken\n\n{{\"type\":\"x\"}}\n", kFinish), EventFormat::kLines);
  ASSERT_TRUE(answer.outcome.has_value());
  EXPECT_EQ(answer.outcome->accepted, 1U);
  ASSERT_THAT(answer.outcome->rejected, SizeIs(2));
  EXPECT_EQ(answer.outcome->rejected[0].index, 1U);
  EXPECT_THAT(answer.outcome->rejected[0].detail, HasSubstr("is not JSON"));
  EXPECT_EQ(answer.outcome->rejected[1].index, 2U);
  EXPECT_EQ(losses_.count(base::Loss::kEventInvalid), 1U);
  EXPECT_EQ(losses_.count(base::Loss::kEventUnknownType), 1U);
}

TEST_F(LifecycleReceiverTest, AnswersWhenEveryItemIsRejected) {
  const Answer answer = Post("[1,2]");
  ASSERT_TRUE(answer.outcome.has_value());
  EXPECT_EQ(answer.outcome->accepted, 0U);
  EXPECT_THAT(answer.outcome->rejected, SizeIs(2));
}

struct RefusedCase {
  std::string_view name;
  std::string body;
  std::string encoding;
  base::Code code;
  base::Loss loss;
};

TEST_F(LifecycleReceiverTest, RefusesAsAWholeWhatCannotBeRead) {
  const RefusedCase cases[] = {
      {"empty", "", "", base::Code::kInvalidArgument, base::Loss::kRequestMalformed},
      {"broken value", "{\"type\":", "", base::Code::kInvalidArgument,
       base::Loss::kRequestMalformed},
      {"open array", "[{}", "", base::Code::kInvalidArgument, base::Loss::kRequestMalformed},
      {"too many", "[1,2,3,4,5,6]", "", base::Code::kResourceExhausted,
       base::Loss::kRequestTooLarge},
      {"no gzip", "{}", "gzip", base::Code::kInvalidArgument, base::Loss::kRequestMalformed},
  };
  for (const RefusedCase& c : cases) {
    const std::uint64_t before = losses_.count(c.loss);
    const Answer answer = Post(c.body, EventFormat::kJson, c.encoding);
    ASSERT_FALSE(answer.outcome.has_value()) << c.name;
    EXPECT_EQ(answer.outcome.error().code(), c.code) << c.name;
    EXPECT_FALSE(answer.retry_after) << c.name;
    EXPECT_EQ(losses_.count(c.loss), before + 1) << c.name;
  }
}

TEST_F(LifecycleReceiverTest, ReadsGzip) {
  const Answer answer = Post(net::GzipCompress(kFinish), EventFormat::kJson, "gzip");
  ASSERT_TRUE(answer.outcome.has_value());
  EXPECT_EQ(answer.outcome->accepted, 1U);
}

TEST_F(LifecycleReceiverTest, PushesBackWhatGrowsBeyondTheBudget) {
  ByteBudget::Charge others(budget_);
  ASSERT_TRUE(others.Grow(budget_.limit() - 5000));
  const std::string large = fmt::format(R"({{"type":"log","execution_id":"r","message":"{}"}})",
                                        std::string(100'000, 'x'));
  const Answer answer = Post(net::GzipCompress(large), EventFormat::kJson, "gzip");
  ASSERT_FALSE(answer.outcome.has_value());
  EXPECT_EQ(answer.outcome.error().code(), base::Code::kResourceExhausted);
  EXPECT_TRUE(answer.retry_after);
  EXPECT_EQ(losses_.count(base::Loss::kRequestPushedBack), 1U);
  others = {};
  EXPECT_EQ(budget_.in_flight(), 0U);
}

TEST_F(LifecycleReceiverTest, StoresARepeatOnce) {
  Post(std::string(kFinish));
  const Answer again = Post(fmt::format("[{},{}]", kFinish, kFinish));
  ASSERT_TRUE(again.outcome.has_value());
  EXPECT_EQ(again.outcome->accepted, 2U);
  EXPECT_EQ(again.outcome->repeated, 2U);
  EXPECT_EQ(losses_.count(base::Loss::kEventRepeated), 2U);
  EXPECT_THAT(Fetch("r")->spans, SizeIs(1));
}

TEST_F(LifecycleReceiverTest, StoresWhatIsSentAtTheSameTimeOnce) {
  std::vector<std::future<Answer>> answers;
  for (int i = 0; i < 20; ++i) {
    answers.push_back(Submit(EventFormat::kJson, std::string(kFinish)));
  }
  std::size_t stored = 0;
  for (auto& future : answers) {
    const Answer answer = future.get();
    // One that came while another was being stored is told to come again.
    EXPECT_TRUE(answer.outcome.has_value() || answer.retry_after);
    stored += answer.outcome.has_value() ? answer.outcome->accepted - answer.outcome->repeated : 0;
  }
  EXPECT_EQ(stored, 1U);
  EXPECT_THAT(Fetch("r")->spans, SizeIs(1));
}

TEST_F(LifecycleReceiverTest, KnowsWhatCameBefore) {
  const std::pair<std::string_view, std::function<void()>> interruptions[] = {
      {"nothing", [] {}},
      {"crash", [this] { Crash(); }},
      {"restart", [this] { Restart(); }},
      {"seal", [this] { ASSERT_TRUE(store_->SealNow().has_value()); }},
  };
  for (const auto& [name, interrupt] : interruptions) {
    const std::string run(name);
    Post(WithRun(run,
                 R"([{"type":"step.started","execution_id":"RUN","step_id":"a","step_name":"plan",)"
                 R"("timestamp":"2026-03-01T12:00:00Z","input":{"q":1}},)"
                 R"({"type":"llm.call","execution_id":"RUN","model":"m"},)"
                 R"({"type":"log","execution_id":"RUN","message":"x"},)"
                 R"({"type":"execution.finished","execution_id":"RUN"}])"));
    interrupt();
    const Answer answer =
        Post(WithRun(run, R"([{"type":"step.finished","execution_id":"RUN","step_id":"a",)"
                          R"("timestamp":"2026-03-01T12:00:09Z"},)"
                          R"({"type":"llm.call","execution_id":"RUN","model":"m"},)"
                          R"({"type":"log","execution_id":"RUN","message":"x"},)"
                          R"({"type":"execution.finished","execution_id":"RUN"}])"));
    ASSERT_TRUE(answer.outcome.has_value()) << name;
    EXPECT_EQ(answer.outcome->repeated, 3U) << name;
    const std::vector<model::Span> ended = Ended(run);
    EXPECT_THAT(ended, SizeIs(3)) << name;
    EXPECT_THAT(Fetch(run)->logs, SizeIs(1)) << name;
    const auto plan = std::find_if(ended.begin(), ended.end(),
                                   [](const model::Span& span) { return span.name == "plan"; });
    ASSERT_NE(plan, ended.end()) << name;
    EXPECT_EQ(plan->end_ns - plan->start_ns, 9'000'000'000) << name;
    EXPECT_THAT(std::string(plan->content), HasSubstr("input.value")) << name;
  }
}

TEST_F(LifecycleReceiverTest, KnowsFinalSpansOfDayFilesAfterARestart) {
  Post(fmt::format(R"([{},{{"type":"log","execution_id":"r","message":"x"}}])", kFinish));
  ASSERT_TRUE(store_->SealNow().has_value());
  Restart();
  const Answer answer =
      Post(R"([{"type":"execution.finished","execution_id":"r","status":"failed"},)"
           R"({"type":"execution.started","execution_id":"r"},)"
           R"({"type":"log","execution_id":"r","message":"x"}])");
  ASSERT_TRUE(answer.outcome.has_value());
  EXPECT_EQ(answer.outcome->repeated, 3U);
  EXPECT_EQ(losses_.count(base::Loss::kEventContradicted), 1U);
  EXPECT_THAT(Fetch("r")->spans, SizeIs(1));
}

}  // namespace
}  // namespace sightline::ingest
