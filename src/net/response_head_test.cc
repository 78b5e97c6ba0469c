// SPDX-License-Identifier: Apache-2.0
#include "net/response_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_status.h"
#include "net/origin.h"

namespace sightline::net {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(FormatResponseHeadTest, FramesTheBody) {
  ResponseFrame frame{.request_id = "r1", .content_length = 5};
  const std::string head = FormatResponseHead(200, "text/plain", {{"A", "b"}}, frame);
  EXPECT_THAT(head, AllOf(HasSubstr("HTTP/1.1 200 OK\r\n"), HasSubstr("X-Request-Id: r1\r\n"),
                          HasSubstr("Content-Type: text/plain\r\n"), HasSubstr("A: b\r\n"),
                          HasSubstr("Content-Length: 5\r\n"), Not(HasSubstr("Connection"))));
  EXPECT_THAT(head, ::testing::ContainsRegex("Date: [A-Z][a-z]+, .* GMT\r\n"));
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST(FormatResponseHeadTest, GivesNoLengthWhereThereIsNoBody) {
  const ResponseFrame frame{.content_length = 0};
  EXPECT_THAT(FormatResponseHead(204, "", {}, frame), Not(HasSubstr("Content-Length")));
  EXPECT_THAT(FormatResponseHead(304, "", {}, frame), Not(HasSubstr("Content-Length")));
}

TEST(FormatResponseHeadTest, SpeaksHttp10) {
  ResponseFrame frame{.http_minor = 0};
  EXPECT_THAT(FormatResponseHead(200, "", {}, frame),
              AllOf(HasSubstr("HTTP/1.0 200"), HasSubstr("Connection: keep-alive\r\n")));
  frame.fate = ConnectionFate::kClose;
  EXPECT_THAT(FormatResponseHead(200, "", {}, frame), HasSubstr("Connection: close\r\n"));
}

TEST(FormatResponseHeadTest, LetsNoOtherSiteUseAnAnswer) {
  const std::string head = FormatResponseHead(404, "", {}, {});
  EXPECT_THAT(head, AllOf(HasSubstr("X-Content-Type-Options: nosniff\r\n"),
                          HasSubstr("Cross-Origin-Resource-Policy: same-origin\r\n"),
                          HasSubstr("Content-Security-Policy: default-src 'none';")));
  const std::string page =
      FormatResponseHead(200, "", {{"Content-Security-Policy", "default-src 'self'"}}, {});
  EXPECT_THAT(page, AllOf(HasSubstr("default-src 'self'"), Not(HasSubstr("'none'"))));
}

TEST(FormatResponseHeadTest, CannotBeSplitByAHeaderValue) {
  EXPECT_THAT(FormatResponseHead(200, "", {{"A", "b\r\nSet-Cookie: c"}}, {}),
              HasSubstr("A: b  Set-Cookie: c\r\n"));
}

TEST(HttpStatusTest, OnlyPassingErrorsGetAStatusThatOtlpClientsRetry) {
  EXPECT_EQ(HttpStatusOf(base::Code::kUnavailable), 503);
  EXPECT_EQ(HttpStatusOf(base::Code::kDeadlineExceeded), 504);
  for (const base::Code code :
       {base::Code::kInvalidArgument, base::Code::kNotFound, base::Code::kFailedPrecondition,
        base::Code::kPermissionDenied, base::Code::kUnimplemented, base::Code::kResourceExhausted,
        base::Code::kDataLoss, base::Code::kInternal}) {
    const int status = HttpStatusOf(code);
    EXPECT_TRUE(status != 429 && status != 502 && status != 503 && status != 504) << status;
    EXPECT_NE(HttpReason(status), "Unknown") << status;
  }
}

TEST(HttpStatusTest, SaysWhenAPassingErrorMayHavePassed) {
  EXPECT_EQ(ErrorResponse({base::Code::kUnavailable, "no"}).headers.Find("Retry-After"), "1");
  EXPECT_EQ(ErrorResponse({base::Code::kInternal, "no"}).headers.Find("Retry-After"), std::nullopt);
}

HttpRequest RequestFrom(std::string method, std::string origin) {
  HttpRequest request;
  request.method = std::move(method);
  request.headers = {{"Host", "127.0.0.1:8000"}};
  if (!origin.empty()) {
    request.headers.Add("Origin", std::move(origin));
  }
  return request;
}

TEST(OriginPolicyTest, AllowsItsOwnPagesAndTheListedOnes) {
  const OriginPolicy policy({"https://ops.example"});
  const std::pair<const char*, bool> cases[] = {
      {"", true},
      {"http://127.0.0.1:8000", true},
      {"https://ops.example", true},
      {"https://OPS.example", true},
      {"http://127.0.0.1:9000", false},
      {"https://ops.example.evil", false},
      {"http://ops.example", false},
      {"null", false},
  };
  for (const auto& [origin, expected] : cases) {
    EXPECT_EQ(policy.Allows(RequestFrom("POST", origin)), expected) << origin;
    EXPECT_EQ(policy.IsForbidden(RequestFrom("POST", origin)), !expected) << origin;
    EXPECT_FALSE(policy.IsForbidden(RequestFrom("GET", origin))) << origin;
  }
  EXPECT_TRUE(OriginPolicy({"*"}).Allows(RequestFrom("POST", "null")));
}

TEST(OriginPolicyTest, LetsOnlyListedPagesReadAnswers) {
  const OriginPolicy policy({"https://ops.example"});
  EXPECT_EQ(policy.ResponseHeaders(RequestFrom("GET", "https://ops.example"))
                .Find("Access-Control-Allow-Origin"),
            "https://ops.example");
  EXPECT_EQ(policy.ResponseHeaders(RequestFrom("GET", "https://evil.example")).size(), 0U);
  EXPECT_EQ(policy.ResponseHeaders(RequestFrom("GET", "http://127.0.0.1:8000")).size(), 0U);
}

}  // namespace
}  // namespace sightline::net
