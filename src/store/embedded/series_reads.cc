// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/arena.h"
#include "model/columns.h"
#include "store/embedded/conditions.h"
#include "store/embedded/embedded_store.h"
#include "store/embedded/reading.h"

// Reads of metric series and their points. Points say nothing of the batch they came with, so each
// day is read in one transaction together with the position up to which it holds batches; of the
// head, whose batches are noted before, those after it are added.

namespace sightline::store::embedded {
namespace {

// What all points of a series have in common.
constexpr std::string_view kIdentityColumns =
    "name, unit, type, temporality, is_monotonic, service, service_instance, scope, attributes, "
    "resource_attributes";

// As IdentityAt and SetValues read them.
constexpr std::string_view kValueColumns = "time_ns, start_ns, value, count, buckets";

// Texts are views into the chunk.
model::MetricPoint IdentityAt(const Chunk& chunk, std::uint64_t column, std::uint64_t row) {
  return {.name = chunk.text(column, row),
          .unit = chunk.text(column + 1, row),
          .type = static_cast<model::MetricType>(chunk.at<std::uint8_t>(column + 2, row)),
          .temporality = chunk.at<std::uint8_t>(column + 3, row),
          .is_monotonic = chunk.at<bool>(column + 4, row),
          .service = chunk.text(column + 5, row),
          .service_instance = chunk.text(column + 6, row),
          .scope = chunk.text(column + 7, row),
          .attributes = chunk.text(column + 8, row),
          .resource_attributes = chunk.text(column + 9, row)};
}

void SetValues(const Chunk& chunk, std::uint64_t column, std::uint64_t row,
               model::MetricPoint& point) {
  point.time_ns = chunk.at<std::int64_t>(column, row);
  point.start_ns = chunk.at<std::int64_t>(column + 1, row);
  point.value = chunk.at<double>(column + 2, row);
  point.count = chunk.at<std::int64_t>(column + 3, row);
  point.buckets = chunk.text(column + 4, row);
}

// Everything that tells points of one series apart; numbers as they are stored, so that NaN equals
// itself.
auto OrderOf(const model::MetricPoint& point) {
  return std::make_tuple(point.time_ns, point.start_ns, std::bit_cast<std::uint64_t>(point.value),
                         point.count, point.buckets);
}

}  // namespace

// One query for series.
class EmbeddedStore::SeriesReader {
 public:
  SeriesReader(EmbeddedStore& store, const query::MetricQuery& query, bool with_points,
               Deadline deadline)
      : store_(store), query_(query), with_points_(with_points), deadline_(deadline) {}

  base::Result<SeriesPage> Read() {
    const HeadSnapshot head = store_.head_.Snapshot();
    const auto reading = TRY(store_.OpenReading(deadline_));
    std::map<std::int32_t, std::uint64_t> sealed_positions;
    for (const DayPtr& day : TRY(store_.AllDays(deadline_))) {
      sealed_positions[day->number()] = TRY(TakeDay(reading->connection(), *day));
    }
    for (const model::EncodedBatchPtr& batch : head) {
      if (batch->position > sealed_positions[batch->day()]) {
        TRY(TakeBatch(*batch));
      }
    }
    return Page();
  }

 private:
  // The position up to which the day holds batches.
  base::Result<std::uint64_t> TakeDay(Connection& connection, const Day& day) {
    TRY(connection.Execute("BEGIN TRANSACTION READ ONLY"));
    base::Result<std::uint64_t> position = TakeDayWithin(connection, day);
    static_cast<void>(connection.Execute("ROLLBACK"));  // Nothing was written.
    return position;
  }

  base::Result<std::uint64_t> TakeDayWithin(Connection& connection, const Day& day) {
    const auto position = TRY(connection.QueryIntegers(
        fmt::format("SELECT max(position) FROM {}.checkpoints", day.database())));
    std::vector<std::uint64_t> keys;
    TRY(TakeSeries(connection, day, keys));
    if (with_points_ && !keys.empty()) {
      TRY(TakePoints(connection, day, keys));
    }
    return static_cast<std::uint64_t>(position[0]);
  }

  Conditions TimeConditions() const {
    Conditions conditions;
    conditions.AddNumber("time_ns >= ?", query_.start_time_ns);
    conditions.AddNumber("time_ns < ?", query_.end_time_ns);
    return conditions;
  }

  base::Result<void> TakeSeries(Connection& connection, const Day& day,
                                std::vector<std::uint64_t>& keys) {
    Conditions conditions;
    const auto add = [&](const char* condition, const std::optional<std::string>& value) {
      if (value) {
        conditions.AddText(condition, *value);
      }
    };
    add("name = ?", query_.name);
    add("service = ?", query_.service);
    add("service_instance = ?", query_.service_instance);
    if (query_.series) {
      conditions.AddText("series = ?::UBIGINT", std::to_string(*query_.series));
    }
    conditions.AddAll(fmt::format("series IN (SELECT series FROM {}.points{})", day.database(),
                                  TimeConditions().Where()),
                      TimeConditions().params());
    QueryResult result =
        TRY(connection.Query(fmt::format("SELECT DISTINCT series, {} FROM {}.series{}",
                                         kIdentityColumns, day.database(), conditions.Where()),
                             conditions.params()));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        keys.push_back(chunk->at<std::uint64_t>(0, row));
        TRY(SeriesOf(keys.back(), IdentityAt(*chunk, 1, row)));
      }
    }
    return {};
  }

  base::Result<void> TakePoints(Connection& connection, const Day& day,
                                const std::vector<std::uint64_t>& keys) {
    Conditions conditions = TimeConditions();
    conditions.AddAnyOf("series", keys, "?::UBIGINT",
                        [](std::uint64_t key) { return Param::Text(std::to_string(key)); });
    QueryResult result =
        TRY(connection.Query(fmt::format("SELECT series, {} FROM {}.points{}", kValueColumns,
                                         day.database(), conditions.Where()),
                             conditions.params()));
    while (const auto chunk = result.Next()) {
      for (std::uint64_t row = 0; row < chunk->size(); ++row) {
        MetricSeries& series = series_.at(chunk->at<std::uint64_t>(0, row));
        model::MetricPoint point = series.identity;
        SetValues(*chunk, 1, row, point);
        point.buckets = arena_->Copy(point.buckets);
        TRY(AddPoint(series, point));
      }
    }
    return {};
  }

  base::Result<void> TakeBatch(const model::EncodedBatch& batch) {
    model::Batch rows;
    TRY(batch.DecodePoints(rows));
    for (const model::MetricPoint& point : rows.points) {
      if (!query::MatchesTime(query_, point.time_ns)) {
        continue;
      }
      const std::uint64_t key = SeriesKey(*store_.body_index_, point);
      if (!query::MatchesSeries(query_, point, key)) {
        continue;
      }
      MetricSeries& series = *TRY(SeriesOf(key, point));
      if (with_points_) {
        model::MetricPoint copy = series.identity;
        copy.time_ns = point.time_ns;
        copy.start_ns = point.start_ns;
        copy.value = point.value;
        copy.count = point.count;
        copy.buckets = arena_->Copy(point.buckets);
        TRY(AddPoint(series, copy));
      }
    }
    return {};
  }

  // The series of this key, made of what `point` says when it is new.
  base::Result<MetricSeries*> SeriesOf(std::uint64_t key, const model::MetricPoint& point) {
    const auto [place, is_new] = series_.try_emplace(key);
    MetricSeries& series = place->second;
    if (is_new) {
      const std::size_t most = with_points_ ? query_.max_series : kMaxSeries;
      if (series_.size() > most) {
        return base::Error(base::Code::kInvalidArgument,
                           fmt::format("more than {} series match: name one, or ask for a shorter "
                                       "time",
                                       most));
      }
      series.key = key;
      model::ForEachColumn<model::MetricPoint>([&](std::size_t, const auto& column) {
        auto& field = column.get(series.identity);
        field = column.get(point);
        if constexpr (std::is_same_v<std::remove_reference_t<decltype(field)>, std::string_view>) {
          field = arena_->Copy(field);
        }
      });
      series.identity.time_ns = series.identity.start_ns = series.identity.count = 0;
      series.identity.value = 0;
      series.identity.buckets = {};
    }
    return &series;
  }

  base::Result<void> AddPoint(MetricSeries& series, const model::MetricPoint& point) {
    if (++points_ > query_.max_points) {
      return base::Error(base::Code::kInvalidArgument,
                         fmt::format("more than {} points match: name one series, or ask for a "
                                     "shorter time",
                                     query_.max_points));
    }
    series.points.push_back(point);
    return {};
  }

  SeriesPage Page() {
    SeriesPage page;
    page.series.reserve(series_.size());
    for (auto& [key, series] : series_) {
      const auto order = [](const model::MetricPoint& a, const model::MetricPoint& b) {
        return OrderOf(a) < OrderOf(b);
      };
      std::sort(series.points.begin(), series.points.end(), order);
      // A point that was sent again long after it was stored.
      const auto repeats =
          std::unique(series.points.begin(), series.points.end(),
                      [](const model::MetricPoint& a, const model::MetricPoint& b) {
                        return OrderOf(a) == OrderOf(b);
                      });
      series.points.erase(repeats, series.points.end());
      page.series.push_back(std::move(series));
    }
    std::sort(page.series.begin(), page.series.end(),
              [](const MetricSeries& a, const MetricSeries& b) {
                const auto order = [](const MetricSeries& series) {
                  return std::tie(series.identity.name, series.identity.service,
                                  series.identity.attributes, series.key);
                };
                return order(a) < order(b);
              });
    page.has_more = page.series.size() > query_.max_series;
    if (page.has_more) {
      page.series.resize(query_.max_series);
    }
    page.held = arena_;
    return page;
  }

  // More are not held for one query.
  static constexpr std::size_t kMaxSeries = 100'000;

  EmbeddedStore& store_;
  const query::MetricQuery& query_;
  const bool with_points_;
  const Deadline deadline_;
  std::shared_ptr<base::Arena> arena_ = std::make_shared<base::Arena>();
  std::map<std::uint64_t, MetricSeries> series_;
  std::size_t points_ = 0;
};

// The newest points of a day, all together.
base::Result<void> EmbeddedStore::VisitNewestPoints(
    const Day& day, const std::function<void(const model::Batch&)>& visit, Deadline deadline) {
  constexpr int kPoints = 50'000;
  const auto reading = TRY(OpenReading(deadline));
  QueryResult result = TRY(reading->connection().Query(
      fmt::format("WITH newest AS (SELECT * FROM {0}.points ORDER BY rowid DESC LIMIT {1}) SELECT "
                  "{2}, {3} FROM "
                  "newest JOIN (SELECT DISTINCT * FROM {0}.series) USING (series)",
                  day.database(), kPoints, kIdentityColumns, kValueColumns)));
  constexpr std::uint64_t kFirstValue = 10;
  while (const auto chunk = result.Next()) {
    model::Batch rows;
    for (std::uint64_t row = 0; row < chunk->size(); ++row) {
      rows.points.push_back(IdentityAt(*chunk, 0, row));
      SetValues(*chunk, kFirstValue, row, rows.points.back());
    }
    visit(rows);
  }
  return {};
}

base::Result<SeriesPage> EmbeddedStore::ListSeries(const query::MetricQuery& query,
                                                   Deadline deadline) {
  return SeriesReader(*this, query, false, deadline).Read();
}

base::Result<SeriesPage> EmbeddedStore::FetchPoints(const query::MetricQuery& query,
                                                    Deadline deadline) {
  return SeriesReader(*this, query, true, deadline).Read();
}

}  // namespace sightline::store::embedded
