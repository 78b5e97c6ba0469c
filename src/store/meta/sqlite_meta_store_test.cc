// SPDX-License-Identifier: Apache-2.0
#include "store/meta/sqlite_meta_store.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "base/file.h"
#include "base/temp_directory_for_testing.h"

namespace sightline::store::meta {
namespace {

PriceRow Price(std::string provider, std::string model, std::int64_t from_ns,
               std::string document = "{}") {
  return {.provider = std::move(provider),
          .model = std::move(model),
          .from_ns = from_ns,
          .document = std::move(document),
          .source = "api",
          .created_ns = 7};
}

class SqliteMetaStoreTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteMetaStore> Open() { return SqliteMetaStore::Open({.file = file_}).value(); }

  std::string Content() const { return base::ReadFile(file_).value(); }

  base::TempDirectory directory_;
  const std::filesystem::path file_ = directory_.path() / "metadata.db";
};

TEST_F(SqliteMetaStoreTest, KeepsPricesOverARestart) {
  {
    const auto store = Open();
    EXPECT_EQ(store->problem(), "");
    const std::vector<PriceRow> prices = {Price("openai", "b", 5), Price("openai", "a", 9),
                                          Price("openai", "a", 3, R"({"x":"é'"})")};
    EXPECT_EQ(store->SetPrices(prices).value(), (std::vector<std::int64_t>{1, 2, 3}));
  }
  const std::vector<PriceRow> prices = Open()->Prices().value();
  ASSERT_EQ(prices.size(), 3U);
  EXPECT_EQ(prices[0].model, "a");
  EXPECT_EQ(prices[0].from_ns, 3);
  EXPECT_EQ(prices[0].document, R"({"x":"é'"})");
  EXPECT_EQ(prices[0].version, 3);
  EXPECT_EQ(prices[0].created_ns, 7);
  EXPECT_EQ(prices[1].from_ns, 9);
  EXPECT_EQ(prices[2].model, "b");
}

TEST_F(SqliteMetaStoreTest, ANewPriceTakesThePlaceOfTheOneOfTheSameStart) {
  const auto store = Open();
  ASSERT_TRUE(store->SetPrices(std::array{Price("p", "m", 1, "old")}));
  ASSERT_TRUE(store->SetPrices(std::array{Price("p", "m", 1, "new"), Price("p", "m", 2)}));
  EXPECT_EQ(store->Prices().value().size(), 2U);
  EXPECT_EQ(store->Prices().value()[0].document, "new");
  EXPECT_EQ(store->FindPrice(1).value()->document, "old") << "figures may name it still";
  EXPECT_FALSE(store->FindPrice(99).value().has_value());
}

TEST_F(SqliteMetaStoreTest, DeletesOneOrAllPricesOfAModel) {
  const auto store = Open();
  ASSERT_TRUE(store->SetPrices(std::array{Price("p", "m", 1), Price("p", "m", 2),
                                          Price("p", "m", 3), Price("p", "other", 1)}));
  EXPECT_EQ(store->DeletePrices("p", "m", 2, 0).value(), 1);
  EXPECT_EQ(store->DeletePrices("p", "m", 2, 0).value(), 0);
  EXPECT_EQ(store->DeletePrices("p", "m", std::nullopt, 0).value(), 2);
  EXPECT_EQ(store->DeletePrices("p", "nobody", std::nullopt, 0).value(), 0);
  ASSERT_EQ(store->Prices().value().size(), 1U);
  EXPECT_EQ(store->Prices().value()[0].model, "other");
  // A version is never given twice.
  EXPECT_EQ(store->SetPrices(std::array{Price("p", "m", 2)}).value()[0], 5);
}

TEST_F(SqliteMetaStoreTest, SetsAllPricesOrNone) {
  const auto store = Open();
  ASSERT_TRUE(store->SetPrices(std::array{Price("p", "before", 1)}));
  std::vector<PriceRow> many;
  for (int i = 0; i < 20'000; ++i) {
    many.push_back(Price("p", std::to_string(i), 1));
  }
  const auto refused = store->SetPrices(many);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), base::Code::kResourceExhausted);
  EXPECT_EQ(store->Prices().value().size(), 1U);
}

SavedDocument View(std::string id, std::string name) {
  return {.id = std::move(id),
          .name = std::move(name),
          .document = R"({"é":1})",
          .created_ns = 5,
          .updated_ns = 6};
}

TEST_F(SqliteMetaStoreTest, KeepsSavedDocumentsByKindAndName) {
  {
    const auto store = Open();
    ASSERT_TRUE(store->AddSaved(SavedKind::kView, View("1", "b")));
    ASSERT_TRUE(store->AddSaved(SavedKind::kView, View("2", "a")));
    ASSERT_TRUE(store->AddSaved(SavedKind::kDashboard, View("1", "other")));
  }
  const auto store = Open();
  const std::vector<SavedDocument> views = store->Saved(SavedKind::kView).value();
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].id, "2");
  EXPECT_EQ(views[0].document, R"({"é":1})");
  EXPECT_EQ(views[0].version, 1);
  EXPECT_EQ(views[0].created_ns, 5);
  EXPECT_EQ(store->FindSaved(SavedKind::kDashboard, "1").value()->name, "other");
  EXPECT_FALSE(store->FindSaved(SavedKind::kDashboard, "2").value().has_value());
  EXPECT_TRUE(store->DeleteSaved(SavedKind::kView, "1").value());
  EXPECT_FALSE(store->DeleteSaved(SavedKind::kView, "1").value());
  EXPECT_EQ(store->Saved(SavedKind::kDashboard).value().size(), 1U) << "another kind";
}

TEST_F(SqliteMetaStoreTest, AStaleVersionDoesNotReplaceASavedDocument) {
  const auto store = Open();
  ASSERT_TRUE(store->AddSaved(SavedKind::kView, View("1", "first")));
  SavedDocument change = View("1", "second");
  change.version = 1;
  change.created_ns = 9;
  change.updated_ns = 9;
  const SavedDocument replaced = store->ReplaceSaved(SavedKind::kView, change).value();
  EXPECT_EQ(replaced.version, 2);
  EXPECT_EQ(replaced.created_ns, 5);
  EXPECT_EQ(replaced.updated_ns, 9);
  const auto stale = store->ReplaceSaved(SavedKind::kView, change);
  EXPECT_EQ(stale.error().code(), base::Code::kFailedPrecondition);
  EXPECT_EQ(stale.error().message(), "the view has been changed since: it has version 2, not 1");
  change.version = 0;
  EXPECT_EQ(store->ReplaceSaved(SavedKind::kView, change).value().version, 3);
  change.id = "nobody";
  EXPECT_EQ(store->ReplaceSaved(SavedKind::kView, change).error().code(), base::Code::kNotFound);
}

TEST_F(SqliteMetaStoreTest, KeepsAThousandOfAKind) {
  std::vector<std::string_view> steps(Migrations().begin(), Migrations().end());
  steps.emplace_back(
      "INSERT INTO saved WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM "
      "numbers WHERE n < 999) SELECT 'view', 'v' || n, 'n', '{}', 1, 0, 0 FROM numbers");
  const auto store = SqliteMetaStore::Open({.file = file_, .migrations = steps}).value();
  ASSERT_TRUE(store->AddSaved(SavedKind::kView, View("last", "n")));
  EXPECT_EQ(store->AddSaved(SavedKind::kView, View("more", "n")).error().code(),
            base::Code::kResourceExhausted);
  EXPECT_TRUE(store->AddSaved(SavedKind::kDashboard, View("more", "n")));
}

Score ScoreOf(std::string id, std::string trace_id, double number, std::int64_t time_ns) {
  return {.id = std::move(id),
          .trace_id = std::move(trace_id),
          .name = "quality",
          .number = number,
          .source = "api",
          .time_ns = time_ns};
}

std::string IdsOf(const std::vector<Score>& scores) {
  std::string ids;
  for (const Score& score : scores) {
    ids += score.id;
  }
  return ids;
}

TEST_F(SqliteMetaStoreTest, FindsScoresByEverythingTheyAreAskedFor) {
  Score category = ScoreOf("c", "t2", 0, 3);
  category.kind = ScoreKind::kCategory;
  category.text = "red";
  category.author = "ada";
  Score of_step = ScoreOf("d", "t2", 0.5, 4);
  of_step.span_id = "s";
  Score of_session = ScoreOf("e", "", 1, 5);
  of_session.session_id = "talk";
  {
    const std::array scores = {ScoreOf("a", "t1", 0.1, 1), ScoreOf("b", "t1", 0.9, 2), category,
                               of_step, of_session};
    ASSERT_TRUE(Open()->PutScores(scores));
  }
  const auto store = Open();
  const auto found = [&](const ScoreQuery& query) { return IdsOf(store->Scores(query).value()); };
  EXPECT_EQ(found({}), "edcba") << "the newest first";
  EXPECT_EQ(found({.limit = 2}), "ed");
  EXPECT_EQ(found({.after = ScorePlace{.time_ns = 4, .id = "d"}}), "cba");
  EXPECT_EQ(found({.trace_ids = {"t1"}}), "ba");
  EXPECT_EQ(found({.trace_ids = {"t1", "t2"}, .of_runs_only = true}), "cba");
  EXPECT_EQ(found({.span_id = "s"}), "d");
  EXPECT_EQ(found({.session_id = "talk"}), "e");
  EXPECT_EQ(found({.name = "other"}), "");
  EXPECT_EQ(found({.author = "ada"}), "c");
  EXPECT_EQ(found({.text = "red"}), "c");
  EXPECT_EQ(found({.least = 0.0}), "edba") << "a category is no number";
  EXPECT_EQ(found({.least = 0.5, .most = 0.9}), "db");
  EXPECT_EQ(found({.start_ns = 2, .end_ns = 4}), "cb");
  EXPECT_EQ(store->Scores({.text = "red"}).value()[0].kind, ScoreKind::kCategory);
}

TEST_F(SqliteMetaStoreTest, AScoreTakesThePlaceOfTheOneWithItsId) {
  const auto store = Open();
  ASSERT_TRUE(store->PutScores(std::array{ScoreOf("a", "t1", 0.1, 1)}));
  ASSERT_TRUE(store->PutScores(std::array{ScoreOf("a", "t2", 0.2, 2)}));
  const std::vector<Score> scores = store->Scores({}).value();
  ASSERT_EQ(scores.size(), 1U);
  EXPECT_EQ(scores[0].trace_id, "t2");
  EXPECT_EQ(scores[0].number, 0.2);
  EXPECT_TRUE(store->DeleteScore("a").value());
  EXPECT_FALSE(store->DeleteScore("a").value());
}

TEST_F(SqliteMetaStoreTest, FindsANumberByWhatItIsCalled) {
  Score score = ScoreOf("a", "t1", 0.1, 1);
  score.text = "poor";
  const auto store = Open();
  ASSERT_TRUE(store->PutScores(std::array{score, ScoreOf("b", "t1", 0.2, 2)}));
  const std::vector<Score> found = store->Scores({.text = "poor"}).value();
  ASSERT_EQ(IdsOf(found), "a");
  EXPECT_EQ(found[0].kind, ScoreKind::kNumber);
  EXPECT_EQ(found[0].number, 0.1);
}

TEST_F(SqliteMetaStoreTest, TheOldestScoresOfTelemetryMakeRoomAndOthersDoNot) {
  base::LossTable losses;
  const auto store =
      SqliteMetaStore::Open({.file = file_, .most_scores = 3, .losses = &losses}).value();
  ASSERT_TRUE(store->PutScores(std::array{ScoreOf("a", "t", 0, 1), ScoreOf("otlp:2", "t", 0, 2),
                                          ScoreOf("otlp:3", "t", 0, 3)}));
  ASSERT_TRUE(store->PutScores(std::array{ScoreOf("otlp:4", "t", 0, 4)}));
  EXPECT_EQ(IdsOf(store->Scores({}).value()), "otlp:4otlp:3a");
  EXPECT_EQ(losses.count(base::Loss::kScoreForgotten), 1U);
  ASSERT_TRUE(store->PutScores(std::array{ScoreOf("b", "t", 0, 5), ScoreOf("c", "t", 0, 6)}));
  EXPECT_EQ(IdsOf(store->Scores({}).value()), "cba");
  EXPECT_EQ(store->PutScores(std::array{ScoreOf("d", "t", 0, 7)}).error().code(),
            base::Code::kResourceExhausted);
  EXPECT_EQ(IdsOf(store->Scores({}).value()), "cba");
}

TEST_F(SqliteMetaStoreTest, RefusesAFileOfANewerVersionAndLeavesItAsItIs) {
  {
    const std::array<std::string_view, 3> future = {Migrations()[0], "CREATE TABLE later (a)",
                                                    "CREATE TABLE last (a)"};
    ASSERT_TRUE(SqliteMetaStore::Open({.file = file_, .migrations = future}));
  }
  const std::string before = Content();
  const auto refused =
      SqliteMetaStore::Open({.file = file_, .migrations = Migrations().subspan(0, 1)});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), base::Code::kFailedPrecondition);
  EXPECT_EQ(refused.error().message(),
            "cannot open " + file_.string() +
                ": it was written by a newer version of Sightline (metadata version 3, this "
                "version knows 1)");
  EXPECT_EQ(Content(), before);
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
    EXPECT_FALSE(entry.path().string().ends_with("-wal")) << entry.path();
  }
}

TEST_F(SqliteMetaStoreTest, CopiesTheFileBeforeEachMigration) {
  const std::array<std::string_view, 3> steps = {Migrations()[0],
                                                 "UPDATE prices SET document = 'two'",
                                                 "UPDATE prices SET document = 'three'"};
  const std::span<const std::string_view> all(steps);
  {
    const auto store = SqliteMetaStore::Open({.file = file_, .migrations = all.subspan(0, 1)});
    ASSERT_TRUE((*store)->SetPrices(std::array{Price("p", "m", 1, "one")}));
  }
  const auto store = SqliteMetaStore::Open({.file = file_, .migrations = all});
  EXPECT_EQ((*store)->Prices().value()[0].document, "three");
  for (const auto& [version, document] :
       {std::pair<std::size_t, std::string>{1, "one"}, {2, "two"}}) {
    const auto copy =
        SqliteMetaStore::Open({.file = file_.string() + ".version-" + std::to_string(version),
                               .migrations = all.subspan(0, version)});
    EXPECT_EQ((*copy)->Prices().value()[0].document, document);
  }
}

TEST_F(SqliteMetaStoreTest, AMigrationThatFailsLeavesTheVersionBefore) {
  const std::array<std::string_view, 2> steps = {
      Migrations()[0], "UPDATE prices SET document = 'broken'; SELECT * FROM nowhere"};
  {
    const auto store =
        SqliteMetaStore::Open({.file = file_, .migrations = std::span(steps).subspan(0, 1)});
    ASSERT_TRUE((*store)->SetPrices(std::array{Price("p", "m", 1, "whole")}));
  }
  const auto failed = SqliteMetaStore::Open({.file = file_, .migrations = steps});
  ASSERT_TRUE(failed.has_value()) << "the server starts without it";
  EXPECT_NE((*failed)->problem(), "");
  EXPECT_FALSE((*failed)->Prices().has_value());
  const auto again =
      SqliteMetaStore::Open({.file = file_, .migrations = std::span(steps).subspan(0, 1)});
  EXPECT_EQ((*again)->Prices().value()[0].document, "whole");
}

TEST_F(SqliteMetaStoreTest, ADamagedFileIsToldAndLeftAsItIs) {
  {
    const auto store = Open();
    std::vector<PriceRow> prices;
    for (int i = 0; i < 200; ++i) {
      prices.push_back(Price("p", std::to_string(i), 1, std::string(500, 'x')));
    }
    ASSERT_TRUE(store->SetPrices(prices));
  }
  {
    std::fstream stream(file_, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(4096 * 4);
    stream << std::string(4096 * 8, '\xee');
  }
  const std::string before = Content();
  const auto store = Open();
  EXPECT_NE(store->problem().find(file_.string()), std::string::npos) << store->problem();
  EXPECT_NE(store->problem().find("restore"), std::string::npos);
  EXPECT_EQ(store->Prices().error().code(), base::Code::kUnavailable);
  EXPECT_EQ(store->SetPrices(std::array{Price("p", "m", 1)}).error().code(),
            base::Code::kUnavailable);
  EXPECT_EQ(store->DeletePrices("p", "m", 1, 0).error().code(), base::Code::kUnavailable);
  EXPECT_EQ(store->BackUp(directory_.path() / "copy").error().code(), base::Code::kUnavailable);
  EXPECT_EQ(Content(), before);
  EXPECT_EQ(CheckMetadata(file_).value().size(), 1U);
}

TEST_F(SqliteMetaStoreTest, AFileThatIsNoDatabaseIsTold) {
  std::ofstream(file_) << "not a database, and longer than the header of one would be: "
                       << std::string(200, '.');
  EXPECT_NE(Open()->problem(), "");
  EXPECT_EQ(CheckMetadata(file_).value().size(), 1U);
}

TEST_F(SqliteMetaStoreTest, BacksUpWhileItIsBeingWrittenTo) {
  const auto store = Open();
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(store->SetPrices(std::array{Price("p", "m", 2 * i), Price("p", "m", 2 * i + 1)}));
    }
  });
  const std::filesystem::path copy = directory_.path() / "copy.db";
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(store->BackUp(copy));
    const auto restored = SqliteMetaStore::Open({.file = copy});
    EXPECT_EQ((*restored)->Prices().value().size() % 2, 0U) << "a part of a transaction";
  }
  writer.join();
  EXPECT_TRUE(store->BackUp(copy));
  EXPECT_EQ((*SqliteMetaStore::Open({.file = copy}))->Prices().value().size(), 200U);
  EXPECT_EQ(CheckMetadata(copy).value().size(), 0U);
}

TEST_F(SqliteMetaStoreTest, KnowsOfNothingWrongWhenThereIsNoFile) {
  EXPECT_TRUE(CheckMetadata(file_).value().empty());
}

}  // namespace
}  // namespace sightline::store::meta
