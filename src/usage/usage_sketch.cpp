#include "loadline/usage/usage_sketch.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace loadline {
namespace {

NanoSum to_nano(double value) {
  const auto whole = static_cast<std::int64_t>(value);
  const auto nano = static_cast<std::int64_t>((value - static_cast<double>(whole)) * 1e9);
  return NanoSum{whole} * 1'000'000'000 + nano;
}

template <typename To>
std::vector<To> narrowed(std::span<const std::uint64_t> counts) {
  std::vector<To> result(counts.size());
  std::transform(counts.begin(), counts.end(), result.begin(),
                 [](std::uint64_t count) { return static_cast<To>(count); });
  return result;
}

std::span<const std::uint64_t> trim(std::span<const std::uint64_t> counts) {
  while (!counts.empty() && counts.back() == 0) counts = counts.first(counts.size() - 1);
  while (!counts.empty() && counts.front() == 0) counts = counts.subspan(1);
  return counts;
}

}  // namespace

std::size_t UsageSketch::bucket_count() const {
  return std::visit([](const auto& counts) { return counts.size(); }, counts_);
}

void UsageSketch::store(std::uint32_t first, std::span<const std::uint64_t> counts) {
  first_ = first;
  const std::uint64_t highest = counts.empty() ? 0 : *std::ranges::max_element(counts);
  if (highest <= std::numeric_limits<std::uint16_t>::max()) {
    counts_ = narrowed<std::uint16_t>(counts);
  } else if (highest <= std::numeric_limits<std::uint32_t>::max()) {
    counts_ = narrowed<std::uint32_t>(counts);
  } else {
    counts_ = narrowed<std::uint64_t>(counts);
  }
}

void UsageSketch::widen(const Summary& summary) {
  summary_.min = empty() ? summary.min : std::min(summary_.min, summary.min);
  summary_.max = empty() ? summary.max : std::max(summary_.max, summary.max);
  summary_.sum_nano += summary.sum_nano;
}

void UsageSketch::add_to(std::uint32_t first, std::span<std::uint64_t> sums) const {
  std::visit(
      [&](const auto& counts) {
        const auto target = sums.subspan(first_ - first, counts.size());
        for (std::size_t i = 0; i < counts.size(); ++i) target[i] += counts[i];
      },
      counts_);
}

// Implementation details: most batches fall into buckets that the day has already, with room in 16
// bits.
bool UsageSketch::add_in_place(std::uint32_t first, std::span<const std::uint32_t> counts) {
  auto* narrow = std::get_if<std::vector<std::uint16_t>>(&counts_);
  if (narrow == nullptr || first < first_ || first + counts.size() > first_ + narrow->size())
    return false;
  std::uint16_t* const target = narrow->data() + (first - first_);
  std::uint32_t highest = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    highest = std::max(highest, counts[i] + target[i]);
  if (highest > std::numeric_limits<std::uint16_t>::max()) return false;
  for (std::size_t i = 0; i < counts.size(); ++i)
    target[i] = static_cast<std::uint16_t>(target[i] + counts[i]);
  return true;
}

void UsageSketch::add(std::span<const std::uint32_t> counts, const Summary& summary) {
  if (counts.empty()) return;
  const std::uint32_t first = bucket_of(summary.min);
  assert(counts.front() > 0 && counts.back() > 0 &&
         first + counts.size() - 1 == bucket_of(summary.max));
  if (!add_in_place(first, counts)) {
    const auto last = first + static_cast<std::uint32_t>(counts.size());
    const auto end = first_ + static_cast<std::uint32_t>(bucket_count());
    const std::uint32_t low = empty() ? first : std::min(first, first_);
    std::vector<std::uint64_t> sums((empty() ? last : std::max(last, end)) - low);
    add_to(low, std::span(sums));
    for (std::size_t i = 0; i < counts.size(); ++i) sums[first - low + i] += counts[i];
    widen(summary);
    store(low, sums);
    return;
  }
  widen(summary);
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
    low = std::min(low, part->first_);
    end = std::max(end, part->first_ + part->bucket_count());
  }
  if (end == 0) return result;
  std::vector<std::uint64_t> sums(end - low);
  bool first = true;
  for (const UsageSketch* part : parts) {
    if (part->empty()) continue;
    part->add_to(low, sums);
    if (first) {
      result.summary_ = part->summary_;
      first = false;
      continue;
    }
    result.summary_.min = std::min(result.summary_.min, part->summary_.min);
    result.summary_.max = std::max(result.summary_.max, part->summary_.max);
    result.summary_.sum_nano += part->summary_.sum_nano;
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
  if (bucket_of(summary_.min) != low) summary_.min = bucket_middle(low);
  if (bucket_of(summary_.max) != high) summary_.max = bucket_middle(high);
  summary_.sum_nano -= other.summary_.sum_nano;
  store(low, kept);
}

std::uint64_t UsageSketch::count() const {
  std::uint64_t total = 0;
  for_each_bucket([&](std::uint32_t, std::uint64_t count) {
    total += count;
    return true;
  });
  return total;
}

std::optional<double> UsageSketch::min() const {
  return empty() ? std::nullopt : std::optional(summary_.min);
}

std::optional<double> UsageSketch::max() const {
  return empty() ? std::nullopt : std::optional(summary_.max);
}

std::optional<double> UsageSketch::mean() const {
  if (empty()) return std::nullopt;
  return static_cast<double>(summary_.sum_nano) / 1e9 / static_cast<double>(count());
}

std::optional<double> UsageSketch::quantile(double q) const {
  assert(q >= 0 && q <= 1);
  if (empty()) return std::nullopt;
  const auto total = static_cast<double>(count());
  // 0.95 * 100 is 95.00000000000001 in doubles: without the allowance the rank would be 96.
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * total * (1 - 1e-12)));
  if (rank <= 1) return summary_.min;
  if (rank >= static_cast<std::uint64_t>(total)) return summary_.max;
  std::uint64_t seen = 0;
  double value = summary_.max;
  for_each_bucket([&](std::uint32_t bucket, std::uint64_t count) {
    seen += count;
    if (seen < rank) return true;
    value = bucket_middle(bucket);
    return false;
  });
  return std::clamp(value, summary_.min, summary_.max);
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
  return std::visit([](const auto& counts) { return counts.capacity() * sizeof(counts.front()); },
                    counts_);
}

}  // namespace loadline
