// SPDX-License-Identifier: Apache-2.0
#include "store/meta/annotations.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/temp_directory_for_testing.h"
#include "store/meta/sqlite_meta_store.h"

namespace sightline::store::meta {
namespace {

Annotation Of(std::string id, std::string trace_id, std::int64_t time_ns) {
  return {.id = std::move(id), .trace_id = std::move(trace_id), .text = "x", .time_ns = time_ns};
}

class AnnotationsTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteMetaStore> Open(std::int64_t most = 100) {
    return SqliteMetaStore::Open({.file = file_, .most_annotations = most}).value();
  }

  base::TempDirectory directory_;
  const std::filesystem::path file_ = directory_.path() / "metadata.db";
};

TEST_F(AnnotationsTest, FindsThemByEverythingTheyAreAskedFor) {
  Annotation of_step = Of("c", "t2", 3);
  of_step.span_id = "s";
  of_step.author = "ada";
  of_step.text = "slow: é '";
  Annotation of_session = Of("d", "", 4);
  of_session.session_id = "talk";
  {
    const auto store = Open();
    for (const Annotation& annotation : {Of("a", "t1", 1), Of("b", "t2", 3), of_step, of_session}) {
      ASSERT_TRUE(store->AddAnnotation(annotation));
    }
  }
  const auto store = Open();
  const auto found = [&](const AnnotationQuery& query) {
    std::string ids;
    const std::vector<Annotation> list = store->Annotations(query).value();
    for (const Annotation& annotation : list) {
      ids += annotation.id;
    }
    return ids;
  };
  EXPECT_EQ(found({}), "dcba") << "the newest first";
  EXPECT_EQ(found({.limit = 2}), "dc");
  EXPECT_EQ(found({.after = AnnotationPlace{.time_ns = 3, .id = "c"}}), "ba");
  EXPECT_EQ(found({.trace_id = "t2"}), "cb");
  EXPECT_EQ(found({.trace_id = "t2", .span_id = "s"}), "c");
  EXPECT_EQ(found({.trace_id = "t1", .span_id = "s"}), "");
  EXPECT_EQ(found({.trace_id = "t2", .after = AnnotationPlace{.time_ns = 3, .id = "c"}}), "b");
  EXPECT_EQ(found({.session_id = "talk"}), "d");
  EXPECT_EQ(found({.author = "ada"}), "c");
  EXPECT_EQ(found({.author = "' OR ''='"}), "");
  const Annotation kept = store->Annotations({.author = "ada"}).value()[0];
  EXPECT_EQ(kept.text, of_step.text);
  EXPECT_EQ(kept.span_id, "s");
  EXPECT_EQ(kept.time_ns, 3);
}

TEST_F(AnnotationsTest, DeletesThemAndRefusesTooMany) {
  const auto store = Open(2);
  ASSERT_TRUE(store->AddAnnotation(Of("a", "t", 1)));
  ASSERT_TRUE(store->AddAnnotation(Of("b", "t", 2)));
  EXPECT_EQ(store->AddAnnotation(Of("c", "t", 3)).error().code(), base::Code::kResourceExhausted);
  EXPECT_TRUE(store->DeleteAnnotation("a").value());
  EXPECT_FALSE(store->DeleteAnnotation("a").value());
  EXPECT_TRUE(store->AddAnnotation(Of("c", "t", 3)));
  EXPECT_EQ(store->Annotations({}).value().size(), 2U);
}

}  // namespace
}  // namespace sightline::store::meta
