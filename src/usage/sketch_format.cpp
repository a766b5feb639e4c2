// The stored form of a sketch: docs/sketch_format.md.
#include <array>
#include <bit>
#include <span>

#include "loadline/usage/usage_sketch.hpp"

namespace loadline {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kHeadBytes = 33;
// More samples than a thousand replicas give in a day, and far from any overflow of sums.
constexpr std::uint64_t kMostCount = std::uint64_t{1} << 40;

void put_fixed64(std::string& out, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

/// Reads from the front of `bytes`; once something is missing or too long, `ok` stays false.
struct Reader {
  std::string_view bytes{};
  bool ok = true;

  std::uint64_t fixed64() {
    if (bytes.size() < 8) return spoil();
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i)
      value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    bytes.remove_prefix(8);
    return value;
  }

  /// Fills all of `counts`; their sum, or more than kMostCount where one of them alone is.
  std::uint64_t counts(std::span<std::uint64_t> counts) {
    std::uint64_t total = 0;
    std::uint64_t any = 0;
    for (std::uint64_t& count : counts) {
      count = one_byte_or_varint();
      total += count;
      any |= count;
    }
    return any > 2 * kMostCount ? any : total;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && !bytes.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    return spoil();
  }

 private:
  std::uint64_t one_byte_or_varint() {
    if (bytes.empty() || static_cast<unsigned char>(bytes.front()) >= 0x80) return varint();
    const auto value = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    return value;
  }

  std::uint64_t spoil() {
    ok = false;
    bytes = {};
    return 0;
  }
};

bool plausible(double min, double max, std::uint64_t sum_high) {
  return min >= 0 && min <= max && max < kUsageCeiling && sum_high >> 63 == 0;
}

Result<UsageSketch> corrupt(const char* why) {
  return fail(ErrorKind::kCorrupt, std::string("stored sketch is damaged: ") + why);
}

}  // namespace

std::string UsageSketch::serialise() const {
  std::string out(1, kVersion);
  if (empty()) return out;
  out.reserve(kHeadBytes + 2 * bucket_count());
  put_fixed64(out, std::bit_cast<std::uint64_t>(min_));
  put_fixed64(out, std::bit_cast<std::uint64_t>(max_));
  put_fixed64(out, sum_low_);
  put_fixed64(out, sum_high_);
  for_each_bucket([&](std::uint32_t, std::uint64_t count) {
    put_varint(out, count);
    return true;
  });
  return out;
}

Result<UsageSketch> UsageSketch::deserialise(std::string_view bytes) {
  if (bytes.empty()) return corrupt("no bytes");
  if (bytes.front() != kVersion) return corrupt("written by another version of loadline");
  Reader in{.bytes = bytes.substr(1)};
  UsageSketch sketch;
  if (in.bytes.empty()) return sketch;
  sketch.min_ = std::bit_cast<double>(in.fixed64());
  sketch.max_ = std::bit_cast<double>(in.fixed64());
  sketch.sum_low_ = in.fixed64();
  sketch.sum_high_ = in.fixed64();
  if (!in.ok || !plausible(sketch.min_, sketch.max_, sketch.sum_high_))
    return corrupt("impossible extremes");
  const std::uint32_t first = bucket_of(sketch.min_);
  // On the stack: a restart reads three million of these, and 40 KiB are too much for malloc's
  // quick path.
  std::array<std::uint64_t, kBucketCount> room;
  const auto counts = std::span(room).first(bucket_of(sketch.max_) - first + 1);
  const std::uint64_t total = in.counts(counts);
  if (!in.ok || !in.bytes.empty()) return corrupt("its counts do not fit its extremes");
  if (counts.front() == 0 || counts.back() == 0) return corrupt("an extreme was never counted");
  if (total > kMostCount) return corrupt("too many samples");
  sketch.store(first, counts);
  return sketch;
}

}  // namespace loadline
