// SPDX-License-Identifier: Apache-2.0
// What one server takes for the body of a request and another for the next request must be executed
// by none. Each case is followed by a request that no handler may see.
#include <atomic>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/server_for_testing.h"

namespace sightline::net {
namespace {

using ::testing::AnyOf;

constexpr std::string_view kHidden = "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";

class RequestSmugglingTest : public ::testing::Test {
 protected:
  // Sends it with a hidden request after it and reads to the end of the connection.
  int StatusOf(const std::string& request) {
    RawClient client(server_.port());
    client.Send(request + std::string(kHidden));
    const HttpResponse response = client.ReadResponse();
    EXPECT_EQ(response.headers.Find("Connection"), "close") << request;
    EXPECT_EQ(client.ReadToEnd(), "") << request;
    return response.status;
  }

  std::atomic<int> hidden_{0};
  ServerForTesting server_{[this](const HttpRequest& request, ResponseSink sink) {
    hidden_ += request.path == "/hidden" ? 1 : 0;
    sink.Answer({.status = 200});
  }};
};

TEST_F(RequestSmugglingTest, NothingAfterABadHeadIsExecuted) {
  const std::string line = "POST / HTTP/1.1\r\nHost: h\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string cases[] = {
      line + "Transfer-Encoding: xchunked\r\n\r\n",
      line + "Transfer-Encoding: identity\r\n\r\n",
      line + "Transfer-Encoding: gzip\r\n\r\n",
      line + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      line + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
      line + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
      line +
          "Transfer-Encoding:\x0B"
          "chunked\r\n\r\n0\r\n\r\n",
      line + chunked + chunked + "\r\n0\r\n\r\n",
      line + chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n",
      line + "Content-Length: 5\r\n" + chunked + "\r\n0\r\n\r\n",
      line + "Content-Length: 0\r\nContent-Length: 40\r\n\r\n",
      line + "Content-Length: 0, 0\r\n\r\n",
      line + "Content-Length: +0\r\n\r\n",
      line + "Content-Length: 0\r\nHost: h\r\n\r\n",
      line + "A: b\r\n Content-Length: 0\r\n\r\n",
      line + "A: b\nContent-Length: 0\r\n\r\n",
      line + "A: b\rContent-Length: 0\r\n\r\n",
      "POST / HTTP/1.1\nHost: h\n\n",
      "POST / HTTP/1.0\r\n" + chunked + "\r\n0\r\n\r\n",
      "POST http://other/ HTTP/1.1\r\nHost: h\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "\r\n\r\n",
      "\x16\x03\x01\x02\r\n\r\n",
  };
  for (const std::string& request : cases) {
    EXPECT_THAT(StatusOf(request), AnyOf(400, 501)) << request;
  }
  EXPECT_EQ(hidden_, 0);
}

TEST_F(RequestSmugglingTest, NothingAfterABadChunkIsExecuted) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* body :
       {"0\n\n", "0\n\r\n", "0\r\n\n", " 0\r\n\r\n", "0x0\r\n\r\n", "-1\r\n\r\n", "+0\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n", "1\r\na0\r\n\r\n", "0\r\n A: b\r\n\r\n", "0;\n\r\n\r\n",
        "0\r;\r\n\r\n", "fffffffffffffffff\r\n"}) {
    EXPECT_EQ(StatusOf(head + body), 400) << body;
  }
  EXPECT_EQ(hidden_, 0);
}

TEST_F(RequestSmugglingTest, ARefusedBodyIsNotExecuted) {
  RawClient client(server_.port());
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: br\r\nContent-Length: 33\r\n\r\n" +
              std::string(kHidden));
  EXPECT_EQ(client.ReadResponse().status, 415);
  client.FinishSending();
  client.ReadToEnd();
  EXPECT_EQ(hidden_, 0);
}

}  // namespace
}  // namespace sightline::net
