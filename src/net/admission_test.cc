// SPDX-License-Identifier: Apache-2.0
#include "net/admission.h"

#include <atomic>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "net/server_for_testing.h"

namespace sightline::net {
namespace {

// A budget of bytes as the ingest layer would keep it.
class Budget {
 public:
  explicit Budget(std::size_t limit) : limit_(limit) {}

  std::unique_ptr<AdmissionTicket> Admit() { return std::make_unique<Ticket>(*this); }

  std::size_t used() const { return used_; }

 private:
  class Ticket final : public AdmissionTicket {
   public:
    explicit Ticket(Budget& budget) : budget_(budget) {}

    ~Ticket() override { budget_.used_ -= charged_; }

    bool Grow(std::size_t bytes) override {
      if (budget_.used_ + bytes > budget_.limit_) {
        return false;
      }
      budget_.used_ += bytes;
      charged_ += bytes;
      return true;
    }

   private:
    Budget& budget_;
    std::size_t charged_ = 0;
  };

  const std::size_t limit_;
  std::atomic<std::size_t> used_{0};
};

class AdmissionTest : public ::testing::Test {
 protected:
  struct Held {
    HttpRequest request;
    ResponseSink sink;
  };

  static HttpServerOptions WithBudget(Budget& budget, std::chrono::milliseconds wait) {
    HttpServerOptions options{.admission_wait = wait};
    options.admission = [&budget](const HttpRequest&) { return budget.Admit(); };
    return options;
  }

  HttpHandler Hold() {
    return [this](HttpRequest request, ResponseSink sink) {
      held_.Put({std::move(request), std::move(sink)});
    };
  }

  void WaitUntilUsed(std::size_t bytes) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (budget_.used() != bytes && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    ASSERT_EQ(budget_.used(), bytes);
  }

  static std::string Post(std::size_t size) {
    return fmt::format("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}", size,
                       std::string(size, 'x'));
  }

  Budget budget_{100};
  Mailbox<Held> held_;
  ServerForTesting server_{Hold(), WithBudget(budget_, kAdmissionRetry)};
};

TEST_F(AdmissionTest, RefusesWhenTheBudgetIsUsedUpAndRecovers) {
  RawClient first(server_.port());
  first.Send(Post(80));
  auto held = held_.Get();
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(budget_.used(), 80U);

  RawClient second(server_.port());
  second.Send(Post(30));
  const HttpResponse refused = second.ReadResponse();
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.Find("Retry-After"), "1");
  EXPECT_EQ(refused.body,
            "{\"detail\": \"cannot take the request now: too many bytes in flight\"}");

  held->request.admission.reset();  // The bytes are done with.
  held->sink.Answer({.status = 200});
  EXPECT_EQ(first.ReadResponse().status, 200);
  EXPECT_EQ(budget_.used(), 0U);

  second.Send(Post(30));  // On the same connection.
  held = held_.Get();
  ASSERT_TRUE(held.has_value());
  held->sink.Answer({.status = 200});
  EXPECT_EQ(second.ReadResponse().status, 200);
  EXPECT_EQ(server_.CountAfterStop(base::Loss::kRequestPushedBack), 1U);
}

TEST_F(AdmissionTest, HoldsARequestUntilThereIsRoom) {
  ServerForTesting server(Hold(), WithBudget(budget_, std::chrono::hours(1)));
  RawClient first(server.port());
  first.Send(Post(80));
  auto held = held_.Get();
  ASSERT_TRUE(held.has_value());
  RawClient second(server.port());
  second.Send(Post(30) + Post(10));
  RawClient third(server.port());
  third.Send(Post(20));
  auto small = held_.Get();
  ASSERT_TRUE(small.has_value());
  EXPECT_EQ(small->request.body.size(), 20U) << "the second waits, nobody else does";
  held->request.admission.reset();
  auto waited = held_.Get();
  ASSERT_TRUE(waited.has_value());
  EXPECT_EQ(waited->request.body.size(), 30U);
}

TEST_F(AdmissionTest, DoesNotChargeWhatIsOnlyAnnounced) {
  std::vector<std::unique_ptr<RawClient>> announcers;
  for (int i = 0; i < 4; ++i) {
    announcers.push_back(std::make_unique<RawClient>(server_.port()));
    announcers.back()->Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 67108864\r\n\r\nx");
  }
  WaitUntilUsed(4);
  RawClient sender(server_.port());
  sender.Send(Post(96));
  auto held = held_.Get();
  ASSERT_TRUE(held.has_value());
  held->sink.Answer({.status = 200});
  EXPECT_EQ(sender.ReadResponse().status, 200);
}

TEST_F(AdmissionTest, ChargesChunkedBodiesAsTheyArrive) {
  RawClient client(server_.port());
  client.Send(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "32\r\n" +
      std::string(50, 'x') + "\r\n0\r\n\r\n");
  auto held = held_.Get();
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->request.body.size(), 50U);
  WaitUntilUsed(50);

  RawClient second(server_.port());
  second.Send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  second.Send("32\r\n" + std::string(50, 'x') + "\r\n1\r\nx\r\n");
  const HttpResponse refused = second.ReadResponse();
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.Find("Retry-After"), "1");
}

TEST_F(AdmissionTest, ReturnsWhatABrokenBodyWasCharged) {
  RawClient client(server_.port());
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\nxxx");
  client.FinishSending();
  EXPECT_EQ(client.ReadResponse().status, 400);
  client.ReadToEnd();
  server_->Stop(std::chrono::milliseconds::zero());
  EXPECT_EQ(budget_.used(), 0U);
}

}  // namespace
}  // namespace sightline::net
