// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/template_tree.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "analytics/error_groups/mask.h"
#include "analytics/error_groups/token.h"

namespace sightline::analytics {
namespace {

std::vector<Token> Masked(std::string_view text) {
  return MaskMessage(text);
}

struct PairCase {
  std::string_view name;
  std::string_view known;
  std::string_view message;
  bool is_one_problem;
};

class SimilarTest : public testing::TestWithParam<PairCase> {};

TEST_P(SimilarTest, JoinsWhatDiffersInValuesOnly) {
  TemplateTree tree;
  tree.Add(Masked(GetParam().known), 7);
  EXPECT_EQ(tree.FindSimilar(Masked(GetParam().message)).has_value(), GetParam().is_one_problem);
}

std::string NameOf(const testing::TestParamInfo<PairCase>& info) {
  return std::string(info.param.name);
}

INSTANTIATE_TEST_SUITE_P(
    Pairs, SimilarTest,
    testing::Values(
        PairCase{"Equal", "order 1 not found", "order 2 not found", true},
        PairCase{"Noun", "user alice is not known", "user bob is not known", true},
        PairCase{"CapitalName", "user Alice is not known", "user bob is not known", true},
        PairCase{"ValueForNoun", "user alice is not known", "user u17 is not known", true},
        PairCase{"TwoNouns", "category alpha and severity beta were set",
                 "category gamma and severity delta were set", true},
        PairCase{"VerbForm", "the task was started today", "the task was stopped today", false},
        PairCase{"Negation", "the task is done today", "the task is not today", false},
        PairCase{"Outcome", "found missing key in the map", "found invalid key in the map", false},
        PairCase{"FirstWord", "data parity error was seen here", "cache parity error was seen here",
                 false},
        PairCase{"FirstWordOfAClause", "[job] disk limit is not set",
                 "[job] memory limit is not set", false},
        PairCase{"VerbAfterTo", "failed to spawn the process now",
                 "failed to destroy the process now", false},
        PairCase{"TooShort", "order alpha", "order beta", false},
        PairCase{"TooManyDiffer", "a plan of red green blue", "a plan of one two three", false},
        PairCase{"Marks", "order alpha, is not known", "order alpha; is not known", false},
        PairCase{"Lengths", "order alpha is not known", "order is not known", false},
        PairCase{"Symbols", "receiver x+ input pipe error here",
                 "receiver y+ input pipe error here", false},
        PairCase{"AloneInBrackets", "key [alpha] was not", "key [beta] was not", true}),
    NameOf);

TEST(TemplateTreeTest, TakesTheMostAlike) {
  TemplateTree tree;
  tree.Add(Masked("column alpha of table beta is not known"), 1);
  tree.Add(Masked("column alpha of table gamma is not known"), 2);
  EXPECT_EQ(tree.FindSimilar(Masked("column delta of table gamma is not known")), 2U);
  EXPECT_EQ(tree.FindSimilar(Masked("column delta of table delta is not known")), 1U);
}

TEST(TemplateTreeTest, OpenPlacesTakeOtherValuesButNoAuthorsWords) {
  TemplateTree tree;
  std::vector<Token> tokens = Masked("state NEW of it");
  tokens[1] = {std::string(kValueText), TokenKind::kOpen};
  tree.Add(tokens, 1);
  EXPECT_EQ(tree.FindSimilar(Masked("state SICK of it")), 1U);
  EXPECT_EQ(tree.FindSimilar(Masked("state 17 of it")), 1U);
  EXPECT_EQ(tree.FindSimilar(Masked("state missing of it")), std::nullopt);
}

TEST(TemplateTreeTest, ForgetsWhatIsRemoved) {
  TemplateTree tree;
  const std::size_t empty = tree.node_count();
  tree.Add(Masked("order alpha is not known"), 1);
  const std::size_t one = tree.node_count();
  tree.Add(Masked("order alpha is not found"), 2);
  tree.Remove(Masked("order alpha is not found"));
  EXPECT_EQ(tree.node_count(), one);
  EXPECT_EQ(tree.FindEqual(Masked("order alpha is not found")), std::nullopt);
  EXPECT_EQ(tree.FindEqual(Masked("order alpha is not known")), 1U);
  tree.Remove(Masked("order alpha is not known"));
  EXPECT_EQ(tree.node_count(), empty);
  EXPECT_EQ(tree.FindSimilar(Masked("order alpha is not known")), std::nullopt);
}

}  // namespace
}  // namespace sightline::analytics
