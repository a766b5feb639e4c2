#include "support/generate/names.hpp"

#include <string_view>

#include "support/generate/random.hpp"

namespace loadline::generate {
namespace {

std::string characters(std::string_view alphabet, std::uint64_t seed, std::size_t length) {
  Random random(seed);
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += alphabet[random.next() % alphabet.size()];
  return text;
}

constexpr std::string_view kHexadecimal = "0123456789abcdef";

}  // namespace

std::string safe_characters(std::uint64_t seed, std::size_t length) {
  return characters("bcdfghjklmnpqrstvwxz2456789", seed, length);
}

std::string template_hash(std::uint64_t seed) {
  constexpr std::string_view kEncodedDigits = "456789bcdf";
  std::string hash;
  for (const char digit : std::to_string(seed >> 32)) {
    hash += kEncodedDigits[static_cast<std::size_t>(digit - '0')];
  }
  return hash;
}

std::string container_id(std::uint64_t seed) {
  return characters(kHexadecimal, seed, 64);
}

std::string pod_uid(std::uint64_t seed) {
  std::string uid = characters(kHexadecimal, seed, 36);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) uid[dash] = '-';
  uid[14] = '4';
  return uid;
}

}  // namespace loadline::generate
