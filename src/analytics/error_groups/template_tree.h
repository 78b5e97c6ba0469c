// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "analytics/error_groups/token.h"

namespace sightline::analytics {

// Finds the template that a masked message is an example of, although some of its words differ.
//
// A prefix tree: the number of tokens, then one level for each token. A message may go down a
// branch whose token differs from its own if both may be values, at a cost: 1 for two words, 0.5 if
// one of them is a value or a name (2 at the beginning, where functions and classes stand) or if
// they stand alone in brackets, 0.2 where the template is open already. It never may where author's
// words or marks differ, before the first equal word, at the first word of a clause (after "]", "."
// and "-"), and in "to <verb> the". A template fits if the number of equal words, plus 0.2 for each
// equal value or mark but not more than 1, is at least 1 + 1.5 * cost. The one with the least cost
// for each equal word is taken, of several the first that was added.
//
// Thread: confined. Cost: at most kMaxVisits nodes are seen for a message, the most alike ones
// first.
class TemplateTree {
 public:
  using Id = std::uint32_t;

  // Far more than what hundreds of templates of one length need; bounds a message's time when a
  // stream is garbage.
  static constexpr std::size_t kMaxVisits = 20'000;

  TemplateTree();

  // Precondition: no template has the same tokens.
  void Add(std::span<const Token> tokens, Id id);
  // Precondition: `tokens` and nothing else were added for some id.
  void Remove(std::span<const Token> tokens);

  // The template with the same tokens.
  std::optional<Id> FindEqual(std::span<const Token> tokens) const;

  // The best one that fits.
  std::optional<Id> FindSimilar(std::span<const Token> message) const;

  std::size_t node_count() const { return nodes_.size() - free_.size(); }

 private:
  using NodeIndex = std::uint32_t;

  // A token in 64 bits: its hash, and what decides whether it may differ. Two different tokens have
  // equal keys with probability 2^-60.
  using Key = std::uint64_t;

  struct Child {
    Key key = 0;
    NodeIndex node = 0;
  };

  struct Node {
    std::vector<Child> children;  // By key.
    std::optional<Id> id;
  };

  class Search;

  static Key KeyOf(const Token& token);

  NodeIndex FindChild(NodeIndex node, Key key) const;  // kNoNode if there is none.
  NodeIndex FindOrAddChild(NodeIndex node, Key key);
  std::vector<Key> PathOf(std::span<const Token> tokens) const;

  static constexpr NodeIndex kNoNode = 0xFFFFFFFF;

  std::vector<Node> nodes_;  // [0] is the root.
  std::vector<NodeIndex> free_;
};

}  // namespace sightline::analytics
