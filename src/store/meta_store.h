// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sightline::store {

// A price that somebody has set. What the document says is pricing's business
// (pricing/own_price.h).
//
// Thread: value.
struct PriceRow {
  std::int64_t version = 0;  // Given by the store, never twice: names this state of the price.
  std::string provider;
  std::string model;
  std::int64_t from_ns = 0;
  std::string document;  // JSON.
  std::string source;    // Who set it: "api", "litellm".
  std::int64_t created_ns = 0;
};

// What people edit, as opposed to what telemetry tells: prices now. Durable when a call returns.
//
// Errors: kUnavailable while the store is damaged or the disk is full; nothing has changed then.
//
// Thread: any; calls block.
class MetaStore {
 public:
  virtual ~MetaStore() = default;

  // Why it cannot be used, in a sentence for people; "" while it can.
  virtual std::string problem() const = 0;

  // The prices that are set, by provider, model and start.
  virtual base::Result<std::vector<PriceRow>> Prices() const = 0;

  // A price as it once was, also when it has been replaced or deleted since. Empty: there is none,
  // or it has been forgotten: the 100,000 newest are kept.
  virtual base::Result<std::optional<PriceRow>> FindPrice(std::int64_t version) const = 0;

  // Sets all of them or none; each takes the place of the one of the same provider, model and
  // start. Versions in `prices` are not read. Returns the versions, in the same order.
  // kResourceExhausted: more than 20,000 would be set.
  virtual base::Result<std::vector<std::int64_t>> SetPrices(std::span<const PriceRow> prices) = 0;

  // Deletes the price that begins at `from_ns`, or without it all of the model. Returns how many.
  virtual base::Result<std::int64_t> DeletePrices(std::string_view provider, std::string_view model,
                                                  std::optional<std::int64_t> from_ns,
                                                  std::int64_t now_ns) = 0;

  // Writes a consistent copy of the whole store to a file, durably; a file that exists is replaced.
  virtual base::Result<void> BackUp(const std::filesystem::path& file) const = 0;

  MetaStore(const MetaStore&) = delete;
  MetaStore& operator=(const MetaStore&) = delete;

 protected:
  MetaStore() = default;
};

}  // namespace sightline::store
