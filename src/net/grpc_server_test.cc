// SPDX-License-Identifier: Apache-2.0
#include "net/grpc_server.h"

#include <atomic>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include "net/body_codec.h"
#include "net/grpc_status.h"
#include "net/raw_client_for_testing.h"

namespace sightline::net {
namespace {

constexpr const char* kMethod = "/sightline.test.v1.EchoService/Echo";

struct Reply {
  grpc::Status status;
  std::string message;
};

std::string ToText(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  EXPECT_TRUE(buffer.Dump(&slices).ok());
  std::string text;
  for (const grpc::Slice& slice : slices) {
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return text;
}

// A call that has been started and can be waited for.
class PendingCall {
 public:
  PendingCall(grpc::GenericStub& stub, const std::string& method, std::string_view message,
              grpc_compression_algorithm compression = GRPC_COMPRESS_NONE,
              int metadata_entries = 0) {
    const grpc::Slice slice(message.data(), message.size());
    request_ = grpc::ByteBuffer(&slice, 1);
    for (int i = 0; i < metadata_entries; ++i) {
      context_.AddMetadata("key-" + std::to_string(i), "value");
    }
    context_.set_compression_algorithm(compression);
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    stub.UnaryCall(&context_, method, grpc::StubOptions(), &request_, &response_,
                   [this](grpc::Status status) { done_.set_value(std::move(status)); });
  }

  Reply Wait() {
    Reply reply{.status = done_.get_future().get(), .message = {}};
    if (reply.status.ok()) {
      reply.message = ToText(response_);
    }
    return reply;
  }

  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  std::promise<grpc::Status> done_;
};

// A call that never sends its message.
class SilentCall final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  SilentCall(grpc::GenericStub& stub, const std::string& method) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    stub.PrepareBidiStreamingCall(&context_, method, grpc::StubOptions(), this);
    StartCall();
  }

  void OnDone(const grpc::Status& status) override { done_.set_value(status); }

  grpc::Status Wait() { return done_.get_future().get(); }

 private:
  grpc::ClientContext context_;
  std::promise<grpc::Status> done_;
};

class GrpcServerTest : public ::testing::Test {
 protected:
  void Start(GrpcHandler handler, GrpcServerOptions options = {}) {
    auto server = GrpcServer::Create(std::move(options), std::move(handler), losses_);
    ASSERT_TRUE(server.has_value());
    server_ = std::move(server).value();
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    stub_ = std::make_unique<grpc::GenericStub>(
        grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(server_->port()),
                                  grpc::InsecureChannelCredentials(), arguments));
  }

  Reply Call(std::string_view message,
             grpc_compression_algorithm compression = GRPC_COMPRESS_NONE) {
    return PendingCall(*stub_, kMethod, message, compression).Wait();
  }

  void WaitUntilServed() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    bool is_served = false;
    while (!is_served && std::chrono::steady_clock::now() < deadline) {
      is_served = Call("x").status.ok();
    }
    EXPECT_TRUE(is_served);
  }

  base::LossTable losses_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<grpc::GenericStub> stub_;
};

void Echo(const GrpcRequest& request, GrpcResponder responder) {
  responder.Answer(request.method + " " + request.message);
}

TEST_F(GrpcServerTest, HandsOverTheBytesOfOneMessage) {
  Start(Echo);
  const std::string binary("\x0A\x00\xFF", 3);
  const Reply reply = Call(binary);
  ASSERT_TRUE(reply.status.ok()) << reply.status.error_message();
  EXPECT_EQ(reply.message, std::string(kMethod) + " " + binary);
  EXPECT_EQ(Call("").message, std::string(kMethod) + " ");
}

TEST_F(GrpcServerTest, HandsOverCompressedMessagesAsTheyCame) {
  Start([](const GrpcRequest& request, GrpcResponder responder) {
    responder.Answer(request.encoding + " " +
                     Decompress(request.encoding, request.message, 1'000'000).value_or("broken"));
  });
  const std::string text(300'000, 'x');
  for (const auto& [compression, name] :
       {std::pair(GRPC_COMPRESS_GZIP, "gzip "), std::pair(GRPC_COMPRESS_DEFLATE, "deflate "),
        std::pair(GRPC_COMPRESS_NONE, " ")}) {
    const Reply reply = Call(text, compression);
    ASSERT_TRUE(reply.status.ok()) << reply.status.error_message();
    EXPECT_TRUE(reply.message == name + text) << name;
  }
}

TEST_F(GrpcServerTest, RefusesMessagesOfUnknownCompression) {
  Start(Echo);
  for (const std::string_view message :
       {std::string_view("\x28\xB5\x2F\xFD zstd"), std::string_view("\xFF\x06\0\0sNaPpY", 10),
        std::string_view("\x04\x22\x4D\x18 lz4")}) {
    EXPECT_EQ(Call(message).status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  }
  EXPECT_EQ(losses_.count(base::Loss::kRequestUnsupported), 3U);
}

TEST_F(GrpcServerTest, ReportsErrorsWithRetryInfo) {
  Start([](const GrpcRequest&, GrpcResponder responder) {
    responder.Fail({base::Code::kUnavailable, "busy"}, std::chrono::milliseconds(1500));
  });
  const Reply reply = Call("x");
  EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(reply.status.error_message(), "busy");
  EXPECT_EQ(reply.status.error_details(),
            EncodeRpcStatus(14, "busy", std::chrono::milliseconds(1500)));
}

TEST_F(GrpcServerTest, ReportsErrorsWithoutDetails) {
  Start([](const GrpcRequest&, GrpcResponder responder) {
    responder.Fail({base::Code::kUnimplemented, "no such method"});
  });
  const Reply reply = Call("x");
  EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(reply.status.error_details(), "");
}

TEST_F(GrpcServerTest, AnswersInternalWhenTheResponderIsDropped) {
  Start([](const GrpcRequest& request, GrpcResponder responder) {
    if (request.message == "throw") {
      throw std::runtime_error("a bug");
    }
    const GrpcResponder dropped = std::move(responder);
  });
  EXPECT_EQ(Call("x").status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(Call("throw").status.error_code(), grpc::StatusCode::INTERNAL);
}

TEST_F(GrpcServerTest, AnswersFromAnotherThread) {
  std::promise<GrpcResponder> responders;
  Start([&responders](const GrpcRequest&, GrpcResponder responder) {
    responders.set_value(std::move(responder));
  });
  PendingCall call(*stub_, kMethod, "x");
  GrpcResponder responder = responders.get_future().get();
  std::jthread([&responder] { responder.Answer("later"); });
  EXPECT_EQ(call.Wait().message, "later");
}

TEST_F(GrpcServerTest, RefusesOversizedMessages) {
  Start(Echo, {.max_message_bytes = 100'000});
  EXPECT_TRUE(Call(std::string(100'000, 'x')).status.ok());
  const Reply reply = Call(std::string(100'001, 'x'));
  EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED)
      << reply.status.error_message();
  server_->Stop(std::chrono::seconds(10));
  EXPECT_EQ(losses_.count(base::Loss::kCallIncomplete), 1U);
}

TEST_F(GrpcServerTest, PushesBackWhenTooManyCallsAreOpen) {
  std::promise<GrpcResponder> responders;
  Start([&responders](const GrpcRequest&,
                      GrpcResponder responder) { responders.set_value(std::move(responder)); },
        {.max_concurrent_calls = 1, .admission_wait = std::chrono::milliseconds(30)});
  PendingCall first(*stub_, kMethod, "x");
  GrpcResponder responder = responders.get_future().get();
  const Reply refused = Call("y");
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_NE(refused.status.error_details(), "") << "RetryInfo";
  responder.Answer("done");
  EXPECT_EQ(first.Wait().message, "done");
  EXPECT_EQ(losses_.count(base::Loss::kRequestPushedBack), 1U);
}

TEST_F(GrpcServerTest, HoldsACallUntilAnotherHasEnded) {
  std::promise<GrpcResponder> responders;
  std::atomic<bool> is_first = true;
  Start(
      [&](const GrpcRequest&, GrpcResponder responder) {
        if (is_first.exchange(false)) {
          responders.set_value(std::move(responder));
        } else {
          responder.Answer("second");
        }
      },
      {.max_concurrent_calls = 1, .admission_wait = std::chrono::hours(1)});
  PendingCall first(*stub_, kMethod, "x");
  GrpcResponder responder = responders.get_future().get();
  PendingCall second(*stub_, kMethod, "y");
  responder.Answer("first");
  EXPECT_EQ(first.Wait().message, "first");
  EXPECT_EQ(second.Wait().message, "second");
  EXPECT_EQ(losses_.count(base::Loss::kRequestPushedBack), 0U);
}

TEST_F(GrpcServerTest, RefusesAtOnceWhenTooManyCallsWait) {
  std::promise<GrpcResponder> responders;
  Start([&responders](const GrpcRequest&,
                      GrpcResponder responder) { responders.set_value(std::move(responder)); },
        {.max_concurrent_calls = 1, .max_held_calls = 0, .admission_wait = std::chrono::hours(1)});
  PendingCall first(*stub_, kMethod, "x");
  GrpcResponder responder = responders.get_future().get();
  EXPECT_EQ(Call("y").status.error_code(), grpc::StatusCode::UNAVAILABLE);
  responder.Answer("done");
  first.Wait();
}

TEST_F(GrpcServerTest, LeavesCallsToOtherAddresses) {
  std::promise<GrpcResponder> responders;
  Start([&responders](const GrpcRequest&,
                      GrpcResponder responder) { responders.set_value(std::move(responder)); },
        {.max_concurrent_calls = 100,
         .max_calls_per_address = 1,
         .admission_wait = std::chrono::milliseconds(30)});
  PendingCall first(*stub_, kMethod, "x");
  GrpcResponder responder = responders.get_future().get();
  EXPECT_EQ(Call("y").status.error_code(), grpc::StatusCode::UNAVAILABLE);
  responder.Answer("done");
  EXPECT_EQ(first.Wait().message, "done");
}

TEST_F(GrpcServerTest, CutsCallsWhoseMessageDoesNotCome) {
  Start(Echo, {.max_concurrent_calls = 1, .message_timeout = std::chrono::milliseconds(50)});
  SilentCall silent(*stub_, kMethod);
  EXPECT_EQ(silent.Wait().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  WaitUntilServed();  // Its place is free again.
  EXPECT_EQ(losses_.count(base::Loss::kCallIncomplete), 1U);
}

TEST_F(GrpcServerTest, ClosesConnectionsOverTheLimitAndServesAgain) {
  Start(Echo, {.max_connections = 2, .max_connections_per_address = 2});
  const std::string hello("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", 33);
  {
    RawClient first(server_->port());
    RawClient second(server_->port());
    for (RawClient* client : {&first, &second}) {
      client->Send(hello);
      client->ReadExactly(9);  // It has been taken.
    }
    RawClient third(server_->port());
    EXPECT_EQ(third.ReadToEnd(), "");
  }
  EXPECT_GE(losses_.count(base::Loss::kConnectionRefused), 1U);
  WaitUntilServed();
}

TEST_F(GrpcServerTest, RefusesCallsWithTooManyMetadataEntries) {
  Start(Echo, {.max_metadata_entries = 20});
  EXPECT_TRUE(PendingCall(*stub_, kMethod, "x", GRPC_COMPRESS_NONE, 5).Wait().status.ok());
  EXPECT_EQ(PendingCall(*stub_, kMethod, "x", GRPC_COMPRESS_NONE, 30).Wait().status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

// A budget that has room once it is told so.
class GateTicket final : public AdmissionTicket {
 public:
  GateTicket(const std::atomic<bool>& is_open, std::atomic<std::size_t>& asked)
      : is_open_(is_open), asked_(asked) {}

  bool Grow(std::size_t bytes) override {
    asked_ = bytes;
    return is_open_;
  }

 private:
  const std::atomic<bool>& is_open_;
  std::atomic<std::size_t>& asked_;
};

TEST_F(GrpcServerTest, HoldsACallUntilThereIsRoom) {
  std::atomic<bool> is_open = false;
  std::atomic<std::size_t> asked = 0;
  GrpcServerOptions options{.admission_wait = std::chrono::hours(1)};
  options.admission = [&] { return std::make_unique<GateTicket>(is_open, asked); };
  Start(
      [](const GrpcRequest& request, GrpcResponder responder) {
        responder.Answer(request.admission == nullptr ? "uncharged" : "charged");
      },
      std::move(options));
  PendingCall call(*stub_, kMethod, "12345");
  while (asked == 0) {
    std::this_thread::yield();
  }
  EXPECT_EQ(asked, 5U);
  is_open = true;
  EXPECT_EQ(call.Wait().message, "charged");
}

TEST_F(GrpcServerTest, PushesBackWhatHasWaitedForTooLong) {
  std::atomic<bool> is_open = false;
  std::atomic<std::size_t> asked = 0;
  GrpcServerOptions options{.admission_wait = std::chrono::milliseconds(30)};
  options.admission = [&] { return std::make_unique<GateTicket>(is_open, asked); };
  Start(Echo, std::move(options));
  const Reply reply = Call("x");
  EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_NE(reply.status.error_details(), "") << "RetryInfo";
  EXPECT_EQ(losses_.count(base::Loss::kRequestPushedBack), 1U);
}

TEST_F(GrpcServerTest, FinishesOpenCallsWhenItStops) {
  std::promise<GrpcResponder> responders;
  Start([&responders](const GrpcRequest&, GrpcResponder responder) {
    responders.set_value(std::move(responder));
  });
  PendingCall call(*stub_, kMethod, "x");
  GrpcResponder responder = responders.get_future().get();
  std::jthread stopper([this] { server_->Stop(std::chrono::seconds(10)); });
  responder.Answer("done");
  EXPECT_EQ(call.Wait().message, "done");
}

// A client that never reads again does not see that the server wants to close.
TEST_F(GrpcServerTest, StopsAtOnceWhenConnectionsAreIdle) {
  Start(Echo);
  RawClient idle(server_->port());
  const std::string settings("\0\0\0\x04\0\0\0\0\0", 9);
  idle.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings);
  idle.ReadExactly(settings.size());  // The server has taken the connection.
  constexpr std::chrono::seconds kGrace{30};
  const auto start = std::chrono::steady_clock::now();
  server_->Stop(kGrace);
  EXPECT_LT(std::chrono::steady_clock::now() - start, kGrace / 2);
}

TEST_F(GrpcServerTest, RefusesCallsWhileItStops) {
  std::promise<GrpcResponder> responders;
  Start([&responders](const GrpcRequest& request, GrpcResponder responder) {
    if (request.message == "early") {
      responder.Answer("before the stop");
      return;
    }
    responders.set_value(std::move(responder));
  });
  PendingCall open(*stub_, kMethod, "x");
  GrpcResponder responder = responders.get_future().get();
  std::jthread stopper([this] { server_->Stop(std::chrono::seconds(30)); });
  Reply reply = Call("early");
  while (reply.status.ok()) {
    reply = Call("early");
  }
  EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_NE(reply.status.error_details(), "") << "RetryInfo";
  EXPECT_EQ(losses_.count(base::Loss::kRequestPushedBack), 1U);
  responder.Answer("done");
  EXPECT_EQ(open.Wait().message, "done");
}

TEST_F(GrpcServerTest, SurvivesClientsThatCancel) {
  std::promise<GrpcResponder> responders;
  Start([&responders](const GrpcRequest&, GrpcResponder responder) {
    responders.set_value(std::move(responder));
  });
  PendingCall call(*stub_, kMethod, "x");
  GrpcResponder responder = responders.get_future().get();
  call.Cancel();
  EXPECT_EQ(call.Wait().status.error_code(), grpc::StatusCode::CANCELLED);
  responder.Answer("to nobody");
  server_->Stop(std::chrono::seconds(10));
}

TEST_F(GrpcServerTest, CannotListenWhereSomeoneElseDoes) {
  Start(Echo);
  const auto second = GrpcServer::Create({.port = server_->port()}, Echo, losses_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code(), base::Code::kUnavailable);
  const auto nowhere = GrpcServer::Create({.listen_address = "nowhere"}, Echo, losses_);
  ASSERT_FALSE(nowhere.has_value());
  EXPECT_EQ(nowhere.error().code(), base::Code::kInvalidArgument);
}

TEST(EncodeRpcStatusTest, WritesGoogleRpcStatus) {
  EXPECT_EQ(EncodeRpcStatus(0, ""), "");
  EXPECT_EQ(EncodeRpcStatus(3, "bad"),
            "\x08\x03\x12\x03"
            "bad");
  const std::string with_delay = EncodeRpcStatus(14, "busy", std::chrono::milliseconds(1500));
  EXPECT_EQ(with_delay,
            "\x08\x0E\x12\x04"
            "busy\x1A\x36"
            "\x0A\x28type.googleapis.com/google.rpc.RetryInfo"
            "\x12\x0A\x0A\x08\x08\x01\x10\x80\xCA\xB5\xEE\x01");
  EXPECT_EQ(EncodeRpcStatus(14, "", std::chrono::seconds(-1)),
            EncodeRpcStatus(14, "", std::chrono::seconds(0)));
}

}  // namespace
}  // namespace sightline::net
