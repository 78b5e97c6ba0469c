// SPDX-License-Identifier: Apache-2.0
#include "demo/services.h"

#include <array>
#include <string>

#include <fmt/format.h>

#include "demo/random.h"

namespace sightline::demo {
namespace {

constexpr auto kServices = std::to_array<Service>({
    {.name = "support-agent",
     .version = "2.14.1",
     .language = "python",
     .runtime = "cpython",
     .runtime_version = "3.12.7",
     .instances = 2,
     .scenario = ScenarioKind::kSupportAgent,
     .dialect = &GenAiDialect,
     .base_memory_mb = 240},
    {.name = "orders-api",
     .version = "7.3.0",
     .language = "python",
     .runtime = "cpython",
     .runtime_version = "3.12.7",
     .host = StepHost::kOrdersApi,
     .dialect = &GenAiDialect,
     .base_memory_mb = 120},
    {.name = "research-crew",
     .version = "0.9.4",
     .language = "python",
     .runtime = "cpython",
     .runtime_version = "3.12.7",
     .scenario = ScenarioKind::kResearchCrew,
     .dialect = &OpenInferenceDialect,
     .base_memory_mb = 310},
    {.name = "docs-assistant",
     .version = "1.6.2",
     .language = "python",
     .runtime = "cpython",
     .runtime_version = "3.11.10",
     .scenario = ScenarioKind::kRagPipeline,
     .dialect = &TraceloopDialect,
     .base_memory_mb = 280},
    {.name = "docs-web",
     .version = "4.0.0-rc.3",
     .language = "nodejs",
     .runtime = "nodejs",
     .runtime_version = "22.11.0",
     .scenario = ScenarioKind::kRagPipeline,
     .dialect = &VercelAiDialect,
     .base_memory_mb = 190},
    {.name = "coding-agent",
     .version = "4.2.0",
     .language = "python",
     .runtime = "cpython",
     .runtime_version = "3.13.0",
     .instances = 2,
     .scenario = ScenarioKind::kCodingAgent,
     .dialect = &PydanticAiDialect,
     .base_memory_mb = 420},
});

}  // namespace

std::span<const Service> AllServices() {
  return kServices;
}

otlp::ResourceData MakeResource(const Service& service, Random& random) {
  const bool is_logfire = service.scenario == ScenarioKind::kCodingAgent;
  otlp::ResourceData resource;
  resource.attributes = {
      {"service.name", service.name},
      {"service.namespace", "tidewater"},
      {"service.version", service.version},
      {"service.instance.id", random.Uuid()},
      {"deployment.environment.name", "production"},
      {"telemetry.sdk.name", "opentelemetry"},
      {"telemetry.sdk.language", service.language},
      {"telemetry.sdk.version", service.language == "nodejs" ? "2.2.0" : "1.38.0"},
      {"host.name", fmt::format("{}-{}", service.name, random.HexDigits(5))},
      {"host.arch", "amd64"},
      {"os.type", "linux"},
      {"process.pid", random.Between(7, 4000)},
      {"process.runtime.name", service.runtime},
      {"process.runtime.version", service.runtime_version},
      {std::string(kDemoAttribute), true},
  };
  if (is_logfire) {
    resource.attributes.push_back({"telemetry.distro.name", "logfire"});
  }
  return resource;
}

}  // namespace sightline::demo
