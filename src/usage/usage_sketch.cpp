#include "loadline/usage/usage_sketch.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

namespace loadline {
namespace {

NanoSum to_nano(double value) {
  const auto whole = static_cast<std::int64_t>(value);
  const auto nano = static_cast<std::int64_t>((value - static_cast<double>(whole)) * 1e9);
  return NanoSum{whole} * 1'000'000'000 + nano;
}

std::span<const std::uint64_t> trim(std::span<const std::uint64_t> counts) {
  while (!counts.empty() && counts.back() == 0) counts = counts.first(counts.size() - 1);
  while (!counts.empty() && counts.front() == 0) counts = counts.subspan(1);
  return counts;
}

}  // namespace

void UsageSketch::store(std::uint32_t first, std::span<const std::uint64_t> counts) {
  first_ = static_cast<std::uint16_t>(first);
  counts_ = PackedCounts(counts);
}

void UsageSketch::set_sum(NanoSum sum) {
  sum_low_ = static_cast<std::uint64_t>(sum);
  sum_high_ = static_cast<std::uint64_t>(sum >> 64);
}

void UsageSketch::widen(const Summary& summary) {
  min_ = empty() ? summary.min : std::min(min_, summary.min);
  max_ = empty() ? summary.max : std::max(max_, summary.max);
  set_sum(sum_nano() + summary.sum_nano);
}

void UsageSketch::add_to(std::uint32_t first, std::span<std::uint64_t> sums) const {
  counts_.visit([&](auto counts) {
    const auto target = sums.subspan(first_ - first, counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) target[i] += counts[i];
  });
}

void UsageSketch::add(std::span<const std::uint32_t> counts, const Summary& summary) {
  if (counts.empty()) return;
  const std::uint32_t first = bucket_of(summary.min);
  const auto end = first + static_cast<std::uint32_t>(counts.size());
  assert(counts.front() > 0 && counts.back() > 0 && end - 1 == bucket_of(summary.max));
  const bool was_empty = empty();
  widen(summary);
  // Most batches fall into buckets that the day has already.
  if (!was_empty && first >= first_ && counts_.add(first - first_, counts)) return;
  const std::uint32_t low = was_empty ? first : std::min<std::uint32_t>(first, first_);
  const auto high = static_cast<std::uint32_t>(first_ + bucket_count());
  std::vector<std::uint64_t> sums((was_empty ? end : std::max(end, high)) - low);
  if (!was_empty) add_to(low, sums);
  for (std::size_t i = 0; i < counts.size(); ++i) sums[first - low + i] += counts[i];
  store(low, sums);
}

void UsageSketch::add(double value) {
  assert(value >= 0 && value < kUsageCeiling);
  const std::uint32_t one = 1;
  add(std::span(&one, 1), Summary{.min = value, .max = value, .sum_nano = to_nano(value)});
}

void UsageSketch::merge(const UsageSketch& other) {
  const UsageSketch* const parts[] = {this, &other};
  *this = sum(parts);
}

UsageSketch UsageSketch::sum(std::span<const UsageSketch* const> parts) {
  UsageSketch result;
  std::uint32_t low = kBucketCount;
  std::size_t end = 0;
  for (const UsageSketch* part : parts) {
    if (part->empty()) continue;
    low = std::min<std::uint32_t>(low, part->first_);
    end = std::max(end, part->first_ + part->bucket_count());
  }
  if (end == 0) return result;
  std::vector<std::uint64_t> sums(end - low);
  result.min_ = kUsageCeiling;
  for (const UsageSketch* part : parts) {
    if (part->empty()) continue;
    part->add_to(low, sums);
    result.min_ = std::min(result.min_, part->min_);
    result.max_ = std::max(result.max_, part->max_);
    result.set_sum(result.sum_nano() + part->sum_nano());
  }
  result.store(low, sums);
  return result;
}

void UsageSketch::subtract(const UsageSketch& other) {
  if (other.empty()) return;
  std::vector<std::uint64_t> left(bucket_count());
  add_to(first_, left);
  other.for_each_bucket([&](std::uint32_t bucket, std::uint64_t count) {
    assert(bucket >= first_ && left[bucket - first_] >= count);
    left[bucket - first_] -= count;
    return true;
  });
  const auto kept = trim(left);
  if (kept.empty()) {
    *this = UsageSketch{};
    return;
  }
  const auto low = first_ + static_cast<std::uint32_t>(kept.data() - left.data());
  const auto high = low + static_cast<std::uint32_t>(kept.size()) - 1;
  if (bucket_of(min_) != low) min_ = bucket_middle(low);
  if (bucket_of(max_) != high) max_ = bucket_middle(high);
  set_sum(sum_nano() - other.sum_nano());
  store(low, kept);
}

std::uint64_t UsageSketch::count() const {
  return counts_.visit(
      [](auto counts) { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); });
}

std::optional<double> UsageSketch::min() const {
  return empty() ? std::nullopt : std::optional(min_);
}

std::optional<double> UsageSketch::max() const {
  return empty() ? std::nullopt : std::optional(max_);
}

std::optional<double> UsageSketch::mean() const {
  if (empty()) return std::nullopt;
  return static_cast<double>(sum_nano()) / 1e9 / static_cast<double>(count());
}

std::optional<double> UsageSketch::quantile(double q) const {
  assert(q >= 0 && q <= 1);
  if (empty()) return std::nullopt;
  const auto total = static_cast<double>(count());
  // 0.95 * 100 is 95.00000000000001 in doubles: without the allowance the rank would be 96.
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * total * (1 - 1e-12)));
  if (rank <= 1) return min_;
  if (rank >= static_cast<std::uint64_t>(total)) return max_;
  std::uint64_t seen = 0;
  double value = max_;
  for_each_bucket([&](std::uint32_t bucket, std::uint64_t count) {
    seen += count;
    if (seen < rank) return true;
    value = bucket_middle(bucket);
    return false;
  });
  return std::clamp(value, min_, max_);
}

std::uint64_t UsageSketch::count_above(double value) const {
  std::uint64_t above = 0;
  for_each_bucket([&](std::uint32_t bucket, std::uint64_t count) {
    if (bucket_lower(bucket) > value) above += count;
    return true;
  });
  return above;
}

std::size_t UsageSketch::heap_bytes() const {
  return counts_.heap_bytes();
}

}  // namespace loadline
