// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/lifecycle_event.h"
#include "model/ids.h"
#include "model/kinds.h"
#include "model/span.h"
#include "otlp/request.h"

namespace sightline::ingest {

// Bodies of the content store by id.
using BodyTexts = std::unordered_map<std::uint64_t, std::string>;

// The workflow that a run is a run of.
//
// Thread: value.
struct WorkflowNames {
  std::string id;
  std::string name;

  bool is_empty() const { return id.empty() && name.empty(); }
};

// What the start of a run or step said, kept until its finish: the final span is what the start
// said, overlaid by what the finish says.
//
// Thread: value.
struct LifecycleStart {
  std::int64_t start_ns = 0;
  model::SpanId parent_span_id;
  model::SpanKind kind = model::SpanKind::kOther;
  std::string name;
  WorkflowNames workflow;
  std::string attributes;  // Packed: an open item is kept for hours, as one piece of memory.

  std::size_t bytes() const {
    return name.size() + workflow.id.size() + workflow.name.size() + attributes.size();
  }
};

// Layout: per attribute its key (length and bytes), its kind (1 byte) and its value: texts as
// length and bytes, integers and booleans as zigzag varints, doubles as 8 bytes. Other kinds are
// left out.
std::string PackAttributes(std::span<const otlp::KeyValue> attributes);

// Views into `packed`.
std::vector<otlp::KeyValue> UnpackAttributes(std::string_view packed);

// The kind, name and parent of the span that an event is about, as far as the event tells.
model::SpanKind KindOf(const LifecycleEvent& event);
std::string NameOf(const LifecycleEvent& event);  // "" when it does not tell.
model::SpanId ParentOf(const LifecycleEvent& event);

// What gen_ai.operation.name calls a model call of this kind; "" for other kinds.
std::string_view OperationOf(model::SpanKind kind);

LifecycleStart MakeStart(const LifecycleEvent& event);

// The start that a placeholder was made of. Texts whose body is not in `bodies` are left out.
LifecycleStart MakeStart(const model::Span& placeholder, const BodyTexts& bodies);

}  // namespace sightline::ingest
