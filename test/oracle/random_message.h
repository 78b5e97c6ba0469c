// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

namespace sightline::oracle {

// Makes random OTLP messages from their descriptors; the same seed makes the same ones.
//
// Thread: confined.
class RandomMessages {
 public:
  explicit RandomMessages(std::uint64_t seed) : random_(seed) {}

  // Fills every field by chance, as a correct client could.
  void Fill(google::protobuf::Message& message) { Fill(message, 0); }

  // Bytes of a message as no client would write them but every reader must take them: fields in any
  // order, singular ones repeated, sub-messages in parts, lists packed and not, unknown fields,
  // known numbers with a foreign wire type, overlong varints. A field that holds an AnyValue, and
  // an array or map inside one, occurs once: there the walker is allowed to differ.
  std::string Wire(const google::protobuf::Descriptor& type) { return Wire(type, 0); }

  // Changes one byte, if there is one.
  void Damage(std::string& bytes);

  // True in one of `n` cases.
  bool OneIn(std::uint32_t n) { return Below(n) == 0; }

 private:
  void Fill(google::protobuf::Message& message, int depth);
  void FillField(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field,
                 int depth);
  std::string Wire(const google::protobuf::Descriptor& type, int depth);
  void AppendField(const google::protobuf::FieldDescriptor& field, int depth, std::string& out);
  void AppendScalar(const google::protobuf::FieldDescriptor& field, std::string& out);
  void AppendUnknownField(std::string& out);
  void AppendVarint(std::uint64_t value, std::string& out);
  void AppendTag(std::uint32_t number, std::uint32_t wire_type, std::string& out);
  std::string Packed(const google::protobuf::FieldDescriptor& field);

  std::uint32_t Below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

  std::uint64_t Integer();
  double Double();
  std::string Text();
  std::string Bytes(const google::protobuf::FieldDescriptor& field);

  std::mt19937_64 random_;
};

}  // namespace sightline::oracle
