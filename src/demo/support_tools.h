// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "demo/support_texts.h"

namespace sightline::demo {

class Random;

// What the support desk's tools know of a customer's order.
//
// Thread: value.
struct Order {
  std::string id;
  const Product* product = nullptr;
  std::string customer_id;
  std::string topic;
  std::string city;
  std::string carrier;
  std::string tracking;
  std::string date;  // When it was placed: "2026-03-01".
  std::string amount;
  std::int64_t known_at_ns = 0;
};

Order MakeOrder(std::int64_t now_ns, Random& random);

const ToolDefinition& ToolFor(SupportAction action);

// What the model writes, and what the tool answers, as JSON.
std::string SupportArguments(SupportAction action, const Order& order, Random& random);
std::string SupportResult(SupportAction action, const Order& order, Random& random);

// Median.
std::chrono::nanoseconds SupportLatency(SupportAction action);

}  // namespace sightline::demo
