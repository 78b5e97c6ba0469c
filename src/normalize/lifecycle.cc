// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string_view>

#include "normalize/dialect.h"

namespace sightline::normalize {
namespace {

// What the events API writes; everything else in events has a key of the OTel GenAI conventions or
// of OpenInference. The kind is a name of model::SpanKind.
constexpr auto kKeys = std::to_array<KeyRule>({
    {"sightline.span.kind", Field::kLifecycleKind, 0},
    {"sightline.run.id", Field::kRunId, 4},
    {"sightline.workflow.id", Field::kWorkflowId, 4},
    {"metadata.session_id", Field::kSessionId, 13},
    {"metadata.user_id", Field::kUserId, 13},
    {"metadata.", Field::kKnown},
});

// No key proves it: the attributes of events are those of other dialects.
constexpr auto kScopes = std::to_array<std::string_view>({"sightline.lifecycle"});

}  // namespace

const DialectSpec& LifecycleSpec() {
  // api/openapi.yaml leaves open whether input counts include the cache: decided by the counts.
  static constexpr DialectSpec kSpec = {
      .dialect = model::Dialect::kLifecycle, .keys = kKeys, .scopes = kScopes};
  return kSpec;
}

}  // namespace sightline::normalize
