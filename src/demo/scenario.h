// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "demo/plan.h"
#include "demo/stories.h"

namespace sightline::demo {

class Random;

// A kind of agent whose runs are simulated. Remembers its users' sessions, so that conversations
// continue over several runs; a session's next run starts after its last one has ended.
//
// Thread: confined.
class Scenario {
 public:
  virtual ~Scenario() = default;

  // Plans the next run. `start_ns` never goes back between calls.
  virtual RunPlan Plan(std::int64_t start_ns, Random& random) = 0;
};

std::unique_ptr<Scenario> MakeSupportAgent(const Stories& stories);
std::unique_ptr<Scenario> MakeResearchCrew(const Stories& stories);
std::unique_ptr<Scenario> MakeRagPipeline(const Stories& stories);
std::unique_ptr<Scenario> MakeCodingAgent(const Stories& stories);

// Someone who uses simulated agents.
struct Customer {
  std::string_view id;
  std::string_view name;
};

// A few customers come back often, most now and then.
const Customer& PickCustomer(Random& random);

// `text` with each "{name}" replaced by its value; unknown names stay.
std::string Fill(std::string_view text,
                 std::initializer_list<std::pair<std::string_view, std::string_view>> values);

}  // namespace sightline::demo
