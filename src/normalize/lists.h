// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "normalize/field.h"
#include "normalize/slots.h"
#include "otlp/request.h"

namespace sightline::normalize {

// A list attribute (an OTLP array, JSON text of one, a scalar, or with kCommaList a joined text) as
// JSON text of an array of strings; "" for an empty list.
std::string ListText(const otlp::Value& value, Form form);

// Why the model stopped, as ListText: from the attributes, else from the output messages, else from
// indexed completions, else from choice events. `pool` is what the events' ranges point into.
std::string ReadFinishReasons(const Slots& slots, std::span<const otlp::SpanEvent> events,
                              std::span<const otlp::KeyValue> pool);

// MLflow's trace tags as "<key>=<value>", without the ones that MLflow sets itself.
std::string TraceTags(const Slots& slots);

}  // namespace sightline::normalize
