// SPDX-License-Identifier: Apache-2.0
// Sums over facts: what is in memory, what waits to be stored and what is stored count once each.
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/name_set.h"
#include "model/run_status.h"
#include "store/embedded/day.h"
#include "store/embedded/duck.h"
#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

using query::FactKey;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FactTest : public EmbeddedStoreTest {
 protected:
  struct Step {
    std::string_view workflow = "w";
    std::string_view name = "search";
    std::int64_t second = 0;
    std::int64_t duration_ns = kSecond;
    std::int64_t tokens = 0;
    std::int64_t cost = 0;
    bool has_failed = false;
    std::int8_t sign = 1;
    std::string_view version = {};
    std::vector<std::string> tags = {};
  };

  static model::Fact FactOf(const Step& step, model::FactTable& table) {
    return {.start_ns = kNoon + step.second * kSecond,
            .duration_ns = step.duration_ns,
            .input_tokens = step.tokens,
            .cost_picodollars = step.cost,
            .workflow = table.NumberOf(step.workflow),
            .name = table.NumberOf(step.name),
            .version = table.NumberOf(step.version),
            .tags = table.NumberOf(model::JoinSet(step.tags)),
            .kind = static_cast<std::uint8_t>(model::SpanKind::kTool),
            .status = static_cast<std::uint8_t>(step.has_failed ? model::RunStatus::kFailed
                                                                : model::RunStatus::kCompleted),
            .sign = step.sign,
            .has_failed = step.has_failed};
  }

  // In live state, to be part of the next cut.
  void Add(const Step& step) {
    model::FactTable& table = runs_.next_cut.facts;
    table.facts.push_back(FactOf(step, table));
  }

  // The first key of each group.
  std::vector<std::string> Names(const query::FactQuery& query) {
    std::vector<std::string> names;
    const auto answers = store_->SumFacts({&query, 1}, Soon());
    EXPECT_TRUE(answers.has_value()) << answers.error().ToString();
    for (const query::FactGroup& group : (*answers)[0]) {
      names.push_back(group.keys[0]);
    }
    return names;
  }

  // "keys: count failed tokens cost seconds", a line for each group.
  std::vector<std::string> Sums(const query::FactQuery& query) {
    const auto answers = store_->SumFacts({&query, 1}, Soon());
    EXPECT_TRUE(answers.has_value()) << answers.error().ToString();
    std::vector<std::string> lines;
    for (const query::FactGroup& group : (*answers)[0]) {
      std::string line;
      for (const std::string& key : group.keys) {
        line += key + " ";
      }
      if (query.bucket_ns != 0) {
        line += fmt::format("+{} ", (group.time_ns - kNoon) / kSecond);
      }
      lines.push_back(line + fmt::format("n={} failed={} tokens={} cost={} seconds={}",
                                         group.sums.count, group.sums.failed,
                                         group.sums.input_tokens, group.sums.cost_picodollars,
                                         group.sums.duration_seconds));
    }
    return lines;
  }

  // Moves what is in live state into a day folder, with a batch that it came with.
  void Store() {
    BatchBuilder batch(++position_, kNoon);
    batch.AddSpan(1, 1, "run");
    runs_.next_cut.position = position_;
    Commit(batch.Build());
    Seal();
  }

  std::uint64_t position_ = 0;
};

TEST_F(FactTest, SumsByKeysFromMemoryAndTablesAlike) {
  Add({.name = "search", .tokens = 5, .cost = 7});
  Add({.name = "search", .duration_ns = 3 * kSecond, .has_failed = true});
  Add({.workflow = "other", .name = "answer"});
  const query::FactQuery by_name{.by = {FactKey::kWorkflow, FactKey::kName}};
  const auto expected = ElementsAre("other answer n=1 failed=0 tokens=0 cost=0 seconds=1",
                                    "w search n=2 failed=1 tokens=5 cost=7 seconds=4");
  EXPECT_THAT(Sums(by_name), expected);
  Store();
  EXPECT_THAT(Sums(by_name), expected);
  Reopen();
  EXPECT_THAT(Sums(by_name), expected);
  ExpectClean();
}

TEST_F(FactTest, TellsNamesBeyondTheLimitOfADayAsOneAndCountsThem) {
  options_.fact_texts.texts = 3;
  Reopen();
  Add({.name = "first"});  // With the workflow: two texts.
  Store();
  for (const char* name : {"second", "third", "fourth", "first"}) {
    Add({.name = name});
  }
  Store();
  const query::FactQuery by_name{.by = {FactKey::kName}};
  const auto expected =
      ElementsAre("(more names than are kept apart) n=2 failed=0 tokens=0 cost=0 seconds=2",
                  "first n=2 failed=0 tokens=0 cost=0 seconds=2",
                  "second n=1 failed=0 tokens=0 cost=0 seconds=1");
  EXPECT_THAT(Sums(by_name), expected);
  EXPECT_EQ(losses_.count(base::Loss::kFactTextOverLimit), 2U);
  Reopen();
  EXPECT_THAT(Sums(by_name), expected);
  ExpectClean();
}

TEST_F(FactTest, AddsMemoryToWhatIsStored) {
  Add({.tokens = 1});
  Store();
  Add({.tokens = 10});
  Store();
  Add({.tokens = 100});
  EXPECT_THAT(Sums({}), ElementsAre("n=3 failed=0 tokens=111 cost=0 seconds=3"));
}

TEST_F(FactTest, FindsTheLargestOfADayAndSumsThoseThatAreNamed) {
  for (int i = 0; i < 5; ++i) {
    Add({.workflow = "v", .name = "small", .cost = 1});
    Add({.name = "late", .second = 100 + i, .cost = 1});
  }
  Add({.name = "dear", .cost = 100});
  Add({.name = "failed", .cost = 10, .has_failed = true});
  Store();
  query::FactQuery largest{.by = {FactKey::kName}, .largest = 2};
  const query::FactQuery named{.by = {FactKey::kName},
                               .among = std::vector<std::string>{"failed", "none", "small"}};
  const query::FactQuery named_of_w = [&] {
    query::FactQuery query = named;
    query.filter(FactKey::kWorkflow) = "w";
    return query;
  }();
  for (int place = 0; place < 3; ++place) {
    largest.largest_by = query::FactOrder::kCost;
    EXPECT_THAT(Names(largest), ElementsAre("dear", "failed"));
    largest.largest_by = query::FactOrder::kNewest;
    largest.largest = 1;
    EXPECT_THAT(Names(largest), ElementsAre("late"));
    largest.largest_by = query::FactOrder::kCount;
    EXPECT_THAT(Names(largest), ElementsAre("small"));
    largest.largest = 2;
    EXPECT_THAT(Sums(named), ElementsAre("failed n=1 failed=1 tokens=0 cost=10 seconds=1",
                                         "small n=5 failed=0 tokens=0 cost=5 seconds=5"));
    EXPECT_THAT(Sums(named_of_w), ElementsAre("failed n=1 failed=1 tokens=0 cost=10 seconds=1"));
    if (place == 0) {
      Reopen();
    }
  }
  // What comes later is added to what is kept; of memory all groups are told.
  Add({.name = "dear", .cost = 1'000});
  Add({.name = "small", .cost = 1});
  EXPECT_EQ(Names(largest).size(), 3U);
  Store();
  largest.largest_by = query::FactOrder::kCost;
  EXPECT_THAT(Names(largest), ElementsAre("dear", "failed"));
  EXPECT_THAT(Sums(named), ElementsAre("failed n=1 failed=1 tokens=0 cost=10 seconds=1",
                                       "small n=6 failed=0 tokens=0 cost=6 seconds=6"));
}

// Rows that only fill up a row group would have no time, and with them no group would be passed
// over that has nothing of the time that is asked for.
TEST_F(FactTest, ManySmallSealsStoreTheirFactsAndNothingElse) {
  constexpr int kSeals = 40;
  for (int i = 0; i < kSeals; ++i) {
    Add({.second = i});
    Store();
  }
  store_.reset();
  const auto database = Database::Open({}).value();
  const auto connection = database->Connect().value();
  const auto path = DatabasePath(DayPath(directory_, base::DayOf(kNoon)));
  ASSERT_TRUE(connection->Execute(fmt::format("ATTACH {} AS day", QuotedPath(path))).has_value());
  const auto rows =
      connection->QueryIntegers("SELECT count(*), min(start_ns), max(start_ns) FROM day.facts");
  ASSERT_TRUE(rows.has_value()) << rows.error().message();
  const std::int64_t last_ns = kNoon + (kSeals - 1) * kSecond;
  EXPECT_THAT(*rows, ElementsAre(kSeals, kNoon, last_ns));
  const auto zones = connection->QueryIntegers(
      "SELECT min(regexp_extract(stats, 'Min: (-?[0-9]+)', 1)::BIGINT), "
      "max(regexp_extract(stats, 'Max: (-?[0-9]+)', 1)::BIGINT) FROM "
      "pragma_storage_info('day.facts') "
      "WHERE column_name = 'start_ns' AND segment_type = 'BIGINT'");
  ASSERT_TRUE(zones.has_value()) << zones.error().message();
  EXPECT_THAT(*zones, ElementsAre(kNoon, last_ns)) << "what the groups say of themselves";
}

// A newer version of a run takes back what the older one has added.
TEST_F(FactTest, TakesBackWhatIsReplaced) {
  Add({.tokens = 5, .cost = 1'000});
  Add({.name = "gone"});
  Store();
  Add({.tokens = 5, .cost = 1'000, .sign = -1});
  Add({.name = "gone", .sign = -1});
  Add({.duration_ns = 2 * kSecond, .tokens = 6, .cost = 1'100});
  const query::FactQuery by_name{.by = {FactKey::kName}, .with_latency = true};
  for (int place = 0; place < 2; ++place) {
    EXPECT_THAT(Sums(by_name), ElementsAre("search n=1 failed=0 tokens=6 cost=1100 seconds=2"));
    const auto answers = store_->SumFacts({&by_name, 1}, Soon());
    ASSERT_EQ((*answers)[0].size(), 1U);
    const query::FactGroup& group = (*answers)[0][0];
    EXPECT_EQ(group.latency.count(), 1);
    EXPECT_NEAR(static_cast<double>(group.latency.Quantile(0.5)), 2e9, 2e7);
    Store();
  }
}

TEST_F(FactTest, FiltersAndKeepsTimesApart) {
  Add({.second = 0, .tokens = 1});
  Add({.second = 59, .tokens = 2});
  Add({.second = 60, .tokens = 4, .has_failed = true});
  Add({.workflow = "other", .second = -1, .tokens = 8});
  for (int place = 0; place < 2; ++place) {
    query::FactQuery by_minute{.bucket_ns = 60 * kSecond};
    EXPECT_THAT(Sums(by_minute), ElementsAre("+-60 n=1 failed=0 tokens=8 cost=0 seconds=1",
                                             "+0 n=2 failed=0 tokens=3 cost=0 seconds=2",
                                             "+60 n=1 failed=1 tokens=4 cost=0 seconds=1"));
    query::FactQuery of_workflow;
    of_workflow.filter(FactKey::kWorkflow) = "w";
    of_workflow.filter(FactKey::kStatus) = "completed";
    of_workflow.filter(FactKey::kKind) = "tool";
    EXPECT_THAT(Sums(of_workflow), ElementsAre("n=2 failed=0 tokens=3 cost=0 seconds=2"));
    query::FactQuery nothing;
    nothing.filter(FactKey::kWorkflow) = "nobody";
    EXPECT_THAT(Sums(nothing), IsEmpty());
    nothing.filter(FactKey::kWorkflow) = "w";
    nothing.filter(FactKey::kKind) = "no kind";
    EXPECT_THAT(Sums(nothing), IsEmpty());
    EXPECT_THAT(Sums({.start_time_ns = kNoon + 60 * kSecond}),
                ElementsAre("n=1 failed=1 tokens=4 cost=0 seconds=1"));
    EXPECT_THAT(Sums({.of_runs = true}), IsEmpty());
    Store();
  }
}

TEST_F(FactTest, CountsWhatHasSeveralTagsInTheGroupOfEach) {
  Add({.tokens = 1, .version = "1.0", .tags = {"beta", "eu"}});
  Add({.tokens = 2, .version = "1.0", .tags = {"eu"}});
  Add({.tokens = 4, .version = "1.1", .tags = {"beta", "eu"}});
  Add({.tokens = 8, .version = "1.1"});
  Add({.tokens = 16, .version = "1.2", .tags = {"gone"}});
  Add({.tokens = 16, .sign = -1, .version = "1.2", .tags = {"gone"}});
  for (int place = 0; place < 3; ++place) {
    SCOPED_TRACE(place);
    EXPECT_THAT(Sums({.by = {FactKey::kTag}}),
                ElementsAre(" n=1 failed=0 tokens=8 cost=0 seconds=1",
                            "beta n=2 failed=0 tokens=5 cost=0 seconds=2",
                            "eu n=3 failed=0 tokens=7 cost=0 seconds=3"));
    EXPECT_THAT(Sums({.by = {FactKey::kVersion, FactKey::kTag}}),
                ElementsAre("1.0 beta n=1 failed=0 tokens=1 cost=0 seconds=1",
                            "1.0 eu n=2 failed=0 tokens=3 cost=0 seconds=2",
                            "1.1  n=1 failed=0 tokens=8 cost=0 seconds=1",
                            "1.1 beta n=1 failed=0 tokens=4 cost=0 seconds=1",
                            "1.1 eu n=1 failed=0 tokens=4 cost=0 seconds=1"));
    query::FactQuery tagged;
    tagged.filter(FactKey::kTag) = "beta";
    EXPECT_THAT(Sums(tagged), ElementsAre("n=2 failed=0 tokens=5 cost=0 seconds=2"));
    tagged.filter(FactKey::kTag) = "bet";
    EXPECT_THAT(Sums(tagged), IsEmpty());
    tagged.filter(FactKey::kTag) = "";
    EXPECT_THAT(Sums(tagged), ElementsAre("n=1 failed=0 tokens=8 cost=0 seconds=1"));
    tagged.filter(FactKey::kTag) = "eu";
    tagged.filter(FactKey::kVersion) = "1.1";
    EXPECT_THAT(Sums(tagged), ElementsAre("n=1 failed=0 tokens=4 cost=0 seconds=1"));
    if (place == 0) {
      Store();
    } else {
      Reopen();
    }
  }
}

TEST_F(FactTest, AnswersSeveralQueriesEachByItself) {
  Add({.second = 0, .tokens = 1});
  Add({.workflow = "other", .second = 60, .tokens = 2});
  std::array<query::FactQuery, 3> queries;
  queries[1].by = {FactKey::kWorkflow};
  queries[2].end_time_ns = kNoon + 60 * kSecond;
  for (int place = 0; place < 2; ++place) {
    const auto answers = store_->SumFacts(queries, Soon());
    ASSERT_TRUE(answers.has_value()) << answers.error().ToString();
    ASSERT_EQ(answers->size(), 3U);
    ASSERT_EQ((*answers)[0].size(), 1U);
    EXPECT_EQ((*answers)[0][0].sums.input_tokens, 3);
    ASSERT_EQ((*answers)[1].size(), 2U);
    EXPECT_EQ((*answers)[1][0].keys, std::vector<std::string>{"other"});
    EXPECT_EQ((*answers)[1][0].sums.input_tokens, 2);
    ASSERT_EQ((*answers)[2].size(), 1U);
    EXPECT_EQ((*answers)[2][0].sums.input_tokens, 1);
    Store();
  }
  const auto nothing = store_->SumFacts({}, Soon());
  ASSERT_TRUE(nothing.has_value());
  EXPECT_TRUE(nothing->empty());
}

TEST_F(FactTest, SumsSaturate) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  Add({.tokens = kMost, .cost = kMost});
  Add({.tokens = kMost, .cost = kMost});
  for (int place = 0; place < 2; ++place) {
    const query::FactQuery all;
    const auto answers = store_->SumFacts({&all, 1}, Soon());
    ASSERT_TRUE(answers.has_value()) << answers.error().ToString();
    ASSERT_EQ((*answers)[0].size(), 1U);
    EXPECT_EQ((*answers)[0][0].sums.input_tokens, kMost);
    EXPECT_EQ((*answers)[0][0].sums.cost_picodollars, kMost);
    Store();
  }
}

}  // namespace
}  // namespace sightline::store::embedded
