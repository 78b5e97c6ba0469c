// SPDX-License-Identifier: Apache-2.0
#include "net/raw_client_for_testing.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sightline::net {
namespace {

constexpr int kReadTimeoutMs = 10'000;

}  // namespace

RawClient::RawClient(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (receive_buffer > 0) {
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
}

void RawClient::Send(std::string_view bytes) {
  EXPECT_TRUE(TrySend(bytes));
}

bool RawClient::TrySend(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::FinishSending() {
  ::shutdown(socket_.get(), SHUT_WR);
}

bool RawClient::Fill() {
  pollfd poll_entry{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  if (::poll(&poll_entry, 1, kReadTimeoutMs) != 1) {
    ADD_FAILURE() << "nothing came for ten seconds; so far: " << buffer_.substr(0, 200);
    return false;
  }
  char bytes[16 * 1024];
  const ssize_t size = ::recv(socket_.get(), bytes, sizeof(bytes), 0);
  if (size <= 0) {
    return false;
  }
  buffer_.append(bytes, static_cast<std::size_t>(size));
  return true;
}

std::string RawClient::ReadExactly(std::size_t size) {
  while (buffer_.size() < size && Fill()) {
  }
  std::string bytes = buffer_.substr(0, size);
  buffer_.erase(0, bytes.size());
  return bytes;
}

std::string RawClient::ReadLine() {
  std::size_t end = buffer_.find("\r\n");
  while (end == std::string::npos && Fill()) {
    end = buffer_.find("\r\n");
  }
  if (end == std::string::npos) {
    return {};
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::string RawClient::ReadChunk() {
  const std::string size = ReadLine();
  std::string chunk = ReadExactly(std::strtoul(size.c_str(), nullptr, 16));
  EXPECT_EQ(ReadLine(), "");
  return chunk;
}

std::string RawClient::ReadToEnd() {
  while (Fill()) {
  }
  return std::exchange(buffer_, {});
}

HttpResponse RawClient::ReadResponse(BodyRule rule) {
  HttpResponse response{.status = 0};
  const std::string status_line = ReadLine();
  if (status_line.size() < 12) {
    return response;
  }
  response.status = std::atoi(status_line.c_str() + 9);
  for (std::string line = ReadLine(); !line.empty(); line = ReadLine()) {
    const auto colon = line.find(": ");
    response.headers.Add(line.substr(0, colon), line.substr(colon + 2));
  }
  response.content_type = std::string(response.headers.Find("Content-Type").value_or(""));
  const auto length = response.headers.Find("Content-Length");
  if (rule == BodyRule::kAsFramed && length.has_value()) {
    response.body = ReadExactly(std::strtoul(std::string(*length).c_str(), nullptr, 10));
  }
  return response;
}

int RawFrame::CloseCode() const {
  if (opcode != kCloseFrame || payload.size() < 2) {
    return 0;
  }
  return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
}

std::string HandshakeText(std::string_view path, std::string_view more_fields) {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}\r\n",
      path, more_fields);
}

std::string MaskedFrame(int opcode, std::string_view payload) {
  constexpr unsigned char kMask[4] = {0x12, 0x34, 0x56, 0x78};
  std::string frame;
  frame += static_cast<char>(0x80 | opcode);
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 127);
    for (int shift = 56; shift >= 0; shift -= 8) {
      frame += static_cast<char>((payload.size() >> shift) & 0xFF);
    }
  }
  frame.append(reinterpret_cast<const char*>(kMask), sizeof(kMask));
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ kMask[i % 4]);
  }
  return frame;
}

RawFrame ReadFrame(RawClient& client) {
  const std::string start = client.ReadExactly(2);
  if (start.size() < 2) {
    return {};
  }
  RawFrame frame{.opcode = start[0] & 0x0F, .payload = {}};
  EXPECT_EQ(start[1] & 0x80, 0) << "a server does not mask";
  std::size_t size = start[1] & 0x7F;
  if (size >= 126) {
    const std::string longer = client.ReadExactly(size == 126 ? 2 : 8);
    size = 0;
    for (const char c : longer) {
      size = size * 256 + static_cast<unsigned char>(c);
    }
  }
  frame.payload = client.ReadExactly(size);
  return frame;
}

}  // namespace sightline::net
