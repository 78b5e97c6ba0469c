// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/trace_map.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/temp_directory_for_testing.h"
#include "store/embedded/failing_disk_for_testing.h"

namespace sightline::store::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

model::TraceId Id(std::uint64_t number) {
  model::TraceId id;
  for (std::size_t i = 0; i < 8; ++i) {
    id.bytes[8 + i] = static_cast<std::uint8_t>(number >> (8 * (7 - i)));
  }
  id.bytes[0] = static_cast<std::uint8_t>(number * 167);
  return id;
}

TracePlace Place(std::uint64_t trace, std::uint64_t offset, std::uint64_t position = 0) {
  return {.trace_id = Id(trace), .frame_offset = offset, .position = position};
}

class TraceMapTest : public ::testing::Test {
 protected:
  std::unique_ptr<TraceMap> Open() { return TraceMap::Open(disk_, path_); }

  std::vector<TracePlace> Since(const TraceMap& map, std::uint64_t position) {
    std::vector<TracePlace> places;
    map.ForEachSince(position, [&](const TracePlace& place) { places.push_back(place); });
    return places;
  }

  base::TempDirectory directory_;
  FailingDisk disk_;
  const std::filesystem::path path_ = directory_.path() / "traces";
};

TEST_F(TraceMapTest, IsEmptyWithoutAFile) {
  const auto map = Open();
  EXPECT_EQ(map->covered_length(), 0U);
  EXPECT_EQ(map->unsaved(), 0U);
  EXPECT_THAT(map->Find(Id(1)), IsEmpty());
  EXPECT_FALSE(map->MayContain(Id(1)));
  EXPECT_THAT(Since(*map, 0), IsEmpty());
}

TEST_F(TraceMapTest, FindsThePlacesOfATraceInOrderOfOffset) {
  const auto map = Open();
  map->Add({Place(2, 300), Place(1, 200), Place(1, 100)}, 400);
  map->Add({Place(1, 50), Place(3, 500)}, 600);
  EXPECT_THAT(map->Find(Id(1)), ElementsAre(Place(1, 50), Place(1, 100), Place(1, 200)));
  EXPECT_THAT(map->Find(Id(3)), ElementsAre(Place(3, 500)));
  EXPECT_THAT(map->Find(Id(4)), IsEmpty());
  EXPECT_EQ(map->covered_length(), 600U);
  EXPECT_EQ(map->unsaved(), 5U);
}

TEST_F(TraceMapTest, CoversASealWithoutTraces) {
  const auto map = Open();
  map->Add({}, 700);
  EXPECT_EQ(map->covered_length(), 700U);
  ASSERT_TRUE(map->Save().has_value());
  EXPECT_EQ(Open()->covered_length(), 700U);
}

TEST_F(TraceMapTest, HasTheSameAfterSavingAndOpening) {
  auto map = Open();
  for (std::uint64_t seal = 0; seal < 50; ++seal) {
    std::vector<TracePlace> places;
    for (std::uint64_t i = 0; i < 100; ++i) {
      places.push_back(Place((seal * 37 + i * 13) % 500, seal * 1'000 + i, seal));
    }
    map->Add(std::move(places), (seal + 1) * 1'000);
    if (seal % 20 == 10) {
      ASSERT_TRUE(map->Save().has_value());
      EXPECT_EQ(map->unsaved(), 0U);
    }
  }
  const auto check = [&](const TraceMap& checked) {
    std::size_t found = 0;
    for (std::uint64_t trace = 0; trace < 500; ++trace) {
      EXPECT_TRUE(checked.MayContain(Id(trace)));
      const std::vector<TracePlace> places = checked.Find(Id(trace));
      found += places.size();
      for (const TracePlace& place : places) {
        EXPECT_EQ(place.trace_id, Id(trace));
        EXPECT_EQ((place.position * 37 + place.frame_offset % 1'000 * 13) % 500, trace);
      }
    }
    EXPECT_EQ(found, 5'000U);
    EXPECT_EQ(checked.covered_length(), 50'000U);
    EXPECT_THAT(Since(checked, 48), SizeIs(200));
    EXPECT_THAT(Since(checked, 0), SizeIs(5'000));
    EXPECT_THAT(Since(checked, 50), IsEmpty());
  };
  check(*map);
  ASSERT_TRUE(map->Save().has_value());
  check(*map);
  map.reset();
  check(*Open());
}

TEST_F(TraceMapTest, TellsPlacesSinceAPosition) {
  const auto map = Open();
  map->Add({Place(1, 1, 10), Place(2, 2, 20)}, 10);
  ASSERT_TRUE(map->Save().has_value());
  map->Add({Place(3, 3, 15), Place(4, 4, 30)}, 20);
  EXPECT_THAT(Since(*map, 20), UnorderedElementsAre(Place(2, 2, 20), Place(4, 4, 30)));
}

TEST_F(TraceMapTest, LetsFewOtherTracesPassItsFilter) {
  const auto map = Open();
  std::vector<TracePlace> places;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    places.push_back(Place(i, i));
  }
  map->Add(std::move(places), 1);
  std::size_t passed = 0;
  for (std::uint64_t i = 20'000; i < 40'000; ++i) {
    passed += map->MayContain(Id(i)) ? 1 : 0;
  }
  EXPECT_LT(passed, 400U);  // 2 %.
}

TEST_F(TraceMapTest, TrustsNoFileWithAFlippedBit) {
  const auto map = Open();
  map->Add({Place(1, 100, 1), Place(2, 200, 2), Place(3, 300, 3)}, 400);
  ASSERT_TRUE(map->Save().has_value());
  const std::string good = disk_.ReadFile(path_).value();
  ASSERT_THAT(good, SizeIs(64 + 64 + 3 * 32));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bytes = good;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_TRUE(disk_.ReplaceFile(path_, bytes).has_value());
    const auto opened = Open();
    EXPECT_EQ(opened->covered_length(), 0U) << bit;
    EXPECT_THAT(Since(*opened, 0), IsEmpty()) << bit;
  }
}

TEST_F(TraceMapTest, TrustsNoFileOfAnotherLength) {
  const auto map = Open();
  map->Add({Place(1, 100), Place(2, 200)}, 400);
  ASSERT_TRUE(map->Save().has_value());
  const std::string good = disk_.ReadFile(path_).value();
  for (std::size_t length = 0; length < good.size(); ++length) {
    ASSERT_TRUE(disk_.ReplaceFile(path_, std::string_view(good).substr(0, length)).has_value());
    EXPECT_EQ(Open()->covered_length(), 0U) << length;
  }
  ASSERT_TRUE(disk_.ReplaceFile(path_, good + '\0').has_value());
  EXPECT_EQ(Open()->covered_length(), 0U);
  ASSERT_TRUE(disk_.ReplaceFile(path_, good).has_value());
  EXPECT_EQ(Open()->covered_length(), 400U);
}

TEST_F(TraceMapTest, TrustsNoFileThatCannotBeRead) {
  const auto map = Open();
  map->Add({Place(1, 100), Place(2, 200)}, 400);
  ASSERT_TRUE(map->Save().has_value());
  disk_.bad_begin = 130;
  disk_.bad_end = 140;
  EXPECT_EQ(Open()->covered_length(), 0U);
}

// Each call that Save makes fails once, in turn: what was saved before stays readable, and the map
// itself loses nothing.
TEST_F(TraceMapTest, KeepsEverythingWhenSavingFails) {
  auto map = Open();
  map->Add({Place(1, 100)}, 200);
  ASSERT_TRUE(map->Save().has_value());
  map->Add({Place(2, 300)}, 400);
  bool saved = false;
  int failures = 0;
  for (; !saved; ++failures) {
    disk_.calls_until_failure = failures;
    saved = map->Save().has_value();
    disk_.calls_until_failure = FailingDisk::kNever;
    EXPECT_THAT(map->Find(Id(1)), ElementsAre(Place(1, 100))) << failures;
    EXPECT_THAT(map->Find(Id(2)), ElementsAre(Place(2, 300))) << failures;
    const auto opened = Open();
    EXPECT_THAT(opened->Find(Id(1)), ElementsAre(Place(1, 100))) << failures;
    EXPECT_EQ(opened->Find(Id(2)).size(), opened->covered_length() == 400 ? 1U : 0U) << failures;
  }
  EXPECT_GT(failures, 8);
  EXPECT_EQ(map->unsaved(), 0U);
  EXPECT_EQ(Open()->covered_length(), 400U);
}

TEST_F(TraceMapTest, ServesReadersWhileOthersAddAndSave) {
  const auto map = Open();
  constexpr std::uint64_t kSeals = 400;
  std::atomic<std::uint64_t> added = 0;
  std::jthread adder([&] {
    for (std::uint64_t seal = 0; seal < kSeals; ++seal) {
      map->Add({Place(seal, seal), Place(0, seal + kSeals)}, seal + 1);
      added = seal + 1;
    }
  });
  std::jthread saver([&] {
    while (added < kSeals) {
      EXPECT_TRUE(map->Save().has_value());
    }
  });
  while (added < kSeals) {
    const std::uint64_t before = added;
    EXPECT_GE(map->Find(Id(0)).size(), before);
    if (before > 0) {
      EXPECT_FALSE(map->Find(Id(before - 1)).empty());
    }
  }
  adder.join();
  saver.join();
  EXPECT_THAT(map->Find(Id(0)), SizeIs(kSeals + 1));
  EXPECT_THAT(Since(*map, 0), SizeIs(2 * kSeals));
  ASSERT_TRUE(map->Save().has_value());
  EXPECT_THAT(Open()->Find(Id(0)), SizeIs(kSeals + 1));
}

}  // namespace
}  // namespace sightline::store::embedded
