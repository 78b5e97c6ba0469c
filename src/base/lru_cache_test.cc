// SPDX-License-Identifier: Apache-2.0
#include "base/lru_cache.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace sightline::base {
namespace {

std::shared_ptr<const int> Number(int value) {
  return std::make_shared<const int>(value);
}

TEST(LruCacheTest, DropsWhatWasNotUsedForLongest) {
  LruCache<int> cache(10'000);
  for (const char* key : {"a", "b", "c", "d"}) {
    cache.Put(key, Number(1), 2'000);
  }
  ASSERT_NE(cache.Find("a"), nullptr);
  for (const char* key : {"e", "f"}) {
    cache.Put(key, Number(2), 1'000);
  }
  EXPECT_NE(cache.Find("a"), nullptr);
  EXPECT_EQ(cache.Find("b"), nullptr);
  EXPECT_NE(cache.Find("f"), nullptr);
  EXPECT_LE(cache.bytes(), 10'000U);
}

TEST(LruCacheTest, ReplacesAndKeepsNothingThatIsTooLarge) {
  LruCache<int> cache(10'000);
  cache.Put("a", Number(1), 10);
  const auto first = cache.Find("a");
  cache.Put("a", Number(2), 10);
  ASSERT_NE(cache.Find("a"), nullptr);
  EXPECT_EQ(*cache.Find("a"), 2);
  EXPECT_EQ(*first, 1);
  cache.Put("a", Number(3), 2'500);
  EXPECT_EQ(cache.Find("a"), nullptr);
  EXPECT_EQ(cache.bytes(), 0U);
}

TEST(LruCacheTest, CountsKeys) {
  LruCache<int> cache(10'000);
  cache.Put(std::string(2'000, 'k'), Number(1), 10);
  EXPECT_GE(cache.bytes(), 2'010U);
  cache.Put(std::string(3'000, 'l'), Number(1), 10);
  EXPECT_EQ(cache.Find(std::string(3'000, 'l')), nullptr);
}

}  // namespace
}  // namespace sightline::base
