// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/http.h"
#include "query/fact_query.h"
#include "store/store.h"

namespace sightline::api {

// Sessions, which are conversations over several runs, and users, who had them, with their totals
// in a period.
//
// Thread: any; calls block while the store reads. What it refers to must outlive it.
class ConversationsApi {
 public:
  ConversationsApi(std::chrono::nanoseconds query_timeout, store::SpanStore& store,
                   const base::Clock& clock)
      : query_timeout_(query_timeout), store_(store), clock_(clock) {}

  net::HttpResponse Sessions(const net::HttpRequest& request) const;
  net::HttpResponse Session(const net::HttpRequest& request) const;  // of {session_id}
  net::HttpResponse Users(const net::HttpRequest& request) const;
  net::HttpResponse User(const net::HttpRequest& request) const;  // of {user_id}

 private:
  // Which of the two is listed, and how the API spells it and the other one.
  struct Listed {
    query::FactKey key;
    query::FactKey other;
    std::string_view id_name;
    std::string_view list_name;
    std::string_view others_name;
  };

  static const Listed kSessions;
  static const Listed kUsers;

  base::Result<std::string> ListJson(const Listed& listed, const net::HttpRequest& request) const;
  base::Result<std::string> OneJson(const Listed& listed, const net::HttpRequest& request) const;

  const std::chrono::nanoseconds query_timeout_;
  store::SpanStore& store_;
  const base::Clock& clock_;
};

}  // namespace sightline::api
