// SPDX-License-Identifier: Apache-2.0
#include "api/cost/cost_breakdown.h"

#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "api/cost/own_prices.h"
#include "api/request/json_fields.h"
#include "pricing/span_price.h"

namespace sightline::api {
namespace {

using pricing::CostLine;
using pricing::OwnPrice;
using pricing::PriceRule;

constexpr std::string_view kOwn = "own:";

// The parts of "openai/gpt-4o#0.1.8". Spans of before rules had versions name none.
std::pair<std::string_view, std::string_view> SplitRule(std::string_view versioned) {
  const std::size_t mark = versioned.rfind('#');
  return mark == std::string_view::npos
             ? std::pair(versioned, std::string_view())
             : std::pair(versioned.substr(0, mark), versioned.substr(mark + 1));
}

// A rule and what keeps it alive.
struct FoundRule {
  std::shared_ptr<const void> owner;
  const PriceRule* rule = nullptr;
  model::Tuning tuning = model::Tuning::kNone;
};

FoundRule FindOwn(const store::MetaStore& meta, std::string_view version_text) {
  std::int64_t version = 0;
  const auto [end, error] =
      std::from_chars(version_text.data(), version_text.data() + version_text.size(), version);
  if (error != std::errc() || end != version_text.data() + version_text.size()) {
    return {};
  }
  const auto row = meta.FindPrice(version);
  if (!row.has_value() || !row->has_value()) {
    return {};
  }
  auto price = ReadOwnPrice(**row);
  if (!price.has_value()) {
    return {};
  }
  auto owned = std::make_shared<const OwnPrice>(*std::move(price));
  return {.owner = owned, .rule = &owned->rule};
}

FoundRule FindRule(const pricing::CurrentPrices& prices, const store::MetaStore& meta,
                   const model::Span& span) {
  const auto [id, version] = SplitRule(span.price_rule);
  if (id.starts_with(kOwn)) {
    return FindOwn(meta, version);
  }
  const auto book = prices.Get();
  const pricing::ModelPrices found = book->FindModel(span.provider, span.model());
  if (found.schedule == nullptr) {
    return {};
  }
  const PriceRule& rule = found.schedule->At(span.start_ns);
  const bool is_same = rule.versioned_id == span.price_rule || (version.empty() && rule.id == id);
  return is_same ? FoundRule{.owner = book, .rule = &rule, .tuning = found.tuning} : FoundRule{};
}

void WriteLine(const CostLine& line, base::JsonWriter& json) {
  const pricing::UnitInfo& info = pricing::InfoOf(line.unit);
  json.BeginObject();
  json.Key("kind").String(info.name);
  json.Key("count").Int(line.count);
  json.Key("unit_price").Raw(UnitPriceText(line.unit_price, info));
  json.Key("per").Int(info.is_per_call ? 1 : 1'000'000);
  // As for one call: plain dollars.
  json.Key("amount").Raw(UnitPriceText(line.amount, InfoOf(pricing::Unit::kRequest)));
  json.EndObject();
}

std::string_view NoteOf(const model::Span& span, const FoundRule& found) {
  if (span.cost_status == model::CostStatus::kReported) {
    return "the sender stated the cost";
  }
  if (span.cost_status == model::CostStatus::kUnpriced && !span.usage.is_known()) {
    return "the sender stated no usage";
  }
  if (span.cost_status == model::CostStatus::kUnpriced && span.price_rule.empty()) {
    return "no price of the model was known";
  }
  if (found.rule == nullptr) {
    return "the prices of this rule and version are not known any more";
  }
  return "";
}

}  // namespace

// Null while it cannot be read.
void CostBreakdown::WriteReplaced(const model::Span& span, base::JsonWriter& json) const {
  json.Key("replaced");
  const auto figures = figures_.OldFigures(span.trace_id, span.span_id,
                                           std::chrono::steady_clock::now() + query_timeout_);
  if (!figures.has_value()) {
    json.Null();
    return;
  }
  json.BeginArray();
  for (const store::OldFigure& old : *figures) {
    const auto [rule, version] = SplitRule(old.figure.rule);
    json.BeginObject();
    WriteTime(json, "until", old.replaced_ns);
    WriteCost(json, old.figure.cost.picodollars, old.figure.status);
    WriteText(json, "rule", rule);
    WriteText(json, "version", version);
    json.EndObject();
  }
  json.EndArray();
}

void CostBreakdown::Write(const model::Span& span, base::JsonWriter& json) const {
  json.Key("cost_breakdown");
  if (span.cost_status == model::CostStatus::kNone) {
    json.Null();
    return;
  }
  const FoundRule found = span.price_rule.empty() ? FoundRule{} : FindRule(prices_, meta_, span);
  std::vector<CostLine> lines;
  pricing::MissingParts missing;
  if (found.rule != nullptr) {
    missing = PriceSpanAt(*found.rule, found.tuning, span, &lines).missing;
  }
  const auto [rule, version] = SplitRule(span.price_rule);
  json.BeginObject();
  WriteText(json, "rule", rule);
  WriteText(json, "version", version);
  WriteText(json, "service_tier", span.service_tier);
  WriteText(json, "region", span.region);
  json.Key("lines").BeginArray();
  for (const CostLine& line : lines) {
    WriteLine(line, json);
  }
  json.EndArray();
  WriteText(json, "missing", pricing::DescribeMissing(missing));
  WriteText(json, "note", NoteOf(span, found));
  WriteReplaced(span, json);
  json.EndObject();
}

}  // namespace sightline::api
