// SPDX-License-Identifier: Apache-2.0
#include "server/route_table.h"

#include <memory>
#include <optional>

#include "api/request/query_names.h"
#include "base/result.h"
#include "net/http_status.h"
#include "net/origin.h"

namespace sightline::server {
namespace {

void AnswerBusy(net::ResponseSink& sink) {
  sink.Answer(net::ErrorResponse({base::Code::kUnavailable, "too many queries at once"}));
}

}  // namespace

base::Result<void> RouteTable::CheckQueries(std::string_view openapi) {
  api::QueryNames names = TRY(api::QueryNames::Of(openapi));
  router_.SetCheck([names = std::move(names)](const net::HttpRequest& request,
                                              std::string_view pattern) {
    const auto checked = names.Check(request.method, pattern, request.query);
    return checked.has_value() ? std::nullopt : std::optional(net::ErrorResponse(checked.error()));
  });
  return {};
}

void RouteTable::AddCostly(std::string_view pattern, net::HttpHandler handler) {
  router_.Add(
      "GET", pattern,
      [this, handler = std::move(handler)](net::HttpRequest request, net::ResponseSink sink) {
        // With `Origin` the server has decided already.
        if (net::OriginPolicy::IsFromForeignPage(request) &&
            !request.headers.Find("Origin").has_value()) {
          losses_.Count(base::Loss::kRequestForeign);
          sink.Answer(net::DetailResponse(403, "pages of other sites may not ask for this"));
          return;
        }
        handler(std::move(request), std::move(sink));
      });
}

net::HttpHandler RouteTable::OnThreadOf(base::WorkerPool& pool, Call call) {
  return [&pool, call = std::move(call)](net::HttpRequest request, net::ResponseSink sink) {
    auto shared_request = std::make_shared<net::HttpRequest>(std::move(request));
    auto shared_sink = std::make_shared<net::ResponseSink>(std::move(sink));
    const bool is_taken = pool.TrySubmit(
        [&call, shared_request, shared_sink] { shared_sink->Answer(call(*shared_request)); });
    if (!is_taken) {
      AnswerBusy(*shared_sink);
    }
  };
}

void RouteTable::AddQuery(std::string_view pattern, Call call) {
  AddCostly(pattern, OnThreadOf(queries_, std::move(call)));
}

void RouteTable::AddFigures(std::string_view pattern, Call call) {
  AddCostly(pattern, OnThreadOf(figures_, std::move(call)));
}

void RouteTable::AddChange(std::string_view method, std::string_view pattern, Call call) {
  router_.Add(method, pattern, OnThreadOf(queries_, std::move(call)));
}

void RouteTable::AddFeed(std::string_view pattern, OpenFeed open) {
  AddCostly(pattern,
            [this, open = std::move(open)](net::HttpRequest request, net::ResponseSink sink) {
              auto shared_request = std::make_shared<net::HttpRequest>(std::move(request));
              auto shared_sink = std::make_shared<net::ResponseSink>(std::move(sink));
              const bool is_taken = queries_.TrySubmit([&open, shared_request, shared_sink] {
                open(*shared_request, std::move(*shared_sink));
              });
              if (!is_taken) {
                AnswerBusy(*shared_sink);
              }
            });
}

void RouteTable::AddDirect(std::string_view pattern, Call call) {
  router_.Add("GET", pattern,
              [call = std::move(call)](net::HttpRequest request, net::ResponseSink sink) {
                sink.Answer(call(request));
              });
}

}  // namespace sightline::server
