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
    const auto store = Open();
    ASSERT_TRUE(store->SetPrices(std::array{Price("p", "m", 1, "whole")}));
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
