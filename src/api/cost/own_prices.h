// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "pricing/current_prices.h"
#include "pricing/own_price.h"
#include "store/meta_store.h"

namespace sightline::api {

// A stored price as the price book has it. kInvalidArgument: its document cannot be read.
base::Result<pricing::OwnPrice> ReadOwnPrice(const store::PriceRow& row);

// All prices that are set. One that cannot be read is left out and logged.
base::Result<std::vector<pricing::OwnPrice>> ReadOwnPrices(const store::MetaStore& meta);

// Puts a book with the stored prices in the place of the present one.
base::Result<void> LoadOwnPrices(const store::MetaStore& meta, pricing::CurrentPrices& prices);

}  // namespace sightline::api
