// SPDX-License-Identifier: Apache-2.0
#include "analytics/error_groups/token.h"

#include <string>
#include <vector>

namespace sightline::analytics {

std::string JoinTokens(const std::vector<Token>& tokens) {
  std::string text;
  for (const Token& token : tokens) {
    if (!text.empty()) {
      text += ' ';
    }
    text += token.text;
  }
  return text;
}

}  // namespace sightline::analytics
