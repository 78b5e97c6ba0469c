// SPDX-License-Identifier: Apache-2.0
// Runs by a text of their messages: with and without grams, in head and days, whole and in part.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "store/embedded/frame_block.h"
#include "store/embedded/search_pattern.h"
#include "store/embedded/store_for_testing.h"

namespace sightline::store::embedded {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kDay = 86'400 * kSecond;

// Makes a frame large enough for grams.
const std::string kLong(std::size_t{40} << 10U, '.');

class SearchTest : public EmbeddedStoreTest {
 protected:
  // A run whose only message this is, sealed. Frames of its size have grams.
  void SealRun(std::uint8_t number, std::string_view message, std::int64_t received_ns = kNoon) {
    SealRuns(number, {message}, received_ns);
  }

  // Runs from `first` on in one seal.
  void SealRuns(std::uint8_t first, const std::vector<std::string_view>& messages,
                std::int64_t received_ns = kNoon) {
    ++position_;
    BatchBuilder builder(position_, received_ns);
    for (std::uint8_t i = 0; i < messages.size(); ++i) {
      const auto number = static_cast<std::uint8_t>(first + i);
      builder.AddSpan(number, 1, "run");
      builder.WithBody(number, messages[i]);
      Settle(RunNumber(number, position_));
    }
    Commit(builder.Build());
    Seal();
  }

  RunPage Search(std::string_view text, bool may_stop = false) {
    query::TraceQuery query{.text = std::string(text)};
    query.may_stop_search = may_stop;
    auto page = store_->ListRuns(query, Soon());
    EXPECT_TRUE(page.has_value()) << page.error().message();
    return page.has_value() ? std::move(*page) : RunPage{.searched = TextSearched{}};
  }

  std::uint64_t PartsRead(std::string_view text) { return Search(text).searched->parts_read; }

  // Offsets of a kind of frame in the only day.
  std::vector<std::uint64_t> FramesOf(FrameKind kind) {
    std::vector<std::uint64_t> offsets;
    const auto path = FramesPath(DayPath(directory_, base::DayOf(kNoon)));
    const auto scanned = FrameReader::Open(disk_, path)
                             .value()
                             ->Scan(
                                 0, FrameReader::kToEndOfFile,
                                 [&](const Frame& frame) {
                                   if (frame.kind == kind) {
                                     offsets.push_back(frame.offset);
                                   }
                                   return true;
                                 },
                                 [](const std::string& damage) { ADD_FAILURE() << damage; });
    EXPECT_TRUE(scanned.has_value());
    return offsets;
  }

  std::uint64_t position_ = 0;
};

TEST_F(SearchTest, ReadsOnlyFramesThatMayHaveTheText) {
  SealRun(1, kLong + "the parcel went to Reykjavik");
  SealRun(2, kLong + "the parcel went to Oslo");
  SealRun(3, kLong + R"({"city":"REYKJAVIK\nnorth"})");
  for (int start = 0; start < 2; ++start) {
    EXPECT_THAT(List({.text = "reykjavik"}), ElementsAre(3, 1));
    EXPECT_EQ(Search("reykjavik").searched->parts, 3U);
    EXPECT_EQ(PartsRead("reykjavik"), 2U);
    EXPECT_EQ(PartsRead("went to Oslo"), 1U);
    EXPECT_EQ(PartsRead("went to Berlin"), 0U);
    EXPECT_EQ(PartsRead("to"), 3U) << "too short for grams";
    EXPECT_EQ(PartsRead("北京到上海"), 3U) << "of no letters that have grams";
    Reopen();
  }
  EXPECT_EQ(FramesOf(FrameKind::kGrams).size(), 3U);
  ExpectClean();
}

TEST_F(SearchTest, ReadsSmallFramesThatHaveNoGrams) {
  SealRun(1, "the parcel went to Oslo");
  EXPECT_THAT(List({.text = "Oslo"}), ElementsAre(1));
  EXPECT_THAT(List({.text = "Berlin"}), IsEmpty());
  EXPECT_EQ(PartsRead("Berlin"), 1U);
  EXPECT_THAT(FramesOf(FrameKind::kGrams), IsEmpty());
  ExpectClean();
}

TEST_F(SearchTest, PutsTheGramsOfASealTogether) {
  const std::string filler(std::size_t{300} << 10U, '-');
  const std::vector<std::string> messages = {filler + "apples", filler + "oranges",
                                             filler + "cherries"};
  SealRuns(1, {messages[0], messages[1], messages[2]});
  EXPECT_EQ(FramesOf(FrameKind::kBodies).size(), 3U);
  EXPECT_EQ(FramesOf(FrameKind::kGrams).size(), 1U);
  EXPECT_THAT(List({.text = "oranges"}), ElementsAre(2));
  EXPECT_EQ(PartsRead("oranges"), 1U);
}

TEST_F(SearchTest, FindsInHeadAndAllDaysAtOnce) {
  SealRun(1, kLong + "needle, sealed yesterday", kNoon);
  clock_.Advance(std::chrono::hours(24));
  SealRun(2, kLong + "needle, sealed today", kNoon + kDay);
  SealRun(3, kLong + "nothing of the kind", kNoon + kDay);
  BatchBuilder builder(++position_, kNoon + kDay);
  builder.AddSpan(4, 1, "run");
  builder.WithBody(4, "needle in the head");
  builder.AddSpan(5, 1, "run");
  builder.WithReference(1);
  Commit(builder.Build());
  Settle(RunNumber(4, position_));
  Settle(RunNumber(5, position_));
  EXPECT_THAT(List({.text = "needle"}), ElementsAre(5, 4, 2, 1));
  EXPECT_EQ(PartsRead("needle"), 2U);
  EXPECT_TRUE(Search("needle").searched->is_complete);
  Seal();
  EXPECT_THAT(List({.text = "needle"}), ElementsAre(5, 4, 2, 1));
}

TEST_F(SearchTest, StopsAfterManyTracesAndSaysWhere) {
  options_.search_traces = 2;
  Reopen();
  for (std::uint8_t day = 0; day < 4; ++day) {
    SealRun(static_cast<std::uint8_t>(day + 1), kLong + "the usual answer", kNoon + day * kDay);
    clock_.Advance(std::chrono::hours(24));
  }
  const auto newest = base::DayOf(kNoon + 3 * kDay);
  const RunPage part = Search("usual answer", true);
  ASSERT_TRUE(part.searched.has_value());
  EXPECT_FALSE(part.searched->is_complete);
  EXPECT_EQ(part.searched->last_day, newest - 2);
  EXPECT_FALSE(part.is_total_exact);
  EXPECT_EQ(part.total, 2U);
  const RunPage whole = Search("usual answer");
  EXPECT_TRUE(whole.searched->is_complete);
  EXPECT_TRUE(whole.is_total_exact);
  EXPECT_EQ(whole.total, 4U);
  EXPECT_TRUE(Search("not an answer", true).searched->is_complete) << "nothing had to be read";
  EXPECT_FALSE(store_->ListRuns({}, Soon())->searched.has_value());
}

TEST_F(SearchTest, DoesNotCallASearchPartialThatEndedWithTheLastFrame) {
  options_.search_traces = 1;
  Reopen();
  SealRun(1, kLong + "the usual answer");
  EXPECT_TRUE(Search("usual answer", true).searched->is_complete);
}

TEST_F(SearchTest, StopsAfterSomeTimeAndSaysWhere) {
  options_.search_time = std::chrono::nanoseconds(0);
  Reopen();
  SealRun(1, kLong + "the usual answer");
  const RunPage part = Search("usual answer", true);
  EXPECT_FALSE(part.searched->is_complete);
  EXPECT_EQ(part.searched->last_day, base::DayOf(kNoon));
  EXPECT_THAT(part.runs, IsEmpty());
  EXPECT_FALSE(part.is_total_exact);
  EXPECT_THAT(List({.text = "usual answer"}), ElementsAre(1));
}

TEST_F(SearchTest, ReadsWhatDamagedGramsAreAbout) {
  SealRun(1, kLong + "the parcel went to Oslo");
  SealRun(2, kLong + "the parcel went to Bergen");
  const std::uint64_t damaged = FramesOf(FrameKind::kGrams).front();
  store_.reset();
  const auto path = FramesPath(DayPath(directory_, base::DayOf(kNoon)));
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary)
      .seekp(static_cast<std::streamoff>(damaged + 100))
      .put('!')
      .put('?');
  EXPECT_THAT(CheckStore(directory_).value().problems,
              ElementsAre(HasSubstr("checksum"), HasSubstr("1 frames of grams are missing")));
  Reopen();
  EXPECT_THAT(List({.text = "Oslo"}), ElementsAre(1));
  EXPECT_EQ(PartsRead("Oslo"), 1U);
  EXPECT_EQ(PartsRead("Berlin"), 1U);
}

TEST_F(SearchTest, FindsNamesOfAllDays) {
  for (std::uint8_t day = 0; day < 3; ++day) {
    ++position_;
    BatchBuilder builder(position_, kNoon + day * kDay);
    const auto number = static_cast<std::uint8_t>(day + 1);
    builder.AddSpan(number, 1, "run");
    model::RunRecord run = RunNumber(number, position_);
    run.session_id = fmt::format("conv-{}", number == 2 ? "Reykjavik" : "other");
    run.agents = {"dispatcher"};
    Settle(run);
    Commit(builder.Build());
    Seal();
    clock_.Advance(std::chrono::hours(24));
  }
  // The second time what was kept of the names is used.
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(List({.text = "reykjavik"}), ElementsAre(2));
    EXPECT_THAT(List({.text = "DISPATCH"}), ElementsAre(3, 2, 1));
    EXPECT_THAT(List({.text = "dispatched"}), IsEmpty());
    EXPECT_THAT(List({.text = "v-o"}), ElementsAre(3, 1));
  }
  // A run that settles late, in a day whose names were looked at.
  Settle([&] {
    model::RunRecord run = RunNumber(9, ++position_);
    run.user_id = "Halldora";
    return run;
  }());
  BatchBuilder builder(position_, kNoon + kDay);
  builder.AddSpan(9, 1, "run");
  Commit(builder.Build());
  Seal();
  EXPECT_THAT(List({.text = "halldora"}), ElementsAre(9));
}

TEST_F(SearchTest, StopsAfterManyNamesAndSaysWhere) {
  options_.search_traces = 2;
  Reopen();
  for (std::uint8_t day = 0; day < 4; ++day) {
    SealRun(static_cast<std::uint8_t>(day + 1), "something", kNoon + day * kDay);
    clock_.Advance(std::chrono::hours(24));
  }
  const RunPage part = Search("run", true);
  EXPECT_FALSE(part.searched->is_complete);
  EXPECT_EQ(part.searched->last_day, base::DayOf(kNoon + 2 * kDay));
  EXPECT_EQ(part.total, 2U);
  EXPECT_EQ(Search("run").total, 4U);
}

// Random messages in random forms.
class RandomTexts {
 public:
  std::string Message() {
    std::string text;
    for (std::uint64_t pieces = 1 + Next(12); pieces > 0; --pieces) {
      text += Piece();
    }
    switch (Next(4)) {
      case 0:
        return AsJson(text);
      case 1:
        return AsJson(AsJson(text));
      default:
        return text;
    }
  }

  // Some characters of a text; with other letter cases at times.
  std::string PartOf(const std::string& text) {
    std::size_t begin = Next(text.size());
    std::size_t end = std::min(text.size(), begin + 1 + Next(14));
    const auto is_inside = [&](std::size_t at) {
      return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    while (is_inside(begin)) {
      --begin;
    }
    while (is_inside(end)) {
      ++end;
    }
    std::string part = text.substr(begin, end - begin);
    if (Next(2) == 0) {
      for (char& c : part) {
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      }
    }
    return part;
  }

  std::uint64_t Next(std::uint64_t bound) { return random_() % bound; }

 private:
  std::string Piece() {
    static const std::vector<std::string> kPieces = {
        "order",       "Oslo",   " ",  " ", "the ", "risk", "ri\u017F\u212A",
        "\u212Aelvin", "stress", "é",  "ß", "北京", "🚀",   "\n",
        "\t",          "\"",     "\\", "/", "42",   "0042", "a-b",
        "x",           ", ",     "S",  "K"};
    return kPieces[Next(kPieces.size())];
  }

  // With what needs no escape escaped at times, as lenient encoders do.
  std::string AsJson(std::string_view text) {
    std::string json = "{\"content\":\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        json += '\\';
        json += c;
      } else if (c == '\n') {
        json += Next(2) == 0 ? "\\n" : "\\u000a";
      } else if (c == '\t') {
        json += "\\t";
      } else if ((c == '/' || c == ',') && Next(2) == 0) {
        json += c == '/' ? "\\/" : "\\u002c";
      } else {
        json += c;
      }
    }
    return json + "\"}";
  }

  std::mt19937_64 random_{7};
};

TEST_F(SearchTest, FindsWhatReadingEverythingFinds) {
  RandomTexts texts;
  std::vector<std::string> messages;
  for (std::uint8_t number = 1; number <= 60; ++number) {
    messages.push_back(texts.Message());
    SealRun(number, messages.back() + kLong);
  }
  std::uint64_t passed_over = 0;
  std::uint64_t found = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string text =
        texts.PartOf(texts.Next(3) == 0 ? texts.Message() : messages[texts.Next(messages.size())]);
    const RE2 pattern(SearchPattern(text), RE2::Quiet);
    std::vector<int> expected;
    for (int number = 60; number >= 1; --number) {
      if (RE2::PartialMatch(messages[static_cast<std::size_t>(number - 1)] + kLong, pattern)) {
        expected.push_back(number);
      }
    }
    const query::TraceQuery query{.text = text};
    const auto page = store_->ListRuns(query, Soon());
    ASSERT_TRUE(page.has_value()) << page.error().message();
    std::vector<int> listed;
    for (const model::RunRecord& run : page->runs) {
      listed.push_back(run.trace_id.bytes[15]);
    }
    // The name of every run is "run" and its workflow "w".
    if (!RE2::PartialMatch("run", pattern) && !RE2::PartialMatch("w", pattern)) {
      EXPECT_EQ(listed, expected) << text;
      passed_over += page->searched->parts - page->searched->parts_read;
      found += expected.size();
    }
  }
  EXPECT_GT(passed_over, 1'000U);
  EXPECT_GT(found, 1'000U);
}

}  // namespace
}  // namespace sightline::store::embedded
