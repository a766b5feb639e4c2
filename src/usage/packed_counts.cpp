#include "loadline/usage/packed_counts.hpp"

#include <cassert>
#include <cstring>
#include <utility>

namespace loadline {
namespace {

std::uint8_t width_for(std::uint64_t highest) {
  if (highest <= std::numeric_limits<std::uint8_t>::max()) return 1;
  if (highest <= std::numeric_limits<std::uint16_t>::max()) return 2;
  return highest <= std::numeric_limits<std::uint32_t>::max() ? 4 : 8;
}

}  // namespace

PackedCounts::PackedCounts(std::span<const std::uint64_t> counts)
    : size_(static_cast<std::uint16_t>(counts.size())) {
  assert(counts.size() <= std::numeric_limits<std::uint16_t>::max());
  if (counts.empty()) return;
  width_ = width_for(*std::ranges::max_element(counts));
  bytes_ = std::make_unique_for_overwrite<std::byte[]>(heap_bytes());
  visit([&](auto target) {
    using Count = std::remove_const_t<typename decltype(target)::element_type>;
    std::ranges::transform(counts, view<Count>().begin(),
                           [](std::uint64_t count) { return static_cast<Count>(count); });
  });
}

PackedCounts::PackedCounts(const PackedCounts& other) : size_(other.size_), width_(other.width_) {
  if (size_ == 0) return;
  bytes_ = std::make_unique_for_overwrite<std::byte[]>(heap_bytes());
  std::memcpy(bytes_.get(), other.bytes_.get(), heap_bytes());
}

PackedCounts::PackedCounts(PackedCounts&& other) noexcept
    : bytes_(std::move(other.bytes_)),
      size_(std::exchange(other.size_, std::uint16_t{0})),
      width_(std::exchange(other.width_, std::uint8_t{1})) {}

PackedCounts& PackedCounts::operator=(PackedCounts other) noexcept {
  bytes_ = std::move(other.bytes_);
  size_ = other.size_;
  width_ = other.width_;
  return *this;
}

bool PackedCounts::operator==(const PackedCounts& other) const {
  return size_ == other.size_ && width_ == other.width_ &&
         (size_ == 0 || std::memcmp(bytes_.get(), other.bytes_.get(), heap_bytes()) == 0);
}

template <typename Count>
bool PackedCounts::add_as(std::size_t offset, std::span<const std::uint32_t> more) {
  const auto target = view<Count>().subspan(offset, more.size());
  std::uint64_t highest = 0;
  for (std::size_t i = 0; i < more.size(); ++i)
    highest = std::max(highest, std::uint64_t{target[i]} + more[i]);
  if (highest > std::numeric_limits<Count>::max()) return false;
  for (std::size_t i = 0; i < more.size(); ++i) target[i] = static_cast<Count>(target[i] + more[i]);
  return true;
}

bool PackedCounts::add(std::size_t offset, std::span<const std::uint32_t> more) {
  if (offset + more.size() > size_) return false;
  switch (width_) {
    case 1:
      return add_as<std::uint8_t>(offset, more);
    case 2:
      return add_as<std::uint16_t>(offset, more);
    case 4:
      return add_as<std::uint32_t>(offset, more);
    default:
      return add_as<std::uint64_t>(offset, more);
  }
}

}  // namespace loadline
