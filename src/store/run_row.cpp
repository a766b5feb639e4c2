#include "store/run_row.hpp"

#include <algorithm>

#include "store/row_checksum.hpp"

namespace loadline {
namespace {

constexpr std::uint8_t kHasLast = 1;
constexpr std::uint8_t kHasPrevious = 2;
constexpr std::uint8_t kHasTail = 4;
constexpr std::size_t kLeastSampleBytes = 9;

std::string_view bytes_of(const RunId& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

RowChecksum checksum_of(const RunKey& key) {
  return RowChecksum(Table::kRun).add(bytes_of(key.id)).add(std::uint64_t{key.container_id});
}

std::uint8_t parts_of(const Track& track) {
  unsigned parts = 0;
  if (track.last_ms != Track::kNever) parts |= kHasLast;
  if (track.previous_ms != Track::kNever) parts |= kHasPrevious;
  if (!track.tail.empty()) parts |= kHasTail;
  return static_cast<std::uint8_t>(parts);
}

/// Times are written as the distance to the one before, beginning with the last, near all others.
void write_track(ByteWriter& out, const Track& track) {
  const std::uint8_t parts = parts_of(track);
  out.byte(parts).fixed64(track.series);
  std::int64_t before_ms = 0;
  if ((parts & kHasLast) != 0) {
    out.zigzag(track.last_ms);
    before_ms = track.last_ms;
  }
  if ((parts & kHasPrevious) != 0) out.delta(before_ms, track.previous_ms);
  if ((parts & kHasTail) == 0) return;
  out.varint(track.tail.size());
  for (const Sample& sample : track.tail) {
    out.delta(before_ms, sample.t_ms).real(sample.value);
    before_ms = sample.t_ms;
  }
}

std::vector<Sample> read_tail(ByteReader& in, std::int64_t before_ms) {
  const std::uint64_t size = in.varint();
  std::vector<Sample> tail;
  tail.reserve(
      static_cast<std::size_t>(std::min<std::uint64_t>(size, in.left() / kLeastSampleBytes)));
  for (std::uint64_t i = 0; i < size && in.ok(); ++i) {
    before_ms = in.delta(before_ms);
    const double value = in.real();
    if (in.ok()) tail.push_back({.t_ms = before_ms, .value = value});
  }
  return tail;
}

Track read_track(ByteReader& in) {
  const unsigned parts = in.byte();
  Track track{.series = in.fixed64()};
  std::int64_t before_ms = 0;
  if ((parts & kHasLast) != 0) before_ms = track.last_ms = in.zigzag();
  if ((parts & kHasPrevious) != 0) track.previous_ms = in.delta(before_ms);
  if ((parts & kHasTail) != 0) track.tail = read_tail(in, before_ms);
  return track;
}

bool is_possible(const Track& track) {
  const auto not_before = [](const Sample& a, const Sample& b) { return a.t_ms >= b.t_ms; };
  if (std::ranges::adjacent_find(track.tail, not_before) != track.tail.end()) return false;
  return track.tail.empty() || track.tail.back().t_ms <= track.last_ms;
}

}  // namespace

std::string write_run_row(const RunKey& key, const Run& run) {
  ByteWriter out;
  out.fixed64(run.pod);
  for (const Resource resource : kResources) write_track(out, run.tracks[resource]);
  return sealed(checksum_of(key), out);
}

Result<Run> read_run_row(const RunKey& key, std::string_view data) {
  const auto payload = unsealed(checksum_of(key), data);
  if (!payload) return fail(ErrorKind::kCorrupt, "its checksum is wrong");
  ByteReader in(*payload);
  Run run{.pod = in.fixed64()};
  for (const Resource resource : kResources) run.tracks[resource] = read_track(in);
  if (!in.done()) return fail(ErrorKind::kCorrupt, "its fields do not fit");
  for (const Resource resource : kResources)
    if (!is_possible(run.tracks[resource]))
      return fail(ErrorKind::kCorrupt, "its samples are not in the order of time");
  return run;
}

}  // namespace loadline
