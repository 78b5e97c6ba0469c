// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <duckdb.h>

#include "model/columns.h"
#include "store/embedded/head.h"
#include "store/embedded/rows.h"

// The table functions that show the head to SQL: a scan of plain structs with projection pushdown.

namespace sightline::store::embedded {
namespace {

template <typename Row>
const std::vector<Row>& RowsOf(const HeadBatch& entry) {
  if constexpr (std::is_same_v<Row, TracePart>) {
    return entry.parts;
  } else if constexpr (std::is_same_v<Row, BodyUse>) {
    return entry.uses();
  } else if constexpr (std::is_same_v<Row, BodyText>) {
    return entry.texts();
  } else {
    return entry.batch->spans;
  }
}

struct BindData {
  std::shared_ptr<const HeadSnapshot> snapshot;
};

// Where a scan is, and which columns it wants.
struct ScanState {
  std::vector<std::uint64_t> columns;
  std::size_t batch = 0;
  std::size_t row = 0;
};

template <typename T>
void Delete(void* pointer) {
  delete static_cast<T*>(pointer);
}

template <typename Row>
using Writer = void (*)(void*, std::uint64_t, const Row&);

template <typename Row, std::size_t Index>
void WriteColumn(void* data, std::uint64_t at, const Row& row) {
  WriteField(data, at, std::get<Index>(model::ColumnsOf<Row>()).get(row));
}

template <typename Row, std::size_t... Indexes>
constexpr std::array<Writer<Row>, sizeof...(Indexes)> MakeWriters(std::index_sequence<Indexes...>) {
  return {WriteColumn<Row, Indexes>...};
}

template <typename Row>
constexpr auto kWriters = MakeWriters<Row>(std::make_index_sequence<model::kColumnCount<Row>>());

template <typename Row>
void Bind(duckdb_bind_info info) {
  const auto* head = static_cast<const Head*>(duckdb_bind_get_extra_info(info));
  duckdb_value parameter = duckdb_bind_get_parameter(info, 0);
  const std::int64_t token = duckdb_get_int64(parameter);
  duckdb_destroy_value(&parameter);
  auto data = std::make_unique<BindData>(BindData{head->Pinned(token)});
  if (data->snapshot == nullptr) {
    duckdb_bind_set_error(info, "head snapshot is not pinned");
    return;
  }
  const std::vector<duckdb_type> types = DuckTypes<Row>();
  model::ForEachColumn<Row>([&](std::size_t index, const auto& column) {
    duckdb_logical_type type = duckdb_create_logical_type(types[index]);
    duckdb_bind_add_result_column(info, std::string(column.name).c_str(), type);
    duckdb_destroy_logical_type(&type);
  });
  std::uint64_t rows = 0;
  for (const HeadBatchPtr& entry : *data->snapshot) {
    rows += RowsOf<Row>(*entry).size();
  }
  duckdb_bind_set_cardinality(info, rows, true);
  duckdb_bind_set_bind_data(info, data.release(), Delete<BindData>);
}

void Init(duckdb_init_info info) {
  auto state = std::make_unique<ScanState>();
  const std::uint64_t count = duckdb_init_get_column_count(info);
  for (std::uint64_t i = 0; i < count; ++i) {
    state->columns.push_back(duckdb_init_get_column_index(info, i));
  }
  duckdb_init_set_max_threads(info, 1);
  duckdb_init_set_init_data(info, state.release(), Delete<ScanState>);
}

template <typename Row>
void Scan(duckdb_function_info info, duckdb_data_chunk output) {
  const auto* data = static_cast<const BindData*>(duckdb_function_get_bind_data(info));
  auto* state = static_cast<ScanState*>(duckdb_function_get_init_data(info));
  std::vector<const Row*> rows;
  const std::uint64_t capacity = duckdb_vector_size();
  rows.reserve(capacity);
  while (rows.size() < capacity && state->batch < data->snapshot->size()) {
    const std::vector<Row>& source = RowsOf<Row>(*(*data->snapshot)[state->batch]);
    while (rows.size() < capacity && state->row < source.size()) {
      rows.push_back(&source[state->row++]);
    }
    if (state->row == source.size()) {
      ++state->batch;
      state->row = 0;
    }
  }
  for (std::size_t i = 0; i < state->columns.size(); ++i) {
    if (state->columns[i] >= kWriters<Row>.size()) {
      continue;  // A virtual column, asked for when only the number of rows matters.
    }
    const Writer<Row> write = kWriters<Row>[state->columns[i]];
    void* values = duckdb_vector_get_data(duckdb_data_chunk_get_vector(output, i));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      write(values, row, *rows[row]);
    }
  }
  duckdb_data_chunk_set_size(output, rows.size());
}

template <typename Row>
base::Result<void> Register(Connection& connection, const char* name, Head* head) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, name);
  duckdb_logical_type integer = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
  duckdb_table_function_add_parameter(function, integer);
  duckdb_destroy_logical_type(&integer);
  duckdb_table_function_set_extra_info(function, head, nullptr);
  duckdb_table_function_set_bind(function, Bind<Row>);
  duckdb_table_function_set_init(function, Init);
  duckdb_table_function_set_function(function, Scan<Row>);
  duckdb_table_function_supports_projection_pushdown(function, true);
  const bool ok = duckdb_register_table_function(connection.raw(), function) == DuckDBSuccess;
  duckdb_destroy_table_function(&function);
  if (!ok) {
    return base::Error(base::Code::kInternal, std::string("cannot register ") + name);
  }
  return {};
}

}  // namespace

base::Result<void> Head::RegisterFunctions(Connection& connection) {
  TRY(Register<model::Span>(connection, "head_spans", this));
  TRY(Register<TracePart>(connection, "head_parts", this));
  TRY(Register<BodyText>(connection, "head_bodies", this));
  return Register<BodyUse>(connection, "head_uses", this);
}

}  // namespace sightline::store::embedded
