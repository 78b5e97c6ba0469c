// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/read_conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sightline::store::embedded {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

std::vector<std::string> Texts(const std::vector<DayCondition>& conditions) {
  std::vector<std::string> texts;
  texts.reserve(conditions.size());
  for (const DayCondition& condition : conditions) {
    texts.push_back(std::to_string(condition.day) + ": " + condition.seq);
  }
  return texts;
}

RowRange Range(std::int32_t day, std::int64_t first, std::uint32_t count) {
  return {.day = day, .first = first, .count = count};
}

TEST(SliceConditionsTest, AskForIntervalsInOrder) {
  EXPECT_THAT(Texts(SliceConditions({Range(2, 5000, 1), Range(1, 9000, 16), Range(1, 100, 16)})),
              ElementsAre("1: seq BETWEEN 100 AND 115", "1: seq BETWEEN 9000 AND 9015",
                          "2: seq BETWEEN 5000 AND 5000"));
  EXPECT_THAT(SliceConditions({}), IsEmpty());
}

TEST(SliceConditionsTest, JoinWhatLiesNearTogether) {
  EXPECT_THAT(Texts(SliceConditions({Range(1, 100, 10), Range(1, 1133, 7), Range(1, 104, 2),
                                     Range(1, 2164, 1), Range(2, 2164, 1)})),
              ElementsAre("1: seq BETWEEN 100 AND 1139", "1: seq BETWEEN 2164 AND 2164",
                          "2: seq BETWEEN 2164 AND 2164"));
}

TEST(TraceConditionsTest, AskForManyIntervalsAtOnce) {
  std::vector<RowRange> ranges;
  ranges.reserve(34);
  for (std::int64_t i = 0; i < 32; ++i) {
    ranges.push_back(Range(1, i * 5000, 2));
  }
  EXPECT_THAT(TraceConditions(ranges), SizeIs(32));
  ranges.push_back(Range(1, 400'000, 2));
  ranges.push_back(Range(3, 7, 2));
  EXPECT_THAT(
      Texts(TraceConditions(ranges)),
      ElementsAre(AllOf(StartsWith("1: seq BETWEEN 0 AND 400001 AND (seq BETWEEN 0 AND 1 OR "),
                        EndsWith(" OR seq BETWEEN 400000 AND 400001)")),
                  "3: seq BETWEEN 7 AND 8"));
}

TEST(BodyConditionsTest, AskForIntervals) {
  const std::vector<std::uint64_t> ids = {903, 901, 7, 902, 5000};
  EXPECT_THAT(BodyConditions(ids), ElementsAre("id BETWEEN 7 AND 903 AND id IN (7, 901, 902, 903)",
                                               "id BETWEEN 5000 AND 5000"));
  EXPECT_THAT(BodyConditions({}), IsEmpty());
}

TEST(BodyConditionsTest, TakeWholeIntervalsOfWhichMostIsWanted) {
  const std::vector<std::uint64_t> ids = {10, 11, 12, 17};
  EXPECT_THAT(BodyConditions(ids), ElementsAre("id BETWEEN 10 AND 17"));
}

TEST(BodyConditionsTest, AskForManyIntervalsAtOnce) {
  std::vector<std::uint64_t> ids;
  ids.reserve(33);
  for (std::uint64_t i = 0; i < 33; ++i) {
    ids.push_back(i * 5000 + 1);
  }
  EXPECT_THAT(BodyConditions(ids),
              ElementsAre(StartsWith("id BETWEEN 1 AND 160001 AND id IN (1, 5001, ")));
}

}  // namespace
}  // namespace sightline::store::embedded
