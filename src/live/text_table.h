// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/utf8.h"

namespace sightline::live {

// The distinct texts of one run by number; 0 is "". Runs have few distinct names, so a short table
// is searched from its start and only a long one is indexed.
//
// Thread: confined.
class TextTable {
 public:
  // The number of a text. Texts longer than kMaxBytes are cut at the end of a character. `guess` is
  // the number that it probably has, or any number of the table.
  std::uint32_t Add(std::string_view text, std::uint32_t guess = 0) {
    if (text.empty()) {
      return 0;
    }
    if (at(guess) == text) {
      return guess;
    }
    text = base::TruncateUtf8(text, kMaxBytes);
    if (const std::uint32_t number = Find(text); number != 0) {
      return number;
    }
    texts_.push_back(std::make_unique<const std::string>(text));
    bytes_ += text.size() + sizeof(std::string);
    const auto number = static_cast<std::uint32_t>(texts_.size());
    if (texts_.size() > kSearched) {
      Index();
    }
    return number;
  }

  // Lives as long as the table.
  std::string_view at(std::uint32_t number) const {
    return number == 0 ? std::string_view() : std::string_view(*texts_[number - 1]);
  }

  // Numbers go up to it.
  std::size_t size() const { return texts_.size(); }

  std::size_t bytes() const { return bytes_; }

  static constexpr std::size_t kMaxBytes = 1024;

 private:
  static constexpr std::size_t kSearched = 24;

  std::uint32_t Find(std::string_view text) const {
    if (texts_.size() > kSearched) {
      const auto it = numbers_.find(text);
      return it == numbers_.end() ? 0 : it->second;
    }
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (*texts_[i] == text) {
        return static_cast<std::uint32_t>(i + 1);
      }
    }
    return 0;
  }

  void Index() {
    for (std::size_t i = numbers_.size(); i < texts_.size(); ++i) {
      numbers_.emplace(*texts_[i], static_cast<std::uint32_t>(i + 1));
    }
  }

  std::vector<std::unique_ptr<const std::string>> texts_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::size_t bytes_ = 0;
};

}  // namespace sightline::live
