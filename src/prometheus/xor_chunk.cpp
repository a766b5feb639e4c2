#include "prometheus/xor_chunk.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace loadline {
namespace {

/// Reads bits, most significant first. Implementation details: every fetch loads eight bytes at the
/// byte that holds the next bit, so at least 57 bits are at hand; `exhausted` is asked once a
/// sample, and a sample takes at most 145 bits, which is what kChunkPadding covers.
class BitReader {
 public:
  BitReader(const std::byte* data, std::size_t size) : data_(data), end_bit_(size * 8) {}

  [[nodiscard]] bool exhausted() const { return bit_ >= end_bit_; }
  [[nodiscard]] bool overrun() const { return bit_ > end_bit_; }

  /// The next bits, at least 57 of them, left-aligned.
  [[nodiscard]] std::uint64_t peek() const {
    std::uint64_t word = 0;
    std::memcpy(&word, data_ + (bit_ >> 3), sizeof word);
    return __builtin_bswap64(word) << (bit_ & 7);
  }
  void skip(std::size_t bits) { bit_ += bits; }
  /// 1 to 57 bits.
  std::uint64_t take(unsigned bits) {
    const std::uint64_t value = peek() >> (64 - bits);
    bit_ += bits;
    return value;
  }
  /// 1 to 64 bits.
  std::uint64_t take_long(unsigned bits) {
    if (bits <= 57) return take(bits);
    const std::uint64_t high = take(32);
    return high << (bits - 32) | take(bits - 32);
  }
  std::uint64_t uvarint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !exhausted(); shift += 7) {
      const std::uint64_t byte = take(8);
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    bit_ = end_bit_ + 1;
    return 0;
  }
  std::int64_t varint() {
    const std::uint64_t zigzag = uvarint();
    return static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1);
  }

 private:
  const std::byte* data_;
  std::size_t bit_ = 0;
  std::size_t end_bit_;
};

/// Two's complement of `bits` bits; Prometheus' range is (-2^(n-1), 2^(n-1)], not the usual one.
std::uint64_t take_signed(BitReader& in, unsigned bits) {
  const std::uint64_t value = in.take(bits);
  return value > (std::uint64_t{1} << (bits - 1)) ? value - (std::uint64_t{1} << bits) : value;
}

/// Arithmetic is unsigned: hostile deltas may wrap, which is defined.
std::uint64_t delta_of_delta(BitReader& in) {
  const std::uint64_t next = in.peek();
  if ((next >> 63) == 0) {
    in.skip(1);
    return 0;
  }
  switch (std::countl_one(next >> 60 << 60)) {
    case 1:
      in.skip(2);
      return take_signed(in, 14);
    case 2:
      in.skip(3);
      return take_signed(in, 17);
    case 3:
      in.skip(4);
      return take_signed(in, 20);
    default:
      in.skip(4);
      return in.take_long(64);
  }
}

struct ValueState {
  std::uint64_t bits = 0;
  unsigned significant = 0;
  unsigned trailing = 0;
};

void next_value(BitReader& in, ValueState& state) {
  const std::uint64_t next = in.peek();
  if ((next >> 63) == 0) {
    in.skip(1);
    return;
  }
  if ((next >> 62 & 1) == 0) {
    in.skip(2);
  } else {
    const auto leading = static_cast<unsigned>(next >> 57 & 0x1F);
    const auto significant = static_cast<unsigned>(next >> 51 & 0x3F);
    in.skip(13);
    state.significant = significant == 0 ? 64 : significant;
    // A damaged chunk may say more bits than a double has.
    state.trailing = leading + state.significant > 64 ? 0 : 64 - leading - state.significant;
  }
  if (state.significant == 0) return;
  state.bits ^= in.take_long(state.significant) << state.trailing;
}

}  // namespace

Result<void> decode_xor_chunk(std::span<const std::byte> chunk, std::vector<Sample>& out) {
  out.clear();
  if (chunk.size() < 2) return fail(ErrorKind::kCorrupt, "a chunk ends before its sample count");
  const auto count =
      std::to_integer<std::size_t>(chunk[0]) << 8 | std::to_integer<std::size_t>(chunk[1]);
  if (count == 0) return {};
  out.resize(count);
  BitReader in(chunk.data() + 2, chunk.size() - 2);
  std::size_t kept = 0;
  auto t_ms = static_cast<std::uint64_t>(in.varint());
  std::uint64_t delta = 0;
  ValueState value;
  for (std::size_t i = 0; i < count; ++i) {
    if (in.exhausted()) break;
    if (i == 0) {
      value.bits = in.take_long(64);
    } else {
      delta = i == 1 ? in.uvarint() : delta + delta_of_delta(in);
      t_ms += delta;
      next_value(in, value);
    }
    out[kept] = {.t_ms = static_cast<std::int64_t>(t_ms),
                 .value = std::bit_cast<double>(value.bits)};
    kept += value.bits == kStaleMarkerBits ? 0 : 1;
    if (in.overrun()) break;
    if (i + 1 == count) {
      out.resize(kept);
      return {};
    }
  }
  out.clear();
  return fail(ErrorKind::kCorrupt, "a chunk ends before its " + std::to_string(count) + " samples");
}

}  // namespace loadline
