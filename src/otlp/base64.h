// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sightline::otlp {

// Appends standard base64 (RFC 4648, with padding).
void AppendBase64(std::string_view bytes, std::string& out);

// Decodes standard or URL-safe base64, padded or not. Empty when the text is neither.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace sightline::otlp
