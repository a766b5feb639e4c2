/// Makes streamed remote-read answers byte by byte: XOR chunks, protobuf messages, frames. The
/// encoder is written from the format's description, bit by bit, so that it shares nothing with the
/// decoder.
#pragma once

#include <bit>
#include <cstdint>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <utility>
#include <vector>

#include "loadline/model/labels.hpp"
#include "loadline/model/series.hpp"

namespace loadline::test {

class BitWriter {
 public:
  void bits(std::uint64_t value, int count) {
    for (int bit = count - 1; bit >= 0; --bit) {
      if (used_ % 8 == 0) bytes_.push_back('\0');
      if ((value >> bit & 1) != 0)
        bytes_.back() = static_cast<char>(bytes_.back() | (0x80 >> (used_ % 8)));
      ++used_;
    }
  }
  void uvarint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bits((value & 0x7F) | 0x80, 8);
    bits(value, 8);
  }
  void varint(std::int64_t value) {
    uvarint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_{};
  std::size_t used_ = 0;
};

inline void encode_delta_of_delta(BitWriter& out, std::int64_t dod) {
  const auto fits = [dod](int bits) {
    return -((std::int64_t{1} << (bits - 1)) - 1) <= dod && dod <= std::int64_t{1} << (bits - 1);
  };
  const auto raw = static_cast<std::uint64_t>(dod);
  if (dod == 0) return out.bits(0, 1);
  if (fits(14)) return out.bits(0b10, 2), out.bits(raw, 14);
  if (fits(17)) return out.bits(0b110, 3), out.bits(raw, 17);
  if (fits(20)) return out.bits(0b1110, 4), out.bits(raw, 20);
  out.bits(0b1111, 4);
  out.bits(raw, 64);
}

struct XorState {
  std::uint64_t bits = 0;
  int leading = -1;
  int trailing = 0;
};

inline void encode_value(BitWriter& out, XorState& state, double value) {
  const std::uint64_t delta = std::bit_cast<std::uint64_t>(value) ^ state.bits;
  state.bits ^= delta;
  if (delta == 0) return out.bits(0, 1);
  const int leading = std::min(std::countl_zero(delta), 31);
  const int trailing = std::countr_zero(delta);
  if (state.leading >= 0 && leading >= state.leading && trailing >= state.trailing) {
    out.bits(0b10, 2);
  } else {
    state.leading = leading;
    state.trailing = trailing;
    out.bits(0b11, 2);
    out.bits(static_cast<std::uint64_t>(leading), 5);
    out.bits(static_cast<std::uint64_t>(64 - leading - trailing) & 63, 6);
  }
  out.bits(delta >> state.trailing, 64 - state.leading - state.trailing);
}

inline std::string xor_chunk(const std::vector<Sample>& samples) {
  BitWriter out;
  out.bits(samples.size(), 16);
  XorState state;
  std::int64_t delta = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::int64_t step = i == 0 ? 0 : samples[i].t_ms - samples[i - 1].t_ms;
    if (i == 0) {
      out.varint(samples[0].t_ms);
      state.bits = std::bit_cast<std::uint64_t>(samples[0].value);
      out.bits(state.bits, 64);
      continue;
    }
    if (i == 1) out.uvarint(static_cast<std::uint64_t>(step));
    if (i > 1) encode_delta_of_delta(out, step - delta);
    delta = step;
    encode_value(out, state, samples[i].value);
  }
  return out.bytes();
}

inline std::string chunk_message(const std::vector<Sample>& samples, std::int32_t encoding = 1) {
  std::string bytes;
  protozero::pbf_writer chunk(bytes);
  chunk.add_int64(1, samples.front().t_ms);
  chunk.add_int64(2, samples.back().t_ms);
  chunk.add_enum(3, encoding);
  chunk.add_bytes(4, xor_chunk(samples));
  return bytes;
}

/// A ChunkedReadResponse of one series.
inline std::string chunked_response(const Labels& labels, const std::vector<std::string>& chunks) {
  std::string series;
  protozero::pbf_writer out(series);
  for (const auto& [name, value] : labels.pairs()) {
    protozero::pbf_writer label(out, 1);
    label.add_string(1, name);
    label.add_string(2, value);
  }
  for (const std::string& chunk : chunks) out.add_message(2, chunk);
  std::string response;
  protozero::pbf_writer(response).add_message(1, series);
  return response;
}

/// CRC-32C bit by bit, from its polynomial.
inline std::uint32_t crc32c_by_definition(const std::string& text) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0U);
  }
  return ~crc;
}

inline std::string frame(const std::string& message) {
  BitWriter out;
  out.uvarint(message.size());
  out.bits(crc32c_by_definition(message), 32);
  return out.bytes() + message;
}

}  // namespace loadline::test
