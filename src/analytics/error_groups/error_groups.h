// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "analytics/error_groups/free_words.h"
#include "analytics/error_groups/template_tree.h"
#include "analytics/error_groups/token.h"

namespace sightline::analytics {

// Begins every group id and fingerprint, and changes with any rule that can change a group.
inline constexpr std::string_view kErrorGroupsVersion = "v1";

// Groups the error messages of one stream (a workflow) by the problem that they tell, one message
// after the other, without a second look.
//
// A message is masked (mask.h). An equal masked message keeps its group; else the most alike
// template is taken (template_tree.h) and opened where the message differs; else a template that
// differs in the length of one run of free words only ("search for red wine returned nothing");
// else a new group is founded. A group's id is the version and a hash of the masked message that
// founded it, so ids depend neither on the process nor on the order of streams, and an assigned id
// is final.
//
// Not responsible for counts, first and last times, or which of the proposals somebody accepts.
//
// Memory is bounded: when there are `max_templates`, the one seen least recently is forgotten.
// Should its founding message come again, it gets the same id again. With 100,000 different
// templates the last 10,000 are known. A template has at most kMaxMaskedTokens tokens of at most 64
// bytes.
//
// Thread: confined.
class ErrorGroups {
 public:
  struct Options {
    // More problems than anybody looks at in one workflow; about 40 MB when full.
    std::size_t max_templates = 10'000;
  };

  // Two groups that may be one problem, the older one first.
  using MergeProposal = std::pair<std::string, std::string>;

  struct Assignment {
    std::string group;          // "v1:" and 16 hex digits.
    std::string template_text;  // As it is now: "Tool <*> raised <*> : <**>".
    std::vector<MergeProposal> proposals;
  };

  ErrorGroups() : ErrorGroups(Options()) {}

  explicit ErrorGroups(const Options& options) : options_(options) {}

  // Of `message`, all bytes past kMaxMessageBytes are ignored. Cost: linear in the message, plus
  // the search of the tree when it is the first of its kind.
  Assignment Assign(std::string_view message);

  std::size_t template_count() const { return templates_.size(); }

 private:
  using Id = TemplateTree::Id;

  struct Template {
    std::string group;
    std::vector<Token> tokens;
    std::list<Id>::iterator recency;
  };

  // Groups whose founding messages are equal but for one word.
  struct Siblings {
    Id first = 0;  // The template of groups[0].
    std::vector<std::string> groups;
  };

  // A founding message around one run of words that may be free text.
  struct Frame {
    Id id = 0;
    WordRun run;
    std::size_t token_count = 0;  // Of the founding message.
  };

  // A map that forgets what was not used for long: two generations, the older one is dropped when
  // the younger one is full.
  struct KnownMessages {
    boost::unordered_flat_map<std::uint64_t, Id> young;
    boost::unordered_flat_map<std::uint64_t, Id> old;
  };

  std::optional<Id> FindKnown(std::uint64_t hash);
  void Remember(std::uint64_t hash, Id id);
  Id Found(const std::vector<Token>& tokens);
  void ForgetOldest();
  void Open(Id id, std::span<const Token> message);
  void OpenAt(Id id, std::size_t place, std::size_t token_count);
  std::optional<Id> FindByFrame(const std::vector<Token>& tokens);
  void RememberFrames(Id id, const std::vector<Token>& tokens);
  void SetTokens(Id id, std::vector<Token> tokens);
  void CountSiblings(Id id, const std::vector<Token>& tokens,
                     std::vector<MergeProposal>& proposals);

  const Options options_;
  TemplateTree tree_;
  std::unordered_map<Id, Template> templates_;
  std::list<Id> recency_;  // The most recent first.
  KnownMessages known_;
  boost::unordered_flat_map<std::uint64_t, Siblings> siblings_;
  boost::unordered_flat_map<std::uint64_t, Frame> frames_;
  Id next_id_ = 0;
};

// One text for the errors that are the same problem of the same tool: the version and a hash of the
// three. `type` is the error's class or code, `tool` the tool's name; either may be "". `masked` is
// a masked message: JoinTokens(MaskMessage(message)), or the template of a group.
std::string ErrorFingerprint(std::string_view type, std::string_view tool, std::string_view masked);

}  // namespace sightline::analytics
