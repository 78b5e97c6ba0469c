// SPDX-License-Identifier: Apache-2.0
#include "demo/sender.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/loss.h"
#include "demo/partial_success.h"
#include "net/body_codec.h"
#include "net/http_server.h"
#include "otlp/decode.h"
#include "otlp/request.h"
#include "otlp/response.h"

namespace sightline::demo {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::int64_t kStartNs = 1'760'000'000'000'000'000;
constexpr std::size_t kMaxBody = std::size_t{64} << 20U;

otlp::Signal SignalOf(const std::string& url) {
  if (url.ends_with("/v1/traces")) {
    return otlp::Signal::kTraces;
  }
  return url.ends_with("/v1/logs") ? otlp::Signal::kLogs : otlp::Signal::kMetrics;
}

// A receiver and a clock without a network and without waiting.
class FakeWorld {
 public:
  // How the n-th request is answered.
  using Answer = std::function<base::Result<net::HttpResponse>(int number)>;

  explicit FakeWorld(Answer answer) : answer_(std::move(answer)) {}

  base::Result<DemoReport> Run(const DemoOptions& options) {
    const DemoEnvironment environment = {
        .clock = clock_,
        .post = [this](const std::string& url, const net::HttpHeaders& headers,
                       std::string_view body) { return Post(url, headers, body); },
        .wait =
            [this](nanoseconds time, const std::stop_token&) {
              waits_.push_back(time);
              clock_.Advance(time);
              if (stop_at_ns_ != 0 && clock_.NowNs() >= stop_at_ns_) {
                stop_.request_stop();
              }
            }};
    return RunDemoIn(environment, options, stop_.get_token());
  }

  void StopAt(std::int64_t time_ns) { stop_at_ns_ = time_ns; }

  const std::vector<nanoseconds>& waits() const { return waits_; }

  std::uint64_t spans() const { return spans_; }

  int requests() const { return requests_; }

  std::int64_t last_span_end_ns() const { return last_span_end_ns_; }

  std::int64_t now_ns() const { return clock_.NowNs(); }

 private:
  base::Result<net::HttpResponse> Post(const std::string& url, const net::HttpHeaders& headers,
                                       std::string_view body) {
    base::Result<net::HttpResponse> answer = answer_(requests_++);
    if (!answer.has_value() || answer->status != 200) {
      return answer;
    }
    EXPECT_EQ(headers.Find("Content-Type"), "application/x-protobuf");
    EXPECT_EQ(headers.Find("Content-Encoding"), "gzip");
    const base::Result<std::string> plain = net::Decompress("gzip", body, kMaxBody);
    EXPECT_TRUE(plain.has_value());
    otlp::Request request;
    EXPECT_TRUE(otlp::Decode(SignalOf(url), *plain, request).has_value());
    spans_ += request.spans.size();
    for (const otlp::Span& span : request.spans) {
      last_span_end_ns_ = std::max(last_span_end_ns_, static_cast<std::int64_t>(span.end_ns));
      EXPECT_LE(static_cast<std::int64_t>(span.end_ns), clock_.NowNs()) << "from the future";
    }
    return answer;
  }

  Answer answer_;
  base::ManualClock clock_{kStartNs};
  std::stop_source stop_;
  std::int64_t stop_at_ns_ = 0;
  std::vector<nanoseconds> waits_;
  std::uint64_t spans_ = 0;
  int requests_ = 0;
  std::int64_t last_span_end_ns_ = 0;
};

net::HttpResponse Status(int status) {
  net::HttpResponse response;
  response.status = status;
  return response;
}

net::HttpResponse StatusWithRetryAfter(int status, std::string value) {
  net::HttpResponse response = Status(status);
  response.headers.Add("Retry-After", std::move(value));
  return response;
}

TEST(SenderTest, SendsTheHistoryAtOnceAndThenPlaysLive) {
  FakeWorld world([](int) { return Status(200); });
  const auto report = world.Run({.backfill = seconds(300), .duration = seconds(60)});
  ASSERT_TRUE(report.has_value());
  EXPECT_GT(report->runs, 100U);
  EXPECT_EQ(report->spans, world.spans());
  EXPECT_GT(report->spans, 1000U);
  EXPECT_GT(report->log_records, 0U);
  EXPECT_GT(report->data_points, 0U);
  EXPECT_EQ(report->retries + report->dropped_requests + report->rejected_items, 0U);
  EXPECT_EQ(report->last_problem, "");
  EXPECT_GT(world.last_span_end_ns(), kStartNs + nanoseconds(seconds(50)).count());
  EXPECT_LE(world.now_ns(), kStartNs + nanoseconds(seconds(62)).count());
}

TEST(SenderTest, SendsOnlyTheHistoryWhenLivePlayLastsZeroSeconds) {
  FakeWorld world([](int) { return Status(200); });
  const auto report = world.Run({.backfill = seconds(120), .duration = seconds(0)});
  ASSERT_TRUE(report.has_value());
  EXPECT_GT(report->spans, 0U);
  EXPECT_LE(world.last_span_end_ns(), kStartNs);
}

TEST(SenderTest, NeverFloods) {
  FakeWorld world([](int) { return Status(200); });
  ASSERT_TRUE(world.Run({.runs_per_minute = 240, .backfill = seconds(120), .duration = seconds(0)})
                  .has_value());
  // One request in 40 ms, however much there is to send.
  EXPECT_GE(world.now_ns() - kStartNs, world.requests() * 40'000'000LL);
}

TEST(SenderTest, RetriesTheSameRequestAfterTheTimeAskedFor) {
  FakeWorld world(
      [](int number) { return number == 0 ? StatusWithRetryAfter(429, "7") : Status(200); });
  const auto report = world.Run({.backfill = seconds(60), .duration = seconds(0)});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->retries, 1U);
  EXPECT_EQ(report->dropped_requests, 0U);
  EXPECT_EQ(report->spans, world.spans());
  EXPECT_EQ(world.waits().front(), seconds(7));
}

TEST(SenderTest, ReadsRetryAfterAsADate) {
  // kStartNs is Thu, 09 Oct 2025 08:53:20 GMT.
  FakeWorld world([](int number) {
    return number == 0 ? StatusWithRetryAfter(503, "Thu, 09 Oct 2025 08:53:32 GMT") : Status(200);
  });
  ASSERT_TRUE(world.Run({.backfill = seconds(60), .duration = seconds(0)}).has_value());
  EXPECT_EQ(world.waits().front(), seconds(12));
}

TEST(SenderTest, BacksOffLongerAndLonger) {
  FakeWorld world([](int number) { return Status(number > 0 && number < 5 ? 503 : 200); });
  const auto report = world.Run({.backfill = seconds(60), .duration = seconds(0)});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->retries, 4U);
  for (int i = 2; i < 5; ++i) {
    EXPECT_GT(world.waits()[static_cast<std::size_t>(i)],
              world.waits()[static_cast<std::size_t>(i - 1)]);
  }
}

TEST(SenderTest, DropsWhatIsRefusedForGoodAndGoesOn) {
  FakeWorld world([](int number) { return Status(number == 1 ? 400 : 200); });
  const auto report = world.Run({.backfill = seconds(60), .duration = seconds(20)});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->retries, 0U);
  EXPECT_EQ(report->dropped_requests, 1U);
  EXPECT_GT(report->dropped_items, 0U);
  EXPECT_GT(report->requests, 5U);
  EXPECT_NE(report->last_problem.find("400"), std::string::npos);
}

TEST(SenderTest, GivesARequestUpAfterAMinute) {
  FakeWorld world([](int number) { return Status(number > 0 && number < 12 ? 503 : 200); });
  const auto report = world.Run({.backfill = seconds(60), .duration = seconds(120)});
  ASSERT_TRUE(report.has_value());
  EXPECT_GE(report->dropped_requests, 1U);
  EXPECT_GT(report->requests, 5U);
}

TEST(SenderTest, SaysSoWhenNobodyIsThere) {
  FakeWorld world([](int) -> base::Result<net::HttpResponse> {
    return base::Error(base::Code::kUnavailable, "connection refused");
  });
  const auto report = world.Run({.backfill = seconds(60)});
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code(), base::Code::kUnavailable);
  EXPECT_NE(report.error().message().find("connection refused"), std::string::npos);
}

TEST(SenderTest, CountsPartialSuccess) {
  FakeWorld world([](int number) {
    net::HttpResponse response = Status(200);
    if (number == 0) {
      response.body = otlp::EncodeResponse(otlp::Signal::kTraces,
                                           {.rejected = 3, .error_message = "3 spans have no id"},
                                           otlp::Encoding::kProtobuf);
    }
    return response;
  });
  const auto report = world.Run({.backfill = seconds(60), .duration = seconds(0)});
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->rejected_items, 3U);
  EXPECT_EQ(report->last_problem, "3 spans have no id");
  EXPECT_EQ(report->retries, 0U);
}

TEST(SenderTest, StopsWhenAsked) {
  FakeWorld world([](int) { return Status(200); });
  world.StopAt(kStartNs + nanoseconds(seconds(30)).count());
  const auto report = world.Run({});
  ASSERT_TRUE(report.has_value());
  EXPECT_LE(world.now_ns(), kStartNs + nanoseconds(seconds(32)).count());
}

TEST(SenderTest, RefusesOptionsThatMakeNoSense) {
  const std::vector<std::pair<const char*, DemoOptions>> cases = {
      {"endpoint", {.endpoint = "localhost:4318"}},
      {"zero rate", {.runs_per_minute = 0}},
      {"huge rate", {.runs_per_minute = 1e6}},
      {"negative history", {.backfill = seconds(-1)}},
      {"negative duration", {.duration = seconds(-1)}},
  };
  for (const auto& [name, options] : cases) {
    FakeWorld world([](int) { return Status(200); });
    const auto report = world.Run(options);
    ASSERT_FALSE(report.has_value()) << name;
    EXPECT_EQ(report.error().code(), base::Code::kInvalidArgument) << name;
  }
}

TEST(SenderTest, SpeaksHttpToARealServer) {
  base::LossTable losses;
  std::atomic<std::uint64_t> spans = 0;
  std::atomic<int> broken = 0;
  const auto server = net::HttpServer::Create(
      {.port = 0},
      [&](net::HttpRequest request, net::ResponseSink sink) {
        const auto plain = net::Decompress("gzip", request.body, kMaxBody);
        otlp::Request decoded;
        const bool is_good =
            plain.has_value() && otlp::Decode(SignalOf(request.path), *plain, decoded).has_value();
        broken += is_good ? 0 : 1;
        spans += decoded.spans.size();
        sink.Answer(Status(is_good ? 200 : 400));
      },
      losses);
  ASSERT_TRUE(server.has_value());
  const auto report =
      RunDemo({.endpoint = "http://127.0.0.1:" + std::to_string((*server)->port()) + "/",
               .backfill = seconds(60),
               .duration = seconds(0)},
              std::stop_token());
  (*server)->Stop(std::chrono::seconds(1));
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(broken, 0);
  EXPECT_GT(spans, 0U);
  EXPECT_EQ(report->spans, spans);
  EXPECT_EQ(report->dropped_requests, 0U);
}

struct ResponseCase {
  const char* name;
  std::string body;
  bool is_valid;
  std::int64_t rejected;
};

TEST(PartialSuccessTest, ReadsResponses) {
  const std::vector<ResponseCase> cases = {
      {"empty body", "", true, 0},
      {"rejected spans", std::string("\x0a\x02\x08\x05"), true, 5},
      {"unknown fields are skipped",
       std::string("\x15\x01\x02\x03\x04\x0a\x02\x08\x05\x18\x07\x19", 12) + std::string(8, 'x'),
       true, 5},
      {"cut in a length", std::string("\x0a\x05\x08"), false, 0},
      {"cut in a varint", std::string("\x0a\x02\x08\x85"), false, 0},
      {"group", std::string("\x0b"), false, 0},
  };
  for (const ResponseCase& one : cases) {
    const auto partial = DecodePartialSuccess(one.body);
    ASSERT_EQ(partial.has_value(), one.is_valid) << one.name;
    if (one.is_valid) {
      EXPECT_EQ(partial->rejected, one.rejected) << one.name;
    }
  }
}

}  // namespace
}  // namespace sightline::demo
