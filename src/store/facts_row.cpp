#include "store/facts_row.hpp"

#include <optional>

#include "store/row_checksum.hpp"

namespace loadline {
namespace {

// Bits 0 to 3: request and limit of CPU, then of memory.
constexpr unsigned kKnown = 16;
constexpr unsigned kHasEvidence = 32;  // since schema version 2: a byte of the bits below follows
constexpr unsigned kEveryBit = 63;

// What follows, in this order; bits that are not set cost nothing.
constexpr unsigned kRestarts = 1;
constexpr unsigned kKills = 2;
constexpr unsigned kKillLimit = 4;
constexpr unsigned kThrottled = 8;
constexpr unsigned kEveryEvidence = 15;

RowChecksum checksum_of(const WorkloadKey& key) {
  return RowChecksum(Table::kWorkload)
      .add(key.cluster)
      .add(key.namespace_name)
      .add(key.kind)
      .add(key.name);
}

unsigned evidence_of(const ContainerFacts& facts) {
  const OomKills& kills = facts.oom_kills;
  unsigned bits = facts.restarts > 0 ? kRestarts : 0;
  if (kills.count > 0 || kills.last_ms != 0) bits |= kKills;
  if (kills.limit_bytes) bits |= kKillLimit;
  if (facts.throttled_ratio) bits |= kThrottled;
  return bits;
}

void write_evidence(ByteWriter& out, const ContainerFacts& facts) {
  const unsigned bits = evidence_of(facts);
  if (bits == 0) return;
  out.byte(static_cast<std::uint8_t>(bits));
  if ((bits & kRestarts) != 0) out.varint(facts.restarts);
  if ((bits & kKills) != 0) out.varint(facts.oom_kills.count).zigzag(facts.oom_kills.last_ms);
  if ((bits & kKillLimit) != 0) out.real(*facts.oom_kills.limit_bytes);
  if ((bits & kThrottled) != 0) out.real(*facts.throttled_ratio);
}

/// nullopt where it does not fit 32 bits.
std::optional<std::uint32_t> read_count(ByteReader& in) {
  const std::uint64_t count = in.varint();
  if (count > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(count);
}

/// Whether they fit.
bool read_evidence(ByteReader& in, ContainerFacts& facts) {
  const unsigned bits = in.byte();
  if (bits == 0 || bits > kEveryEvidence) return false;
  if ((bits & kRestarts) != 0) {
    const auto restarts = read_count(in);
    if (!restarts) return false;
    facts.restarts = *restarts;
  }
  if ((bits & kKills) != 0) {
    const auto count = read_count(in);
    if (!count) return false;
    facts.oom_kills.count = *count;
    facts.oom_kills.last_ms = in.zigzag();
  }
  if ((bits & kKillLimit) != 0) facts.oom_kills.limit_bytes = in.real();
  if ((bits & kThrottled) != 0) facts.throttled_ratio = in.real();
  return true;
}

unsigned bits_of(const ContainerFacts& facts) {
  unsigned bits = facts.current_known ? kKnown : 0;
  if (evidence_of(facts) != 0) bits |= kHasEvidence;
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
  write_evidence(out, facts);
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
  if ((bits & kHasEvidence) != 0 && !read_evidence(in, facts)) return std::nullopt;
  return facts;
}

// What stands behind the containers: the autoscaler, where there is one. Bits as of kResources.
void write_autoscaler(ByteWriter& out, const WorkloadFacts& facts) {
  unsigned bits = 0;
  for (const Resource resource : kResources)
    if (facts.autoscaled[resource]) bits |= 1U << static_cast<unsigned>(resource);
  if (bits == 0 && facts.autoscaler.empty()) return;
  out.byte(static_cast<std::uint8_t>(bits)).text(facts.autoscaler);
}

/// Whether it fits.
bool read_autoscaler(ByteReader& in, WorkloadFacts& facts) {
  if (in.left() == 0) return true;
  const unsigned bits = in.byte();
  for (const Resource resource : kResources)
    facts.autoscaled[resource] = (bits & (1U << static_cast<unsigned>(resource))) != 0;
  facts.autoscaler = in.text();
  return bits < 4 && (bits != 0 || !facts.autoscaler.empty());
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
  write_autoscaler(out, facts);
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
  if (!in.ok() || !read_autoscaler(in, facts)) return misfit();
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
