// SPDX-License-Identifier: Apache-2.0
#include "api/request/query_names.h"

#include <string>

#include <gtest/gtest.h>

#include "net/http.h"

namespace sightline::api {
namespace {

constexpr std::string_view kDocument = R"({
  "paths": {
    "/runs": {
      "get": {"parameters": [
        {"name": "agent", "in": "query"},
        {"name": "score.{name}", "in": "query"},
        {"$ref": "#/components/parameters/Limit"},
        {"name": "X-Key", "in": "header"}
      ]},
      "post": {}
    },
    "/runs/{id}": {
      "parameters": [{"name": "id", "in": "path"}, {"name": "shape", "in": "query"}],
      "get": {"parameters": [{"name": "fields", "in": "query"}]}
    }
  },
  "components": {"parameters": {"Limit": {"name": "limit", "in": "query"}}}
})";

// What the check says of a query; "" when it takes it.
std::string Said(std::string_view method, std::string_view pattern, std::string_view query) {
  const QueryNames names = QueryNames::Of(kDocument).value();
  const auto target = net::ParseTarget("/x?" + std::string(query));
  const auto checked = names.Check(method, pattern, target->query);
  return checked.has_value() ? std::string() : checked.error().message();
}

TEST(QueryNamesTest, TakesWhatTheOperationNames) {
  EXPECT_EQ(Said("GET", "/runs", "agent=a&limit=2&agent=b"), "");
  EXPECT_EQ(Said("HEAD", "/runs", "agent=a"), "");
  EXPECT_EQ(Said("GET", "/runs/{id}", "fields=a&shape=b"), "") << "of the path, too";
  EXPECT_EQ(Said("POST", "/runs", ""), "");
}

TEST(QueryNamesTest, RefusesOthersAndNamesTheNearest) {
  EXPECT_EQ(Said("GET", "/runs", "agent=a&agnet=b"),
            "bad parameter agnet: not known here; the nearest is 'agent'");
  EXPECT_EQ(Said("HEAD", "/runs", "Limit=1"),
            "bad parameter Limit: not known here; the nearest is 'limit'");
  EXPECT_EQ(Said("GET", "/runs", "X-Key=1"),
            "bad parameter X-Key: not known here; the nearest is 'agent'");
  EXPECT_EQ(Said("POST", "/runs", "agent=a"), "bad parameter agent: nothing can be asked for here");
  EXPECT_EQ(Said("GET", "/runs", "=1"), "bad parameter : not known here; the nearest is 'agent'");
}

TEST(QueryNamesTest, ANameWithABraceStandsForAllThatBeginLikeIt) {
  EXPECT_EQ(Said("GET", "/runs", "score.quality=1"), "");
  EXPECT_EQ(Said("GET", "/runs", "score.=1"),
            "bad parameter score.: not known here; the nearest is 'score.{name}'");
  EXPECT_EQ(Said("GET", "/runs", "scores=1"),
            "bad parameter scores: not known here; the nearest is 'score.{name}'");
}

TEST(QueryNamesTest, CutsALongName) {
  EXPECT_EQ(Said("GET", "/runs", std::string(100'000, 'x') + "=1"),
            "bad parameter " + std::string(40, 'x') + ": not known here; the nearest is 'agent'");
}

TEST(QueryNamesTest, LetsThroughWhatTheDocumentDoesNotHave) {
  EXPECT_EQ(Said("GET", "/other", "a=1"), "");
}

TEST(QueryNamesTest, RefusesADocumentThatIsNone) {
  EXPECT_FALSE(QueryNames::Of("{").has_value());
  EXPECT_FALSE(QueryNames::Of("[]").has_value());
  EXPECT_FALSE(
      QueryNames::Of(R"({"paths":{"/x":{"get":{"parameters":[{"$ref":"#/none"}]}}}})").has_value());
}

}  // namespace
}  // namespace sightline::api
