// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/loss.h"
#include "ingest/byte_budget.h"
#include "ingest/lifecycle_receiver.h"
#include "net/admission.h"
#include "net/http.h"
#include "net/response_sink.h"

namespace sightline::api {

// POST /api/v1/events: lifecycle events of platforms that do not speak OTLP, as one JSON object, an
// array of them, or NDJSON. Answered when they are durable.
//
// Thread: any. The receiver, budget and loss table must outlive it.
class EventsApi {
 public:
  EventsApi(ingest::LifecycleReceiver& receiver, ingest::ByteBudget& budget,
            base::LossTable& losses)
      : receiver_(receiver), budget_(budget), losses_(losses) {}

  // Answers later, on another thread.
  void Post(net::HttpRequest request, net::ResponseSink sink);

  // A hook for net::HttpServerOptions: every body that comes to this port, wanted or not, counts
  // against the budget of all receivers.
  std::unique_ptr<net::AdmissionTicket> Admit(const net::HttpRequest& head);

 private:
  ingest::LifecycleReceiver& receiver_;
  ingest::ByteBudget& budget_;
  base::LossTable& losses_;
};

}  // namespace sightline::api
