// SPDX-License-Identifier: Apache-2.0
#include "net/websocket.h"

#include <sys/resource.h>

#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "net/server_for_testing.h"

namespace sightline::net {
namespace {

using std::chrono::milliseconds;

Payload Text(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// A server that accepts every WebSocket and hands what happens on it to the test.
class WebSocketTest : public ::testing::Test {
 protected:
  ServerForTesting MakeServer(WebSocketOptions options = {}, HttpServerOptions server = {}) {
    return ServerForTesting(
        [this, options](const HttpRequest&, ResponseSink sink) {
          sessions_.Put(sink.AcceptWebSocket(
              options,
              {.on_message = [this](WebSocketSession&,
                                    std::string text) { messages_.Put(std::move(text)); },
               .on_writable = [this](WebSocketSession&) { writable_.Put(true); },
               .on_close = [this](WebSocketSession&, std::uint16_t code) { closed_.Put(code); }}));
        },
        std::move(server));
  }

  // Completes a handshake and returns the server's side.
  std::shared_ptr<WebSocketSession> Open(RawClient& client) {
    client.Send(HandshakeText("/ws"));
    const HttpResponse response = client.ReadResponse(RawClient::BodyRule::kNone);
    EXPECT_EQ(response.status, 101);
    EXPECT_EQ(response.headers.Find("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_TRUE(response.headers.Find("X-Request-Id").has_value());
    return sessions_.Get().value();
  }

  Mailbox<std::shared_ptr<WebSocketSession>> sessions_;
  Mailbox<std::string> messages_;
  Mailbox<bool> writable_;
  Mailbox<std::uint16_t> closed_;
};

TEST_F(WebSocketTest, CarriesTextBothWaysInOrder) {
  ServerForTesting server = MakeServer();
  RawClient client(server.port());
  const auto session = Open(client);
  for (const std::string text : {"one", "two", ""}) {
    client.Send(MaskedFrame(kTextFrame, text));
    EXPECT_EQ(messages_.Get(), text);
    EXPECT_EQ(session->Send(Text(text + "!")), SendResult::kQueued);
    const RawFrame frame = ReadFrame(client);
    EXPECT_EQ(frame.opcode, kTextFrame);
    EXPECT_EQ(frame.payload, text + "!");
  }
}

TEST_F(WebSocketTest, DeliversWhatWasSentBeforeTheHandshakeWasDone) {
  ServerForTesting server([](const HttpRequest&, ResponseSink sink) {
    const auto session = sink.AcceptWebSocket({}, {});
    session->Send(Text("initial"));
    session->Close(kCloseNormal, "that is all");
  });
  RawClient client(server.port());
  client.Send(HandshakeText("/ws"));
  EXPECT_EQ(client.ReadResponse(RawClient::BodyRule::kNone).status, 101);
  EXPECT_EQ(ReadFrame(client).payload, "initial");
  const RawFrame close = ReadFrame(client);
  EXPECT_EQ(close.CloseCode(), 1000);
  EXPECT_EQ(close.payload.substr(2), "that is all");
}

TEST_F(WebSocketTest, ClosesWithAnInternalErrorWhenACallbackThrows) {
  ServerForTesting server([](const HttpRequest&, ResponseSink sink) {
    sink.AcceptWebSocket({}, {.on_message = [](WebSocketSession&, const std::string&) {
                           throw std::runtime_error("a bug");
                         }});
  });
  RawClient client(server.port());
  client.Send(HandshakeText("/ws"));
  EXPECT_EQ(client.ReadResponse(RawClient::BodyRule::kNone).status, 101);
  client.Send(MaskedFrame(kTextFrame, "x"));
  EXPECT_EQ(ReadFrame(client).CloseCode(), kCloseInternalError);
}

TEST_F(WebSocketTest, RefusesForeignOrigins) {
  ServerForTesting server = MakeServer({}, {.allowed_origins = {"https://ops.example"}});
  const std::pair<const char*, int> cases[] = {
      {"Origin: https://evil.example\r\n", 403},
      {"Origin: null\r\n", 403},
      {"Origin: http://localhost\r\n", 101},
      {"Origin: https://ops.example\r\n", 101},
  };
  for (const auto& [origin, status] : cases) {
    RawClient client(server.port());
    client.Send(HandshakeText("/ws", origin));
    EXPECT_EQ(client.ReadResponse(RawClient::BodyRule::kNone).status, status) << origin;
  }
}

TEST_F(WebSocketTest, RefusesWhatIsNoHandshake) {
  ServerForTesting server = MakeServer();
  RawClient plain(server.port());
  plain.Send("GET /ws HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(plain.ReadResponse().status, 426);
  EXPECT_EQ(closed_.Get(), kCloseAbnormal);
  RawClient no_key(server.port());
  no_key.Send(
      "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\n\r\n");
  EXPECT_EQ(no_key.ReadResponse().status, 400);
}

TEST_F(WebSocketTest, RefusesKeysThatAreNotSixteenBytes) {
  ServerForTesting server = MakeServer();
  const char* const keys[] = {
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSE=\r\n",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\r\n",
      "Sec-WebSocket-Key: x\r\n",
      "Sec-WebSocket-Key: \r\n",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j!!==\r\n",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
  };
  for (const char* key : keys) {
    RawClient client(server.port());
    client.Send(
        fmt::format("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    "Sec-WebSocket-Version: 13\r\n{}\r\n",
                    key));
    EXPECT_EQ(client.ReadResponse().status, 400) << key;
  }
}

TEST_F(WebSocketTest, ChecksTheHostOfAHandshake) {
  ServerForTesting server = MakeServer();
  RawClient client(server.port());
  std::string handshake = HandshakeText("/ws", "Origin: http://evil.example\r\n");
  const std::string_view host = "Host: localhost";
  handshake.replace(handshake.find(host), host.size(), "Host: evil.example");
  client.Send(handshake);
  EXPECT_EQ(client.ReadResponse().status, 421);
}

TEST_F(WebSocketTest, ClosesOnFramesItDoesNotTake) {
  struct Case {
    const char* name;
    std::string bytes;
    int code;
  };

  std::string unmasked = "\x81\x02hi";
  std::string reserved = MaskedFrame(kTextFrame, "x");
  reserved[0] |= 0x40;
  std::string fragmented_ping = MaskedFrame(kPingFrame, "x");
  fragmented_ping[0] &= 0x7F;
  std::string first_part = MaskedFrame(kTextFrame, std::string(60, 'x'));
  first_part[0] &= 0x7F;
  const Case cases[] = {
      {"binary", MaskedFrame(kBinaryFrame, "x"), kCloseUnsupportedData},
      {"too large", MaskedFrame(kTextFrame, std::string(101, 'x')), kCloseTooBig},
      {"too large in parts", first_part + MaskedFrame(0, std::string(60, 'x')), kCloseTooBig},
      {"announced too large",
       std::string("\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x02\x03\x04", 14), kCloseTooBig},
      {"not masked", unmasked, kCloseProtocolError},
      {"reserved bit", reserved, kCloseProtocolError},
      {"unknown opcode", MaskedFrame(5, "x"), kCloseProtocolError},
      {"fragmented ping", fragmented_ping, kCloseProtocolError},
      {"continuation of nothing", MaskedFrame(0, "x"), kCloseProtocolError},
      {"bad UTF-8", MaskedFrame(kTextFrame, "\xC3("), kCloseBadPayload},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    ServerForTesting server = MakeServer({.max_message_bytes = 100});
    RawClient client(server.port());
    const auto session = Open(client);
    client.Send(c.bytes);
    const RawFrame frame = ReadFrame(client);
    EXPECT_EQ(frame.CloseCode(), c.code);
    client.TrySend(MaskedFrame(kCloseFrame, frame.payload));
    EXPECT_EQ(ReadFrame(client).opcode, -1);
    client.FinishSending();
    EXPECT_EQ(closed_.Get(), c.code);
    EXPECT_TRUE(messages_.is_empty());
    EXPECT_EQ(session->Send(Text("late")), SendResult::kClosed);
  }
}

TEST_F(WebSocketTest, AnswersPingsAndCloses) {
  ServerForTesting server = MakeServer();
  RawClient client(server.port());
  const auto session = Open(client);
  client.Send(MaskedFrame(kPingFrame, "are you there"));
  const RawFrame pong = ReadFrame(client);
  EXPECT_EQ(pong.opcode, kPongFrame);
  EXPECT_EQ(pong.payload, "are you there");
  client.Send(MaskedFrame(kCloseFrame,
                          "\x03\xE9"
                          "bye"));
  EXPECT_EQ(ReadFrame(client).CloseCode(), 1001);
  EXPECT_EQ(ReadFrame(client).opcode, -1);
  EXPECT_EQ(session->Send(Text("late")), SendResult::kClosed);
  client.FinishSending();
  EXPECT_EQ(closed_.Get(), kCloseGoingAway);
}

TEST_F(WebSocketTest, CutsAClientThatVanishedWithoutAWord) {
  ServerForTesting server = MakeServer({.idle_timeout = milliseconds(60)});
  RawClient client(server.port());
  const auto session = Open(client);
  EXPECT_EQ(ReadFrame(client).opcode, kPingFrame);
  EXPECT_EQ(ReadFrame(client).opcode, -1) << "the ping was not answered";
  EXPECT_EQ(closed_.Get(), kCloseAbnormal);
  EXPECT_EQ(server.CountAfterStop(base::Loss::kConnectionTimedOut), 1U);
}

TEST_F(WebSocketTest, KeepsAnIdleClientThatAnswersPings) {
  ServerForTesting server = MakeServer({.idle_timeout = milliseconds(500)});
  RawClient client(server.port());
  const auto session = Open(client);
  for (int i = 0; i < 4; ++i) {  // Twice the idle time.
    ASSERT_EQ(ReadFrame(client).opcode, kPingFrame);
    client.Send(MaskedFrame(kPongFrame, ""));
  }
  EXPECT_TRUE(closed_.is_empty());
  session->Send(Text("still here"));
  EXPECT_EQ(ReadFrame(client).payload, "still here");
}

TEST_F(WebSocketTest, ReplacesAStateThatASlowClientHasNotTaken) {
  constexpr std::size_t kBlock = std::size_t{32} * 1024 * 1024;  // More than kernels buffer.
  ServerForTesting server = MakeServer({.max_queued_bytes = kBlock + 100});
  RawClient client(server.port(), 4096);
  const auto session = Open(client);
  EXPECT_EQ(session->Send(Text(std::string(kBlock, 'x'))), SendResult::kQueued);
  EXPECT_EQ(session->Send(Text("state 1"), "state"), SendResult::kQueued);
  EXPECT_EQ(session->Send(Text("a message")), SendResult::kQueued);
  for (int i = 2; i <= 500; ++i) {
    EXPECT_EQ(session->Send(Text(fmt::format("state {}", i)), "state"), SendResult::kReplaced);
  }
  EXPECT_EQ(session->Send(Text(std::string(200, 'x'))), SendResult::kFull);
  EXPECT_EQ(session->queued_bytes(), kBlock + 9 + 9);
  EXPECT_EQ(ReadFrame(client).payload.size(), kBlock);
  EXPECT_EQ(ReadFrame(client).payload, "state 500");
  EXPECT_EQ(ReadFrame(client).payload, "a message");
  EXPECT_TRUE(writable_.Get().has_value());
}

TEST_F(WebSocketTest, CutsAClientThatStopsReading) {
  ServerForTesting server = MakeServer({.write_timeout = milliseconds(50)});
  RawClient client(server.port(), 4096);
  const auto session = Open(client);
  const Payload block = Text(std::string(200'000, 'x'));
  while (session->Send(block) != SendResult::kClosed) {
    EXPECT_LE(session->queued_bytes(), std::size_t{1024} * 1024);
    std::this_thread::yield();
  }
  EXPECT_EQ(closed_.Get(), kCloseAbnormal);
  EXPECT_EQ(server.CountAfterStop(base::Loss::kConnectionTimedOut), 1U);
}

TEST_F(WebSocketTest, NoticesThatTheClientHasGone) {
  ServerForTesting server = MakeServer();
  std::shared_ptr<WebSocketSession> session;
  {
    RawClient client(server.port());
    session = Open(client);
  }
  EXPECT_EQ(closed_.Get(), kCloseAbnormal);
  EXPECT_EQ(session->Send(Text("late")), SendResult::kClosed);
}

TEST_F(WebSocketTest, ClosesWithGoingAwayWhenTheServerStops) {
  std::shared_ptr<WebSocketSession> session;
  {
    ServerForTesting server = MakeServer();
    RawClient client(server.port());
    session = Open(client);
    std::jthread stopper([&server] { server->Stop(std::chrono::seconds(10)); });
    const RawFrame close = ReadFrame(client);
    EXPECT_EQ(close.CloseCode(), kCloseGoingAway);
    client.Send(MaskedFrame(kCloseFrame, close.payload));
    EXPECT_EQ(ReadFrame(client).opcode, -1);
    client.FinishSending();
  }
  EXPECT_EQ(closed_.Get(), kCloseGoingAway);
  EXPECT_EQ(session->Send(Text("late")), SendResult::kClosed);
}

TEST_F(WebSocketTest, CutsClientsThatDoNotCloseWhenTheServerStops) {
  ServerForTesting server = MakeServer();
  RawClient client(server.port());
  const auto session = Open(client);
  server->Stop(milliseconds(1));
  EXPECT_EQ(closed_.Get(), kCloseAbnormal);
}

TEST_F(WebSocketTest, SendsFromManyThreadsAtOnce) {
  ServerForTesting server = MakeServer({.max_queued_bytes = std::size_t{16} * 1024 * 1024});
  RawClient client(server.port());
  const auto session = Open(client);
  constexpr int kThreads = 4;
  constexpr int kMessages = 500;
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&session, t] {
      for (int i = 0; i < kMessages; ++i) {
        EXPECT_EQ(session->Send(Text(fmt::format("{} {}", t, i))), SendResult::kQueued);
      }
    });
  }
  std::vector<int> next(kThreads, 0);
  for (int i = 0; i < kThreads * kMessages; ++i) {
    const std::string text = ReadFrame(client).payload;
    ASSERT_GE(text.size(), 3U);
    const auto thread = static_cast<std::size_t>(text[0] - '0');
    ASSERT_EQ(text, fmt::format("{} {}", thread, next.at(thread)));
    ++next.at(thread);
  }
}

TEST_F(WebSocketTest, OneSerialisedMessageServesAThousandClients) {
  constexpr std::size_t kClients = 1000;
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = limit.rlim_max;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_max < 2 * kClients + 100) {
    GTEST_SKIP() << "only " << limit.rlim_max << " file descriptors";
  }
  ServerForTesting server = MakeServer();
  std::vector<std::unique_ptr<RawClient>> clients;
  std::vector<std::shared_ptr<WebSocketSession>> sessions;
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    sessions.push_back(Open(*clients.back()));
  }
  EXPECT_EQ(server->connection_count(), kClients);
  for (int round = 0; round < 5; ++round) {
    const Payload shared = Text(fmt::format("round {} {}", round, std::string(4000, 'x')));
    for (const auto& session : sessions) {
      EXPECT_EQ(session->Send(shared, "state"), SendResult::kQueued);
    }
    for (const auto& client : clients) {
      ASSERT_EQ(ReadFrame(*client).payload, *shared);
    }
  }
}

}  // namespace
}  // namespace sightline::net
