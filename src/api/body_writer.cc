// SPDX-License-Identifier: Apache-2.0
#include "api/body_writer.h"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>
#include <fmt/format.h>

#include "base/utf8.h"

namespace sightline::api {
namespace {

// Beyond this much text a response keeps only the beginnings of bodies.
constexpr std::size_t kFullResponseBytes = std::size_t{16} * 1024 * 1024;
constexpr std::size_t kShortInlineBytes = 256;
constexpr std::size_t kPreviewBytes = 1024;

}  // namespace

std::string QueryEscape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    if (is_plain) {
      escaped.push_back(c);
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

bool IsJson(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse(text, error);
  return !error;
}

bool IsStructured(std::string_view text) {
  return (text.starts_with('{') || text.starts_with('[')) && IsJson(text);
}

std::size_t BodyWriter::InlineBytes() const {
  return json_.size() < kFullResponseBytes ? kInlineBytes : kShortInlineBytes;
}

void BodyWriter::Write(const std::string& span_id, std::string_view text, bool is_json,
                       std::string_view place) {
  if (text.size() <= InlineBytes()) {
    if (is_json) {
      json_.Raw(text);
    } else {
      json_.String(text);
    }
    return;
  }
  json_.BeginObject();
  json_.Key("preview").String(base::TruncateUtf8(text, std::min(InlineBytes(), kPreviewBytes)));
  json_.Key("size").Uint(text.size());
  json_.Key("content_url")
      .String(fmt::format("/api/v1/observability/traces/{}/spans/{}/content?{}", trace_id_, span_id,
                          place));
  json_.EndObject();
}

}  // namespace sightline::api
