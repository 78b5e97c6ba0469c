// SPDX-License-Identifier: Apache-2.0
#include "net/origin.h"

#include <gtest/gtest.h>

namespace sightline::net {
namespace {

bool IsForbidden(const OriginPolicy& policy, std::string method, HttpHeaders headers) {
  HttpRequest request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  request.headers.Add("Host", "localhost:8000");
  return policy.IsForbidden(request);
}

TEST(OriginPolicyTest, RefusesWhatForeignPagesLoad) {
  const OriginPolicy policy({"https://ops.example"});

  struct Case {
    const char* name;
    std::string method;
    HttpHeaders headers;
    bool is_forbidden;
  };

  const Case cases[] = {
      {"no browser", "GET", {}, false},
      {"own page", "GET", {{"Sec-Fetch-Site", "same-origin"}}, false},
      {"typed address", "GET", {{"Sec-Fetch-Site", "none"}}, false},
      {"image of another site", "GET", {{"Sec-Fetch-Site", "cross-site"}}, true},
      {"image of another port", "GET", {{"Sec-Fetch-Site", "same-site"}}, true},
      {"HEAD", "HEAD", {{"Sec-Fetch-Site", "cross-site"}}, true},
      {"fetch of another site",
       "GET",
       {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}},
       true},
      {"fetch of an allowed site",
       "GET",
       {{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://ops.example"}},
       false},
      {"its question before", "OPTIONS", {{"Sec-Fetch-Site", "cross-site"}}, false},
      {"link that is followed",
       "GET",
       {{"Sec-Fetch-Site", "cross-site"},
        {"Sec-Fetch-Mode", "navigate"},
        {"Sec-Fetch-Dest", "document"}},
       false},
      {"frame",
       "GET",
       {{"Sec-Fetch-Site", "cross-site"},
        {"Sec-Fetch-Mode", "navigate"},
        {"Sec-Fetch-Dest", "iframe"}},
       true},
      {"form of another site", "POST", {{"Origin", "https://evil.example"}}, true},
      {"form of the own page", "POST", {{"Origin", "http://localhost:8000"}}, false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(IsForbidden(policy, c.method, c.headers), c.is_forbidden) << c.name;
  }
  EXPECT_FALSE(IsForbidden(OriginPolicy({"*"}), "GET", {{"Sec-Fetch-Site", "cross-site"}}));
}

}  // namespace
}  // namespace sightline::net
