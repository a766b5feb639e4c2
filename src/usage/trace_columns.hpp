/// The header of a trace: which column tells what, and in what unit.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/resources.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

/// A column of values; value x `unit` is cores or bytes.
struct ValueColumn {
  std::size_t index = 0;
  double unit = 1;

  bool operator==(const ValueColumn&) const = default;
};

struct TraceColumns {
  std::optional<std::size_t> cluster{};
  std::size_t namespace_name = 0;
  std::size_t pod = 0;
  std::size_t container = 0;
  std::size_t time = 0;
  PerResource<std::optional<ValueColumn>> values{};  ///< at least one
  std::size_t count = 0;                             ///< fields of every row

  bool operator==(const TraceColumns&) const = default;
};

/// The rules of loadline/usage/trace.hpp. On failure what is wrong and what would be right, without
/// file and line.
Result<TraceColumns> parse_trace_header(const std::vector<std::string_view>& names);

}  // namespace loadline
