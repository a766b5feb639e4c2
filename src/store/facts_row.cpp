#include "store/facts_row.hpp"

#include <optional>

#include "store/row_checksum.hpp"

namespace loadline {
namespace {

// Bits 0 to 3: request and limit of CPU, then of memory.
constexpr unsigned kKnown = 16;
constexpr unsigned kEveryBit = 31;

RowChecksum checksum_of(const WorkloadKey& key) {
  return RowChecksum(Table::kWorkload)
      .add(key.cluster)
      .add(key.namespace_name)
      .add(key.kind)
      .add(key.name);
}

unsigned bits_of(const ContainerFacts& facts) {
  unsigned bits = facts.current_known ? kKnown : 0;
  unsigned bit = 1;
  for (const Resource resource : kResources)
    for (const auto* value : {&facts.current[resource].request, &facts.current[resource].limit}) {
      if (value->has_value()) bits |= bit;
      bit <<= 1;
    }
  return bits;
}

void write_container(ByteWriter& out, const ContainerFacts& facts) {
  out.byte(static_cast<std::uint8_t>(facts.type));
  out.byte(static_cast<std::uint8_t>(bits_of(facts)));
  for (const Resource resource : kResources)
    for (const auto* value : {&facts.current[resource].request, &facts.current[resource].limit})
      if (value->has_value()) out.real(**value);
}

std::optional<ContainerType> container_type(std::uint8_t stored) {
  for (const ContainerType type :
       {ContainerType::kContainer, ContainerType::kInit, ContainerType::kSidecar})
    if (static_cast<std::uint8_t>(type) == stored) return type;
  return std::nullopt;
}

std::optional<ContainerFacts> read_container(ByteReader& in) {
  const auto type = container_type(in.byte());
  const unsigned bits = in.byte();
  if (!type || bits > kEveryBit) return std::nullopt;
  ContainerFacts facts{.type = *type, .current_known = (bits & kKnown) != 0};
  unsigned bit = 1;
  for (const Resource resource : kResources)
    for (auto* value : {&facts.current[resource].request, &facts.current[resource].limit}) {
      if ((bits & bit) != 0) *value = in.real();
      bit <<= 1;
    }
  return facts;
}

tl::unexpected<Error> misfit() {
  return fail(ErrorKind::kCorrupt, "its fields do not fit");
}

}  // namespace

std::string write_facts_row(const WorkloadKey& key, const WorkloadFacts& facts) {
  ByteWriter out;
  out.varint(facts.live_pods).varint(facts.containers.size());
  for (const auto& container : facts.containers) {
    out.text(container.first);
    write_container(out, container.second);
  }
  return sealed(checksum_of(key), out);
}

Result<WorkloadFacts> read_facts_row(const WorkloadKey& key, std::string_view data) {
  const auto payload = unsealed(checksum_of(key), data);
  if (!payload) return fail(ErrorKind::kCorrupt, "its checksum is wrong");
  ByteReader in(*payload);
  const std::uint64_t live_pods = in.varint();
  if (live_pods > UINT32_MAX) return misfit();
  WorkloadFacts facts{.live_pods = static_cast<std::uint32_t>(live_pods)};
  const std::uint64_t containers = in.varint();
  for (std::uint64_t i = 0; i < containers && in.ok(); ++i) {
    const std::string_view name = in.text();
    const auto container = read_container(in);
    if (!container) return misfit();
    facts.containers.emplace_hint(facts.containers.end(), name, *container);
  }
  if (!in.done() || facts.containers.size() != containers) return misfit();
  return facts;
}

std::string write_header_row(const StateHeader& header) {
  ByteWriter out;
  out.zigzag(header.scrape_interval.count()).zigzag(header.owner_interval.count());
  out.zigzag(header.first_day);
  out.zigzag(to_unix_ms(header.complete_up_to)).text(header.fingerprint);
  return sealed(RowChecksum(Table::kMeta).add(kHeaderName), out);
}

Result<StateHeader> read_header_row(std::string_view name, std::string_view data) {
  const auto payload = unsealed(RowChecksum(Table::kMeta).add(name), data);
  if (!payload) return fail(ErrorKind::kCorrupt, "its checksum is wrong");
  ByteReader in(*payload);
  StateHeader header{.scrape_interval = Milliseconds(in.zigzag())};
  header.owner_interval = Milliseconds(in.zigzag());
  const std::int64_t first_day = in.zigzag();
  header.complete_up_to = from_unix_ms(in.zigzag());
  header.fingerprint = in.text();
  if (!in.done() || first_day < INT32_MIN || first_day > INT32_MAX) return misfit();
  header.first_day = static_cast<std::int32_t>(first_day);
  return header;
}

}  // namespace loadline
