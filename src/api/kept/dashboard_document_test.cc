// SPDX-License-Identifier: Apache-2.0
#include "api/kept/dashboard_document.h"

#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include "api/kept/builtin_dashboards.h"
#include "base/clock.h"

namespace sightline::api {
namespace {

namespace json = boost::json;

const base::ManualClock kClock(1'800'000'000'000'000'000);

base::Result<std::string> Read(const json::value& document) {
  return ReadDashboardDocument(document, "document", kClock);
}

// A document with one panel, whose members `changes` sets; null removes one.
json::value WithPanel(std::string_view changes) {
  json::value document = json::parse(R"({
    "variables": [{"name": "who", "label": "Who", "field": "agent", "value": ""}],
    "panels": [{"id": "a", "title": "A", "kind": "trend",
                "query": {"source": "runs", "measure": "count,cost", "by": "agent",
                          "filters": {"agent": "$who", "status": "failed"}},
                "position": {"x": 0, "y": 0, "w": 6, "h": 2}}]})");
  json::object& panel = document.as_object()["panels"].as_array()[0].as_object();
  const json::value parsed = json::parse({changes.data(), changes.size()});
  for (const auto& change : parsed.as_object()) {
    panel[change.key()] = change.value();
  }
  return document;
}

TEST(DashboardDocumentTest, TakesWhatComesWithTheProgramAndChangesNothing) {
  ASSERT_EQ(BuiltinDashboards().size(), 3U);
  for (const store::SavedDocument& dashboard : BuiltinDashboards()) {
    const json::value document = json::parse(dashboard.document).as_object().at("document");
    const auto read = Read(document);
    ASSERT_TRUE(read.has_value()) << dashboard.id << ": " << read.error().message();
    EXPECT_EQ(json::parse(*read), document) << dashboard.id;
  }
}

TEST(DashboardDocumentTest, WritesOutWhatIsAbsentAndKeepsItThen) {
  const auto read = Read(WithPanel(R"({"id": null})"));
  ASSERT_TRUE(read.has_value()) << read.error().message();
  const json::value document = json::parse(*read);
  const json::value& panel = document.at("panels").at(0);
  EXPECT_EQ(panel.at("id").as_string(), "panel-1");
  EXPECT_EQ(panel.at("text").as_string(), "");
  EXPECT_TRUE(panel.at("query").at("bucket").is_null());
  EXPECT_EQ(Read(document).value(), *read);
  EXPECT_EQ(Read(json::object()).value(), R"({"variables":[],"panels":[]})");
}

TEST(DashboardDocumentTest, GivesIdsThatNoOtherPanelHas) {
  json::value document = WithPanel(R"({"id": "panel-1"})");
  json::array& panels = document.as_object()["panels"].as_array();
  panels.push_back(panels[0]);
  panels[1].as_object()["id"] = nullptr;
  const json::value read = json::parse(Read(document).value());
  EXPECT_EQ(read.at("panels").at(1).at("id").as_string(), "panel-2");
}

struct Refusal {
  std::string_view changes;
  std::string_view message;
};

TEST(DashboardDocumentTest, RefusesPanelsAndSaysWhy) {
  constexpr std::string_view kPanel = "bad field document.panels[0].";
  for (const Refusal& refusal : {
           Refusal{R"({"kind": "tabel"})", "kind: 'tabel' is not known; the nearest is 'table'"},
           Refusal{R"({"kind": 7})", "kind: a name expected"},
           Refusal{R"({"color": "red"})", "color: no such field; the nearest is"},
           Refusal{R"({"id": "a b"})", "id: 1 to 40 letters"},
           Refusal{R"({"title": 1})", "title: not a text of at most 200 bytes"},
           Refusal{R"({"kind": "text"})", "query: a panel of text has none"},
           Refusal{R"({"query": null})", "query: a panel of this kind needs one"},
           Refusal{R"({"text": "x"})", "text: only a panel of kind text has one"},
           Refusal{R"({"kind": "figure"})", "query.by: a figure is one number"},
           Refusal{R"({"query": {"source": "runs", "measure": "costs"}})",
                   "query.measure: 'costs' is not known; the nearest is 'cost'"},
           Refusal{R"({"query": {"source": "run", "measure": "cost"}})",
                   "query.source: 'run' is not known; the nearest is 'runs'"},
           Refusal{R"({"query": {"source": "runs", "measure": "cost", "by": "agents"}})",
                   "query.by: 'agents' is not known; the nearest is 'agent'"},
           Refusal{R"({"query": {"source": "runs", "measure": "cost", "by": "step_name"}})",
                   "query: bad parameter by"},
           Refusal{R"({"query": {"source": "runs", "measure": "cost", "sort": "-count"}})",
                   "query: bad parameter sort"},
           Refusal{R"({"query": {"source": "runs", "measure": "cost", "bucket": 5}})",
                   "query: bad parameter bucket"},
           Refusal{R"({"query": {"source": "runs", "measure": "cost", "limit": 101}})",
                   "query.limit: not a whole number from 1 to 100"},
           Refusal{R"({"kind": "top", "query": {"source": "runs", "measure": "cost"}})",
                   "query.by: a panel of kind top needs a key"},
           Refusal{R"({"query": {"source": "runs", "measure": "cost",
                                 "filters": {"model": "x"}}})",
                   "query.filters.model: runs do not have it"},
           Refusal{R"({"query": {"source": "steps", "measure": "cost",
                                 "filters": {"kind": "lm"}}})",
                   "query: bad parameter kind"},
           Refusal{R"({"query": {"source": "runs", "measure": "cost",
                                 "filters": {"agents": "x"}}})",
                   "query.filters.agents: no such field; the nearest is 'agent'"},
           Refusal{R"({"query": {"source": "runs", "measure": "cost",
                                 "filters": {"agent": "$whom"}}})",
                   "query.filters.agent: there is no variable '$whom'"},
           Refusal{R"({"query": {"source": "runs", "measure": "cost",
                                 "filters": {"service": "$who"}}})",
                   "query.filters.service: variable '$who' is for agent"},
           Refusal{R"({"position": null})", "position: an object"},
           Refusal{R"({"position": {"x": 7, "y": 0, "w": 6, "h": 1}})",
                   "position.w: x and w exceed 12 columns"},
           Refusal{R"({"position": {"x": 0, "y": 0, "w": 6}})", "position.h: a whole number"},
           Refusal{R"({"position": {"x": 0.5, "y": 0, "w": 6, "h": 1}})",
                   "position.x: not a whole"},
       }) {
    const auto read = Read(WithPanel(refusal.changes));
    ASSERT_FALSE(read.has_value()) << refusal.changes;
    EXPECT_EQ(read.error().code(), base::Code::kInvalidArgument);
    EXPECT_TRUE(
        read.error().message().starts_with(std::string(kPanel) + std::string(refusal.message)))
        << refusal.changes << ": " << read.error().message();
  }
}

TEST(DashboardDocumentTest, RefusesTooMuchAndTheSameTwice) {
  json::value document = WithPanel("{}");
  json::array& panels = document.as_object()["panels"].as_array();
  panels.push_back(panels[0]);
  EXPECT_EQ(Read(document).error().message(),
            "bad field document.panels[1].id: another panel has it");
  for (json::value& panel : panels) {
    panel.as_object()["id"] = nullptr;
  }
  EXPECT_TRUE(Read(document).has_value());
  while (panels.size() <= 50) {
    panels.push_back(panels[0]);
  }
  EXPECT_EQ(Read(document).error().message(),
            "bad field document.panels: not a list of at most 50 items");
  document = WithPanel("{}");
  json::array& variables = document.as_object()["variables"].as_array();
  variables.push_back(variables[0]);
  EXPECT_EQ(Read(document).error().message(),
            "bad field document.variables[1].name: 'who' is there already");
}

}  // namespace
}  // namespace sightline::api
