// SPDX-License-Identifier: Apache-2.0
#include "live/call_sequence.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace sightline::live {
namespace {

model::SpanId IdOf(std::uint64_t number) {
  model::SpanId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * (7 - i)));
  }
  return id;
}

// A call per letter: lower case is a tool with these arguments, upper case a model, '?' a tool
// whose arguments are not known.
Call CallOf(char letter, std::uint64_t number) {
  const bool is_model = letter >= 'A' && letter <= 'Z';
  return {.span_id = IdOf(number),
          .name = std::string(1, letter),
          .identity = static_cast<std::uint64_t>(letter),
          .start_ns = static_cast<std::int64_t>(number) * 10,
          .end_ns = static_cast<std::int64_t>(number) * 10 + 5,
          .is_tool = !is_model,
          .has_arguments = !is_model && letter != '?'};
}

std::vector<Call> CallsOf(std::string_view letters) {
  std::vector<Call> calls;
  for (const char letter : letters) {
    calls.push_back(CallOf(letter, calls.size() + 1));
  }
  return calls;
}

CallSequence SequenceOf(const std::vector<Call>& calls) {
  CallSequence sequence;
  for (const Call& call : calls) {
    sequence.Add(call);
  }
  return sequence;
}

// "b3" for a tool called three times.
std::string Repetitions(const CallSequence& sequence) {
  std::string text;
  for (const CallSequence::Repetition& repetition : sequence.FindRepetitions(3, 20)) {
    text += repetition.last->name + std::to_string(repetition.times);
  }
  return text;
}

// The letters of one round.
std::string CycleOf(const CallSequence& sequence) {
  std::string text;
  if (const auto cycle = sequence.FindCycle(5, 5)) {
    for (const Call* call : cycle->calls) {
      text += call->name;
    }
  }
  return text;
}

std::string Times(std::string_view round, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) {
    text += round;
  }
  return text;
}

TEST(CallSequenceTest, FindsPatterns) {
  struct Case {
    std::string_view name;
    std::string calls;
    std::string repetitions;
    std::string cycle;
  };

  const Case cases[] = {
      {"nothing", "", "", ""},
      {"different calls", "abcdefg", "", ""},
      {"twice", "aa", "", ""},
      {"three times in a row", "aaa", "a3", ""},
      {"three times with others between", "abcXabXa", "a3", ""},
      {"two tools", "aabbabX", "b3a3", ""},
      {"models do not count", "XXXXXXXXXX", "", ""},
      {"a tool whose arguments are not known", "??????????", "", ""},
      {"a model and a tool whose arguments are not known", Times("X?", 10), "", ""},
      {"three times, but the first too long ago", "a" + Times("bcdefg", 3) + "aa", "g3f3e3d3c3b3",
       ""},
      {"three times within 20 tool calls", "aXX" + std::string("bcdefghijklmnopqr") + "aa", "a3",
       ""},
      {"a tool in five rounds", "bcdaaaaa", "a5", "a"},
      {"a tool in four rounds", "bcdaaaa", "a4", ""},
      {"a model and a tool", Times("Xa", 5), "a5", "Xa"},
      {"in the middle of a round", Times("Xa", 5) + "X", "a5", "aX"},
      {"three models and two tools", Times("XYaZb", 5), "b5a5", "XYaZb"},
      {"a round too long", Times("XYZabc", 5), "c5b5a5", ""},
      {"broken off", Times("Xa", 5) + "b", "a5", ""},
      {"one round differs", "XaXaXbXaXaXa", "a5", ""},
      {"several models over and over", Times("XYZ", 8), "", ""},
      {"a tool without known arguments in the round", Times("Xa?", 5), "a5", ""},
      {"a round of equal calls is the shorter round", Times("aa", 5), "a10", "a"},
  };
  for (const Case& c : cases) {
    const CallSequence sequence = SequenceOf(CallsOf(c.calls));
    EXPECT_EQ(Repetitions(sequence), c.repetitions) << c.name;
    EXPECT_EQ(CycleOf(sequence), c.cycle) << c.name;
  }
}

TEST(CallSequenceTest, DoesNotDependOnTheOrderOfArrival) {
  std::mt19937_64 generator(5);
  for (int round = 0; round < 50; ++round) {
    std::vector<Call> calls = CallsOf("qrs" + Times("XYaZb", 5));
    const std::vector<Call> again = calls;
    calls.insert(calls.end(), again.begin(), again.end());
    std::shuffle(calls.begin(), calls.end(), generator);
    const CallSequence sequence = SequenceOf(calls);
    EXPECT_EQ(Repetitions(sequence), "b5a5");
    EXPECT_EQ(CycleOf(sequence), "XYaZb");
  }
}

TEST(CallSequenceTest, KeepsTheLastCallsWhateverComesLate) {
  std::vector<Call> calls = CallsOf(Times("aXYZ", 30));
  std::reverse(calls.begin(), calls.end());
  const CallSequence sequence = SequenceOf(calls);
  EXPECT_EQ(Repetitions(sequence), "a10");
  EXPECT_TRUE(sequence.Contains(IdOf(120)));
  EXPECT_TRUE(sequence.Contains(IdOf(81)));
  EXPECT_FALSE(sequence.Contains(IdOf(80)));
}

TEST(CallSequenceTest, CountsSpansOfOneCallOnce) {
  struct Case {
    std::string_view name;
    std::uint64_t id;
    std::uint64_t other_id;
    std::int64_t start_ns;  // Of a second span; the first is from 100 to 200.
    std::int64_t end_ns;
    std::size_t expected;
  };

  const Case cases[] = {
      {"inside, neither has an id", 0, 0, 120, 180, 1},
      {"inside, only one has an id", 7, 0, 120, 180, 1},
      {"inside, other id: called in parallel", 7, 8, 120, 180, 2},
      {"the same time", 0, 0, 100, 200, 1},
      {"around", 0, 0, 100, 300, 1},
      {"overlapping, equal ids: span and log event", 7, 7, 150, 250, 1},
      {"overlapping, no ids", 0, 0, 150, 250, 2},
      {"afterwards, equal ids: tried again", 7, 7, 200, 300, 2},
      {"afterwards", 0, 0, 200, 300, 2},
      {"inside, still open", 0, 0, 120, 0, 2},
  };
  for (const Case& c : cases) {
    Call first = CallOf('a', 1);
    first.start_ns = 100;
    first.end_ns = 200;
    first.tool_call_id = c.id;
    Call second = CallOf('a', 2);
    second.start_ns = c.start_ns;
    second.end_ns = c.end_ns;
    second.tool_call_id = c.other_id;
    for (const std::vector<Call>& calls :
         {std::vector{first, second}, std::vector{second, first}}) {
      const auto repetitions = SequenceOf(calls).FindRepetitions(1, 20);
      ASSERT_EQ(repetitions.size(), 1U) << c.name;
      EXPECT_EQ(repetitions[0].times, c.expected) << c.name;
      EXPECT_EQ(repetitions[0].among, c.expected) << c.name;
    }
  }
}

TEST(CallSequenceTest, CountsOtherToolsInsideATool) {
  Call outer = CallOf('a', 1);
  outer.end_ns = 1'000;
  const CallSequence sequence = SequenceOf({outer, CallOf('b', 2), CallOf('b', 3), CallOf('b', 4)});
  EXPECT_EQ(Repetitions(sequence), "b3");
}

TEST(CallSequenceTest, TakesTheEndOfAnOpenCall) {
  Call open = CallOf('a', 1);
  open.end_ns = 0;
  CallSequence sequence;
  sequence.Add(open);
  sequence.Add(CallOf('a', 2));  // Inside, as far as known.
  EXPECT_EQ(sequence.FindRepetitions(1, 20)[0].times, 1U);
  sequence.Add(CallOf('a', 1));
  EXPECT_EQ(sequence.FindRepetitions(1, 20)[0].times, 2U);
  sequence.Add(open);  // Late: it has ended.
  EXPECT_EQ(sequence.FindRepetitions(1, 20)[0].times, 2U);
}

}  // namespace
}  // namespace sightline::live
