// SPDX-License-Identifier: Apache-2.0
#include "net/router.h"

#include <gtest/gtest.h>

#include "net/exchange.h"

namespace sightline::net {
namespace {

HttpHandler Named(std::string name) {
  return [name = std::move(name)](const HttpRequest& request, ResponseSink sink) {
    std::string text = name;
    for (const NameValue& parameter : request.path_parameters) {
      text += " " + parameter.name + "=" + parameter.value;
    }
    sink.Answer({.status = 200, .body = std::move(text)});
  };
}

HttpResponse Ask(const Router& router, std::string method, std::string_view target) {
  const auto exchange = std::make_shared<Exchange>(Exchange::ResponseCoding::kIdentity, [] {});
  auto parsed = ParseTarget(target);
  HttpRequest request;
  request.method = std::move(method);
  request.path = parsed->path;
  request.path_segments = parsed->path_segments;
  router.Handle(std::move(request), ResponseSink(exchange));
  return std::get<HttpResponse>(exchange->Detach());
}

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    router_.Add("GET", "/{rest...}", Named("static"));
    router_.Add("GET", "/api/traces", Named("list"));
    router_.Add("POST", "/api/traces", Named("create"));
    router_.Add("GET", "/api/traces/{id}", Named("one"));
    router_.Add("DELETE", "/api/traces/{id}", Named("delete"));
    router_.Add("GET", "/api/traces/newest", Named("newest"));
    router_.Add("GET", "/api/traces/{id}/spans/{span}", Named("span"));
    router_.Add("POST", "/v1/traces", Named("otlp"));
  }

  Router router_;
};

TEST_F(RouterTest, PrefersLiteralOverParameterOverRest) {
  struct Case {
    const char* method;
    const char* target;
    const char* expected;
  };

  const Case cases[] = {
      {"GET", "/api/traces", "list"},
      {"HEAD", "/api/traces", "list"},
      {"POST", "/api/traces", "create"},
      {"GET", "/api/traces/newest", "newest"},
      {"GET", "/api/traces/abc", "one id=abc"},
      {"GET", "/api/traces/a%2Fb", "one id=a/b"},
      {"DELETE", "/api/traces/newest", "delete id=newest"},
      {"GET", "/api/traces/1/spans/2", "span id=1 span=2"},
      {"GET", "/", "static rest="},
      {"GET", "/assets/app.js", "static rest=assets/app.js"},
      {"GET", "/api/traces/", "static rest=api/traces/"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Ask(router_, c.method, c.target).body, c.expected) << c.method << c.target;
  }
}

TEST_F(RouterTest, AnswersUnknownPathsWith404) {
  const HttpResponse response = Ask(router_, "PUT", "*");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "{\"detail\": \"nothing is served at '*'\"}");
}

TEST_F(RouterTest, AnswersUnknownMethodsWith405AndAllow) {
  const HttpResponse response = Ask(router_, "PUT", "/api/traces/1");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.Find("Allow"), "DELETE, GET, HEAD");
  EXPECT_EQ(Ask(router_, "DELETE", "/v1/traces").headers.Find("Allow"), "GET, HEAD, POST");
}

TEST_F(RouterTest, LeavesOnlyUnknownPathsToTheFallback) {
  Router router;
  router.Add("POST", "/api/events", Named("events"));
  router.SetFallback(Named("fallback"));
  EXPECT_EQ(Ask(router, "POST", "/api/events").body, "events");
  EXPECT_EQ(Ask(router, "GET", "/page").body, "fallback");
  EXPECT_EQ(Ask(router, "PUT", "/page").body, "fallback");
  const HttpResponse wrong_method = Ask(router, "GET", "/api/events");
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(wrong_method.headers.Find("Allow"), "POST");
}

TEST_F(RouterTest, AbortsWhenTwoRoutesCannotBeToldApart) {
  EXPECT_DEATH(router_.Add("GET", "/api/traces/{other}", Named("again")), "");
}

TEST_F(RouterTest, AsksTheCheckBeforeTheHandlerAndNotBeforeTheFallback) {
  router_.SetCheck([](const HttpRequest& request, std::string_view pattern) {
    return request.method == "POST"
               ? std::optional<HttpResponse>({.status = 400, .body = std::string(pattern)})
               : std::nullopt;
  });
  EXPECT_EQ(Ask(router_, "GET", "/api/traces/abc").body, "one id=abc");
  const HttpResponse refused = Ask(router_, "POST", "/api/traces");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, "/api/traces");
  EXPECT_EQ(Ask(router_, "POST", "/nowhere").status, 405) << "of what the rest pattern serves";
}

}  // namespace
}  // namespace sightline::net
