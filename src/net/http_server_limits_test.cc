// SPDX-License-Identifier: Apache-2.0
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/http_requests_for_testing.h"
#include "net/http_server.h"
#include "net/server_for_testing.h"

namespace sightline::net {
namespace {

using base::Loss;
using std::chrono::milliseconds;

TEST(HttpServerLimitsTest, RefusesBodiesOverTheLimit) {
  ServerForTesting server(Echo, {.max_body_bytes = 1000});
  EXPECT_EQ(Ask(server, Post("/", std::string(1000, 'x'))).status, 200);
  EXPECT_EQ(Ask(server, Post("/", std::string(1001, 'x'))).status, 413);
  // Far more than is read after the refusal: the answer must arrive all the same.
  RawClient huge(server.port());
  huge.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n");
  huge.Send(std::string(3'000'000, 'x'));
  EXPECT_EQ(huge.ReadResponse().status, 413);
  RawClient chunked(server.port());
  chunked.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  chunked.TrySend("1000\r\n" + std::string(4096, 'x') + "\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.ReadResponse().status, 413);
  RawClient waiting(server.port());
  waiting.Send(
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(waiting.ReadResponse().status, 413) << "refused before the body is sent";
  EXPECT_EQ(server.CountAfterStop(Loss::kRequestTooLarge), 4U);
}

TEST(HttpServerLimitsTest, ClosesConnectionsThatAreTooSlow) {
  struct Case {
    const char* name;
    const char* bytes;
  };

  const Case cases[] = {
      {"half a head", "GET / HTTP/1.1\r\nHost: h\r\nX-"},
      {"half a body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf"},
      {"half a chunk", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nh"},
  };
  ServerForTesting server(Echo,
                          {.header_timeout = milliseconds(30), .body_timeout = milliseconds(30)});
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    RawClient client(server.port());
    client.Send(c.bytes);
    EXPECT_EQ(client.ReadToEnd(), "");
  }
  EXPECT_EQ(server.CountAfterStop(Loss::kConnectionTimedOut), std::size(cases));
}

TEST(HttpServerLimitsTest, IsNotHeldByAClientThatDripsItsHead) {
  ServerForTesting server(
      Echo, {.max_header_bytes = std::size_t{1} << 30, .header_timeout = milliseconds(50)});
  RawClient client(server.port());
  client.Send("GET / HTTP/1.1\r\nHost: h\r\n");
  // Every line restarts nothing: the head as a whole is late, however busy the client is.
  while (client.TrySend("X: y\r\n")) {
    std::this_thread::yield();
  }
  EXPECT_EQ(server.CountAfterStop(Loss::kConnectionTimedOut), 1U);
}

TEST(HttpServerLimitsTest, ClosesIdleConnectionsSilently) {
  ServerForTesting server(Echo, {.idle_timeout = milliseconds(30)});
  RawClient fresh(server.port());
  EXPECT_EQ(fresh.ReadToEnd(), "");
  RawClient used(server.port());
  used.Send(Get("/"));
  EXPECT_EQ(used.ReadResponse().status, 200);
  EXPECT_EQ(used.ReadToEnd(), "");
  EXPECT_EQ(server.CountAfterStop(Loss::kConnectionTimedOut), 0U);
}

TEST(HttpServerLimitsTest, ClosesWhenTheClientDoesNotTakeTheAnswer) {
  const std::string large(std::size_t{64} * 1024 * 1024, 'x');
  ServerForTesting server(
      [&large](const HttpRequest&, ResponseSink sink) {
        sink.Answer({.status = 200, .body = large});
      },
      {.write_timeout = milliseconds(50), .min_bytes_per_second = std::size_t{1} << 40});
  RawClient client(server.port(), 4096);
  client.Send(Get("/"));
  EXPECT_EQ(client.ReadResponse(RawClient::BodyRule::kNone).status, 200);
  while (server->connection_count() > 0) {
    std::this_thread::yield();
  }
  EXPECT_EQ(server.CountAfterStop(Loss::kConnectionTimedOut), 1U);
}

TEST(HttpServerLimitsTest, RefusesLargeAnswersWhileOthersAreNotTaken) {
  constexpr std::size_t kLarge = std::size_t{32} << 20U;
  ServerForTesting server(
      [](const HttpRequest& request, ResponseSink sink) {
        const std::size_t size = request.path == "/large" ? kLarge : 100;
        sink.Answer({.status = 200, .body = std::string(size, 'x'), .content_type = "text/plain"});
      },
      {.max_answer_bytes = kLarge + 1000});
  {
    RawClient stalled(server.port(), 4096);
    stalled.Send(Get("/large"));
    EXPECT_EQ(stalled.ReadLine(), "HTTP/1.1 200 OK");
    const HttpResponse refused = Ask(server, Get("/large"));
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.headers.Find("Retry-After").value_or(""), "1");
    EXPECT_EQ(Ask(server, Get("/small")).status, 200);
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (Ask(server, Get("/large")).status != 200) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the stalled client has gone";
  }
}

TEST(HttpServerLimitsTest, ClosesConnectionsOverTheLimit) {
  ServerForTesting server(Echo, {.max_connections = 2});
  RawClient first(server.port());
  RawClient second(server.port());
  first.Send(Get("/"));
  second.Send(Get("/"));
  EXPECT_EQ(first.ReadResponse().status, 200);
  EXPECT_EQ(second.ReadResponse().status, 200);
  RawClient third(server.port());
  EXPECT_EQ(third.ReadToEnd(), "");
  first.Send(Get("/again"));
  EXPECT_EQ(first.ReadResponse().status, 200);
  EXPECT_EQ(server.CountAfterStop(Loss::kConnectionRefused), 1U);
}

TEST(HttpServerLimitsTest, LimitsConnectionsOfOneAddress) {
  ServerForTesting server(Echo, {.max_connections = 3, .max_connections_per_address = 1});
  RawClient first(server.port());
  first.Send(Get("/"));
  EXPECT_EQ(first.ReadResponse().status, 200);
  RawClient second(server.port());
  EXPECT_EQ(second.ReadToEnd(), "");
  EXPECT_EQ(server.CountAfterStop(Loss::kConnectionRefused), 1U);
}

TEST(HttpServerLimitsTest, DoesNotEarnASilenceByQuickBytes) {
  // At 1 byte a second, 100,000 bytes at once would pay for a day.
  ServerForTesting server(Echo, {.body_timeout = milliseconds(50), .min_bytes_per_second = 1});
  RawClient client(server.port());
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" +
              std::string(100'000, 'x'));
  EXPECT_EQ(client.ReadToEnd(), "");
  EXPECT_EQ(server.CountAfterStop(Loss::kConnectionTimedOut), 1U);
}

TEST(HttpServerStopTest, FinishesRequestsInFlight) {
  Mailbox<ResponseSink> sinks;
  ServerForTesting server(
      [&sinks](const HttpRequest&, ResponseSink sink) { sinks.Put(std::move(sink)); });
  RawClient idle(server.port());
  RawClient busy(server.port());
  busy.Send(Get("/"));
  auto sink = sinks.Get();
  ASSERT_TRUE(sink.has_value());
  std::jthread stopper([&server] { server->Stop(std::chrono::seconds(10)); });
  EXPECT_EQ(idle.ReadToEnd(), "") << "idle connections close at once";
  sink->Answer({.status = 200, .body = "done"});
  EXPECT_EQ(busy.ReadResponse().body, "done");
  EXPECT_EQ(busy.ReadToEnd(), "");
}

TEST(HttpServerStopTest, CutsRequestsThatTakeTooLong) {
  Mailbox<ResponseSink> sinks;
  std::optional<ResponseSink> sink;
  {
    ServerForTesting server(
        [&sinks](const HttpRequest&, ResponseSink s) { sinks.Put(std::move(s)); });
    RawClient client(server.port());
    client.Send(Get("/"));
    sink = sinks.Get();
    ASSERT_TRUE(sink.has_value());
    server->Stop(milliseconds(1));
    EXPECT_EQ(client.ReadToEnd(), "");
  }
  sink->Answer({.status = 200});  // The server has gone; the answer is dropped.
}

TEST(HttpServerStopTest, EndsWithConnectionsInEveryState) {
  Mailbox<ResponseSink> sinks;
  std::vector<std::unique_ptr<RawClient>> clients;
  {
    ServerForTesting server(
        [&sinks](const HttpRequest&, ResponseSink s) { sinks.Put(std::move(s)); });
    for (const std::string& bytes :
         {std::string(), std::string("GET / HT"), Get("/"), Get("/") + Get("/"),
          std::string("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nxxx")}) {
      clients.push_back(std::make_unique<RawClient>(server.port()));
      clients.back()->Send(bytes);
    }
    ASSERT_TRUE(sinks.Get().has_value());
  }
  for (const auto& client : clients) {
    client->ReadToEnd();
  }
}

}  // namespace
}  // namespace sightline::net
