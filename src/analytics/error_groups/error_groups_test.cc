// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/error_groups.h"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::analytics {
namespace {

using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

// Letters only, so that nothing masks it.
std::string WordOf(std::size_t number) {
  std::string word = "w";
  do {
    word += static_cast<char>('a' + number % 16);
    number /= 16;
  } while (number > 0);
  return word + "x";
}

TEST(ErrorGroupsTest, OneProblemIsOneGroup) {
  ErrorGroups groups;
  const auto first = groups.Assign("Tool get_order raised ValueError: alpha beta");
  const auto second = groups.Assign("Tool list_user raised KeyError: gamma");
  EXPECT_THAT(first.group, MatchesRegex("v1:[0-9a-f]{16}"));
  EXPECT_EQ(second.group, first.group);
  EXPECT_EQ(second.template_text, "Tool <*> raised <*> : <**>");
  EXPECT_EQ(groups.template_count(), 1U);
}

TEST(ErrorGroupsTest, OtherProblemsAreOtherGroups) {
  ErrorGroups groups;
  std::set<std::string> ids;
  for (const std::string_view message :
       {"1 validation error for OrderInput", "3 validation errors for OrderInput",
        "HTTP 500 from https://a.example/x", "HTTP 404 from https://a.example/x",
        "KeyError: 'order'", "IndexError: list index out of range",
        "Error code: 429 - {'error': {'message': 'Rate limit reached', 'type': 'tokens'}}",
        "Error code: 401 - {'error': {'message': 'Incorrect key', 'type': 'auth'}}"}) {
    ids.insert(groups.Assign(message).group);
  }
  EXPECT_THAT(ids, SizeIs(8));
}

TEST(ErrorGroupsTest, TemplatesOpenWhereMessagesDiffer) {
  ErrorGroups groups;
  const auto first = groups.Assign("User alice has no open order");
  EXPECT_EQ(first.template_text, "User alice has no open order");
  const auto second = groups.Assign("User bob has no open order");
  EXPECT_EQ(second.group, first.group);
  EXPECT_EQ(second.template_text, "User <*> has no open order");
  EXPECT_EQ(groups.Assign("User alice has no open order").group, first.group);
}

TEST(ErrorGroupsTest, FreeWordsInTheMiddleMayBeAnyNumber) {
  ErrorGroups groups;
  const std::string first = groups.Assign("Search for red wine returned no results").group;
  const auto second = groups.Assign("Search for old green wooden table returned no results");
  EXPECT_EQ(second.group, first);
  EXPECT_EQ(second.template_text, "Search for <**> returned no results");
  EXPECT_EQ(groups.Assign("Search for bread returned no results").group, first);
  EXPECT_EQ(groups.Assign("Search for red wine returned no results").group, first);
  EXPECT_NE(groups.Assign("Search for red wine returned bad results").group, first);
}

TEST(ErrorGroupsTest, ForgettingATemplateForgetsItsFreeWords) {
  ErrorGroups groups({.max_templates = 1});
  const std::string first = groups.Assign("Search for red wine returned no results").group;
  groups.Assign("the tool has failed");
  EXPECT_NE(groups.Assign("Search for old green table returned no results").group, first);
}

TEST(ErrorGroupsTest, IdsAreTheSameInEveryStreamAndProcess) {
  ErrorGroups one;
  ErrorGroups other;
  one.Assign("something else went wrong here");
  EXPECT_EQ(one.Assign("Order 12 not found").group, other.Assign("Order 99 not found").group);
  // Changes only together with kErrorGroupsVersion.
  EXPECT_EQ(other.Assign("Order 12 not found").group, "v1:ea1049326c80e099");
}

TEST(ErrorGroupsTest, AnAnswerDependsOnEarlierMessagesOnly) {
  std::vector<std::string> messages;
  for (std::size_t i = 0; i < 200; ++i) {
    messages.push_back(
        fmt::format("Field {} of table {} is not known", WordOf(i * 7 % 31), WordOf(i * 5 % 13)));
    messages.push_back(fmt::format("Unknown column {}", WordOf(i)));
  }
  ErrorGroups all;
  ErrorGroups half;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto given = all.Assign(messages[i]);
    if (i < messages.size() / 2) {
      const auto again = half.Assign(messages[i]);
      EXPECT_EQ(given.group, again.group);
      EXPECT_EQ(given.template_text, again.template_text);
      EXPECT_EQ(given.proposals, again.proposals);
    }
  }
}

TEST(ErrorGroupsTest, ProposesToMergeManyGroupsThatDifferInOneWord) {
  ErrorGroups groups;
  std::vector<ErrorGroups::MergeProposal> proposals;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < 8; ++i) {
    const auto given = groups.Assign("Seat " + WordOf(i) + " gone");
    EXPECT_EQ(given.proposals.empty(), i < 7);
    ids.push_back(given.group);
    proposals = given.proposals;
  }
  ASSERT_THAT(proposals, SizeIs(7));
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    EXPECT_EQ(proposals[i], ErrorGroups::MergeProposal(ids[0], ids[i + 1]));
  }
  // What comes now joins the first; what was assigned stays.
  EXPECT_EQ(groups.Assign("Seat qx gone").group, ids[0]);
  EXPECT_EQ(groups.Assign("Seat " + WordOf(3) + " gone").group, ids[3]);
}

TEST(ErrorGroupsTest, AFewProblemsOfAFamilyStayApart) {
  ErrorGroups groups;
  for (const std::string_view state : {"Resumed", "Paused", "Stopped", "Started", "Destroyed",
                                       "Created", "Moved", "Cloned", "Locked", "Signed"}) {
    EXPECT_THAT(groups.Assign(fmt::format("[vm: 7] VM {} (Lifecycle Event)", state)).proposals,
                IsEmpty());
  }
  EXPECT_EQ(groups.template_count(), 10U);
}

TEST(ErrorGroupsTest, ForgetsTheTemplateSeenLeastRecently) {
  ErrorGroups groups({.max_templates = 2});
  const std::string a = groups.Assign("it is not a").group;
  groups.Assign("it was never b and c");
  EXPECT_EQ(groups.Assign("it is not a").group, a);
  groups.Assign("which one would that be then");  // Forgets the second.
  EXPECT_EQ(groups.template_count(), 2U);
  EXPECT_EQ(groups.Assign("it is not a").group, a);
  EXPECT_EQ(groups.template_count(), 2U);
}

TEST(ErrorGroupsTest, AForgottenProblemComesBackWithItsId) {
  ErrorGroups groups({.max_templates = 1});
  const std::string first = groups.Assign("order 1 not found").group;
  const std::string second = groups.Assign("the tool has failed").group;
  EXPECT_NE(first, second);
  EXPECT_EQ(groups.Assign("order 2 not found").group, first);
}

TEST(ErrorGroupsTest, MemoryIsBoundedWhenEveryMessageIsAnother) {
  ErrorGroups groups({.max_templates = 500});
  for (std::size_t i = 0; i < 20'000; ++i) {
    groups.Assign("the " + WordOf(i) + "ed is " + WordOf(i * 31) + "ing");
  }
  EXPECT_EQ(groups.template_count(), 500U);
}

TEST(ErrorGroupsTest, TakesAnyBytes) {
  ErrorGroups groups;
  std::string garbage;
  for (int i = 0; i < 20'000; ++i) {
    garbage += static_cast<char>(i * 7919 % 256);
  }
  const auto first = groups.Assign(garbage);
  EXPECT_EQ(groups.Assign(garbage).group, first.group);
  EXPECT_EQ(groups.Assign("").group, groups.Assign(" \n").group);
}

TEST(ErrorFingerprintTest, DependsOnAllThreeParts) {
  const std::string fingerprint = ErrorFingerprint("KeyError", "get_order", "Order <*> not found");
  EXPECT_THAT(fingerprint, MatchesRegex("v1:[0-9a-f]{16}"));
  EXPECT_EQ(ErrorFingerprint("KeyError", "get_order", "Order <*> not found"), fingerprint);
  EXPECT_NE(ErrorFingerprint("", "get_order", "Order <*> not found"), fingerprint);
  EXPECT_NE(ErrorFingerprint("KeyError", "", "Order <*> not found"), fingerprint);
  EXPECT_NE(ErrorFingerprint("KeyError", "get_order", ""), fingerprint);
}

TEST(ErrorFingerprintTest, PartsDoNotRunTogether) {
  EXPECT_NE(ErrorFingerprint("ab", "c", ""), ErrorFingerprint("a", "bc", ""));
  EXPECT_NE(ErrorFingerprint("", "1:a", ""), ErrorFingerprint("1:a", "", ""));
}

}  // namespace
}  // namespace sightline::analytics
