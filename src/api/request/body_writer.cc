// SPDX-License-Identifier: Apache-2.0
#include "api/request/body_writer.h"

#include <limits>

#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>
#include <fmt/format.h>

#include "base/utf8.h"

namespace sightline::api {
namespace {

constexpr std::size_t kShortInlineBytes = 256;

bool IsWrittenAsJson(std::string_view text, BodyWriter::Form form) {
  switch (form) {
    case BodyWriter::Form::kText:
      return false;
    case BodyWriter::Form::kJson:
      return true;
    case BodyWriter::Form::kIfJson:
      return IsJson(text);
    case BodyWriter::Form::kIfStructured:
      return (text.starts_with('{') || text.starts_with('[')) && IsJson(text);
  }
  return false;
}

}  // namespace

bool IsJson(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse(text, error);
  return !error;
}

BodyWriter::Form FormOf(const normalize::SourceAttribute& attribute) {
  return attribute.is_json ? BodyWriter::Form::kJson : BodyWriter::Form::kText;
}

std::size_t BodyWriter::InlineBytes() const {
  if (length_ == Length::kWhole) {
    return std::numeric_limits<std::size_t>::max();
  }
  return json_.size() < kFullAnswerBytes ? kInlineBytes : kShortInlineBytes;
}

std::string BodyWriter::UrlOf(const ContentPlace& place) const {
  return fmt::format("{}/content?{}", owner_url_, place.ToQuery());
}

void BodyWriter::Write(std::string_view text, Form form, const ContentPlace& place) {
  if (!Fits(text)) {
    json_.BeginObject();
    WriteCutFields(text, place);
    json_.EndObject();
  } else if (IsWrittenAsJson(text, form)) {
    json_.Raw(text);
  } else {
    json_.String(text);
  }
}

void BodyWriter::WriteTextField(std::string_view key, std::string_view text,
                                const ContentPlace& place) {
  json_.Key(key);
  if (text.empty()) {
    json_.Null();
    return;
  }
  const std::string_view shown = base::TruncateUtf8(text, InlineBytes());
  json_.String(shown);
  if (shown.size() < text.size()) {
    json_.Key(fmt::format("{}_url", key)).String(UrlOf(place));
  }
}

void BodyWriter::WriteCutFields(std::string_view text, const ContentPlace& place) {
  json_.Key("preview").String(base::TruncateUtf8(text, InlineBytes()));
  json_.Key("size").Uint(text.size());
  json_.Key("content_url").String(UrlOf(place));
}

}  // namespace sightline::api
