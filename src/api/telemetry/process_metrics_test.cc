// SPDX-License-Identifier: Apache-2.0
#include "api/telemetry/process_metrics.h"

#include <string_view>

#include <gtest/gtest.h>

namespace sightline::api {
namespace {

ProcessIdentity Of(std::string_view attributes, std::string_view service = "shop") {
  return ProcessIdentity::Of(service, attributes);
}

TEST(ProcessMetricsTest, ReadsWhatAResourceSaysOfItsProcess) {
  const ProcessIdentity process = Of(
      R"({"service.instance.id":"i\n1","host.name":"web-1","process.pid":42,"container.id":"c","x":{"process.pid":7}})");
  EXPECT_EQ(process.service, "shop");
  EXPECT_EQ(process.instance, "i\n1");
  EXPECT_EQ(process.host, "web-1");
  EXPECT_EQ(process.pid, "42");
  EXPECT_EQ(process.container, "c");
  EXPECT_EQ(Of(R"({"host.name":"web-1","host.id":"h"})").host, "h");
  EXPECT_EQ(Of("").host, "");
}

TEST(ProcessMetricsTest, TellsProcessesApart) {
  struct Case {
    std::string_view name;
    std::string_view process;
    std::string_view metrics;
    std::string_view service;
    bool is_same;
  };

  for (const Case& c : {
           Case{"the same instance", R"({"service.instance.id":"1","process.pid":1})",
                R"({"service.instance.id":"1"})", "shop", true},
           Case{"another instance", R"({"service.instance.id":"1"})",
                R"({"service.instance.id":"2"})", "shop", false},
           Case{"an instance of another service", R"({"service.instance.id":"1"})",
                R"({"service.instance.id":"1"})", "bank", false},
           Case{"no instance told", R"({"service.instance.id":"1"})", "{}", "shop", false},
           Case{"measured by the host", R"({"host.name":"a","process.pid":7})",
                R"({"host.name":"a","process.pid":7})", "", true},
           Case{"on another host", R"({"host.name":"a","process.pid":7})",
                R"({"host.name":"b","process.pid":7})", "", false},
           Case{"another process of the host", R"({"host.name":"a","process.pid":7})",
                R"({"host.name":"a","process.pid":8})", "", false},
           Case{"in the same container", R"({"container.id":"c","process.pid":1})",
                R"({"container.id":"c","host.name":"a","process.pid":1})", "shop", true},
           Case{"in another container", R"({"container.id":"c","process.pid":1})",
                R"({"container.id":"d","process.pid":1})", "shop", false},
           Case{"by service and host", R"({"host.name":"a"})",
                R"({"host.name":"a","process.pid":7})", "shop", true},
           Case{"by service alone", "{}", "{}", "shop", true},
           Case{"by host alone", R"({"host.name":"a"})", R"({"host.name":"a"})", "bank", false},
       }) {
    EXPECT_EQ(IsSameProcess(Of(c.process), Of(c.metrics, c.service)), c.is_same) << c.name;
  }
}

}  // namespace
}  // namespace sightline::api
