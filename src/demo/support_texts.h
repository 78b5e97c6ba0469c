// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "demo/conversation.h"

namespace sightline::demo {

// The support desk's stock of conversations. Texts hold the placeholders {name} {order} {item}
// {amount} {city} {carrier} {tracking} {date}.

enum class SupportAction : std::uint8_t {
  kLookUpOrder,
  kTrackShipment,
  kCheckStock,
  kSearchHelp,
  kUpdateAddress,
  kRefund,
  kCreateTicket,
};

struct SupportTurn {
  std::string_view question;
  std::span<const SupportAction> actions;
  std::string_view answer;
};

// A session: its turns in order.
struct SupportTopic {
  std::string_view language;  // "en", "zh" ...
  std::string_view tag;
  std::span<const SupportTurn> turns;
};

struct Product {
  std::string_view name;
  std::string_view sku;
  double price = 0;
};

struct HelpArticle {
  std::string_view id;
  std::string_view title;
  std::string_view text;
};

extern const std::string_view kSupportInstructions;
extern const std::span<const ToolDefinition> kSupportTools;  // In the order of SupportAction.
extern const std::span<const SupportTopic> kSupportTopics;
extern const std::span<const Product> kProducts;
extern const std::span<const HelpArticle> kHelpArticles;
extern const std::span<const std::string_view> kAbusiveQuestions;  // A guardrail refuses these.
extern const std::string_view kRefusal;
extern const std::string_view kApology;  // A tool failed twice.

}  // namespace sightline::demo
