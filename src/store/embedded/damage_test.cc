// SPDX-License-Identifier: Apache-2.0
// One flipped bit anywhere in a store directory is found by a check, or changes nothing that can be
// read. How many bits are tried for each file: SIGHTLINE_FLIPS.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

namespace fs = std::filesystem;

class DamageTest : public EmbeddedStoreTest {
 protected:
  // Something in every table and every kind of frame.
  void Fill() {
    for (std::uint8_t i = 1; i <= 3; ++i) {
      BatchBuilder batch(i, kNoon);
      batch.AddSpan(i, 1, "run").attributes = R"({"key":"value"})";
      // Long enough for grams.
      batch.WithBody(i, fmt::format("what was said in run {}{}", i, std::string(33'000, '.')));
      batch.AddPending(i, 2, "open");
      model::LogRecord log;
      log.time_ns = kNoon + i;
      log.body = "a log record";
      batch.batch().logs.push_back(log);
      log.trace_id = Trace(i);
      batch.batch().logs.push_back(log);
      model::MetricPoint point;
      point.name = "cpu";
      point.time_ns = kNoon + i;
      point.value = i;
      batch.batch().points.push_back(point);
      runs_.next_cut.settled.push_back(RunNumber(i, i));
      model::FactTable& facts = runs_.next_cut.facts;
      facts.facts.push_back({.start_ns = kNoon,
                             .duration_ns = i * kSecond,
                             .input_tokens = i,
                             .workflow = facts.NumberOf("w"),
                             .kind = model::Fact::kRun});
      runs_.next_cut.position = i;
      Commit(batch.Build());
      Seal();
    }
    store_.reset();
  }

  // All that can be read; a sentence where something cannot.
  std::string Dump() {
    Reopen();
    std::string dump;
    const auto take = [&](const auto& result, const auto& write) {
      if (result.has_value()) {
        write(*result);
      } else {
        dump += result.error().ToString() + "\n";
      }
    };
    for (std::uint8_t i = 1; i <= 3; ++i) {
      take(store_->FetchTrace(Trace(i), Soon()), [&](const Rows& rows) {
        for (const model::Span& span : rows->spans) {
          dump += fmt::format("span {} {} {} {}\n", span.name, span.start_ns, span.end_ns,
                              span.attributes);
        }
        dump += fmt::format("logs {}\n", rows->logs.size());
      });
      const std::vector<std::uint64_t> ids = {i};
      take(store_->LoadBodies(ids, Soon()), [&](const auto& bodies) {
        for (const auto& [id, body] : bodies) {
          dump += fmt::format("body {} {}\n", id, body);
        }
      });
    }
    take(store_->ListLogs({}, Soon()), [&](const LogPage& page) {
      for (const model::LogRecord& log : page.rows->logs) {
        dump += fmt::format("log {} {}\n", log.time_ns, log.body);
      }
    });
    take(store_->FetchPoints({}, Soon()), [&](const SeriesPage& page) {
      for (const MetricSeries& series : page.series) {
        for (const model::MetricPoint& point : series.points) {
          dump += fmt::format("point {} {} {}\n", point.name, point.time_ns, point.value);
        }
      }
    });
    take(store_->ListRuns({}, Soon()), [&](const RunPage& page) {
      for (const model::RunRecord& run : page.runs) {
        dump += fmt::format("run {} {} {}\n", run.trace_id.ToHex(), run.start_ns, run.workflow_id);
      }
    });
    take(store_->ListRuns({.text = "said in run 2"}, Soon()), [&](const RunPage& page) {
      for (const model::RunRecord& run : page.runs) {
        dump += fmt::format("found {}\n", run.trace_id.ToHex());
      }
    });
    const query::FactQuery by_workflow{.of_runs = true, .by = {query::FactKey::kWorkflow}};
    take(store_->SumFacts({&by_workflow, 1}, Soon()), [&](const std::vector<FactAnswer>& answers) {
      for (const query::FactGroup& group : answers[0]) {
        dump +=
            fmt::format("sum {} {} {}\n", group.keys[0], group.sums.count, group.sums.input_tokens);
      }
    });
    store_.reset();
    return dump;
  }

  std::vector<fs::path> Files() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(options_.directory)) {
      if (entry.is_regular_file()) {
        files.push_back(entry.path());
      }
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  static void Flip(const fs::path& file, std::uint64_t bit) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto place = static_cast<std::streamoff>(bit / 8);
    stream.seekg(place);
    const auto byte = static_cast<std::uint8_t>(stream.get());
    stream.seekp(place);
    stream.put(static_cast<char>(byte ^ (1U << (bit % 8))));
    ASSERT_TRUE(stream.good()) << file;
  }
};

TEST_F(DamageTest, EveryFlippedBitIsFoundOrHarmless) {
  Fill();
  const std::string whole = Dump();
  const fs::path copy = options_.directory.string() + ".whole";
  fs::copy(options_.directory, copy, fs::copy_options::recursive);
  const char* const wanted = std::getenv("SIGHTLINE_FLIPS");
  const std::uint64_t flips = wanted == nullptr ? 12 : std::strtoull(wanted, nullptr, 10);
  std::mt19937_64 random(4);
  std::uint64_t found = 0;
  std::uint64_t harmless = 0;
  for (const fs::path& file : Files()) {
    const std::uint64_t bits = fs::file_size(file) * 8;
    for (std::uint64_t i = 0; i < std::min(flips, bits); ++i) {
      const std::uint64_t bit = bits <= flips ? i : random() % bits;
      SCOPED_TRACE(fmt::format("bit {} of {}", bit, file.string()));
      Flip(file, bit);
      const auto report = CheckStore(options_.directory);
      if (!report.has_value() || !report->problems.empty()) {
        ++found;
      } else {
        EXPECT_EQ(Dump(), whole);
        ++harmless;
      }
      fs::remove_all(options_.directory);
      fs::copy(copy, options_.directory, fs::copy_options::recursive);
    }
  }
  fs::remove_all(copy);
  EXPECT_GT(found, 0U);
  RecordProperty("found", static_cast<int>(found));
  RecordProperty("harmless", static_cast<int>(harmless));
}

}  // namespace
}  // namespace sightline::store::embedded
