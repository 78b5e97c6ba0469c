// SPDX-License-Identifier: Apache-2.0
#include "demo/support_tools.h"

#include <array>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include "base/check.h"
#include "base/time_text.h"
#include "demo/json_text.h"
#include "demo/random.h"

namespace sightline::demo {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::int64_t kDayNs = nanoseconds(std::chrono::hours(24)).count();

std::string HelpResult(Random& random) {
  std::string hits;
  const std::vector<HelpArticle>& articles = AllSupportTexts().help_articles;
  const std::size_t first = random.Index(articles.size());
  for (std::size_t i = 0; i < 3; ++i) {
    const HelpArticle& article = articles[(first + i) % articles.size()];
    hits += fmt::format(R"({}{{"id":"{}","title":{},"text":{}}})", i == 0 ? "" : ",", article.id,
                        Quote(article.title), Quote(article.text));
  }
  return fmt::format(R"({{"hits":[{}]}})", hits);
}

std::string Ago(const Order& order, std::chrono::hours ago) {
  return base::FormatTimeNs(order.known_at_ns - std::chrono::nanoseconds(ago).count());
}

std::string TrackingResult(const Order& order) {
  using std::chrono::hours;
  return fmt::format(R"({{"tracking_number":"{0}","carrier":"{1}","status":"in_transit","events":[)"
                     R"({{"at":"{3}","place":{2},"text":"Held at sorting centre"}},)"
                     R"({{"at":"{4}","place":{2},"text":"Arrived at sorting centre"}},)"
                     R"({{"at":"{5}","place":"Bremen","text":"Departed"}},)"
                     R"({{"at":"{6}","place":"Bremen","text":"Picked up from sender"}}],)"
                     R"("estimated_delivery":"{7}"}})",
                     order.tracking, order.carrier, Quote(order.city), Ago(order, hours(19)),
                     Ago(order, hours(31)), Ago(order, hours(52)), Ago(order, hours(63)),
                     Ago(order, hours(-48)));
}

}  // namespace

Order MakeOrder(std::int64_t now_ns, Random& random) {
  Order order;
  order.id = fmt::format("TW-{}", random.Between(10'000, 99'999));
  order.product = &random.Pick(AllSupportTexts().products);
  order.city = random.Pick(AllSupportTexts().cities);
  order.carrier = random.Pick(AllSupportTexts().carriers);
  order.tracking = fmt::format("{}{}", random.Pick(std::to_array<std::string_view>({"NP", "QS"})),
                               random.Between(100'000'000, 999'999'999));
  order.date = base::FormatDay(now_ns - random.Between(3, 12) * kDayNs);
  order.known_at_ns = now_ns;
  order.amount = fmt::format("{:.2f}", order.product->price);
  return order;
}

const ToolDefinition& ToolFor(SupportAction action) {
  return AllSupportTexts().tools[static_cast<std::size_t>(action)];
}

std::string SupportArguments(SupportAction action, const Order& order, Random& random) {
  switch (action) {
    case SupportAction::kLookUpOrder:
      return fmt::format(R"({{"order_id":"{}"}})", order.id);
    case SupportAction::kTrackShipment:
      return fmt::format(R"({{"tracking_number":"{}"}})", order.tracking);
    case SupportAction::kCheckStock:
      return fmt::format(R"({{"sku":"{}"}})", order.product->sku);
    case SupportAction::kSearchHelp:
      return fmt::format(R"({{"query":{},"limit":3}})", Quote(order.topic));
    case SupportAction::kUpdateAddress:
      return fmt::format(R"({{"order_id":"{}","city":{},"note":"customer moved"}})", order.id,
                         Quote(order.city));
    case SupportAction::kRefund:
      return fmt::format(R"({{"order_id":"{}","amount":{},"reason":"{}"}})", order.id, order.amount,
                         random.Chance(0.5) ? "late" : "damaged");
    case SupportAction::kCreateTicket:
      return fmt::format(
          R"({{"order_id":"{}","summary":"Customer disputes a charge of {} EUR","priority":"high"}})",
          order.id, order.amount);
  }
  CHECK(false);
}

std::string SupportResult(SupportAction action, const Order& order, Random& random) {
  switch (action) {
    case SupportAction::kLookUpOrder:
      return fmt::format(
          R"({{"order_id":"{}","status":"{}","placed":"{}","currency":"EUR","total":{},)"
          R"("lines":[{{"sku":"{}","name":{},"quantity":1,"price":{}}}],"customer":{},)"
          R"("ship_to":{},"carrier":"{}","tracking_number":"{}",)"
          R"("payment":{{"method":"card","captured":true,"authorisation":"A{}"}}}})",
          order.id, random.Chance(0.6) ? "shipped" : "processing", order.date, order.amount,
          order.product->sku, Quote(order.product->name), order.amount, Quote(order.customer_id),
          Quote(order.city), order.carrier, order.tracking, random.Between(100'000, 999'999));
    case SupportAction::kTrackShipment:
      return TrackingResult(order);
    case SupportAction::kCheckStock:
      return fmt::format(R"({{"sku":"{}","free":{{"HAM":{},"LYS":{},"KRK":{}}}}})",
                         order.product->sku, random.Between(0, 40), random.Between(0, 12),
                         random.Between(1, 25));
    case SupportAction::kSearchHelp:
      return HelpResult(random);
    case SupportAction::kUpdateAddress:
      return fmt::format(R"({{"order_id":"{}","ok":true,"ship_to":{}}})", order.id,
                         Quote(order.city));
    case SupportAction::kRefund:
      return fmt::format(R"({{"refund_id":"RF-{}","status":"submitted","amount":{}}})",
                         random.Between(100'000, 999'999), order.amount);
    case SupportAction::kCreateTicket:
      return fmt::format(R"({{"ticket":"SUP-{}","queue":"payments","sla_hours":24}})",
                         random.Between(1000, 9999));
  }
  CHECK(false);
}

nanoseconds SupportLatency(SupportAction action) {
  switch (action) {
    case SupportAction::kLookUpOrder:
    case SupportAction::kCheckStock:
      return milliseconds(90);
    case SupportAction::kTrackShipment:
      return milliseconds(650);
    case SupportAction::kSearchHelp:
      return milliseconds(180);
    case SupportAction::kUpdateAddress:
    case SupportAction::kCreateTicket:
      return milliseconds(240);
    case SupportAction::kRefund:
      return milliseconds(900);
  }
  CHECK(false);
}

}  // namespace sightline::demo
