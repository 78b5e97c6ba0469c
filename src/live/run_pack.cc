// SPDX-License-Identifier: Apache-2.0
// How a run is packed: the texts, each after its length; then for each span the words of its facts
// and of its text numbers that are neither 0 nor -1, after two masks that say which are which.
// Lives in this process only, so the layout of the facts is that of memory.
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/check.h"
#include "live/run_state.h"

namespace sightline::live {
namespace {

constexpr std::uint64_t kAllOnes = ~std::uint64_t{0};

void PutNumber(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80U));
    number >>= 7U;
  }
  out.push_back(static_cast<char>(number));
}

std::uint64_t TakeNumber(std::string_view& in) {
  std::uint64_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    CHECK(!in.empty() && shift < 64);
    const auto byte = static_cast<std::uint8_t>(in.front());
    in.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) {
      return number;
    }
  }
}

void PutWords(std::string& out, const void* words, std::size_t count) {
  std::uint64_t given = 0;
  std::uint64_t ones = 0;
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, static_cast<const char*>(words) + i * sizeof word, sizeof word);
    if (word == kAllOnes) {
      ones |= std::uint64_t{1} << i;
    } else if (word != 0) {
      given |= std::uint64_t{1} << i;
      bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
  }
  PutNumber(out, given);
  PutNumber(out, ones);
  out += bytes;
}

void TakeWords(std::string_view& in, void* words, std::size_t count) {
  const std::uint64_t given = TakeNumber(in);
  const std::uint64_t ones = TakeNumber(in);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t word = (ones >> i & 1U) != 0 ? kAllOnes : 0;
    if ((given >> i & 1U) != 0) {
      CHECK(in.size() >= sizeof word);
      std::memcpy(&word, in.data(), sizeof word);
      in.remove_prefix(sizeof word);
    }
    std::memcpy(static_cast<char*>(words) + i * sizeof word, &word, sizeof word);
  }
}

}  // namespace

std::string RunState::Pack() const {
  static_assert(std::is_trivially_copyable_v<model::RunSpan> &&
                sizeof(model::RunSpan) % sizeof(std::uint64_t) == 0 &&
                sizeof(model::RunSpan) / sizeof(std::uint64_t) <= 64);
  // Texts of what was replaced are left out.
  std::vector<std::uint32_t> places(texts_.size() + 1, 0);
  std::uint32_t used = 0;
  std::string texts;
  for (const Texts& one : span_texts_) {
    for (const std::uint32_t number : std::bit_cast<std::array<std::uint32_t, kTexts>>(one)) {
      if (number != 0 && places[number] == 0) {
        places[number] = ++used;
        PutNumber(texts, texts_.at(number).size());
        texts += texts_.at(number);
      }
    }
  }
  std::string out;
  PutNumber(out, used);
  out += texts;
  PutNumber(out, facts_.size());
  for (std::size_t row = 0; row < facts_.size(); ++row) {
    PutWords(out, &facts_[row], sizeof(model::RunSpan) / sizeof(std::uint64_t));
    const auto numbers = std::bit_cast<std::array<std::uint32_t, kTexts>>(span_texts_[row]);
    for (const std::uint32_t number : numbers) {
      PutNumber(out, places[number]);
    }
  }
  return std::string(out);  // Without spare room.
}

RunState RunState::Unpack(const model::TraceId& trace_id, std::string_view packed,
                          std::size_t max_spans) {
  RunState run(trace_id, max_spans);
  for (std::uint64_t left = TakeNumber(packed); left > 0; --left) {
    const std::uint64_t size = TakeNumber(packed);
    CHECK(size <= packed.size());
    run.texts_.Add(packed.substr(0, size));
    packed.remove_prefix(size);
  }
  const std::uint64_t rows = TakeNumber(packed);
  run.facts_.resize(rows);
  run.span_texts_.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    TakeWords(packed, &run.facts_[row], sizeof(model::RunSpan) / sizeof(std::uint64_t));
    std::array<std::uint32_t, kTexts> numbers{};
    for (std::uint32_t& number : numbers) {
      number = static_cast<std::uint32_t>(TakeNumber(packed));
    }
    run.span_texts_[row] = std::bit_cast<Texts>(numbers);
  }
  if (rows > kFewRows) {
    run.IndexRows();
  }
  return run;
}

}  // namespace sightline::live
