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

std::unique_ptr<net::AdmissionTicket> MakeTicket(ByteBudget& budget) {
  return std::make_unique<Ticket>(budget);
}

ByteBudget::Charge TakeCharge(net::AdmissionTicket* ticket) {
  auto* ours = dynamic_cast<Ticket*>(ticket);
  return ours == nullptr ? ByteBudget::Charge() : ours->Take();
}

}  // namespace sightline::ingest
