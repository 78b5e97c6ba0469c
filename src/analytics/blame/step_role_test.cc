// SPDX-License-Identifier: Apache-2.0
#include "analytics/blame/step_role.h"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::analytics::blame {
namespace {

Role RoleOfSecond(const RecordedStep& step) {
  return RolesOf({.task = "", .steps = {{.agent = "user"}, step}})[1];
}

TEST(StepRoleTest, TellsTheRoleByFieldsAndGeneralNames) {
  EXPECT_EQ(RoleOfSecond({.agent = "Planner"}), Role::kAgent);
  EXPECT_EQ(RoleOfSecond({.agent = "Planner", .note = "thought"}), Role::kThought);
  EXPECT_EQ(RoleOfSecond({.agent = "Planner", .to = "Coder"}), Role::kDelegation);
  EXPECT_EQ(RoleOfSecond({.agent = "Coder", .tool = "run", .arguments = "{}"}), Role::kAgent);
  EXPECT_EQ(RoleOfSecond({.agent = "Coder", .tool = "run"}), Role::kTool);
  EXPECT_EQ(RoleOfSecond({.agent = "Tool"}), Role::kTool);
  EXPECT_EQ(RoleOfSecond({.agent = "code_executor"}), Role::kTool);
  EXPECT_EQ(RoleOfSecond({.agent = "Executor"}), Role::kAgent);
  EXPECT_EQ(RoleOfSecond({.agent = "ShellTool"}), Role::kTool);
  EXPECT_EQ(RoleOfSecond({.agent = "system"}), Role::kSystem);
  EXPECT_EQ(RoleOfSecond({.agent = "Customer"}), Role::kPerson);
  EXPECT_EQ(RoleOfSecond({.agent = "User Researcher"}), Role::kAgent);
  EXPECT_EQ(RoleOfSecond({.agent = ""}), Role::kAgent);
}

TEST(StepRoleTest, TakesTheFirstMessageOfAPersonAsTheTask) {
  const std::vector<Role> roles = RolesOf(
      {.task = "",
       .steps = {{.agent = "system"}, {.agent = "user"}, {.agent = "a"}, {.agent = "user"}}});
  EXPECT_EQ(roles, (std::vector<Role>{Role::kSystem, Role::kSystem, Role::kAgent, Role::kPerson}));
}

TEST(StepRoleTest, KnowsTheTaskAlsoAfterLaterInstructions) {
  const std::vector<Role> roles =
      RolesOf({.task = "", .steps = {{.agent = "user"}, {.agent = "system"}, {.agent = "user"}}});
  EXPECT_EQ(roles[2], Role::kPerson);
}

TEST(StepRoleTest, DoesNotTakeAnAnswerOfAPersonAsTheTask) {
  const std::vector<Role> roles =
      RolesOf({.task = "", .steps = {{.agent = "a"}, {.agent = "user"}}});
  EXPECT_EQ(roles[1], Role::kPerson);
}

TEST(StepRoleTest, TellsCallsThatChangeSomethingByTheirVerb) {
  for (const std::string_view tool : {"cancel_order", "SendMail", "update-record", "delete"}) {
    EXPECT_TRUE(ChangesSomething(tool)) << tool;
  }
  for (const std::string_view tool : {"get_order", "search", "list_updates", "orders", ""}) {
    EXPECT_FALSE(ChangesSomething(tool)) << tool;
  }
}

TEST(StepRoleTest, ComparesSpeakersWithoutCaseAndSeparators) {
  EXPECT_EQ(SpeakerKey("Web Surfer"), SpeakerKey("web_surfer"));
  EXPECT_NE(SpeakerKey("a"), SpeakerKey("b"));
}

}  // namespace
}  // namespace sightline::analytics::blame
