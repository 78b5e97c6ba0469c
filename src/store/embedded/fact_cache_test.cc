// SPDX-License-Identifier: Apache-2.0
// Sums that are kept: what a store answers is what all facts add up to, whatever it answered
// before.
#include "store/embedded/fact_cache.h"

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/name_set.h"
#include "model/run_status.h"
#include "store/embedded/fact_groups.h"
#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

using query::FactKey;

constexpr std::int64_t kHour = 3'600 * kSecond;
constexpr std::int64_t kDay = 24 * kHour;

FactCache::EntryPtr EntryWith(std::size_t groups, std::int64_t cut_number = 1) {
  FactCache::Entry entry{.cut_number = cut_number, .rows = 0, .groups = {}};
  entry.groups.resize(groups);
  return std::make_shared<const FactCache::Entry>(std::move(entry));
}

TEST(FactCacheTest, KeepsTheNewerOfTwoAndNothingThatIsTooLarge) {
  FactCache cache(10'000);
  cache.Put("a", EntryWith(1, 1));
  cache.Put("a", EntryWith(1, 2));
  ASSERT_NE(cache.Find("a"), nullptr);
  EXPECT_EQ(cache.Find("a")->cut_number, 2);
  cache.Put("a", EntryWith(100, 3));
  EXPECT_EQ(cache.Find("a"), nullptr);
  EXPECT_EQ(cache.bytes(), 0U);
}

class KeptSumsTest : public EmbeddedStoreTest {
 protected:
  std::int64_t Below(std::int64_t limit) {
    return std::uniform_int_distribution<std::int64_t>(0, limit - 1)(random_);
  }

  // A fact that starts within the day, or shortly before it.
  model::Fact RandomFact(int day, model::FactTable& table) {
    const auto name = [&](const char* kind, std::int64_t count) {
      return table.NumberOf(fmt::format("{} {}", kind, Below(count)));
    };
    const bool is_run = Below(4) == 0;
    const bool has_failed = Below(5) == 0;
    std::vector<std::string> tags(static_cast<std::size_t>(Below(3)));
    for (std::string& tag : tags) {
      tag = fmt::format("tag {}", Below(4));
    }
    return {.start_ns = kNoon + day * kDay + (Below(16) - 4) * kHour + Below(3'600) * kSecond,
            .duration_ns = Below(1'000) * 1'000'000,
            .input_tokens = Below(1'000),
            .output_tokens = Below(100),
            .cost_picodollars = Below(1'000'000),
            .workflow = name("workflow", 3),
            .agent = Below(3) == 0 ? 0 : name("agent", 4),
            .name = name("step", 5),
            .session = name("session", 50),
            .user = name("user", 5),
            .version = name("version", 2),
            .tags = table.NumberOf(model::JoinSet(tags)),
            .model_calls = static_cast<std::uint32_t>(Below(2)),
            .kind = is_run ? model::Fact::kRun : static_cast<std::uint8_t>(Below(4)),
            .status = static_cast<std::uint8_t>(has_failed ? model::RunStatus::kFailed
                                                           : model::RunStatus::kCompleted),
            .sign = 1,
            .has_failed = has_failed};
  }

  // Puts facts into live state and among all; some of them take back what was before.
  void AddFacts(int day) {
    model::FactTable fresh;
    for (int i = 0; i < 20; ++i) {
      fresh.facts.push_back(RandomFact(day, fresh));
    }
    all_.Append(fresh, 1);
    runs_.next_cut.facts.Append(fresh, 1);
    if (Below(3) == 0) {
      model::FactTable again;
      again.Append(fresh, 1);
      again.facts.resize(5);
      all_.Append(again, -1);
      runs_.next_cut.facts.Append(again, -1);
    }
  }

  // Moves what is in live state into the folder of a day.
  void Store(int day) {
    BatchBuilder batch(++position_, kNoon + day * kDay);
    batch.AddSpan(1, 1, "run");
    Commit(batch.Build());
    Seal();
  }

  static std::vector<query::FactQuery> Queries() {
    std::vector<query::FactQuery> queries(10);
    queries[0].by = {FactKey::kAgent, FactKey::kWorkflow};
    queries[1].by = {FactKey::kWorkflow, FactKey::kAgent};
    queries[1].with_latency = true;
    queries[2].by = {FactKey::kStatus, FactKey::kKind};
    queries[2].bucket_ns = kDay;
    queries[2].bucket_offset_ns = -2 * kHour;
    queries[3].of_runs = true;
    queries[3].bucket_ns = kHour;
    queries[4].of_runs = true;
    queries[4].by = {FactKey::kSession};
    queries[5].filter(FactKey::kWorkflow) = "workflow 1";
    queries[5].by = {FactKey::kName};
    queries[5].with_latency = true;
    queries[6].filter(FactKey::kAgent) = "";
    queries[6].filter(FactKey::kKind) = "llm";
    queries[7].filter(FactKey::kUser) = "nobody";
    queries[8].by = {FactKey::kTag, FactKey::kVersion};
    queries[8].with_latency = true;
    queries[9].filter(FactKey::kTag) = "tag 1";
    queries[9].by = {FactKey::kVersion};
    return queries;
  }

  static std::vector<std::string> LinesOf(const std::vector<query::FactGroup>& groups) {
    std::vector<std::string> lines;
    for (const query::FactGroup& group : groups) {
      const query::FactSums& sums = group.sums;
      lines.push_back(fmt::format(
          "{}@{}: n={} failed={} calls={} in={} out={} cost={} s={:.6f} "
          "{}..{} p50={} p99={}",
          fmt::join(group.keys, "|"), group.time_ns, sums.count, sums.failed, sums.model_calls,
          sums.input_tokens, sums.output_tokens, sums.cost_picodollars, sums.duration_seconds,
          group.first_start_ns, group.last_start_ns, group.latency.Quantile(0.5),
          group.latency.Quantile(0.99)));
    }
    return lines;
  }

  // Asks for a span of time, and adds all facts up by itself.
  void ExpectRight(std::int64_t start_ns, std::int64_t end_ns, const std::string& what) {
    std::vector<query::FactQuery> queries = Queries();
    for (query::FactQuery& query : queries) {
      query.start_time_ns = start_ns;
      query.end_time_ns = end_ns;
    }
    const auto answers = store_->SumFacts(queries, Soon());
    ASSERT_TRUE(answers.has_value()) << answers.error().ToString();
    for (std::size_t i = 0; i < queries.size(); ++i) {
      FactGroups expected(queries[i]);
      ASSERT_TRUE(expected.AddTable(all_).has_value());
      EXPECT_EQ(LinesOf((*answers)[i]), LinesOf(*expected.Take())) << what << ", query " << i;
    }
  }

  std::mt19937_64 random_{7};  // NOLINT(cert-msc51-cpp): The same in each run.
  model::FactTable all_;
  std::uint64_t position_ = 0;
};

TEST_F(KeptSumsTest, AreRightWhileDaysGrow) {
  constexpr int kDays = 7;
  constexpr std::int64_t kEver = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
  for (int day = 0; day < kDays; ++day) {
    for (int round = 0; round < 3; ++round) {
      AddFacts(day);
      const std::string what = fmt::format("day {}, round {}", day, round);
      ExpectRight(kEver, kForever, what + ", in memory");
      Store(day);
      ExpectRight(kEver, kForever, what);
      ExpectRight(kNoon + kHour / 3, kForever, what + ", from the middle of an hour");
      ExpectRight(kNoon + 5 * kHour, kNoon + (day + 1) * kDay / 2, what + ", between");
      ExpectRight(kNoon + 10 * kSecond, kNoon + 20 * kSecond, what + ", some seconds");
    }
  }
  // A day that was settled grows after all.
  AddFacts(1);
  Store(1);
  ExpectRight(kEver, kForever, "an old day grew");
  Reopen();
  ExpectRight(kEver, kForever, "opened again");
  ExpectClean();
}

TEST_F(KeptSumsTest, AreRightWithoutRoom) {
  options_.fact_cache_bytes = 0;
  Reopen();
  for (int day = 0; day < 5; ++day) {
    AddFacts(day);
    Store(day);
    ExpectRight(kNoon + kHour / 3, kNoon + 30 * kDay, fmt::format("day {}", day));
  }
}

}  // namespace
}  // namespace sightline::store::embedded
