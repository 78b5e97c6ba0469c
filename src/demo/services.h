// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "demo/dialect.h"
#include "demo/plan.h"
#include "otlp/encode.h"

namespace sightline::demo {

class Random;

// A program of the simulated company.
struct Service {
  std::string_view name;
  std::string_view version;
  std::string_view language;  // Of its SDK.
  std::string_view runtime;
  std::string_view runtime_version;
  std::size_t instances = 1;
  StepHost host = StepHost::kAgentService;
  ScenarioKind scenario = ScenarioKind::kSupportAgent;  // Of agent services.
  const Dialect& (*dialect)() = nullptr;
  double base_memory_mb = 150;
};

// The attribute that marks everything the simulator sends.
inline constexpr std::string_view kDemoAttribute = "sightline.demo";

std::span<const Service> AllServices();

// The resource of one running instance.
otlp::ResourceData MakeResource(const Service& service, Random& random);

}  // namespace sightline::demo
