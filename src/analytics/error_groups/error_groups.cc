// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/error_groups.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analytics/error_groups/free_words.h"
#include "analytics/error_groups/mask.h"
#include "analytics/error_groups/words.h"
#include "base/hash.h"

namespace sightline::analytics {
namespace {

// So many groups that differ in one word are more likely one problem with names in it than as many
// problems. Families of real problems in logs (started, stopped, paused, resumed) are smaller.
constexpr std::size_t kSiblingsOfOneProblem = 8;
// Words that the siblings must have in common; two are no more than "not found".
constexpr std::ptrdiff_t kMinCommonWords = 2;
// Different masked messages that are remembered for each template that may be.
constexpr std::size_t kKnownPerTemplate = 4;

constexpr std::size_t kNothing = std::numeric_limits<std::size_t>::max();

bool IsWord(const Token& token) {
  return token.kind == TokenKind::kWord;
}

std::uint64_t HashTokens(std::span<const Token> tokens, std::size_t left_out = kNothing) {
  base::Hash64Stream hash;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i != left_out) {
      hash.Add(tokens[i].text);
    }
    hash.Add(std::string_view("\0", 1));
  }
  return hash.value();
}

std::string VersionedId(std::uint64_t hash) {
  return fmt::format("{}:{:016x}", kErrorGroupsVersion, hash);
}

}  // namespace

std::string ErrorFingerprint(std::string_view type, std::string_view tool,
                             std::string_view masked) {
  base::Hash64Stream hash;
  for (const std::string_view part : {type, tool, masked}) {
    // With its length, so that no two triples give the same bytes.
    hash.Add(fmt::format("{}:", part.size()));
    hash.Add(part);
  }
  return VersionedId(hash.value());
}

ErrorGroups::Assignment ErrorGroups::Assign(std::string_view message) {
  const std::vector<Token> tokens = MaskMessage(message);
  const std::uint64_t hash = HashTokens(tokens);
  Assignment result;
  std::optional<Id> id = FindKnown(hash);
  if (!id.has_value()) {
    id = tree_.FindEqual(tokens);
    if (!id.has_value()) {
      id = tree_.FindSimilar(tokens);
      if (id.has_value()) {
        Open(*id, tokens);
      } else if (id = FindByFrame(tokens); !id.has_value()) {
        id = Found(tokens);
        RememberFrames(*id, tokens);
        CountSiblings(*id, tokens, result.proposals);
      }
    }
    Remember(hash, *id);
  }
  Template& found = templates_.at(*id);
  recency_.splice(recency_.begin(), recency_, found.recency);
  result.group = found.group;
  result.template_text = JoinTokens(found.tokens);
  return result;
}

std::optional<ErrorGroups::Id> ErrorGroups::FindKnown(std::uint64_t hash) {
  auto at = known_.young.find(hash);
  if (at == known_.young.end()) {
    at = known_.old.find(hash);
    if (at == known_.old.end()) {
      return std::nullopt;
    }
    const Id id = at->second;
    if (!templates_.contains(id)) {
      return std::nullopt;
    }
    Remember(hash, id);
    return id;
  }
  return templates_.contains(at->second) ? std::optional<Id>(at->second) : std::nullopt;
}

void ErrorGroups::Remember(std::uint64_t hash, Id id) {
  if (known_.young.size() >= kKnownPerTemplate * options_.max_templates) {
    known_.old = std::exchange(known_.young, {});
  }
  known_.young.insert_or_assign(hash, id);
}

ErrorGroups::Id ErrorGroups::Found(const std::vector<Token>& tokens) {
  if (templates_.size() >= options_.max_templates) {
    ForgetOldest();
  }
  const Id id = next_id_++;
  recency_.push_front(id);
  tree_.Add(tokens, id);
  templates_.emplace(id, Template{.group = VersionedId(HashTokens(tokens)),
                                  .tokens = tokens,
                                  .recency = recency_.begin()});
  return id;
}

void ErrorGroups::ForgetOldest() {
  const Id id = recency_.back();
  tree_.Remove(templates_.at(id).tokens);
  templates_.erase(id);
  recency_.pop_back();
}

void ErrorGroups::Open(Id id, std::span<const Token> message) {
  std::vector<Token> tokens = templates_.at(id).tokens;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].text != message[i].text) {
      tokens[i] = {std::string(kValueText), TokenKind::kOpen};
    }
  }
  SetTokens(id, std::move(tokens));
}

void ErrorGroups::SetTokens(Id id, std::vector<Token> tokens) {
  Template& changed = templates_.at(id);
  // Another group may have become the same template from other messages; ids are final, so both
  // stay and this one keeps its words.
  if (tokens == changed.tokens || tree_.FindEqual(tokens).has_value()) {
    return;
  }
  tree_.Remove(changed.tokens);
  tree_.Add(tokens, id);
  changed.tokens = std::move(tokens);
}

void ErrorGroups::CountSiblings(Id id, const std::vector<Token>& tokens,
                                std::vector<MergeProposal>& proposals) {
  if (std::ranges::count_if(tokens, IsWord) <= kMinCommonWords) {
    return;
  }
  if (siblings_.size() >= kKnownPerTemplate * options_.max_templates) {
    siblings_.clear();  // Only proposals get rarer.
  }
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!IsWord(tokens[i]) || IsAuthorsWord(tokens[i].text)) {
      continue;
    }
    const std::uint64_t hash = HashTokens(tokens, i);
    Siblings& siblings = siblings_[hash];
    if (siblings.groups.empty()) {
      siblings.first = id;
    }
    const std::string& group = templates_.at(id).group;
    if (siblings.groups.size() < kSiblingsOfOneProblem) {
      siblings.groups.push_back(group);
    }
    if (siblings.groups.size() == kSiblingsOfOneProblem) {
      for (std::size_t k = 1; k < siblings.groups.size(); ++k) {
        proposals.emplace_back(siblings.groups[0], siblings.groups[k]);
      }
      OpenAt(siblings.first, i, tokens.size());
      siblings_.erase(hash);
      return;
    }
  }
}

void ErrorGroups::OpenAt(Id id, std::size_t place, std::size_t token_count) {
  const auto at = templates_.find(id);
  if (at == templates_.end() || at->second.tokens.size() != token_count) {
    return;  // Forgotten since, or its free words became one token.
  }
  std::vector<Token> tokens = at->second.tokens;
  tokens[place] = {std::string(kValueText), TokenKind::kOpen};
  SetTokens(id, std::move(tokens));
}

std::optional<ErrorGroups::Id> ErrorGroups::FindByFrame(const std::vector<Token>& tokens) {
  for (const WordRun& run : RunsOfFreeWords(tokens)) {
    const auto at = frames_.find(HashTokens(FrameOf(tokens, run)));
    if (at == frames_.end()) {
      continue;
    }
    const Frame& frame = at->second;
    const auto known = templates_.find(frame.id);
    if (known == templates_.end()) {
      continue;  // Forgotten since.
    }
    const std::vector<Token>& tokens_now = known->second.tokens;
    if (tokens_now.size() == frame.token_count) {
      if (run.size() == 1 && frame.run.size() == 1) {
        continue;  // The tree has compared the two words.
      }
      SetTokens(frame.id, FrameOf(tokens_now, frame.run));
    }
    return frame.id;
  }
  return std::nullopt;
}

void ErrorGroups::RememberFrames(Id id, const std::vector<Token>& tokens) {
  if (frames_.size() >= kKnownPerTemplate * options_.max_templates) {
    frames_.clear();  // Only later lengths of the same free words found groups again.
  }
  for (const WordRun& run : RunsOfFreeWords(tokens)) {
    frames_.try_emplace(HashTokens(FrameOf(tokens, run)),
                        Frame{.id = id, .run = run, .token_count = tokens.size()});
  }
}

}  // namespace sightline::analytics
