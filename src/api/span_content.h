// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/span_document.h"
#include "model/span.h"

namespace sightline::api {

// What a content URL of a span points at; empty when there is no such value.
std::optional<std::string> FindContent(const model::Span& span, const Bodies& bodies,
                                       std::string_view field, std::string_view key);

}  // namespace sightline::api
