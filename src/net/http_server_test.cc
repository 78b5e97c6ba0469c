// SPDX-License-Identifier: Apache-2.0
#include "net/http_server.h"

#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/body_codec.h"
#include "net/http_requests_for_testing.h"
#include "net/server_for_testing.h"

namespace sightline::net {
namespace {

using base::Loss;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(HttpServerTest, KeepsTheConnectionBetweenRequests) {
  ServerForTesting server(Echo);
  RawClient client(server.port());
  for (const char* path : {"/one", "/two", "/three"}) {
    client.Send(Get(path));
    EXPECT_EQ(client.ReadResponse().body, fmt::format("GET {} []", path));
  }
  EXPECT_EQ(server->connection_count(), 1U);
}

TEST(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  // The first request is answered last, from another thread.
  Mailbox<ResponseSink> slow;
  ServerForTesting server([&slow](const HttpRequest& request, ResponseSink sink) {
    if (request.path == "/slow") {
      slow.Put(std::move(sink));
    } else {
      Echo(request, std::move(sink));
    }
  });
  RawClient client(server.port());
  client.Send(Get("/slow") + Post("/b", "body") + Get("/c"));
  auto sink = slow.Get();
  ASSERT_TRUE(sink.has_value());
  std::thread([&sink] { sink->Answer({.status = 201, .body = "slow"}); }).join();
  EXPECT_EQ(client.ReadResponse().body, "slow");
  EXPECT_EQ(client.ReadResponse().body, "POST /b [body]");
  EXPECT_EQ(client.ReadResponse().body, "GET /c []");
}

TEST(HttpServerTest, ReadsChunkedBodies) {
  ServerForTesting server(Echo);
  RawClient client(server.port());
  client.Send(
      "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n0a;extension=1\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
  EXPECT_EQ(client.ReadResponse().body, "POST /x [abc0123456789]");
  client.Send(Get("/next"));
  EXPECT_EQ(client.ReadResponse().body, "GET /next []");
}

TEST(HttpServerTest, ReadsARequestThatComesByteByByte) {
  ServerForTesting server(Echo);
  RawClient client(server.port());
  for (const char c : Post("/slow", "drip")) {
    client.Send(std::string_view(&c, 1));
  }
  EXPECT_EQ(client.ReadResponse().body, "POST /slow [drip]");
}

TEST(HttpServerTest, ReadsALargeBody) {
  ServerForTesting server([](const HttpRequest& request, ResponseSink sink) {
    sink.Answer({.status = 200, .body = std::to_string(request.body.size())});
  });
  EXPECT_EQ(Ask(server, Post("/", std::string(5'000'000, 'x'))).body, "5000000");
}

TEST(HttpServerTest, GivesEveryResponseARequestId) {
  ServerForTesting server(Echo);
  const auto id_of = [&server](std::string_view request) {
    const HttpResponse response = Ask(server, request);
    return std::string(response.headers.Find("X-Request-Id").value_or("none"));
  };
  EXPECT_EQ(id_of(Get("/", "X-Request-Id: client-1.a\r\n")), "client-1.a");
  const std::string first = id_of(Get("/"));
  EXPECT_EQ(first.size(), 16U);
  EXPECT_NE(first, id_of(Get("/")));
  EXPECT_EQ(id_of(Get("/", "X-Request-Id: bad id\r\n")).size(), 16U);
  EXPECT_EQ(id_of("rubbish\r\n\r\n").size(), 16U);
}

TEST(HttpServerTest, AnswersHeadWithoutABody) {
  ServerForTesting server(Echo);
  RawClient client(server.port());
  client.Send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" + Get("/y"));
  const HttpResponse head = client.ReadResponse(RawClient::BodyRule::kNone);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.Find("Content-Length"), "10");
  EXPECT_EQ(client.ReadResponse().body, "GET /y []");
}

TEST(HttpServerTest, ClosesWhenTheClientAsksForIt) {
  ServerForTesting server(Echo);
  for (const char* request :
       {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    RawClient client(server.port());
    client.Send(request);
    const HttpResponse response = client.ReadResponse();
    EXPECT_EQ(response.headers.Find("Connection"), "close");
    EXPECT_EQ(response.body, "GET / []");
    EXPECT_EQ(client.ReadToEnd(), "");
  }
}

TEST(HttpServerTest, SendsContinueBeforeABodyThatWaitsForIt) {
  ServerForTesting server(Echo);
  RawClient client(server.port());
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-Continue\r\n\r\n");
  EXPECT_EQ(client.ReadResponse().status, 100);
  client.Send("body");
  EXPECT_EQ(client.ReadResponse().body, "POST / [body]");
}

TEST(HttpServerTest, CompressesLargeAnswersForClientsThatAcceptIt) {
  const std::string large(5000, 'x');
  ServerForTesting server([&large](const HttpRequest& request, ResponseSink sink) {
    const std::string type = request.path == "/image" ? "image/png" : "application/json";
    sink.Answer(
        {.status = 200, .body = request.path == "/small" ? "{}" : large, .content_type = type});
  });
  const std::string accept = "Accept-Encoding: gzip\r\n";
  const HttpResponse compressed = Ask(server, Get("/large", accept));
  EXPECT_EQ(compressed.headers.Find("Content-Encoding"), "gzip");
  EXPECT_EQ(compressed.headers.Find("Vary"), "Accept-Encoding");
  EXPECT_EQ(*Decompress("gzip", compressed.body, 10'000), large);
  for (const std::string& request : {Get("/large"), Get("/small", accept), Get("/image", accept),
                                     Get("/large", "Accept-Encoding: gzip;q=0\r\n")}) {
    EXPECT_EQ(Ask(server, request).headers.Find("Content-Encoding"), std::nullopt) << request;
  }
}

TEST(HttpServerTest, RefusesMalformedRequests) {
  struct Case {
    const char* name;
    std::string request;
    int status;
  };

  const Case cases[] = {
      {"not HTTP", "\x16\x03\x01 hello\r\n\r\n", 400},
      {"bad version", "GET / HTTP/3.0\r\nHost: h\r\n\r\n", 400},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"dot segment", Get("/a/../b"), 400},
      {"broken escape", Get("/a?b=%g0"), 400},
      {"text that is not UTF-8", Get("/?q=%ff%fe"), 400},
      {"path that is not UTF-8", Get("/a/%ff%fe"), 400},
      {"bad length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5x\r\n\r\nhello", 400},
      {"negative length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -5\r\n\r\nhello", 400},
      {"two lengths",
       "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhello", 400},
      {"length and chunked",
       "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
       "0\r\n\r\n",
       400},
      {"bad chunk size",
       "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n", 400},
      {"header line without a colon", "GET / HTTP/1.1\r\nHost: h\r\nrubbish\r\n\r\n", 400},
      {"header too large", Get("/", "X: " + std::string(40'000, 'x') + "\r\n"), 431},
  };
  ServerForTesting server(Echo);
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const HttpResponse response = Ask(server, c.request);
    EXPECT_EQ(response.status, c.status);
    EXPECT_THAT(response.body, StartsWith("{\"detail\": \""));
  }
  EXPECT_EQ(server.CountAfterStop(Loss::kRequestMalformed), std::size(cases) - 1);
}

TEST(HttpServerTest, RefusesATruncatedBody) {
  ServerForTesting server(Echo);
  for (const char* request :
       {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf"}) {
    RawClient client(server.port());
    client.Send(request);
    client.FinishSending();
    EXPECT_EQ(client.ReadResponse().status, 400);
    EXPECT_EQ(client.ReadToEnd(), "");
  }
  EXPECT_EQ(server.CountAfterStop(Loss::kRequestMalformed), 2U);
}

TEST(HttpServerTest, RefusesAnUnknownContentEncoding) {
  ServerForTesting server(Echo);
  RawClient client(server.port());
  client.Send(Post("/", "x", "Content-Encoding: br\r\n") + Get("/next"));
  const HttpResponse response = client.ReadResponse();
  EXPECT_EQ(response.status, 415);
  EXPECT_EQ(response.headers.Find("Accept-Encoding"), "gzip, deflate, zstd");
  EXPECT_EQ(client.ReadResponse().body, "GET /next []") << "the connection lives";
  EXPECT_EQ(server.CountAfterStop(Loss::kRequestUnsupported), 1U);
}

TEST(HttpServerTest, Answers500WhenTheSinkIsDropped) {
  ServerForTesting server([](const HttpRequest& request, ResponseSink sink) {
    if (request.path == "/throw") {
      throw std::runtime_error("a bug");
    }
    const ResponseSink dropped = std::move(sink);
  });
  RawClient client(server.port());
  client.Send(Get("/drop") + Get("/throw"));
  EXPECT_EQ(client.ReadResponse().status, 500);
  EXPECT_EQ(client.ReadResponse().status, 500);
}

TEST(HttpServerTest, RendersItsOwnErrorsAsTheCallerWants) {
  HttpServerOptions options{.max_body_bytes = 1};
  options.render_error = [](const HttpRequest& head, int status, std::string_view detail) {
    return HttpResponse{.status = status,
                        .body = fmt::format("{} {}", head.path, detail),
                        .content_type = "application/x-protobuf"};
  };
  ServerForTesting server(Echo, std::move(options));
  const HttpResponse response = Ask(server, Post("/v1/traces", "xx"));
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.body, "/v1/traces the body is larger than 1 bytes");
  EXPECT_EQ(response.content_type, "application/x-protobuf");
}

TEST(HttpServerTest, GuardsAgainstForeignPages) {
  ServerForTesting server(Echo, {.allowed_origins = {"https://ops.example"}});
  const std::string foreign = "Origin: https://evil.example\r\n";
  const std::string listed = "Origin: https://ops.example\r\n";
  EXPECT_EQ(Ask(server, Post("/", "x", foreign)).status, 403);
  EXPECT_EQ(Ask(server, Get("/", "Sec-Fetch-Site: cross-site\r\n")).status, 403);
  const HttpResponse read = Ask(server, Get("/", foreign));
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.headers.Find("Access-Control-Allow-Origin"), std::nullopt);
  EXPECT_EQ(Ask(server, Post("/", "x", listed)).headers.Find("Access-Control-Allow-Origin"),
            "https://ops.example");
  const HttpResponse preflight =
      Ask(server, "OPTIONS / HTTP/1.1\r\nHost: h\r\n" + listed +
                      "Access-Control-Request-Method: POST\r\n"
                      "Access-Control-Request-Headers: content-type\r\n\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.headers.Find("Access-Control-Allow-Headers"), "content-type");
}

TEST(HttpServerTest, RefusesHostsThatAreNotItsOwn) {
  ServerForTesting server(Echo, {.allowed_hosts = {"ops.example"}});
  const auto status_of = [&server](std::string_view line, std::string_view fields) {
    return Ask(server, fmt::format("{}\r\n{}\r\n", line, fields)).status;
  };
  EXPECT_EQ(status_of("GET / HTTP/1.1", "Host: ops.example:8000\r\n"), 200);
  EXPECT_EQ(status_of("GET / HTTP/1.1", "Host: 127.0.0.1\r\n"), 200);
  EXPECT_EQ(status_of("GET / HTTP/1.1", "Host: evil.example\r\n"), 421);
  EXPECT_EQ(status_of("GET / HTTP/1.1", "Host:\r\n"), 421);
  EXPECT_EQ(status_of("GET / HTTP/1.0", ""), 200);
  EXPECT_EQ(status_of("GET / HTTP/1.0", "Host: evil.example\r\n"), 421);
  EXPECT_EQ(status_of("GET http://ops.example/ HTTP/1.1", "Host: ops.example\r\n"), 200);
  EXPECT_EQ(status_of("GET http://evil.example/ HTTP/1.1", "Host: evil.example\r\n"), 421);
  EXPECT_EQ(status_of("GET http://evil.example/ HTTP/1.0", ""), 421);
  EXPECT_EQ(status_of("GET http://evil.example/ HTTP/1.1", "Host: ops.example\r\n"), 400);
  EXPECT_EQ(server.CountAfterStop(Loss::kRequestForeign), 5U);
}

TEST(HttpServerTest, TellsBrowsersWhatTheyMayDoWithEveryAnswer) {
  ServerForTesting server(Echo);
  for (const std::string& request :
       {Get("/"), Get("/", "Origin: http://a\r\n"), std::string("rubbish\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")}) {
    const HttpResponse response = Ask(server, request);
    EXPECT_EQ(response.headers.Find("X-Content-Type-Options"), "nosniff") << request;
    EXPECT_EQ(response.headers.Find("Cross-Origin-Resource-Policy"), "same-origin") << request;
    EXPECT_THAT(std::string(response.headers.Find("Content-Security-Policy").value_or("")),
                HasSubstr("default-src 'none'"))
        << request;
  }
}

TEST(HttpServerTest, CannotListenWhereSomeoneElseDoes) {
  ServerForTesting server(Echo);
  base::LossTable losses;
  const auto second = HttpServer::Create({.port = server.port()}, Echo, losses);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), base::Code::kUnavailable);
  EXPECT_THAT(second.error().message(), HasSubstr("cannot listen on 127.0.0.1:"));
  const auto nowhere = HttpServer::Create({.listen_address = "nowhere"}, Echo, losses);
  ASSERT_FALSE(nowhere.has_value());
  EXPECT_EQ(nowhere.error().code(), base::Code::kInvalidArgument);
}

}  // namespace
}  // namespace sightline::net
