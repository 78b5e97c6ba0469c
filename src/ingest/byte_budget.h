// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace sightline::ingest {

// How many bytes of requests may be in flight at once, over all receivers: each from its arrival
// until the answer is given. What only was announced is not charged.
//
// Thread: any.
class ByteBudget {
 public:
  explicit ByteBudget(std::uint64_t limit) : limit_(limit) {}

  // Bytes charged until the charge dies. Move only.
  class Charge {
   public:
    Charge() = default;

    explicit Charge(ByteBudget& budget) : budget_(&budget) {}

    Charge(Charge&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

    Charge& operator=(Charge&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }

    ~Charge() { Release(); }

    // False when the budget does not allow it; what was charged before stays charged.
    bool Grow(std::uint64_t bytes) {
      if (budget_ == nullptr || !budget_->Take(bytes, bytes_)) {
        return false;
      }
      bytes_ += bytes;
      return true;
    }

    // Gives back what was charged.
    void Release() {
      if (budget_ != nullptr) {
        budget_->in_flight_.fetch_sub(std::exchange(bytes_, 0), std::memory_order_relaxed);
      }
    }

   private:
    ByteBudget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
  };

  std::uint64_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }

  std::uint64_t limit() const { return limit_; }

 private:
  // One request is always admitted when nothing but itself is in flight, so that a budget below the
  // size limit cannot refuse a request for ever.
  bool Take(std::uint64_t bytes, std::uint64_t own_bytes) {
    const std::uint64_t before = in_flight_.fetch_add(bytes, std::memory_order_relaxed);
    if (before != own_bytes && before + bytes > limit_) {
      in_flight_.fetch_sub(bytes, std::memory_order_relaxed);
      return false;
    }
    return true;
  }

  const std::uint64_t limit_;
  std::atomic<std::uint64_t> in_flight_ = 0;
};

}  // namespace sightline::ingest
