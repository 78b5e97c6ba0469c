// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "pricing/price_book.h"

namespace sightline::api {

// One price of one model as lists show it. Points into the book.
struct ListedPrice {
  std::string provider;
  std::string model;
  const pricing::OwnPrice* own = nullptr;  // Null: one that comes with the program.
  bool is_override = false;
  const pricing::PriceRule* rule = nullptr;
  std::int64_t from_ns = 0;   // 0: always.
  std::int64_t until_ns = 0;  // 0: no end.
  std::string key;            // Orders the list and names a place in it.
};

// The prices of a provider, or of all when it is "", ordered by key: own ones before those that
// come with the program.
std::vector<ListedPrice> ListPrices(const pricing::PriceBook& book, std::string_view provider);

// What is asked when a call of this model is priced, in the same order: its own prices and those
// that hold where none of them does. Of provider "tool", the prices of a tool. Empty when no price
// is known.
std::vector<ListedPrice> PricesOfModel(const pricing::PriceBook& book, std::string_view provider,
                                       std::string_view model);

ListedPrice Listed(const pricing::OwnPrice& price);

// One object. `version` is that of the price data.
void WritePrice(const ListedPrice& price, std::string_view version, base::JsonWriter& json);

}  // namespace sightline::api
