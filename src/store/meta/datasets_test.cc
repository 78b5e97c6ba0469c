// SPDX-License-Identifier: Apache-2.0
#include "store/meta/datasets.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/temp_directory_for_testing.h"
#include "store/meta/sqlite_meta_store.h"

namespace sightline::store::meta {
namespace {

using base::Code;

constexpr std::size_t kAll = 100;
constexpr std::size_t kAnyBytes = std::size_t{1} << 30U;

Dataset Named(std::string id, std::string name) {
  return {.id = std::move(id), .name = std::move(name), .created_ns = 5, .updated_ns = 5};
}

Example Of(std::string id, std::string trace_id, std::string span_id = "") {
  return {.id = std::move(id),
          .trace_id = std::move(trace_id),
          .span_id = std::move(span_id),
          .input = R"("in")",
          .output = R"("out")",
          .created_ns = 7,
          .updated_ns = 7};
}

std::string IdsOf(const ExamplePage& page) {
  std::string ids;
  for (const Example& example : page.examples) {
    ids += example.id;
  }
  return ids;
}

class DatasetsTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteMetaStore> Open(const DatasetLimits& limits = {}) {
    return SqliteMetaStore::Open({.file = file_, .datasets = limits}).value();
  }

  base::TempDirectory directory_;
  const std::filesystem::path file_ = directory_.path() / "metadata.db";
};

TEST_F(DatasetsTest, KeepsAllOfAnExampleOverARestart) {
  const Example example{.id = "e",
                        .trace_id = "t",
                        .run_id = "order-7",
                        .span_id = "s",
                        .run_ns = 3,
                        .input = R"({"é":1})",
                        .output = "null",
                        .expected = R"("x")",
                        .metadata = R"({"level":3})",
                        .created_ns = 7,
                        .updated_ns = 8};
  {
    const auto store = Open();
    ASSERT_TRUE(store->AddDataset(Named("d", "bags")));
    ASSERT_TRUE(store->AddExample("d", example));
  }
  const auto store = Open();
  const ExamplePage page = store->Examples("d", 0, kAll, kAnyBytes).value();
  ASSERT_EQ(page.examples.size(), 1U);
  const Example& kept = page.examples[0];
  EXPECT_EQ(kept.id, "e");
  EXPECT_EQ(kept.trace_id, "t");
  EXPECT_EQ(kept.run_id, "order-7");
  EXPECT_EQ(kept.span_id, "s");
  EXPECT_EQ(kept.run_ns, 3);
  EXPECT_EQ(kept.input, example.input);
  EXPECT_EQ(kept.output, "null");
  EXPECT_EQ(kept.expected, R"("x")");
  EXPECT_EQ(kept.metadata, example.metadata);
  EXPECT_EQ(kept.created_ns, 7);
  EXPECT_EQ(kept.updated_ns, 8);
  const Dataset dataset = *store->FindDataset("d").value();
  EXPECT_EQ(dataset.examples, 1);
  EXPECT_EQ(dataset.bytes, static_cast<std::int64_t>(example.bytes()));
  EXPECT_EQ(dataset.updated_ns, 7) << "an example was added then";
}

TEST_F(DatasetsTest, ListsDatasetsByNameAndRenamesThem) {
  const auto store = Open();
  ASSERT_TRUE(store->AddDataset(Named("1", "b")));
  ASSERT_TRUE(store->AddDataset(Named("2", "a")));
  ASSERT_TRUE(store->AddExample("1", Of("x", "t")));
  EXPECT_EQ(store->Datasets().value()[0].id, "2");
  Dataset change = Named("1", "A");
  change.description = "said";
  change.created_ns = 99;
  change.updated_ns = 9;
  const Dataset renamed = store->ReplaceDataset(change).value();
  EXPECT_EQ(renamed.name, "A");
  EXPECT_EQ(renamed.description, "said");
  EXPECT_EQ(renamed.created_ns, 5);
  EXPECT_EQ(renamed.updated_ns, 9);
  EXPECT_EQ(renamed.examples, 1);
  EXPECT_EQ(store->Datasets().value()[0].id, "1");
  EXPECT_EQ(store->ReplaceDataset(Named("nobody", "n")).error().code(), Code::kNotFound);
  EXPECT_FALSE(store->FindDataset("nobody").value().has_value());
}

TEST_F(DatasetsTest, APageEndsAtItsLimitOrWithItsBytes) {
  const auto store = Open();
  ASSERT_TRUE(store->AddDataset(Named("d", "d")));
  ASSERT_TRUE(store->AddDataset(Named("other", "other")));
  std::vector<std::int64_t> places;
  for (const std::string id : {"a", "b", "c"}) {
    ASSERT_TRUE(store->AddExample("other", Of(id, "t" + id)));
    places.push_back(store->AddExample("d", Of(id, "t" + id)).value());
  }
  const std::size_t one = Of("a", "t").bytes();

  struct Case {
    std::int64_t after;
    std::size_t limit;
    std::size_t most_bytes;
    std::string_view ids;
    bool has_more;
  };

  for (const Case& c :
       {Case{0, kAll, kAnyBytes, "abc", false}, Case{0, 3, kAnyBytes, "abc", false},
        Case{0, 2, kAnyBytes, "ab", true}, Case{places[0], 2, one * 2, "bc", false},
        Case{0, kAll, one * 2, "ab", true}, Case{0, kAll, 0, "a", true},
        Case{places[1], kAll, 0, "c", false}, Case{places[2], kAll, kAnyBytes, "", false}}) {
    const ExamplePage page = store->Examples("d", c.after, c.limit, c.most_bytes).value();
    EXPECT_EQ(IdsOf(page), c.ids) << c.after << " " << c.limit << " " << c.most_bytes;
    EXPECT_EQ(page.has_more, c.has_more) << c.after << " " << c.limit << " " << c.most_bytes;
  }
  EXPECT_EQ(IdsOf(store->Examples("nobody", 0, kAll, kAnyBytes).value()), "");
}

TEST_F(DatasetsTest, ARunOrAStepIsInADatasetOnce) {
  const auto store = Open();
  ASSERT_TRUE(store->AddDataset(Named("d", "d")));
  ASSERT_TRUE(store->AddDataset(Named("other", "other")));
  ASSERT_TRUE(store->AddExample("d", Of("run", "t")));
  ASSERT_TRUE(store->AddExample("d", Of("step", "t", "s")));
  ASSERT_TRUE(store->AddExample("other", Of("run", "t")));
  ASSERT_TRUE(store->AddExample("d", Of("1", "")));
  ASSERT_TRUE(store->AddExample("d", Of("2", ""))) << "of no run";
  const auto again = store->AddExample("d", Of("again", "t"));
  EXPECT_EQ(again.error().code(), Code::kAlreadyExists);
  EXPECT_EQ(again.error().message(), "example 'run' of the dataset is of the same run");
  EXPECT_EQ(store->AddExample("d", Of("again", "t", "s")).error().message(),
            "example 'step' of the dataset is of the same step");
  EXPECT_EQ(store->FindDataset("d").value()->examples, 4);
  EXPECT_TRUE(store->DeleteExample("d", "run", 8).value());
  EXPECT_TRUE(store->AddExample("d", Of("again", "t")));
}

TEST_F(DatasetsTest, CountsWhatIsChangedAndDeleted) {
  const auto store = Open();
  ASSERT_TRUE(store->AddDataset(Named("d", "d")));
  ASSERT_TRUE(store->AddExample("d", Of("a", "ta")));
  ASSERT_TRUE(store->AddExample("d", Of("b", "tb")));
  const auto one = static_cast<std::int64_t>(Of("a", "ta").bytes());
  const Example changed = store->SetExpected("d", "a", "12345", 9).value();
  EXPECT_EQ(changed.expected, "12345");
  EXPECT_EQ(changed.created_ns, 7);
  EXPECT_EQ(changed.updated_ns, 9);
  EXPECT_EQ(store->FindDataset("d").value()->bytes, 2 * one + 5);
  EXPECT_EQ(store->FindDataset("d").value()->updated_ns, 9);
  ASSERT_TRUE(store->SetExpected("d", "a", "", 10));
  EXPECT_EQ(store->FindDataset("d").value()->bytes, 2 * one);
  EXPECT_TRUE(store->DeleteExample("d", "b", 11).value());
  EXPECT_FALSE(store->DeleteExample("d", "b", 12).value());
  EXPECT_FALSE(store->DeleteExample("nobody", "a", 12).value());
  const Dataset dataset = *store->FindDataset("d").value();
  EXPECT_EQ(dataset.examples, 1);
  EXPECT_EQ(dataset.bytes, one);
  EXPECT_EQ(dataset.updated_ns, 11);
  EXPECT_EQ(store->SetExpected("d", "b", "1", 1).error().code(), Code::kNotFound);
}

TEST_F(DatasetsTest, ADatasetGoesWithItsExamples) {
  const auto store = Open();
  ASSERT_TRUE(store->AddDataset(Named("d", "d")));
  ASSERT_TRUE(store->AddExample("d", Of("a", "t")));
  EXPECT_TRUE(store->DeleteDataset("d").value());
  EXPECT_FALSE(store->DeleteDataset("d").value());
  EXPECT_EQ(store->AddExample("d", Of("a", "t")).error().code(), Code::kNotFound);
  ASSERT_TRUE(store->AddDataset(Named("d", "d")));
  EXPECT_EQ(IdsOf(store->Examples("d", 0, kAll, kAnyBytes).value()), "");
}

TEST_F(DatasetsTest, WhatIsOverALimitIsRefusedAndChangesNothing) {
  const auto one = static_cast<std::int64_t>(Of("a", "t").bytes());
  const auto store = Open({.datasets = 2, .examples = 2, .bytes = 3 * one});
  ASSERT_TRUE(store->AddDataset(Named("1", "1")));
  ASSERT_TRUE(store->AddDataset(Named("2", "2")));
  EXPECT_EQ(store->AddDataset(Named("3", "3")).error().message(),
            "there are 2 datasets: delete some first");
  ASSERT_TRUE(store->AddExample("1", Of("a", "ta")));
  ASSERT_TRUE(store->AddExample("1", Of("b", "tb")));
  const auto many = store->AddExample("1", Of("c", "tc"));
  EXPECT_EQ(many.error().code(), Code::kResourceExhausted);
  EXPECT_EQ(many.error().message(), "the dataset has 2 examples: delete some first");
  ASSERT_TRUE(store->AddExample("2", Of("a", "ta")));
  EXPECT_EQ(store->AddExample("2", Of("b", "tb")).error().code(), Code::kResourceExhausted);
  EXPECT_EQ(store->SetExpected("2", "a", "1", 9).error().code(), Code::kResourceExhausted);
  EXPECT_EQ(store->FindDataset("1").value()->examples, 2);
  EXPECT_EQ(store->FindDataset("2").value()->bytes, one);
  EXPECT_EQ(store->Examples("2", 0, kAll, kAnyBytes).value().examples[0].expected, "");
  EXPECT_TRUE(store->DeleteExample("1", "a", 9).value());
  EXPECT_TRUE(store->AddExample("2", Of("b", "tb"))) << "there is room again";
}

TEST_F(DatasetsTest, AFileFromBeforeDatasetsIsBroughtUpToDate) {
  {
    const auto before =
        SqliteMetaStore::Open({.file = file_, .migrations = Migrations().subspan(0, 3)});
    ASSERT_TRUE((*before)->AddSaved(SavedKind::kView, {.id = "v", .name = "v", .document = "{}"}));
    EXPECT_FALSE((*before)->Datasets().has_value());
  }
  const auto store = Open();
  EXPECT_EQ(store->problem(), "");
  EXPECT_TRUE(store->AddDataset(Named("d", "d")));
  EXPECT_TRUE(store->FindSaved(SavedKind::kView, "v").value().has_value());
  EXPECT_TRUE(std::filesystem::exists(file_.string() + ".version-3"));
}

}  // namespace
}  // namespace sightline::store::meta
