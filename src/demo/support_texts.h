// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

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
  std::vector<SupportAction> actions;
  std::string_view answer;
};

// A session: its turns in order.
struct SupportTopic {
  std::string_view language;  // "en", "zh" ...
  std::string_view tag;
  std::vector<SupportTurn> turns;
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

// data/support.json.
struct SupportTexts {
  std::string_view instructions;
  std::vector<ToolDefinition> tools;  // In the order of SupportAction.
  std::vector<SupportTopic> topics;
  std::vector<Product> products;
  std::vector<HelpArticle> help_articles;
  std::vector<std::string_view> thoughts;
  std::vector<std::string_view> cities;
  std::vector<std::string_view> carriers;
  std::vector<std::string_view> abusive_questions;  // A guardrail refuses these.
  std::string_view refusal;
  std::string_view apology;  // A tool failed twice.
};

// Read once, at the first call; lives as long as the program. Any thread.
const SupportTexts& AllSupportTexts();

}  // namespace sightline::demo
