// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "store/embedded/duck.h"

namespace sightline::store::embedded {

// Collects the conditions of a statement with their parameters.
//
// Thread: value.
class Conditions {
 public:
  void Add(std::string condition) { conditions_.push_back(std::move(condition)); }

  void AddText(std::string condition, std::string_view value) {
    Add(std::move(condition));
    params_.push_back(Param::Text(value));
  }

  void AddNumber(std::string condition, std::int64_t value) {
    Add(std::move(condition));
    params_.push_back(Param::Integer(value));
  }

  // `column` is one of `values`; `param(value)` makes a Param, `mark` stands for it.
  template <typename Values, typename ToParam>
  void AddAnyOf(std::string_view column, const Values& values, std::string_view mark,
                const ToParam& param) {
    std::string marks;
    for (const auto& value : values) {
      marks += marks.empty() ? "" : ", ";
      marks += mark;
      params_.push_back(param(value));
    }
    Add(fmt::format("{} IN ({})", column, marks));
  }

  void AddAll(std::string condition, const std::vector<Param>& params) {
    Add(std::move(condition));
    params_.insert(params_.end(), params.begin(), params.end());
  }

  void AddParam(Param param) { params_.push_back(std::move(param)); }

  std::string Where() const {
    return conditions_.empty() ? "" : fmt::format(" WHERE {}", fmt::join(conditions_, " AND "));
  }

  const std::vector<Param>& params() const { return params_; }

 private:
  std::vector<std::string> conditions_;
  std::vector<Param> params_;
};

}  // namespace sightline::store::embedded
