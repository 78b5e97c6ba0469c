// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "model/kinds.h"
#include "normalize/dialect.h"
#include "normalize/slots.h"

namespace sightline::normalize {

// The kind of a span and whether a dialect's own kind attribute said so: then a tool span's name is
// the tool's name.
struct KindAnswer {
  model::SpanKind kind = model::SpanKind::kOther;
  bool is_declared = false;
  std::string_view rule = "none";  // The rule that had an opinion, by name.
  Field by = Field::kCount;  // The field whose value it read; kCount if it read another thing.
};

// What a span stands for. The rules are tried in the order of docs/conventions.md; the first that
// has an opinion wins. `spec` is the span's dialect and may be null.
KindAnswer DecideKind(const Slots& slots, std::string_view span_name, const DialectSpec* spec);

// The kind of a value of gen_ai.operation.name; empty for values that are not in the table.
std::optional<model::SpanKind> KindOfOperation(std::string_view operation);

}  // namespace sightline::normalize
