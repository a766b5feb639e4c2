/// The checksum that every row carries: CRC-32C of the table's number and of each column in order.
///
/// SQLite verifies its pages' structure but not what a page says: a flipped bit in a row would be a
/// wrong number. The key is in the checksum, so that a row that turns up under another key is
/// noticed too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "loadline/model/crc32c.hpp"
#include "store/bytes.hpp"

namespace loadline {

/// Never renumber: the numbers are in the checksums of the files.
enum class Table : std::uint8_t {
  kMeta = 1,
  kContainer = 2,
  kUsageDay = 3,
  kRun = 4,
  kMark = 5,
  kWorkload = 6,
};

/// "usage_day": the table's name in the file.
constexpr std::string_view to_string(Table table) {
  switch (table) {
    case Table::kMeta:
      return "meta";
    case Table::kContainer:
      return "container";
    case Table::kUsageDay:
      return "usage_day";
    case Table::kRun:
      return "run";
    case Table::kMark:
      return "mark";
    case Table::kWorkload:
      return "workload";
  }
  return "";
}

/// Numbers go in as 8 bytes, little-endian; bytes with their length, as a number, before them.
class RowChecksum {
 public:
  explicit RowChecksum(Table table) { add(static_cast<std::uint64_t>(table)); }

  RowChecksum& add(std::uint64_t number) {
    std::array<std::byte, 8> bytes{};
    for (std::byte& byte : bytes) {
      byte = static_cast<std::byte>(number & 0xFF);
      number >>= 8;
    }
    crc_ = crc32c(crc_, bytes);
    return *this;
  }
  RowChecksum& add(std::int64_t number) { return add(static_cast<std::uint64_t>(number)); }
  RowChecksum& add(std::string_view bytes) {
    add(std::uint64_t{bytes.size()});
    crc_ = crc32c(crc_, std::as_bytes(std::span(bytes)));
    return *this;
  }
  [[nodiscard]] std::uint32_t value() const { return crc_; }

 private:
  std::uint32_t crc_ = 0;
};

/// The payload with its checksum behind it; `key` has the columns before it.
inline std::string sealed(RowChecksum key, ByteWriter& payload) {
  const std::uint32_t crc = key.add(std::string_view(payload.bytes())).value();
  return std::move(payload.fixed32(crc).bytes());
}

/// The payload of what sealed() made under this key; nullopt where a bit of either has changed.
inline std::optional<std::string_view> unsealed(RowChecksum key, std::string_view data) {
  constexpr std::size_t kSealBytes = 4;
  if (data.size() < kSealBytes) return std::nullopt;
  const std::string_view payload = data.substr(0, data.size() - kSealBytes);
  ByteReader seal(data.substr(payload.size()));
  if (seal.fixed32() != key.add(payload).value()) return std::nullopt;
  return payload;
}

}  // namespace loadline
