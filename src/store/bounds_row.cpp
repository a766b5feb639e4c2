#include "store/bounds_row.hpp"

#include <array>
#include <optional>

#include "store/row_checksum.hpp"

namespace loadline {
namespace {

using Value = std::optional<double>;

/// A byte of bits, then the values that are there.
template <std::size_t kCount>
void write_values(ByteWriter& out, const std::array<const Value*, kCount>& values) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < kCount; ++i)
    if (values[i]->has_value()) bits |= 1U << i;
  out.byte(static_cast<std::uint8_t>(bits));
  for (const Value* value : values)
    if (value->has_value()) out.real(**value);
}

/// Whether there was no bit too many.
template <std::size_t kCount>
bool read_values(ByteReader& in, const std::array<Value*, kCount>& values) {
  const unsigned bits = in.byte();
  for (std::size_t i = 0; i < kCount; ++i)
    if ((bits & (1U << i)) != 0) *values[i] = in.real();
  return bits < (1U << kCount);
}

/// The values of one resource in their order.
template <typename Facts>
auto values_of(Facts& facts, Resource resource) {
  auto& bounds = facts.bounds[resource];
  auto& left = facts.quota_left[resource];
  return std::array{&bounds.least, &bounds.most, &bounds.most_ratio, &left.request, &left.limit};
}

std::optional<NamespaceFacts> read_namespace(ByteReader& in) {
  NamespaceFacts facts;
  for (const Resource resource : kResources)
    if (!read_values(in, values_of(facts, resource))) return std::nullopt;
  return facts;
}

tl::unexpected<Error> misfit() {
  return fail(ErrorKind::kCorrupt, "its fields do not fit");
}

}  // namespace

std::string write_bounds_row(const ClusterFacts& facts) {
  ByteWriter out;
  out.varint(facts.namespaces.size());
  for (const auto& [key, of_namespace] : facts.namespaces) {
    out.text(key.cluster).text(key.namespace_name);
    for (const Resource resource : kResources) write_values(out, values_of(of_namespace, resource));
  }
  out.varint(facts.largest_nodes.size());
  for (const auto& [cluster, node] : facts.largest_nodes) {
    out.text(cluster);
    write_values(out, std::array{&node[Resource::kCpu], &node[Resource::kMemory]});
  }
  return sealed(RowChecksum(Table::kMeta).add(kBoundsName), out);
}

Result<ClusterFacts> read_bounds_row(std::string_view name, std::string_view data) {
  const auto payload = unsealed(RowChecksum(Table::kMeta).add(name), data);
  if (!payload) return fail(ErrorKind::kCorrupt, "its checksum is wrong");
  ByteReader in(*payload);
  ClusterFacts facts;
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const std::string_view cluster = in.text();
    const NamespaceKey key{std::string(cluster), std::string(in.text())};
    const auto of_namespace = read_namespace(in);
    if (!of_namespace || !facts.namespaces.emplace(key, *of_namespace).second) return misfit();
  }
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    auto& node = facts.largest_nodes[std::string(in.text())];
    if (!read_values(in, std::array{&node[Resource::kCpu], &node[Resource::kMemory]}))
      return misfit();
  }
  if (!in.done()) return misfit();
  return facts;
}

}  // namespace loadline
