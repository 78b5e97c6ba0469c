// SPDX-License-Identifier: Apache-2.0
#include "otlp/response.h"

#include <string>

#include <gtest/gtest.h>

#include "otlp/decode.h"

namespace sightline::otlp {
namespace {

using std::string_literals::operator""s;

struct ResponseCase {
  const char* name;
  Signal signal;
  PartialSuccess partial;
  Encoding encoding;
  std::string body;
};

class ResponseTest : public testing::TestWithParam<ResponseCase> {};

TEST_P(ResponseTest, IsWritten) {
  const ResponseCase& test = GetParam();
  EXPECT_EQ(EncodeResponse(test.signal, test.partial, test.encoding), test.body);
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, ResponseTest,
    testing::Values(
        ResponseCase{"FullSuccessProtobuf", Signal::kTraces, {}, Encoding::kProtobuf, ""},
        ResponseCase{"FullSuccessJson", Signal::kTraces, {}, Encoding::kJson, "{}"},
        ResponseCase{"RejectedProtobuf",
                     Signal::kTraces,
                     {300, "bad"},
                     Encoding::kProtobuf,
                     "\x0a\x08\x08\xac\x02\x12\x03"
                     "bad"s},
        ResponseCase{"WarningProtobuf",
                     Signal::kTraces,
                     {0, "hm"},
                     Encoding::kProtobuf,
                     "\x0a\x04\x12\x02hm"s},
        ResponseCase{"RejectedSpansJson",
                     Signal::kTraces,
                     {2, "a \"b\""},
                     Encoding::kJson,
                     R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"a \"b\""}})"},
        ResponseCase{"RejectedLogsJson",
                     Signal::kLogs,
                     {1, ""},
                     Encoding::kJson,
                     R"({"partialSuccess":{"rejectedLogRecords":"1"}})"},
        ResponseCase{"RejectedPointsJson",
                     Signal::kMetrics,
                     {1, ""},
                     Encoding::kJson,
                     R"({"partialSuccess":{"rejectedDataPoints":"1"}})"},
        ResponseCase{"WarningJson",
                     Signal::kLogs,
                     {0, "hm"},
                     Encoding::kJson,
                     R"({"partialSuccess":{"errorMessage":"hm"}})"}),
    [](const auto& test) { return test.param.name; });

TEST(StatusTest, IsWrittenInBothEncodings) {
  EXPECT_EQ(EncodeStatus(3, "bad \xFF", Encoding::kProtobuf),
            "\x08\x03\x12\x07"
            "bad \xEF\xBF\xBD"s);
  EXPECT_EQ(EncodeStatus(3, "bad \xFF", Encoding::kJson),
            "{\"code\":3,\"message\":\"bad \xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace sightline::otlp
