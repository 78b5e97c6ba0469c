// SPDX-License-Identifier: Apache-2.0
#include "demo/random.h"

#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

namespace sightline::demo {
namespace {

// SplitMix64: spreads a seed over all bits.
std::uint64_t SplitMix(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15U;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
  return mixed ^ (mixed >> 31U);
}

constexpr std::string_view kAlphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::chrono::nanoseconds Scale(std::chrono::nanoseconds time, double factor) {
  return std::chrono::nanoseconds(
      static_cast<std::int64_t>(static_cast<double>(time.count()) * factor));
}

}  // namespace

Random::Random(std::uint64_t seed) : state_() {
  for (std::uint64_t& word : state_) {
    word = SplitMix(seed);
  }
}

std::uint64_t Random::Next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::Uniform() {
  return static_cast<double>(Next() >> 11U) * 0x1.0p-53;
}

std::int64_t Random::Between(std::int64_t low, std::int64_t high) {
  CHECK(low <= high);
  const auto count = static_cast<double>(high - low + 1);
  return low + static_cast<std::int64_t>(Uniform() * count);
}

double Random::Normal() {
  // Box and Muller; 1 - Uniform() is never zero.
  const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * Uniform());
}

double Random::LogNormal(double median, double sigma) {
  return median * std::exp(sigma * Normal());
}

std::chrono::nanoseconds Random::LogNormal(std::chrono::nanoseconds median, double sigma) {
  return Scale(median, LogNormal(1.0, sigma));
}

std::chrono::nanoseconds Random::Exponential(std::chrono::nanoseconds mean) {
  return Scale(mean, -std::log(1.0 - Uniform()));
}

std::size_t Random::Index(std::size_t count) {
  CHECK(count > 0);
  return static_cast<std::size_t>(Uniform() * static_cast<double>(count));
}

std::size_t Random::Weighted(std::span<const double> weights) {
  CHECK(!weights.empty());
  double left = Uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0) {
      return i;
    }
  }
  return weights.size() - 1;
}

std::string Random::Bytes(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    std::uint64_t word = Next() | 1U;
    for (int i = 0; i < 8 && bytes.size() < count; ++i) {
      bytes.push_back(static_cast<char>(word & 0xFFU));
      word >>= 8U;
    }
  }
  return bytes;
}

std::string Random::Letters(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text.push_back(kAlphabet[Index(kAlphabet.size())]);
  }
  return text;
}

std::string Random::HexDigits(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text.push_back("0123456789abcdef"[Next() & 15U]);
  }
  return text;
}

std::string Random::Uuid() {
  std::string digits = HexDigits(32);
  digits[12] = '4';
  digits[16] = "89ab"[Next() & 3U];
  for (const std::size_t at : {8U, 13U, 18U, 23U}) {
    digits.insert(at, 1, '-');
  }
  return digits;
}

std::uint64_t MixSeeds(std::uint64_t seed, std::uint64_t part) {
  std::uint64_t state = seed;
  state = SplitMix(state) ^ part;
  return SplitMix(state);
}

}  // namespace sightline::demo
