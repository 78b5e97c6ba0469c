// SPDX-License-Identifier: Apache-2.0
#include "api/telemetry/resource_usage.h"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::api {
namespace {

using ::testing::Optional;

constexpr std::size_t kNone = analytics::TraceView::kNone;

// What a run of these spans uses: their attributes and the place of their parent; the first is the
// root.
ResourceUsage UsageOfRun(const std::vector<std::pair<const char*, std::size_t>>& spans) {
  std::vector<model::Span> rows(spans.size());
  analytics::TraceView view;
  view.root = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    rows[i].attributes = spans[i].first;
    view.spans.push_back(rows[i]);
    view.parents.push_back(spans[i].second);
  }
  return ResourceUsageOf(view);
}

TEST(ResourceUsageTest, ReadsTheNumbersThatAreKnownAndNothingElse) {
  model::Span span;
  span.attributes =
      R"({"sightline.resource_usage.memory_usage":120.5,"sightline.resource_usage.cpu_usage":"12",)"
      R"("sightline.resource_usage.io_operations":-7,"sightline.resource_usage.memory_change_mb":-3,)"
      R"("sightline.resource_usage.network_requests":1e999,"sightline.resource_usage.own":1,)"
      R"("sightline.resource_usage.cpu_change_percent":{"$double":"NaN"},"memory_usage":3})";
  const ResourceUsage usage = ResourceUsageOf(span);
  EXPECT_THAT(usage.of(Resource::kMemoryUsage), Optional(120.5));
  EXPECT_EQ(usage.of(Resource::kCpuUsage), std::nullopt);
  EXPECT_EQ(usage.of(Resource::kIoOperations), std::nullopt);
  EXPECT_THAT(usage.of(Resource::kMemoryChange), Optional(-3));
  EXPECT_EQ(usage.of(Resource::kNetworkRequests), std::nullopt);
  EXPECT_EQ(usage.of(Resource::kCpuChange), std::nullopt);
}

TEST(ResourceUsageTest, KeepsTheSpellingOfNumbers) {
  std::string told;
  ForEachResource(R"({"a":1,"sightline.resource_usage.io_operations":7})",
                  [&](Resource resource, std::string_view number) {
                    told += std::string(ResourceName(resource)) + "=" + std::string(number);
                  });
  EXPECT_EQ(told, "io_operations=7");
}

TEST(ResourceUsageTest, TakesWhatTheRootOfARunSaysBeforeItsSteps) {
  const ResourceUsage run =
      UsageOfRun({{R"({"sightline.resource_usage.memory_change_mb":0})", kNone},
                  {R"({"sightline.resource_usage.memory_change_mb":5,)"
                   R"("sightline.resource_usage.io_operations":2})",
                   0}});
  EXPECT_THAT(run.of(Resource::kMemoryChange), Optional(0));
  EXPECT_THAT(run.of(Resource::kIoOperations), Optional(2));
  EXPECT_EQ(run.of(Resource::kMemoryUsage), std::nullopt);
}

TEST(ResourceUsageTest, GathersTheOutermostStepsOfARun) {
  const char* const kInner =
      R"({"sightline.resource_usage.memory_change_mb":100,"sightline.resource_usage.cpu_usage":99,)"
      R"("sightline.resource_usage.cpu_change_percent":100})";
  const ResourceUsage run = UsageOfRun({{"{}", kNone},
                                        {R"({"sightline.resource_usage.memory_change_mb":5,)"
                                         R"("sightline.resource_usage.cpu_usage":10,)"
                                         R"("sightline.resource_usage.cpu_change_percent":1})",
                                         0},
                                        {"{}", 1},
                                        {kInner, 2},
                                        {R"({"sightline.resource_usage.memory_change_mb":-2,)"
                                         R"("sightline.resource_usage.cpu_usage":30,)"
                                         R"("sightline.resource_usage.cpu_change_percent":4})",
                                         0}});
  EXPECT_THAT(run.of(Resource::kMemoryChange), Optional(3));
  EXPECT_THAT(run.of(Resource::kCpuUsage), Optional(30));
  EXPECT_THAT(run.of(Resource::kCpuChange), Optional(2.5));
}

TEST(ResourceUsageTest, EndsWhenParentsAreACircle) {
  const char* const kOne = R"({"sightline.resource_usage.io_operations":1})";
  const ResourceUsage run = UsageOfRun({{"{}", kNone}, {"{}", 2}, {"{}", 1}, {kOne, 1}});
  EXPECT_THAT(run.of(Resource::kIoOperations), Optional(1));
}

TEST(ResourceUsageTest, AveragesOverThoseThatSaidSomething) {
  ResourceSums sums;
  EXPECT_EQ(sums.average(Resource::kCpuUsage), std::nullopt);
  ResourceUsage usage;
  sums.Add(usage);
  usage.of(Resource::kCpuUsage) = 10;
  sums.Add(usage);
  usage.of(Resource::kCpuUsage) = 20;
  sums.Add(usage);
  EXPECT_THAT(sums.average(Resource::kCpuUsage), Optional(15));
  EXPECT_EQ(sums.count(Resource::kCpuUsage), 2U);
  EXPECT_EQ(sums.count(Resource::kMemoryUsage), 0U);
}

}  // namespace
}  // namespace sightline::api
