// SPDX-License-Identifier: Apache-2.0
#include "ingest/byte_budget.h"

#include <gtest/gtest.h>

#include "ingest/budget_ticket.h"

namespace sightline::ingest {
namespace {

TEST(ByteBudgetTest, RefusesWhatIsOverTheLimitAndKeepsWhatWasCharged) {
  ByteBudget budget(100);
  ByteBudget::Charge first(budget);
  ByteBudget::Charge second(budget);
  EXPECT_TRUE(first.Grow(60));
  EXPECT_TRUE(second.Grow(40));
  EXPECT_FALSE(second.Grow(1));
  EXPECT_EQ(budget.in_flight(), 100U);
  first.Release();
  EXPECT_TRUE(second.Grow(60));
  EXPECT_EQ(budget.in_flight(), 100U);
}

TEST(ByteBudgetTest, LetsARequestGrowOverTheLimitWhenItIsAlone) {
  ByteBudget budget(100);
  ByteBudget::Charge alone(budget);
  EXPECT_TRUE(alone.Grow(60));
  EXPECT_TRUE(alone.Grow(60)) << "else a request larger than the budget could never come";
  ByteBudget::Charge other(budget);
  EXPECT_FALSE(other.Grow(1));
  alone.Release();
  EXPECT_TRUE(other.Grow(1));
}

TEST(BudgetTicketTest, HandsItsChargeOver) {
  ByteBudget budget(100);
  auto ticket = MakeTicket(budget);
  EXPECT_EQ(budget.in_flight(), 0U) << "nothing has come yet";
  EXPECT_TRUE(ticket->Grow(70));
  {
    const ByteBudget::Charge charge = TakeCharge(ticket.get());
    ticket.reset();
    EXPECT_EQ(budget.in_flight(), 70U);
  }
  EXPECT_EQ(budget.in_flight(), 0U);
  EXPECT_FALSE(TakeCharge(nullptr).Grow(1)) << "a charge without a budget";
}

}  // namespace
}  // namespace sightline::ingest
