// SPDX-License-Identifier: Apache-2.0
#include "pricing/matcher.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <re2/re2.h>

#include "base/ascii.h"

namespace sightline::pricing {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::string_view kLookAhead = "^(?!";

Error BadMatch(std::string_view cause) {
  return {Code::kInvalidArgument, fmt::format("cannot read match condition: {}", cause)};
}

// Index of the first `target` from `begin` on that is inside no further group or character class;
// npos if none. With ')' it is the end of the group that `begin` is in.
std::size_t FindInGroup(std::string_view pattern, std::size_t begin, char target) {
  int depth = 0;
  bool in_class = false;
  for (std::size_t i = begin; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (in_class) {
      in_class = pattern[i] != ']';
    } else if (pattern[i] == target && depth == 0) {
      return i;
    } else {
      in_class = pattern[i] == '[';
      depth += pattern[i] == '(' ? 1 : 0;
      depth -= pattern[i] == ')' ? 1 : 0;
    }
  }
  return std::string_view::npos;
}

Result<std::shared_ptr<const re2::RE2>> Compile(const std::string& pattern) {
  auto regex = std::make_shared<re2::RE2>(pattern, re2::RE2::Quiet);
  if (!regex->ok()) {
    return BadMatch(fmt::format("regex '{}': {}", pattern, regex->error()));
  }
  return std::shared_ptr<const re2::RE2>(std::move(regex));
}

}  // namespace

Result<Matcher> Matcher::ParseRegex(std::string_view pattern) {
  Matcher matcher;
  matcher.kind_ = Kind::kRegex;
  std::string rest(pattern);
  if (pattern.starts_with(kLookAhead)) {
    const std::size_t end = FindInGroup(pattern, kLookAhead.size(), ')');
    if (end == std::string_view::npos ||
        FindInGroup(pattern, end + 1, '|') != std::string_view::npos) {
      return BadMatch(fmt::format("regex '{}': look-ahead is not of the whole regex", pattern));
    }
    const std::string_view inside = pattern.substr(kLookAhead.size(), end - kLookAhead.size());
    matcher.forbidden_ = TRY(Compile(fmt::format("^(?:{})", inside)));
    rest = fmt::format("^{}", pattern.substr(end + 1));
  }
  matcher.regex_ = TRY(Compile(rest));
  return matcher;
}

Result<Matcher> Matcher::Parse(const boost::json::value& json) {
  constexpr std::array<std::pair<std::string_view, Kind>, 7> kKinds = {{
      {"equals", Kind::kEquals},
      {"starts_with", Kind::kStartsWith},
      {"ends_with", Kind::kEndsWith},
      {"contains", Kind::kContains},
      {"regex", Kind::kRegex},
      {"or", Kind::kOr},
      {"and", Kind::kAnd},
  }};
  if (!json.is_object() || json.get_object().size() != 1) {
    return BadMatch("not an object with one member");
  }
  const auto& member = *json.get_object().begin();
  const auto* kind = std::ranges::find(kKinds, std::string_view(member.key()),
                                       &std::pair<std::string_view, Kind>::first);
  if (kind == kKinds.end()) {
    return BadMatch(fmt::format("unknown kind '{}'", std::string_view(member.key())));
  }
  Matcher matcher;
  matcher.kind_ = kind->second;
  if (matcher.kind_ == Kind::kOr || matcher.kind_ == Kind::kAnd) {
    if (!member.value().is_array()) {
      return BadMatch("'or' and 'and' need an array");
    }
    for (const boost::json::value& part : member.value().get_array()) {
      matcher.parts_.push_back(TRY(Parse(part)));
    }
    return matcher;
  }
  if (!member.value().is_string()) {
    return BadMatch("the text to match is not a string");
  }
  const std::string_view text(member.value().get_string());
  if (matcher.kind_ == Kind::kRegex) {
    return ParseRegex(text);
  }
  matcher.text_ = base::ToLower(base::Trim(text));
  return matcher;
}

bool Matcher::Matches(std::string_view lower) const {
  const auto matches = [lower](const Matcher& part) { return part.Matches(lower); };
  switch (kind_) {
    case Kind::kEquals:
      return lower == text_;
    case Kind::kStartsWith:
      return lower.starts_with(text_);
    case Kind::kEndsWith:
      return lower.ends_with(text_);
    case Kind::kContains:
      return lower.find(text_) != std::string_view::npos;
    case Kind::kRegex:
      return (forbidden_ == nullptr || !re2::RE2::PartialMatch(lower, *forbidden_)) &&
             re2::RE2::PartialMatch(lower, *regex_);
    case Kind::kOr:
      return std::ranges::any_of(parts_, matches);
    case Kind::kAnd:
      return std::ranges::all_of(parts_, matches);
  }
  return false;
}

}  // namespace sightline::pricing
