/// The rows that have columns of their own instead of a blob: `container` and `mark`.
#pragma once

#include <cstdint>
#include <string_view>

#include "loadline/inventory/inventory.hpp"
#include "loadline/model/workload.hpp"
#include "store/row_checksum.hpp"

namespace loadline {

inline std::uint32_t container_crc(std::uint32_t id, const ContainerKey& key, OwnerSource source) {
  RowChecksum sum(Table::kContainer);
  sum.add(std::uint64_t{id})
      .add(key.workload.cluster)
      .add(key.workload.namespace_name)
      .add(key.workload.kind)
      .add(key.workload.name)
      .add(key.container)
      .add(static_cast<std::uint64_t>(source));
  if (!key.pod.empty()) sum.add(key.pod);  // rows without one are as they were before there was any
  return sum.value();
}

inline std::uint32_t mark_crc(std::string_view namespace_name, std::int64_t up_to_ms) {
  return RowChecksum(Table::kMark).add(namespace_name).add(up_to_ms).value();
}

}  // namespace loadline
