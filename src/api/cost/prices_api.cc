// SPDX-License-Identifier: Apache-2.0
#include "api/cost/prices_api.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "api/cost/own_prices.h"
#include "api/cost/price_list.h"
#include "api/request/answers.h"
#include "api/request/json_body.h"
#include "api/request/json_fields.h"
#include "api/request/parameters.h"
#include "base/ascii.h"
#include "base/hex.h"
#include "base/json_writer.h"
#include "base/time_text.h"
#include "pricing/litellm.h"

namespace sightline::api {
namespace {

using base::Code;
using base::Error;
using base::Result;
using pricing::OwnPrice;

// Of changes and of what was skipped in an import: the counts say how many there are.
constexpr std::size_t kMostShown = 200;

std::string CursorOf(const ListedPrice& price) {
  return base::HexEncode(
      {reinterpret_cast<const std::uint8_t*>(price.key.data()), price.key.size()});
}

Result<std::string> KeyOfCursor(const Parameters& parameters) {
  const std::string text = parameters.Text("cursor").value_or("");
  std::string key(text.size() / 2, '\0');
  if (!base::HexDecode(text, {reinterpret_cast<std::uint8_t*>(key.data()), key.size()})) {
    return Error(Code::kInvalidArgument, "bad parameter cursor: one of an answer expected");
  }
  return key;
}

store::PriceRow RowOf(const OwnPrice& price, std::string_view source, std::int64_t now_ns) {
  return {.provider = price.provider,
          .model = price.model,
          .from_ns = price.from_ns,
          .document = OwnPriceJson(price),
          .source = std::string(source),
          .created_ns = now_ns};
}

// Prices and multipliers alone, to compare.
std::string RatesOf(const pricing::PriceRule& rule) {
  base::JsonWriter json;
  json.BeginObject();
  pricing::WriteRule(rule, json);
  json.EndObject();
  return json.Take();
}

std::string_view NoPriceNote(std::string_view provider) {
  return pricing::OwnProvider(provider) == pricing::kToolProvider
             ? "no price is known: calls of tools without one cost nothing"
             : "no price is known: calls of it are unpriced";
}

enum class Change : std::uint8_t { kNone, kAdded, kChanged };

// What an import would do to the price that holds when the new one begins.
Change ChangeOf(const pricing::OwnPriceTable& present, const OwnPrice& price) {
  for (const pricing::OwnSchedule& schedule : present.schedules()) {
    const OwnPrice& first = schedule.prices.front();
    if (first.provider == price.provider && first.model == price.model) {
      const OwnPrice* held = schedule.At(price.from_ns);
      return held == nullptr                              ? Change::kAdded
             : RatesOf(held->rule) == RatesOf(price.rule) ? Change::kNone
                                                          : Change::kChanged;
    }
  }
  return Change::kAdded;
}

}  // namespace

Result<std::string> PricesApi::ListJson(const net::HttpRequest& request) const {
  const Parameters parameters(request.query);
  const std::size_t limit = TRY(parameters.Limit(100, 1000));
  const std::string after = TRY(KeyOfCursor(parameters));
  const std::string provider = parameters.Text("provider").value_or("");
  const std::optional<std::string> model = parameters.Text("model");
  const auto book = prices_.Get();
  const std::vector<ListedPrice> prices = model ? PricesOfModel(*book, provider, *model)
                                                : ListPrices(*book, pricing::OwnProvider(provider));
  const auto begin = std::ranges::upper_bound(prices, after, {}, &ListedPrice::key);
  const auto end =
      begin + std::min<std::ptrdiff_t>(prices.end() - begin, static_cast<std::ptrdiff_t>(limit));
  base::JsonWriter json;
  json.BeginObject();
  json.Key("source").String(book->source());
  json.Key("total").Uint(prices.size());
  json.Key("prices").BeginArray();
  for (auto price = begin; price != end; ++price) {
    WritePrice(*price, book->catalog().version(), json);
  }
  json.EndArray();
  WriteText(json, "note", prices.empty() ? NoPriceNote(provider) : "");
  WriteText(json, "next_cursor", end == prices.end() ? "" : CursorOf(*std::prev(end)));
  json.EndObject();
  return json.Take();
}

Result<std::vector<OwnPrice>> PricesApi::Store(std::vector<OwnPrice> prices,
                                               std::string_view source) {
  std::vector<store::PriceRow> rows;
  rows.reserve(prices.size());
  for (const OwnPrice& price : prices) {
    rows.push_back(RowOf(price, source, clock_.NowNs()));
  }
  const std::vector<std::int64_t> versions = TRY(meta_.SetPrices(rows));
  for (std::size_t i = 0; i < prices.size(); ++i) {
    prices[i].source = source;
    NameRule(prices[i], versions[i]);
  }
  TRY(LoadOwnPrices(meta_, prices_));
  return prices;
}

Result<std::string> PricesApi::PutJson(const net::HttpRequest& request, const std::string& body) {
  OwnPrice price = TRY(pricing::ParseOwnPrice(
      request.PathParameter("provider"), request.PathParameter("model"), body, clock_.NowNs()));
  const base::MutexLock lock(mutex_);
  const std::vector<OwnPrice> present = TRY(ReadOwnPrices(meta_));
  TRY(CheckOverlap(price, present));
  std::vector<OwnPrice> prices;
  prices.push_back(std::move(price));
  const std::vector<OwnPrice> stored = TRY(Store(std::move(prices), "own"));
  base::JsonWriter json;
  WritePrice(Listed(stored.front()), "", json);
  return json.Take();
}

Result<std::string> PricesApi::DeleteJson(const net::HttpRequest& request) {
  const Parameters parameters(request.query);
  std::optional<std::int64_t> from_ns = TRY(parameters.Time("effective_from"));
  if (from_ns) {
    from_ns = *from_ns - *from_ns % 1000;  // As prices begin: in whole microseconds.
  }
  const std::string_view provider = request.PathParameter("provider");
  const std::string_view model = request.PathParameter("model");
  const base::MutexLock lock(mutex_);
  const std::int64_t count = TRY(meta_.DeletePrices(
      pricing::OwnProvider(provider), base::ToLower(base::Trim(model)), from_ns, clock_.NowNs()));
  if (count == 0) {
    return Error(Code::kNotFound, fmt::format("no own price of '{}/{}'{}", provider, model,
                                              from_ns ? " begins then" : ""));
  }
  TRY(LoadOwnPrices(meta_, prices_));
  base::JsonWriter json;
  json.BeginObject().Key("deleted").Int(count).EndObject();
  return json.Take();
}

Result<std::string> PricesApi::ImportJson(const net::HttpRequest& request,
                                          const std::string& body) {
  const Parameters parameters(request.query);
  const bool is_dry_run = TRY(parameters.Bool("dry_run")).value_or(true);
  const std::int64_t from_ns = TRY(parameters.Time("effective_from")).value_or(clock_.NowNs());
  if (from_ns < 0) {
    return Error(Code::kInvalidArgument,
                 "bad parameter effective_from: a time after 1970 expected");
  }
  pricing::LiteLlmPrices file = TRY(pricing::ReadLiteLlmPrices(body, from_ns));
  const base::MutexLock lock(mutex_);
  const std::vector<OwnPrice> present = TRY(ReadOwnPrices(meta_));
  const pricing::OwnPriceTable table(present);
  std::vector<OwnPrice> changed;
  std::size_t added = 0;
  std::size_t unchanged = 0;
  base::JsonWriter changes;
  changes.BeginArray();
  for (OwnPrice& price : file.prices) {
    const Change change = ChangeOf(table, price);
    if (change == Change::kNone) {
      ++unchanged;
      continue;
    }
    if (const Result<void> fits = CheckOverlap(price, present); !fits.has_value()) {
      file.skipped.push_back({price.provider + "/" + price.model, fits.error().message()});
      continue;
    }
    added += change == Change::kAdded ? 1 : 0;
    if (changed.size() < kMostShown) {
      changes.BeginObject();
      changes.Key("provider").String(price.provider);
      changes.Key("model").String(price.model);
      changes.Key("change").String(change == Change::kAdded ? "added" : "changed");
      pricing::WriteRule(price.rule, changes);
      changes.EndObject();
    }
    changed.push_back(std::move(price));
  }
  changes.EndArray();
  const std::size_t changes_count = changed.size();
  if (!is_dry_run && !changed.empty()) {
    TRY(Store(std::move(changed), "litellm"));
  }
  base::JsonWriter json;
  json.BeginObject();
  json.Key("dry_run").Bool(is_dry_run);
  json.Key("effective_from").String(base::FormatTimeNs(from_ns));
  json.Key("added").Uint(added);
  json.Key("changed").Uint(changes_count - added);
  json.Key("unchanged").Uint(unchanged);
  json.Key("skipped").Uint(file.skipped.size());
  json.Key("changes").Raw(changes.Take());
  json.Key("left_out").BeginArray();
  for (std::size_t i = 0; i < std::min(file.skipped.size(), kMostShown); ++i) {
    json.BeginObject().Key("model").String(file.skipped[i].model);
    json.Key("reason").String(file.skipped[i].reason).EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

net::HttpResponse PricesApi::List(const net::HttpRequest& request) const {
  return JsonAnswer(ListJson(request));
}

net::HttpResponse PricesApi::Put(const net::HttpRequest& request) {
  return AnswerJsonBody(request, options_.max_body_bytes,
                        [&](const std::string& body) { return PutJson(request, body); });
}

net::HttpResponse PricesApi::Delete(const net::HttpRequest& request) {
  return JsonAnswer(DeleteJson(request));
}

net::HttpResponse PricesApi::Import(const net::HttpRequest& request) {
  return AnswerJsonBody(request, options_.max_body_bytes,
                        [&](const std::string& body) { return ImportJson(request, body); });
}

}  // namespace sightline::api
