// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/gram_symbols.h"

namespace sightline::store::embedded {
namespace {

constexpr std::string_view kLongS = "\xC5\xBF";
constexpr std::string_view kKelvin = "\xE2\x84\xAA";

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
    at += to.size();
  }
}

}  // namespace

bool HasLettersToFold(std::string_view text) {
  return text.find(kLongS) != std::string_view::npos ||
         text.find(kKelvin) != std::string_view::npos;
}

std::string WithFoldedLetters(std::string_view text) {
  std::string folded(text);
  ReplaceAll(folded, kLongS, "s");
  ReplaceAll(folded, kKelvin, "k");
  return folded;
}

}  // namespace sightline::store::embedded
