// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

namespace sightline::base {

// A value or the Error that explains its absence. Its members are a subset of std::expected's.
//
// Thread: value.
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  // NOLINTBEGIN(google-explicit-constructor): a value is a Result, and so is an Error.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}

  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  // NOLINTEND(google-explicit-constructor)

  bool has_value() const { return state_.index() == 0; }

  explicit operator bool() const { return has_value(); }

  // Precondition: has_value().
  T& value() & {
    CHECK(has_value());
    return std::get<0>(state_);
  }

  const T& value() const& {
    CHECK(has_value());
    return std::get<0>(state_);
  }

  T&& value() && {
    CHECK(has_value());
    return std::get<0>(std::move(state_));
  }

  T& operator*() & { return value(); }

  const T& operator*() const& { return value(); }

  T&& operator*() && { return std::move(*this).value(); }

  T* operator->() { return &value(); }

  const T* operator->() const { return &value(); }

  // Precondition: !has_value().
  const Error& error() const {
    CHECK(!has_value());
    return std::get<1>(state_);
  }

  T value_or(T fallback) && { return has_value() ? std::move(*this).value() : std::move(fallback); }

 private:
  std::variant<T, Error> state_;
};

// Success without a value, or the Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() : state_(std::in_place_index<0>) {}

  // NOLINTNEXTLINE(google-explicit-constructor): an Error is a Result.
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }

  explicit operator bool() const { return has_value(); }

  void value() const { CHECK(has_value()); }

  // Precondition: !has_value().
  const Error& error() const {
    CHECK(!has_value());
    return std::get<1>(state_);
  }

 private:
  std::variant<std::monostate, Error> state_;
};

}  // namespace sightline::base

// `auto rows = TRY(store.Query(q));` returns early with the error. Never nested; a lambda that
// uses it spells its return type.
#define TRY(expression)                                   \
  __extension__({                                         \
    auto sightline_try_result = (expression);             \
    if (!sightline_try_result.has_value()) [[unlikely]] { \
      return sightline_try_result.error();                \
    }                                                     \
    std::move(sightline_try_result).value();              \
  })
