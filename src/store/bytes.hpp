/// How numbers and texts stand in the data of a row: little-endian, varints (LEB128) for what is
/// small, zigzag for what may be negative. docs/storage_format.md.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace loadline {

class ByteWriter {
 public:
  ByteWriter& byte(std::uint8_t value) {
    bytes_.push_back(static_cast<char>(value));
    return *this;
  }
  ByteWriter& fixed32(std::uint32_t value) { return fixed(value); }
  ByteWriter& fixed64(std::uint64_t value) { return fixed(value); }
  ByteWriter& real(double value) { return fixed(std::bit_cast<std::uint64_t>(value)); }
  ByteWriter& varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>(value | 0x80));
    bytes_.push_back(static_cast<char>(value));
    return *this;
  }
  ByteWriter& zigzag(std::int64_t value) {
    return varint((static_cast<std::uint64_t>(value) << 1) ^
                  static_cast<std::uint64_t>(value >> 63));
  }
  /// The difference of two times, right for any two of them.
  ByteWriter& delta(std::int64_t from, std::int64_t to) {
    return zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(to) -
                                            static_cast<std::uint64_t>(from)));
  }
  /// Length, then bytes: any bytes.
  ByteWriter& text(std::string_view value) {
    varint(value.size());
    bytes_.append(value);
    return *this;
  }
  [[nodiscard]] std::string& bytes() { return bytes_; }

 private:
  template <typename Number>
  ByteWriter& fixed(Number value) {
    char out[sizeof value];
    for (char& byte : out) {
      byte = static_cast<char>(value & 0xFF);
      value = static_cast<Number>(value >> 8);
    }
    bytes_.append(out, sizeof out);
    return *this;
  }

  std::string bytes_{};
};

/// Reads from the front; once something is missing or too long, everything reads as 0 and ok() is
/// false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t byte() { return static_cast<std::uint8_t>(fixed(1)); }
  std::uint32_t fixed32() { return static_cast<std::uint32_t>(fixed(4)); }
  std::uint64_t fixed64() { return fixed(8); }
  double real() { return std::bit_cast<double>(fixed(8)); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const std::uint64_t byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    return spoil();
  }
  std::int64_t zigzag() {
    const std::uint64_t value = varint();
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
  }
  std::int64_t delta(std::int64_t from) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) +
                                     static_cast<std::uint64_t>(zigzag()));
  }
  std::string_view text() { return take(varint()); }

  [[nodiscard]] bool ok() const { return ok_; }
  /// Nothing was missing and nothing is left.
  [[nodiscard]] bool done() const { return ok_ && bytes_.empty(); }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size()) {
      spoil();
      return {};
    }
    const std::string_view taken = bytes_.substr(0, static_cast<std::size_t>(size));
    bytes_.remove_prefix(static_cast<std::size_t>(size));
    return taken;
  }
  std::uint64_t fixed(std::size_t size) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const char byte : take(size)) {
      value |= std::uint64_t{static_cast<unsigned char>(byte)} << shift;
      shift += 8;
    }
    return value;
  }
  std::uint64_t spoil() {
    ok_ = false;
    bytes_ = {};
    return 0;
  }

  std::string_view bytes_{};
  bool ok_ = true;
};

}  // namespace loadline
