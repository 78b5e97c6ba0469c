// SPDX-License-Identifier: Apache-2.0
#include "net/admission.h"

#include <atomic>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "net/server_for_testing.h"

namespace sightline::net {
namespace {

// A budget of bytes as the ingest layer would keep it.
class Budget {
 public:
  explicit Budget(std::size_t limit) : limit_(limit) {}

  AdmissionDecision Admit(std::size_t size_hint) {
    auto ticket = std::make_unique<Ticket>(*this);
    if (!ticket->Grow(size_hint)) {
      return AdmissionRefusal{
          .status = 429, .retry_after = std::chrono::seconds(3), .detail = "too much in flight"};
    }
    return ticket;
  }

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

  static HttpServerOptions WithBudget(Budget& budget) {
    HttpServerOptions options;
    options.admission = [&budget](const HttpRequest&, std::size_t size_hint) {
      return budget.Admit(size_hint);
    };
    return options;
  }

  static std::string Post(std::size_t size) {
    return fmt::format("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}", size,
                       std::string(size, 'x'));
  }

  Budget budget_{100};
  Mailbox<Held> held_;
  ServerForTesting server_{[this](HttpRequest request, ResponseSink sink) {
                             held_.Put({std::move(request), std::move(sink)});
                           },
                           WithBudget(budget_)};
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
  EXPECT_EQ(refused.headers.Find("Retry-After"), "3");
  EXPECT_EQ(refused.body, "{\"detail\": \"too much in flight\"}");

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

TEST_F(AdmissionTest, ChargesChunkedBodiesAsTheyArrive) {
  RawClient client(server_.port());
  client.Send(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "32\r\n" +
      std::string(50, 'x') + "\r\n0\r\n\r\n");
  auto held = held_.Get();
  ASSERT_TRUE(held.has_value());
  EXPECT_EQ(held->request.body.size(), 50U);
  EXPECT_EQ(budget_.used(), 50U);

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
