// SPDX-License-Identifier: Apache-2.0
#include "net/stream.h"

#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "net/server_for_testing.h"

namespace sightline::net {
namespace {

constexpr const char* kRequest = "GET /stream HTTP/1.1\r\nHost: h\r\n\r\n";

Payload Text(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// A server whose every answer is a stream that the test feeds.
class StreamTest : public ::testing::Test {
 protected:
  ServerForTesting MakeServer(HttpServerOptions options = {}) {
    return ServerForTesting(
        [this](const HttpRequest&, ResponseSink sink) {
          writers_.Put(sink.StartStream({.max_queued_bytes = kMaxQueued,
                                         .on_writable = [this] { writable_.Put(true); },
                                         .on_close = [this] { closed_.Put(true); }}));
        },
        std::move(options));
  }

  // Sends until the queue is full and stays so: the client has stopped reading, and neither the
  // kernel nor we take more. Returns the bytes taken.
  static std::size_t Fill(StreamWriter& writer) {
    const Payload block = Text(std::string(kBlock, 'x'));
    std::size_t taken = 0;
    for (int refusals = 0; refusals < 1000; ++refusals) {
      while (writer.Send(block) == SendResult::kQueued) {
        taken += kBlock;
        refusals = 0;
      }
      EXPECT_LE(writer.queued_bytes(), kMaxQueued);
      std::this_thread::yield();
    }
    return taken;
  }

  static constexpr std::size_t kBlock = std::size_t{256} * 1024;
  static constexpr std::size_t kMaxQueued = 4 * kBlock;

  Mailbox<std::shared_ptr<StreamWriter>> writers_;
  Mailbox<bool> writable_;
  Mailbox<bool> closed_;
};

TEST_F(StreamTest, SendsEventsAsTheyComeAndEndsTheBody) {
  ServerForTesting server = MakeServer();
  RawClient client(server.port());
  client.Send(kRequest);
  const auto writer = writers_.Get();
  ASSERT_TRUE(writer.has_value());
  const HttpResponse head = client.ReadResponse();
  EXPECT_EQ(head.content_type, "text/event-stream");
  EXPECT_EQ(head.headers.Find("Transfer-Encoding"), "chunked");
  EXPECT_EQ(head.headers.Find("Cache-Control"), "no-store");
  for (const std::string text : {"data: 1\n\n", "data: 2\n\n"}) {
    EXPECT_EQ((*writer)->Send(Text(text)), SendResult::kQueued);
    EXPECT_EQ(client.ReadChunk(), text);
  }
  (*writer)->Send(Text("data: 3\n\n"));
  (*writer)->Close();
  EXPECT_EQ(client.ReadToEnd(), "9\r\ndata: 3\n\n\r\n0\r\n\r\n");
  EXPECT_TRUE(closed_.Get().has_value());
  EXPECT_EQ((*writer)->Send(Text("late")), SendResult::kClosed);
}

TEST_F(StreamTest, HoldsABoundedQueueForAStalledReaderAndGoesOnWhenItReads) {
  ServerForTesting server = MakeServer();
  RawClient client(server.port(), 4096);
  client.Send(kRequest);
  const auto writer = writers_.Get();
  ASSERT_TRUE(writer.has_value());
  const std::size_t taken = Fill(**writer);
  EXPECT_TRUE(closed_.is_empty());
  client.ReadResponse();
  std::size_t read = 0;
  while (read < taken) {
    read += client.ReadChunk().size();
  }
  EXPECT_TRUE(writable_.Get().has_value());
  EXPECT_EQ((*writer)->Send(Text("more")), SendResult::kQueued);
  EXPECT_EQ(client.ReadChunk(), "more");
}

TEST_F(StreamTest, CutsAReaderThatStaysStalled) {
  ServerForTesting server = MakeServer({.write_timeout = std::chrono::milliseconds(50)});
  RawClient client(server.port(), 4096);
  client.Send(kRequest);
  const auto writer = writers_.Get();
  ASSERT_TRUE(writer.has_value());
  while ((*writer)->Send(Text(std::string(kBlock, 'x'))) != SendResult::kClosed) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(closed_.Get().has_value());
  EXPECT_EQ((*writer)->queued_bytes(), 0U);
  EXPECT_EQ(server.CountAfterStop(base::Loss::kConnectionTimedOut), 1U);
}

TEST_F(StreamTest, NoticesThatTheClientHasGone) {
  ServerForTesting server = MakeServer();
  {
    RawClient client(server.port());
    client.Send(kRequest);
    EXPECT_EQ(client.ReadResponse().status, 200);
  }
  EXPECT_TRUE(closed_.Get().has_value());
  const auto writer = writers_.Get();
  ASSERT_TRUE(writer.has_value());
  EXPECT_TRUE((*writer)->is_closed());
}

TEST_F(StreamTest, SendsPlainBytesToHttp10) {
  ServerForTesting server = MakeServer();
  RawClient client(server.port());
  client.Send("GET / HTTP/1.0\r\n\r\n");
  const auto writer = writers_.Get();
  ASSERT_TRUE(writer.has_value());
  (*writer)->Send(Text("data: 1\n\n"));
  (*writer)->Close();
  EXPECT_EQ(client.ReadResponse().headers.Find("Transfer-Encoding"), std::nullopt);
  EXPECT_EQ(client.ReadToEnd(), "data: 1\n\n");
}

TEST_F(StreamTest, EndsCleanlyWhenTheServerStops) {
  std::optional<std::shared_ptr<StreamWriter>> writer;
  {
    ServerForTesting server = MakeServer();
    RawClient client(server.port());
    client.Send(kRequest);
    client.ReadResponse();
    writer = writers_.Get();
    ASSERT_TRUE(writer.has_value());
    server->Stop(std::chrono::seconds(10));
    EXPECT_EQ(client.ReadToEnd(), "0\r\n\r\n");
  }
  EXPECT_TRUE(closed_.Get().has_value());
  EXPECT_EQ((*writer)->Send(Text("late")), SendResult::kClosed);
}

TEST_F(StreamTest, ABodyThatItsFeederHasNotClosedIsCutOff) {
  ServerForTesting server([this](const HttpRequest&, ResponseSink sink) {
    writers_.Put(sink.StartStream({.end = StreamEnd::kByFeeder}));
  });
  const auto body_of = [&](const std::function<void(StreamWriter&)>& end) {
    RawClient client(server.port());
    client.Send(kRequest);
    const std::shared_ptr<StreamWriter> writer = writers_.Get().value();
    writer->Send(Text("line\n"));
    end(*writer);
    client.ReadResponse();
    return client.ReadToEnd();
  };
  EXPECT_EQ(body_of([](StreamWriter& writer) { writer.Close(); }), "5\r\nline\n\r\n0\r\n\r\n");
  EXPECT_EQ(body_of([](StreamWriter& writer) { writer.Abort(); }), "5\r\nline\n\r\n");
  EXPECT_EQ(body_of([&](StreamWriter&) { server->Stop(std::chrono::seconds(10)); }),
            "5\r\nline\n\r\n");
}

TEST_F(StreamTest, OneSerialisedEventServesManyClients) {
  ServerForTesting server = MakeServer();
  std::vector<std::unique_ptr<RawClient>> clients;
  std::vector<std::shared_ptr<StreamWriter>> writers;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    clients.back()->Send(kRequest);
    writers.push_back(writers_.Get().value());
  }
  const Payload event = Text("data: shared\n\n");
  for (const auto& writer : writers) {
    EXPECT_EQ(writer->Send(event), SendResult::kQueued);
  }
  for (const auto& client : clients) {
    client->ReadResponse();
    EXPECT_EQ(client->ReadChunk(), "data: shared\n\n");
  }
}

TEST(FormatServerSentEventTest, SplitsDataIntoLines) {
  EXPECT_EQ(FormatServerSentEvent("", "", "x"), "data: x\n\n");
  EXPECT_EQ(FormatServerSentEvent("update", "7", "a\nb\n"),
            "event: update\nid: 7\ndata: a\ndata: b\ndata: \n\n");
  EXPECT_EQ(FormatServerSentEvent("", "", ""), "data: \n\n");
}

}  // namespace
}  // namespace sightline::net
