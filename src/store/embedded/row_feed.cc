// SPDX-License-Identifier: Apache-2.0
#include "store/embedded/row_feed.h"

#include <algorithm>
#include <cstddef>

#include <fmt/format.h>

#include "base/utf8.h"

namespace sightline::store::embedded {
namespace {

constexpr const char* kFunction = "sightline_rows";

}  // namespace

void RowSlot::SetText(std::uint64_t column, std::string_view text) const {
  PutText(columns_[column], row_,
          base::IsValidUtf8(text) ? text : repaired_.Copy(base::RepairUtf8(text)));
}

base::Result<void> RowFeed::Register(Connection& connection) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, kFunction);
  duckdb_table_function_set_extra_info(function, this, nullptr);
  duckdb_table_function_set_bind(function, Bind);
  duckdb_table_function_set_init(function, Init);
  duckdb_table_function_set_function(function, Scan);
  const bool ok = duckdb_register_table_function(connection.raw(), function) == DuckDBSuccess;
  duckdb_destroy_table_function(&function);
  if (!ok) {
    return base::Error(base::Code::kInternal, fmt::format("cannot register {}", kFunction));
  }
  return {};
}

base::Result<void> RowFeed::Insert(Connection& connection, const std::string& table,
                                   const std::vector<duckdb_type>& types, std::uint64_t count,
                                   const Fill& fill) {
  if (count == 0) {
    return {};
  }
  types_ = &types;
  fill_ = &fill;
  count_ = count;
  next_ = 0;
  repaired_ = std::make_unique<base::Arena>();
  base::Result<void> inserted =
      connection.Execute(fmt::format("INSERT INTO {} SELECT * FROM {}()", table, kFunction));
  types_ = nullptr;
  fill_ = nullptr;
  repaired_ = nullptr;
  return inserted;
}

void RowFeed::Bind(duckdb_bind_info info) {
  const auto* feed = static_cast<const RowFeed*>(duckdb_bind_get_extra_info(info));
  if (feed->types_ == nullptr) {
    duckdb_bind_set_error(info, "no insert is running");
    return;
  }
  for (std::size_t i = 0; i < feed->types_->size(); ++i) {
    duckdb_logical_type type = duckdb_create_logical_type((*feed->types_)[i]);
    duckdb_bind_add_result_column(info, fmt::format("c{}", i).c_str(), type);
    duckdb_destroy_logical_type(&type);
  }
  duckdb_bind_set_cardinality(info, feed->count_, true);
}

void RowFeed::Init(duckdb_init_info info) {
  duckdb_init_set_max_threads(info, 1);  // Rows keep their order.
}

void RowFeed::Scan(duckdb_function_info info, duckdb_data_chunk output) {
  auto* feed = static_cast<RowFeed*>(duckdb_function_get_extra_info(info));
  std::vector<void*> columns;
  columns.reserve(feed->types_->size());
  for (std::size_t i = 0; i < feed->types_->size(); ++i) {
    columns.push_back(duckdb_vector_get_data(duckdb_data_chunk_get_vector(output, i)));
  }
  const std::uint64_t size =
      std::min<std::uint64_t>(duckdb_vector_size(), feed->count_ - feed->next_);
  for (std::uint64_t row = 0; row < size; ++row) {
    (*feed->fill_)(feed->next_++, RowSlot(columns, row, *feed->repaired_));
  }
  duckdb_data_chunk_set_size(output, size);
}

}  // namespace sightline::store::embedded
