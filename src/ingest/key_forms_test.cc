// SPDX-License-Identifier: Apache-2.0
#include "ingest/key_forms.h"

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/arena.h"

namespace sightline::ingest {
namespace {

TEST(KeyFormsTest, QuotesAKeyAndTellsContent) {
  base::Arena arena;
  KeyForms keys(arena);
  keys.StartList();
  const KeyForms::Found plain = keys.Find("a\"b");
  EXPECT_EQ(plain.form.member, "\"a\\\"b\":");
  EXPECT_EQ(plain.form.text, "a\"b");
  EXPECT_FALSE(plain.form.is_content);
  EXPECT_FALSE(plain.is_repeat);
  EXPECT_TRUE(keys.Find("gen_ai.input.messages").form.is_content);
}

TEST(KeyFormsTest, RepairsAKey) {
  base::Arena arena;
  KeyForms keys(arena);
  keys.StartList();
  const KeyForms::Form& form = keys.Find("a\xFF").form;
  EXPECT_TRUE(form.is_repaired);
  EXPECT_EQ(form.text, "a\xEF\xBF\xBD");
  EXPECT_EQ(form.member, "\"a\xEF\xBF\xBD\":");
}

TEST(KeyFormsTest, TakesAnEmptyKey) {
  base::Arena arena;
  KeyForms keys(arena);
  for (int list = 0; list < 2; ++list) {
    keys.StartList();
    EXPECT_FALSE(keys.Find("").is_repeat);
    EXPECT_EQ(keys.Find("").form.member, "\"\":");
    EXPECT_TRUE(keys.Find("").is_repeat);
  }
}

// What a list of attributes looks like to whoever encodes it.
std::vector<std::string> Seen(KeyForms& keys, const std::vector<std::string>& list) {
  std::vector<std::string> seen;
  keys.StartList();
  for (const std::string& key : list) {
    const auto [form, is_repeat] = keys.Find(key);
    EXPECT_EQ(form.key, key);
    seen.push_back(std::string(form.member) + (is_repeat ? " again" : ""));
  }
  return seen;
}

TEST(KeyFormsTest, FindsRepeatsInOneListOnly) {
  base::Arena arena;
  KeyForms keys(arena);
  const std::vector<std::string> list = {"a", "b", "a", "c", "b"};
  const std::vector<std::string> seen = {"\"a\":", "\"b\":", "\"a\": again",
                                         "\"c\":", "\"b\": again"};
  EXPECT_EQ(Seen(keys, list), seen);
  EXPECT_EQ(Seen(keys, list), seen);
  const std::vector<std::string> other = {"c", "a", "b", "d", "d"};
  const std::vector<std::string> other_seen = {
      "\"c\":", "\"a\":", "\"b\":", "\"d\":", "\"d\": again"};
  EXPECT_EQ(Seen(keys, other), other_seen);
}

TEST(KeyFormsTest, WorksOutKeysThatHaveNoPlace) {
  base::Arena arena;
  KeyForms keys(arena);
  constexpr int kMany = 2'000;
  std::vector<std::string> list;
  std::vector<std::string> expected;
  for (int i = 0; i < kMany; ++i) {
    list.push_back("key" + std::to_string(i));
    expected.push_back('"' + list.back() + "\":");
  }
  for (const int repeat : {0, kMany - 1}) {
    list.push_back(list[static_cast<std::size_t>(repeat)]);
    expected.push_back(expected[static_cast<std::size_t>(repeat)] + " again");
  }
  EXPECT_EQ(Seen(keys, list), expected);
  EXPECT_EQ(Seen(keys, list), expected);
}

}  // namespace
}  // namespace sightline::ingest
