// SPDX-License-Identifier: Apache-2.0
// For tests only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/file.h"
#include "net/http.h"

namespace sightline::net {

// A TCP connection to a local port on which a test says exactly the bytes it means. Reads give up
// after ten seconds and fail the test.
//
// Thread: one at a time.
class RawClient {
 public:
  // A small `receive_buffer` makes a client that soon stops taking bytes. 0: the system's choice.
  explicit RawClient(std::uint16_t port, int receive_buffer = 0);

  // Fails the test when the peer has gone.
  void Send(std::string_view bytes);

  // False when the peer has gone.
  bool TrySend(std::string_view bytes);

  // Says that nothing more will be sent.
  void FinishSending();

  enum class BodyRule { kAsFramed, kNone };

  // Reads one response, after skipping none. Status 0 when the connection ended first.
  HttpResponse ReadResponse(BodyRule rule = BodyRule::kAsFramed);

  std::string ReadExactly(std::size_t size);
  std::string ReadLine();   // Without the line break.
  std::string ReadChunk();  // One chunk of a chunked body.

  // What comes until the peer closes or resets.
  std::string ReadToEnd();

 private:
  // False at the end.
  bool Fill();

  base::FileDescriptor socket_;
  std::string buffer_;
};

// One WebSocket frame as it arrived.
struct RawFrame {
  int opcode = -1;  // -1: the connection ended.
  std::string payload;

  // Of a close frame; 0 without one.
  int CloseCode() const;
};

inline constexpr int kTextFrame = 1;
inline constexpr int kBinaryFrame = 2;
inline constexpr int kCloseFrame = 8;
inline constexpr int kPingFrame = 9;
inline constexpr int kPongFrame = 10;

std::string HandshakeText(std::string_view path, std::string_view more_fields = "");

// A client's frame: FIN set, masked.
std::string MaskedFrame(int opcode, std::string_view payload);

RawFrame ReadFrame(RawClient& client);

}  // namespace sightline::net
