// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/template_tree.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "analytics/error_groups/words.h"
#include "base/check.h"
#include "base/hash.h"

namespace sightline::analytics {
namespace {

// The lowest bits of a key: the kind of token, and whether it may be a value.
constexpr std::uint64_t kKindMask = 7;
constexpr std::uint64_t kMayVaryBit = 8;
constexpr std::uint64_t kFlagBits = 15;

// Costs in tenths, so that comparisons are exact.
constexpr int kWordCost = 10;
constexpr int kNameCost = 5;
constexpr int kFirstNameCost = 20;
constexpr int kOpenCost = 2;

// Words count 1, equal values and marks 0.2, and all of these 1 at most: they are in every message.
// The sum must reach 1 + 1.5 * cost. In twentieths.
bool Fits(int equal_words, int equal_others, int cost) {
  return 20 * equal_words + std::min(4 * equal_others, 20) >= 20 + 3 * cost;
}

TokenKind KindOf(std::uint64_t key) {
  return static_cast<TokenKind>(key & kKindMask);
}

bool MayVary(std::uint64_t key) {
  return (key & kMayVaryBit) != 0;
}

bool MayVary(const Token& token) {
  switch (token.kind) {
    case TokenKind::kWord:
      return MayBeValue(token.text);
    case TokenKind::kPunctuation:
      return false;
    case TokenKind::kName:
    case TokenKind::kValue:
    case TokenKind::kFreeText:
    case TokenKind::kOpen:
      return true;
  }
  return false;
}

bool IsPlaceholder(TokenKind kind) {
  return kind == TokenKind::kValue || kind == TokenKind::kFreeText || kind == TokenKind::kOpen;
}

// Where words have been seen to vary, any word that a value can be will do: codes in capitals too.
bool MayFillOpen(const Token& token) {
  return token.kind == TokenKind::kWord ? !IsAuthorsWord(token.text)
                                        : token.kind != TokenKind::kPunctuation;
}

bool IsBracket(const Token& token, std::string_view brackets) {
  return token.kind == TokenKind::kPunctuation && token.text.size() == 1 &&
         brackets.find(token.text.front()) != brackets.npos;
}

// True where the words of two messages must be equal whatever they are.
bool IsFixedPlace(std::span<const Token> message, std::size_t i) {
  if (i == 0) {
    return false;
  }
  const Token& before = message[i - 1];
  if (before.kind == TokenKind::kPunctuation && before.text == "]") {
    return true;
  }
  return before.text == "to" && i + 1 < message.size() && IsArticle(message[i + 1].text);
}

// True for the only word in a pair of brackets: "(root)", "key [id]".
bool IsEnclosed(std::span<const Token> message, std::size_t i) {
  return i > 0 && i + 1 < message.size() && IsBracket(message[i - 1], "([<") &&
         IsBracket(message[i + 1], ")]>");
}

}  // namespace

// Depth first, equal tokens before others, so that a good answer cuts the rest short.
class TemplateTree::Search {
 public:
  Search(const TemplateTree& tree, std::span<const Token> message)
      : tree_(tree), message_(message), words_left_(message.size() + 1, 0) {
    keys_.reserve(message.size());
    for (std::size_t i = 0; i < message.size(); ++i) {
      keys_.push_back(KeyOf(message[i]));
      is_fixed_.push_back(IsFixedPlace(message, i));
      is_enclosed_.push_back(IsEnclosed(message, i));
      may_fill_open_.push_back(MayFillOpen(message[i]));
    }
    for (std::size_t i = message.size(); i-- > 0;) {
      words_left_[i] = words_left_[i + 1] + (KindOf(keys_[i]) == TokenKind::kWord ? 1 : 0);
    }
  }

  std::optional<Id> Run() {
    const NodeIndex start = tree_.FindChild(0, message_.size() << 4);
    if (start != kNoNode) {
      pending_.push_back({.node = start});
    }
    for (std::size_t visits = 0; !pending_.empty() && visits < kMaxVisits; ++visits) {
      const State state = pending_.back();
      pending_.pop_back();
      Visit(state);
    }
    return best_;
  }

 private:
  struct State {
    NodeIndex node = 0;
    std::uint32_t depth = 0;
    int equal_words = 0;
    int equal_others = 0;
    int cost = 0;
  };

  void Visit(const State& state) {
    const Node& node = tree_.nodes_[state.node];
    if (state.depth == message_.size()) {
      Consider(state, *node.id);
      return;
    }
    const Key key = keys_[state.depth];
    // The stack is last in, first out: what differs is put below what is equal.
    if (MayVary(key) || may_fill_open_[state.depth]) {
      for (const Child& child : node.children) {
        if (child.key != key) {
          Push(state, child, CostOf(state, child.key, key));
        }
      }
    }
    const NodeIndex equal = tree_.FindChild(state.node, key);
    if (equal != kNoNode) {
      State next = state;
      next.node = equal;
      ++next.depth;
      ++(KindOf(key) == TokenKind::kWord ? next.equal_words : next.equal_others);
      pending_.push_back(next);
    }
  }

  // Of going from a message with `key` to a template with `other`; nothing: not allowed.
  std::optional<int> CostOf(const State& state, Key other, Key key) const {
    const TokenKind kind = KindOf(key);
    const TokenKind other_kind = KindOf(other);
    if (IsPlaceholder(kind) && IsPlaceholder(other_kind)) {
      return 0;
    }
    if (other_kind == TokenKind::kOpen) {
      return may_fill_open_[state.depth] ? std::optional<int>(kOpenCost) : std::nullopt;
    }
    if (!MayVary(key) || !MayVary(other) ||
        (is_fixed_[state.depth] && other_kind == TokenKind::kWord)) {
      return std::nullopt;
    }
    if (is_enclosed_[state.depth]) {
      return kNameCost;
    }
    if (kind == TokenKind::kWord && other_kind == TokenKind::kWord) {
      return state.equal_words == 0 ? std::nullopt : std::optional<int>(kWordCost);
    }
    return state.depth == 0 ? kFirstNameCost : kNameCost;
  }

  void Push(const State& state, const Child& child, std::optional<int> cost) {
    if (!cost.has_value()) {
      return;
    }
    State next = state;
    next.node = child.node;
    ++next.depth;
    next.cost += *cost;
    const int left = static_cast<int>(message_.size()) - static_cast<int>(next.depth);
    if (Fits(next.equal_words + words_left_[next.depth], next.equal_others + left, next.cost)) {
      pending_.push_back(next);
    }
  }

  void Consider(const State& state, Id id) {
    if (!Fits(state.equal_words, state.equal_others, state.cost)) {
      return;
    }
    // cost / words, compared without division.
    const std::int64_t left = std::int64_t{state.cost} * best_words_;
    const std::int64_t right = std::int64_t{best_cost_} * state.equal_words;
    if (!best_.has_value() || left < right || (left == right && id < *best_)) {
      best_ = id;
      best_cost_ = state.cost;
      best_words_ = state.equal_words;
    }
  }

  const TemplateTree& tree_;
  const std::span<const Token> message_;
  std::vector<Key> keys_;
  std::vector<bool> is_fixed_;
  std::vector<bool> is_enclosed_;
  std::vector<bool> may_fill_open_;
  std::vector<int> words_left_;  // [i]: words of the message from token i on.
  std::vector<State> pending_;
  std::optional<Id> best_;
  int best_cost_ = 0;
  int best_words_ = 1;
};

TemplateTree::TemplateTree() : nodes_(1) {}

TemplateTree::Key TemplateTree::KeyOf(const Token& token) {
  const auto kind = static_cast<std::uint64_t>(token.kind);
  const std::uint64_t flags = kind | (MayVary(token) ? kMayVaryBit : 0);
  return (base::HashBytes64(token.text, kind) & ~kFlagBits) | flags;
}

std::vector<TemplateTree::Key> TemplateTree::PathOf(std::span<const Token> tokens) const {
  std::vector<Key> path = {tokens.size() << 4};
  for (const Token& token : tokens) {
    path.push_back(KeyOf(token));
  }
  return path;
}

TemplateTree::NodeIndex TemplateTree::FindChild(NodeIndex node, Key key) const {
  const std::vector<Child>& children = nodes_[node].children;
  const auto at = std::ranges::lower_bound(children, key, {}, &Child::key);
  return at != children.end() && at->key == key ? at->node : kNoNode;
}

TemplateTree::NodeIndex TemplateTree::FindOrAddChild(NodeIndex node, Key key) {
  const NodeIndex found = FindChild(node, key);
  if (found != kNoNode) {
    return found;
  }
  NodeIndex added = 0;
  if (free_.empty()) {
    added = static_cast<NodeIndex>(nodes_.size());
    nodes_.emplace_back();
  } else {
    added = free_.back();
    free_.pop_back();
  }
  std::vector<Child>& children = nodes_[node].children;
  children.insert(std::ranges::lower_bound(children, key, {}, &Child::key), {key, added});
  return added;
}

void TemplateTree::Add(std::span<const Token> tokens, Id id) {
  NodeIndex node = 0;
  for (const Key key : PathOf(tokens)) {
    node = FindOrAddChild(node, key);
  }
  CHECK(!nodes_[node].id.has_value());
  nodes_[node].id = id;
}

void TemplateTree::Remove(std::span<const Token> tokens) {
  const std::vector<Key> path = PathOf(tokens);
  std::vector<NodeIndex> nodes = {0};
  for (const Key key : path) {
    nodes.push_back(FindChild(nodes.back(), key));
    CHECK(nodes.back() != kNoNode);
  }
  nodes_[nodes.back()].id.reset();
  for (std::size_t depth = path.size(); depth > 0; --depth) {
    Node& node = nodes_[nodes[depth]];
    if (!node.children.empty() || node.id.has_value()) {
      return;
    }
    node.children = {};
    free_.push_back(nodes[depth]);
    std::vector<Child>& siblings = nodes_[nodes[depth - 1]].children;
    siblings.erase(std::ranges::lower_bound(siblings, path[depth - 1], {}, &Child::key));
  }
}

std::optional<TemplateTree::Id> TemplateTree::FindEqual(std::span<const Token> tokens) const {
  NodeIndex node = 0;
  for (const Key key : PathOf(tokens)) {
    node = FindChild(node, key);
    if (node == kNoNode) {
      return std::nullopt;
    }
  }
  return nodes_[node].id;
}

std::optional<TemplateTree::Id> TemplateTree::FindSimilar(std::span<const Token> message) const {
  return Search(*this, message).Run();
}

}  // namespace sightline::analytics
