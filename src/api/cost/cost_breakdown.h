// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/json_writer.h"
#include "model/span.h"
#include "pricing/current_prices.h"
#include "store/meta_store.h"
#include "store/price_store.h"

namespace sightline::api {

// Explains the cost of a span line by line: kind of token, count, unit price, amount, by which rule
// of which version. Own prices are explained also when they have been replaced since; those of
// price data only while the program has the version that the span was priced with. A cost that was
// replaced, because the span was priced again, is told with its rule.
//
// Thread: any. What it refers to must outlive it.
class CostBreakdown {
 public:
  CostBreakdown(const pricing::CurrentPrices& prices, const store::MetaStore& meta,
                store::PriceStore& figures, std::chrono::nanoseconds query_timeout)
      : prices_(prices), meta_(meta), figures_(figures), query_timeout_(query_timeout) {}

  // `cost_breakdown` of an object that is open; null for spans without a cost.
  void Write(const model::Span& span, base::JsonWriter& json) const;

 private:
  void WriteReplaced(const model::Span& span, base::JsonWriter& json) const;

  const pricing::CurrentPrices& prices_;
  const store::MetaStore& meta_;
  store::PriceStore& figures_;
  const std::chrono::nanoseconds query_timeout_;
};

}  // namespace sightline::api
