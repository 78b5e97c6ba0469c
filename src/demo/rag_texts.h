// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace sightline::demo {

// The stock of the documentation assistant of an invented database, Quillstone.

struct Passage {
  std::string_view id;
  std::string_view source;
  std::string_view text;
};

struct RagTurn {
  std::string_view question;
  std::string_view best_passage;  // Id; empty when the documentation has nothing on it.
  std::string_view answer;
};

// A session: its questions in order.
struct RagThread {
  std::string_view language;
  std::vector<RagTurn> turns;
};

// data/rag.json.
struct RagTexts {
  std::string_view instructions;
  std::string_view nothing_found;
  std::vector<Passage> passages;
  std::vector<RagThread> threads;
};

// Read once, at the first call; lives as long as the program. Any thread.
const RagTexts& AllRagTexts();

}  // namespace sightline::demo
