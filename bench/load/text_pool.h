// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sightline::load {

// A long prose-like text from which messages are cut: words of an invented vocabulary, drawn about
// as often as words are in natural language, so that it compresses like natural language. Letters,
// spaces, commas and full stops only: it may stand inside a JSON string as it is.
//
// Thread: any (immutable).
class TextPool {
 public:
  TextPool(std::uint64_t seed, std::size_t bytes);

  // `size` bytes from a place that `choice` picks. Precondition: `size` is below the pool's size.
  std::string_view Cut(std::uint64_t choice, std::size_t size) const {
    return std::string_view(text_).substr(choice % (text_.size() - size), size);
  }

 private:
  std::string text_;
};

}  // namespace sightline::load
