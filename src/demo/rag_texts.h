// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

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
  std::span<const RagTurn> turns;
};

extern const std::string_view kRagInstructions;
extern const std::string_view kNothingFound;
extern const std::span<const Passage> kPassages;
extern const std::span<const RagThread> kRagThreads;

}  // namespace sightline::demo
