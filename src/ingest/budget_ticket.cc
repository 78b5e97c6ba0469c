// SPDX-License-Identifier: Apache-2.0
#include "ingest/budget_ticket.h"

#include <memory>
#include <utility>

namespace sightline::ingest {
namespace {

class Ticket final : public net::AdmissionTicket {
 public:
  explicit Ticket(ByteBudget& budget) : charge_(budget) {}

  bool Grow(std::size_t bytes) override { return charge_.Grow(bytes); }

  ByteBudget::Charge Take() { return std::move(charge_); }

 private:
  ByteBudget::Charge charge_;
};

}  // namespace

net::AdmissionDecision AdmitToBudget(ByteBudget& budget, std::size_t size_hint) {
  auto ticket = std::make_unique<Ticket>(budget);
  if (!ticket->Grow(size_hint)) {
    return net::AdmissionRefusal{.detail = "cannot take the request now: too many bytes in flight"};
  }
  return ticket;
}

ByteBudget::Charge TakeCharge(net::HttpRequest& request) {
  auto* ticket = dynamic_cast<Ticket*>(request.admission.get());
  return ticket == nullptr ? ByteBudget::Charge() : ticket->Take();
}

}  // namespace sightline::ingest
