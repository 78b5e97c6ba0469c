// SPDX-License-Identifier: Apache-2.0
// Internal to this folder.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include "base/error.h"
#include "base/loss.h"
#include "net/admission.h"
#include "net/grpc_call_table.h"
#include "net/grpc_server.h"

namespace sightline::net {

// One call. gRPC deletes it through OnDone, which follows once it is finished; until then the
// responder's pointer is good.
//
// Thread: any, one at a time.
class GrpcResponder::Call final : public grpc::ServerGenericBidiReactor {
 public:
  // What a call needs of its server, which outlives it.
  struct Parts {
    const GrpcServerOptions& options;
    const GrpcHandler& handler;
    base::LossTable& losses;
    GrpcCallTable& calls;
  };

  Call(const Parts& parts, std::string method, std::string address)
      : parts_(parts),
        method_(std::move(method)),
        address_(std::move(address)),
        wait_end_(std::chrono::steady_clock::now() + parts.options.admission_wait) {}

  const std::string& address() const { return address_; }

  void Refuse(const base::Error& error, std::optional<std::chrono::nanoseconds> retry_delay);

  void Answer(std::string_view message);

  // Begins to read, or refuses when the call has waited for long enough. False: it has to wait.
  bool TryEnter();

  // What a held call waits for: TryEnter, then TryAdmit.
  bool TryGoOn() { return is_admitted_ ? TryAdmit() : TryEnter(); }

  // Its message has not come in time.
  void Cut();

  // Refuses the call, which may come again.
  void PushBack(std::string_view why);

  void OnReadDone(bool ok) override;

  void OnSendInitialMetadataDone(bool ok) override;

  void OnDone() override;

 private:
  // Charges the message and hands it on, or refuses it when it has waited for long enough. False:
  // it has to wait.
  bool TryAdmit();

  void HandOver();

  // Refuses a message of an encoding that is not served. The answer names those that are: gRPC
  // tells them in its first metadata (grpc-accept-encoding), which it leaves away when the status
  // is given before that was sent.
  void RefuseEncoding(std::string_view encoding);

  const Parts parts_;
  const std::string method_;
  const std::string address_;
  bool is_admitted_ = false;
  std::unique_ptr<AdmissionTicket> ticket_;
  std::chrono::steady_clock::time_point wait_end_;  // Of what it waits for now.
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  grpc::Status refusal_;  // Of an encoding, while the first metadata is sent.
};

}  // namespace sightline::net
