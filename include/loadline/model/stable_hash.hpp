/// A hash that is the same in every process, on every machine and in every version: for what is
/// kept on disk or agreed on by several instances. Not for secrets, and not for telling hostile
/// texts apart.
///
/// 64-bit FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) over length and bytes of each part,
/// so that ("a", "b") and ("ab", "") differ, then a final mix (that of MurmurHash3), so that any
/// bits of it may be used.
#pragma once

#include <cstdint>
#include <string_view>

namespace loadline {

class StableHash {
 public:
  StableHash& add(std::string_view part) {
    add_number(part.size());
    for (const char c : part) add_byte(static_cast<unsigned char>(c));
    return *this;
  }
  [[nodiscard]] std::uint64_t value() const {
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 33)) * 0xff51afd7ed558ccdULL;
    mixed = (mixed ^ (mixed >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return mixed ^ (mixed >> 33);
  }

 private:
  void add_byte(unsigned char byte) { state_ = (state_ ^ byte) * 0x100000001b3ULL; }
  void add_number(std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8)
      add_byte(static_cast<unsigned char>(number >> shift));
  }

  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

}  // namespace loadline
