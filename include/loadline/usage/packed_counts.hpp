/// Bucket counts in as few bytes as they need: 1, 2, 4 or 8 each, the narrowest that holds the
/// largest.
///
/// Half of what a profile takes in memory is these counts, and a day of one replica seldom has more
/// than 255 samples in a bucket: a std::variant of vectors took twice as much. A plain value: equal
/// counts are equal objects.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>

namespace loadline {

class PackedCounts {
 public:
  PackedCounts() = default;
  explicit PackedCounts(std::span<const std::uint64_t> counts);
  PackedCounts(const PackedCounts& other);
  PackedCounts(PackedCounts&& other) noexcept;
  PackedCounts& operator=(PackedCounts other) noexcept;
  ~PackedCounts() = default;

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t heap_bytes() const { return std::size_t{size_} * width_; }
  bool operator==(const PackedCounts& other) const;

  /// Adds `more` to the counts from `offset` on and says true, or leaves all as it is and says
  /// false where a sum would not fit the width.
  [[nodiscard]] bool add(std::size_t offset, std::span<const std::uint32_t> more);

  /// Calls `use` with the counts as a std::span of the unsigned type that they are kept in.
  template <typename Use>
  decltype(auto) visit(Use use) const {
    switch (width_) {
      case 1:
        return use(view<const std::uint8_t>());
      case 2:
        return use(view<const std::uint16_t>());
      case 4:
        return use(view<const std::uint32_t>());
      default:
        return use(view<const std::uint64_t>());
    }
  }

 private:
  template <typename Count>
  [[nodiscard]] std::span<Count> view() const {
    return {reinterpret_cast<Count*>(bytes_.get()), size_};
  }
  template <typename Count>
  bool add_as(std::size_t offset, std::span<const std::uint32_t> more);

  std::unique_ptr<std::byte[]> bytes_{};  // operator new aligns for any width
  std::uint16_t size_ = 0;
  std::uint8_t width_ = 1;
};

}  // namespace loadline
