// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "base/hex.h"
#include "oracle/dump.h"
#include "oracle/plain_data.h"
#include "oracle/random_message.h"
#include "otlp/base64.h"
#include "otlp/decode.h"
#include "otlp/encode.h"
#include "otlp/json.h"
#include "otlp/request.h"
#include "otlp_oracle.pb.h"

namespace sightline::oracle {
namespace {

constexpr int kRounds = 1000;

std::string Encode(const std::vector<otlp::ResourceGroup<otlp::SpanData>>& groups) {
  return otlp::EncodeTraces(std::span(groups));
}

std::string Encode(const std::vector<otlp::ResourceGroup<otlp::LogData>>& groups) {
  return otlp::EncodeLogs(std::span(groups));
}

std::string Encode(const std::vector<otlp::ResourceGroup<otlp::MetricData>>& groups) {
  return otlp::EncodeMetrics(std::span(groups));
}

template <typename Request, otlp::Signal kOfSignal>
struct Case {
  using Message = Request;
  static constexpr otlp::Signal kSignal = kOfSignal;
};

using Signals = testing::Types<Case<TraceRequest, otlp::Signal::kTraces>,
                               Case<LogsRequest, otlp::Signal::kLogs>,
                               Case<MetricsRequest, otlp::Signal::kMetrics>>;

template <typename T>
class OtlpOracleTest : public testing::Test {
 protected:
  using Message = typename T::Message;

  // What the walker makes of the bytes.
  std::string Walk(const std::string& bytes) {
    const auto result = otlp::Decode(T::kSignal, bytes, request_);
    return result.has_value() ? DumpRequest(request_) : result.error().message();
  }

  otlp::Request request_;
};

TYPED_TEST_SUITE(OtlpOracleTest, Signals, );

TYPED_TEST(OtlpOracleTest, WalkerReadsWhatGeneratedCodeWrites) {
  RandomMessages random(1);
  std::size_t bytes_seen = 0;
  for (int round = 0; round < kRounds; ++round) {
    typename TestFixture::Message message;
    random.Fill(message);
    const std::string bytes = message.SerializeAsString();
    bytes_seen += bytes.size();
    ASSERT_EQ(this->Walk(bytes), DumpOracle(message)) << "round " << round;
  }
  EXPECT_GT(bytes_seen, kRounds * std::size_t{100});
}

TYPED_TEST(OtlpOracleTest, WalkerReadsOddWireFormatsAsGeneratedCodeDoes) {
  RandomMessages random(2);
  std::size_t bytes_seen = 0;
  for (int round = 0; round < kRounds; ++round) {
    typename TestFixture::Message message;
    const std::string bytes = random.Wire(*message.GetDescriptor());
    bytes_seen += bytes.size();
    ASSERT_TRUE(message.ParseFromString(bytes)) << "round " << round;
    ASSERT_EQ(this->Walk(bytes), DumpOracle(message)) << "round " << round;
  }
  EXPECT_GT(bytes_seen, kRounds * std::size_t{100});
}

// What both take after a byte was changed, both read alike. (They may differ in taking it:
// generated code refuses invalid UTF-8, the walker refuses groups.)
TYPED_TEST(OtlpOracleTest, DamagedBodiesAreReadAlikeIfAtAll) {
  auto* const silenced = google::protobuf::SetLogHandler(nullptr);
  RandomMessages random(3);
  int taken = 0;
  int refused = 0;
  for (int round = 0; round < kRounds; ++round) {
    typename TestFixture::Message message;
    random.Fill(message);
    std::string bytes = message.SerializeAsString();
    random.Damage(bytes);
    const bool is_taken = otlp::Decode(TypeParam::kSignal, bytes, this->request_).has_value();
    if (is_taken && message.ParseFromString(bytes)) {
      ++taken;
      ASSERT_EQ(DumpRequest(this->request_), DumpOracle(message)) << "round " << round;
    }
    refused += is_taken ? 0 : 1;
  }
  EXPECT_GT(taken, kRounds / 10);
  EXPECT_GT(refused, kRounds / 10);
  google::protobuf::SetLogHandler(silenced);
}

TYPED_TEST(OtlpOracleTest, GeneratedCodeReadsWhatTheEncoderWrites) {
  RandomMessages random(4);
  for (int round = 0; round < kRounds; ++round) {
    typename TestFixture::Message message;
    random.Fill(message);
    typename TestFixture::Message reread;
    ASSERT_TRUE(reread.ParseFromString(Encode(ToPlainData(message)))) << "round " << round;
    ASSERT_EQ(DumpOracle(reread), DumpOracle(message)) << "round " << round;
  }
}

// Calls `change(std::string&)` for each id in the message and below it.
void ChangeIds(google::protobuf::Message& message, const auto& change) {
  using google::protobuf::FieldDescriptor;
  const auto& access = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  access.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->type() == FieldDescriptor::TYPE_BYTES && field->name().ends_with("_id")) {
      std::string id = access.GetString(message, field);
      change(id);
      access.SetString(&message, field, id);
    } else if (field->type() == FieldDescriptor::TYPE_MESSAGE && !field->is_repeated()) {
      ChangeIds(*access.MutableMessage(&message, field), change);
    } else if (field->type() == FieldDescriptor::TYPE_MESSAGE) {
      for (int i = 0; i < access.FieldSize(message, field); ++i) {
        ChangeIds(*access.MutableRepeatedMessage(&message, field, i), change);
      }
    }
  }
}

// Protobuf's JSON has base64 where OTLP has hex. Hex text of a length that is a multiple of four is
// also base64 text: the id is replaced by the bytes that print as its hex.
void MakePrintAsHex(std::string& id) {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(id.data());
  const std::string hex = base::HexEncode(std::span(begin, id.size()));
  id = otlp::DecodeBase64(hex).value();
}

// Ids of an odd number of bytes have no such text.
void MakeEven(std::string& id) {
  id.resize(id.size() / 2 * 2);
}

TYPED_TEST(OtlpOracleTest, JsonOfGeneratedCodeIsReadLikeItsProtobuf) {
  RandomMessages random(5);
  for (int round = 0; round < kRounds; ++round) {
    typename TestFixture::Message message;
    random.Fill(message);
    ChangeIds(message, MakeEven);
    const std::string expected = DumpOracle(message);
    ChangeIds(message, MakePrintAsHex);
    google::protobuf::util::JsonPrintOptions options;
    options.always_print_enums_as_ints = random.OneIn(2);
    options.always_print_primitive_fields = random.OneIn(2);
    options.add_whitespace = random.OneIn(2);
    std::string json;
    ASSERT_TRUE(google::protobuf::util::MessageToJsonString(message, &json, options).ok());
    const auto bytes = otlp::JsonToProtobuf(TypeParam::kSignal, json);
    ASSERT_TRUE(bytes.has_value()) << bytes.error().message() << " in " << json;
    ASSERT_EQ(this->Walk(*bytes), expected) << "round " << round << ": " << json;
  }
}

}  // namespace
}  // namespace sightline::oracle
