// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "net/server_for_testing.h"

namespace sightline::net {
namespace {

std::string Url(const ServerForTesting& server, std::string_view path) {
  return fmt::format("http://127.0.0.1:{}{}", server.port(), path);
}

TEST(HttpClientTest, PostsBytesAndKeepsItsConnection) {
  std::string remote;
  ServerForTesting server([&remote](const HttpRequest& request, ResponseSink sink) {
    HttpResponse response{
        .status = 202,
        .body = request.method + " " + request.body,
        .content_type = std::string(request.headers.Find("Content-Type").value_or("none"))};
    response.headers.Add("X-Same", request.remote_address == remote ? "yes" : "no");
    remote = request.remote_address;
    sink.Answer(std::move(response));
  });
  HttpClient client({});
  const std::string body("a\0b", 3);
  for (const char* same : {"no", "yes", "yes"}) {
    const auto response =
        client.Post(Url(server, "/v1"), {{"Content-Type", "application/x-protobuf"}}, body);
    ASSERT_TRUE(response.has_value()) << response.error().message();
    EXPECT_EQ(response->status, 202);
    EXPECT_EQ(response->body, "POST " + body);
    EXPECT_EQ(response->content_type, "application/x-protobuf");
    EXPECT_EQ(response->headers.Find("x-same"), same);
  }
  const auto response = client.Get(Url(server, "/x"), {});
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, "GET ");
}

TEST(HttpClientTest, ExplainsWhatWentWrong) {
  Mailbox<ResponseSink> unanswered;
  ServerForTesting server([&unanswered](const HttpRequest& request, ResponseSink sink) {
    if (request.path == "/large") {
      sink.Answer({.status = 200, .body = std::string(2000, 'x')});
    } else {
      unanswered.Put(std::move(sink));
    }
  });
  HttpClient client({.total_timeout = std::chrono::milliseconds(100), .max_response_bytes = 1000});
  EXPECT_EQ(client.Get(Url(server, "/large"), {}).error().code(), base::Code::kResourceExhausted);
  EXPECT_EQ(client.Get(Url(server, "/slow"), {}).error().code(), base::Code::kDeadlineExceeded);
  EXPECT_EQ(client.Get("file:///etc/hostname", {}).error().code(), base::Code::kInvalidArgument);
  const std::string url = Url(server, "/");
  server->Stop(std::chrono::milliseconds(0));
  const auto gone = client.Get(url, {});
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().code(), base::Code::kUnavailable);
}

}  // namespace
}  // namespace sightline::net
