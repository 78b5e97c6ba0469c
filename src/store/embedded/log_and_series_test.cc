// SPDX-License-Identifier: Apache-2.0
// Lists of log records and of metric series, from the head and from day folders alike.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/columns.h"
#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class LogListTest : public EmbeddedStoreTest {
 protected:
  // A record at so many seconds after noon; trace 0 is none.
  static void AddLog(BatchBuilder& builder, std::int64_t second, std::string_view body,
                     std::uint8_t trace = 0, std::uint8_t severity = 9) {
    model::LogRecord log;
    log.time_ns = kNoon + second * kSecond;
    if (trace != 0) {
      log.trace_id = Trace(trace);
      log.span_id = model::SpanNumber(1);
    }
    log.severity = severity;
    log.body = builder.batch().arena.Copy(body);
    log.service = "shop";
    log.attributes = R"({"key":"value"})";
    builder.batch().logs.push_back(log);
  }

  std::vector<std::string> BodiesOf(const query::LogQuery& query) {
    const auto page = store_->ListLogs(query, Soon());
    EXPECT_TRUE(page.has_value()) << page.error().ToString();
    std::vector<std::string> bodies;
    for (const model::LogRecord& log : page->rows->logs) {
      bodies.emplace_back(log.body);
    }
    return bodies;
  }
};

TEST_F(LogListTest, ListsNewestFirstFromHeadAndFramesAlike) {
  BatchBuilder first(1, kNoon);
  AddLog(first, 3, "third");
  AddLog(first, 1, "first", 1);
  Commit(first.Build());
  EXPECT_THAT(BodiesOf({}), ElementsAre("third", "first"));
  Seal();
  BatchBuilder second(2, kNoon);
  AddLog(second, 2, "second");
  Commit(second.Build());
  EXPECT_THAT(BodiesOf({}), ElementsAre("third", "second", "first"));
  Seal();
  Reopen();
  EXPECT_THAT(BodiesOf({}), ElementsAre("third", "second", "first"));
  ExpectClean();
}

TEST_F(LogListTest, PagesWithoutLossOrRepeat) {
  std::vector<std::string> expected;
  for (std::uint64_t batch = 1; batch <= 3; ++batch) {
    BatchBuilder builder(batch, kNoon);
    for (std::int64_t i = 0; i < 20; ++i) {
      // Every time occurs in every batch.
      AddLog(builder, i, std::to_string(batch) + "/" + std::to_string(i));
      expected.push_back(std::to_string(batch) + "/" + std::to_string(i));
    }
    Commit(builder.Build());
    if (batch < 3) {
      Seal();
    }
  }
  std::vector<std::string> listed;
  query::LogQuery query{.limit = 7};
  for (bool has_more = true; has_more;) {
    const auto page = store_->ListLogs(query, Soon());
    ASSERT_TRUE(page.has_value());
    for (const model::LogRecord& log : page->rows->logs) {
      listed.emplace_back(log.body);
    }
    has_more = page->has_more;
    const model::LogRecord& last = page->rows->logs.back();
    query.cursor = {.time_ns = last.time_ns, .key = model::LogKey(last)};
  }
  EXPECT_THAT(listed, ::testing::UnorderedElementsAreArray(expected));
}

TEST_F(LogListTest, FiltersByTraceLevelTimeAndText) {
  BatchBuilder builder(1, kNoon);
  AddLog(builder, 1, "all is well", 1);
  AddLog(builder, 2, "Disk is FULL", 2, 17);
  AddLog(builder, 3, "on its own", 0, 13);
  Commit(builder.Build());
  for (int place = 0; place < 2; ++place) {
    EXPECT_THAT(BodiesOf({.trace_id = Trace(1)}), ElementsAre("all is well"));
    EXPECT_THAT(BodiesOf({.span_id = model::SpanNumber(1)}),
                ElementsAre("Disk is FULL", "all is well"));
    EXPECT_THAT(BodiesOf({.min_severity = 13}), ElementsAre("on its own", "Disk is FULL"));
    EXPECT_THAT(BodiesOf({.text = "disk is full"}), ElementsAre("Disk is FULL"));
    EXPECT_THAT(BodiesOf({.text = "value"}).size(), 3U) << "in the attributes";
    EXPECT_THAT(
        BodiesOf({.start_time_ns = kNoon + 2 * kSecond, .end_time_ns = kNoon + 3 * kSecond}),
        ElementsAre("Disk is FULL"));
    EXPECT_THAT(BodiesOf({.service = "other"}), IsEmpty());
    Seal();
  }
}

TEST_F(LogListTest, FindsTextInBodiesThatAreKeptApart) {
  BatchBuilder builder(1, kNoon);
  builder.AddSpan(1, 1, "run");
  builder.WithBody(7, "a long tale of dragons");
  AddLog(builder, 1, "", 1);
  builder.batch().logs.back().content = builder.batch().spans.back().content;
  AddLog(builder, 2, "nothing", 1);
  Commit(builder.Build());
  for (int place = 0; place < 2; ++place) {
    const auto page = store_->ListLogs({.text = "Dragons"}, Soon());
    ASSERT_TRUE(page.has_value());
    ASSERT_EQ(page->rows->logs.size(), 1U);
    EXPECT_EQ(page->rows->logs[0].time_ns, kNoon + kSecond);
    Seal();
  }
}

class SeriesTest : public EmbeddedStoreTest {
 protected:
  static void AddPoint(BatchBuilder& builder, std::string_view name, std::int64_t second,
                       double value, std::string_view attributes = R"({"host":"a"})") {
    model::MetricPoint point;
    point.name = builder.batch().arena.Copy(name);
    point.time_ns = kNoon + second * kSecond;
    point.value = value;
    point.service = "shop";
    point.attributes = builder.batch().arena.Copy(attributes);
    builder.batch().points.push_back(point);
  }

  // "name attributes: values", a line for each series.
  std::vector<std::string> SeriesOf(const query::MetricQuery& query) {
    const auto page = store_->FetchPoints(query, Soon());
    EXPECT_TRUE(page.has_value()) << page.error().ToString();
    std::vector<std::string> lines;
    for (const MetricSeries& series : page->series) {
      std::string line(series.identity.name);
      line.append(" ").append(series.identity.attributes).append(":");
      for (const model::MetricPoint& point : series.points) {
        line += fmt::format(" {}", point.value);
      }
      lines.push_back(line);
    }
    return lines;
  }
};

TEST_F(SeriesTest, GivesPointsByTimeFromHeadAndTablesAlike) {
  BatchBuilder first(1, kNoon);
  AddPoint(first, "cpu", 2, 20);
  AddPoint(first, "cpu", 1, 10);
  AddPoint(first, "cpu", 1, 5, R"({"host":"b"})");
  AddPoint(first, "memory", 1, 7);
  Commit(first.Build());
  const query::MetricQuery cpu{.name = "cpu"};
  EXPECT_THAT(SeriesOf(cpu), ElementsAre(R"(cpu {"host":"a"}: 10 20)", R"(cpu {"host":"b"}: 5)"));
  Seal();
  BatchBuilder second(2, kNoon);
  AddPoint(second, "cpu", 3, 30);
  Commit(second.Build());
  EXPECT_THAT(SeriesOf(cpu),
              ElementsAre(R"(cpu {"host":"a"}: 10 20 30)", R"(cpu {"host":"b"}: 5)"));
  Seal();
  Reopen();
  EXPECT_THAT(SeriesOf(cpu),
              ElementsAre(R"(cpu {"host":"a"}: 10 20 30)", R"(cpu {"host":"b"}: 5)"));
  EXPECT_THAT(SeriesOf({.name = "cpu", .start_time_ns = kNoon + 2 * kSecond}),
              ElementsAre(R"(cpu {"host":"a"}: 20 30)"));
  EXPECT_THAT(SeriesOf({.name = "cpu", .end_time_ns = kNoon}), IsEmpty());
  ExpectClean();
}

// A sender that got no answer sends a point again, perhaps long after it was stored.
TEST_F(SeriesTest, GivesAPointOnceHoweverOftenItWasStored) {
  BatchBuilder first(1, kNoon);
  AddPoint(first, "cpu", 1, 10);
  AddPoint(first, "cpu", 2, std::nan(""));
  Commit(first.Build());
  Seal();
  BatchBuilder second(2, kNoon);
  AddPoint(second, "cpu", 2, std::nan(""));
  AddPoint(second, "cpu", 1, 10);
  AddPoint(second, "cpu", 1, 11);  // Two writers of one series.
  AddPoint(second, "cpu", 3, 10);
  Commit(second.Build());
  for (int place = 0; place < 2; ++place) {
    EXPECT_THAT(SeriesOf({.name = "cpu"}), ElementsAre(R"(cpu {"host":"a"}: 10 11 nan 10)"));
    Seal();
  }
}

// What is remembered at a start of what may be sent again.
TEST_F(SeriesTest, TellsTheNewestRowsAsTheyWereStored) {
  BatchBuilder builder(1, kNoon);
  builder.AddSpan(1, 2, "chat");
  builder.AddPending(1, 1, "agent");
  AddPoint(builder, "latency", 1, 2.5);
  model::MetricPoint& point = builder.batch().points.back();
  point.start_ns = kNoon - kSecond;
  point.unit = "s";
  point.type = model::MetricType::kHistogram;
  point.temporality = 2;
  point.is_monotonic = true;
  point.count = 3;
  point.buckets = R"({"bounds":[1],"counts":[1,2]})";
  point.service = "shop";
  point.service_instance = "1";
  point.scope = "meter";
  point.resource_attributes = R"({"service.name":"shop"})";
  Commit(builder.Build());
  Seal();
  Reopen();
  std::vector<std::string> told;
  const auto visited = store_->VisitNewestRows(
      [&](const model::Batch& rows) {
        for (const model::Span& span : rows.spans) {
          told.emplace_back(span.name);
        }
        for (const model::Span& span : rows.pending) {
          told.push_back("pending " + std::string(span.name));
        }
        for (const model::MetricPoint& stored : rows.points) {
          told.emplace_back(stored.name);
          model::ForEachColumn<model::MetricPoint>([&](std::size_t, const auto& column) {
            EXPECT_EQ(column.get(stored), column.get(point)) << column.name;
          });
        }
      },
      Soon());
  ASSERT_TRUE(visited.has_value()) << visited.error().message();
  EXPECT_THAT(told, UnorderedElementsAre("chat", "pending agent", "latency"));
}

TEST_F(SeriesTest, FindsASeriesByItsId) {
  BatchBuilder builder(1, kNoon);
  AddPoint(builder, "cpu", 1, 10);
  AddPoint(builder, "memory", 1, 7);
  Commit(builder.Build());
  std::vector<std::uint64_t> keys;
  for (int place = 0; place < 2; ++place) {
    const auto all = store_->ListSeries({}, Soon());
    ASSERT_TRUE(all.has_value());
    ASSERT_EQ(all->series.size(), 2U);
    EXPECT_THAT(all->series[0].points, IsEmpty());
    keys.push_back(all->series[1].key);
    EXPECT_THAT(SeriesOf({.series = keys.front()}), ElementsAre(R"(memory {"host":"a"}: 7)"));
    Seal();
  }
  EXPECT_EQ(keys[0], keys[1]);
}

TEST_F(SeriesTest, SaysWhenItIsTooMuch) {
  BatchBuilder builder(1, kNoon);
  for (int i = 0; i < 10; ++i) {
    AddPoint(builder, "cpu", i, i);
    AddPoint(builder, "cpu", i, i, R"({"host":")" + std::to_string(i) + R"("})");
  }
  Commit(builder.Build());
  for (int place = 0; place < 2; ++place) {
    const auto points = store_->FetchPoints({.name = "cpu", .max_points = 15}, Soon());
    ASSERT_FALSE(points.has_value());
    EXPECT_EQ(points.error().code(), base::Code::kInvalidArgument);
    EXPECT_FALSE(store_->FetchPoints({.name = "cpu", .max_series = 5}, Soon()).has_value());
    const auto listed = store_->ListSeries({.max_series = 5}, Soon());
    ASSERT_TRUE(listed.has_value());
    EXPECT_EQ(listed->series.size(), 5U);
    EXPECT_TRUE(listed->has_more);
    Seal();
  }
}

}  // namespace
}  // namespace sightline::store::embedded
