#include "support/simulate/load.hpp"

#include <cmath>
#include <numbers>

#include "support/generate/random.hpp"

namespace loadline::simulate {
namespace {

using generate::Random;

/// Counters begin on this day; a counter of decades would lose digits.
constexpr std::int64_t kFirstDay = 20'000;
constexpr double kPage = 4'096;
constexpr double kNoise = 0.25;
constexpr double kMemoryNoise = 0.02;

/// Normally distributed (Box and Muller).
double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.next_unit()));
  return radius * std::cos(2 * std::numbers::pi * random.next_unit());
}

/// From -0.5 at night to 0.5 at noon.
double daily(std::size_t scrape, std::size_t scrapes) {
  const double part = static_cast<double>(scrape) / static_cast<double>(scrapes);
  return -std::cos(2 * std::numbers::pi * part) / 2;
}

double whole_nanoseconds(double seconds) {
  return std::round(seconds * 1e9) / 1e9;
}

double whole_pages(double bytes) {
  return std::round(bytes / kPage) * kPage;
}

}  // namespace

Loads::Loads(Milliseconds interval)
    : interval_ms_(interval.count()), scrapes_a_day_(kMillisecondsPerDay / interval_ms_) {
  shapes_.reserve(kLoads);
  for (std::size_t load = 0; load < kLoads; ++load) shapes_.push_back(make_shape(load));
}

Loads::Shape Loads::make_shape(std::size_t load) const {
  Random random(generate::mix(load, 7));
  const double cores = 0.05 * std::exp2(5 * random.next_unit());
  const double bytes = 1e8 * std::exp2(4 * random.next_unit());
  Shape shape{.offset_ms = random.between(0, interval_ms_)};
  shape.memory_drift = bytes * 0.01 * random.next_unit();
  const auto scrapes = static_cast<std::size_t>(scrapes_a_day_);
  for (std::size_t i = 0; i < scrapes; ++i) {
    const double rate = cores * std::exp2(daily(i, scrapes)) * std::exp(kNoise * normal(random));
    shape.cpu_day += rate * static_cast<double>(interval_ms_) / 1000;
    shape.cpu_used.push_back(shape.cpu_day);
    const double part = 1 + 0.1 * daily(i, scrapes) + kMemoryNoise * normal(random);
    shape.memory.push_back(bytes * part);
  }
  return shape;
}

std::int64_t Loads::scrape_from(std::size_t load, std::int64_t t_ms) const {
  const std::int64_t since = t_ms - shapes_[load].offset_ms;
  return since / interval_ms_ + (since % interval_ms_ > 0 ? 1 : 0);
}

double Loads::cpu_counter(const Shape& shape, std::int64_t scrape) const {
  const std::int64_t day = scrape / scrapes_a_day_ - kFirstDay;
  const auto at = static_cast<std::size_t>(scrape % scrapes_a_day_);
  return whole_nanoseconds(static_cast<double>(day) * shape.cpu_day + shape.cpu_used[at]);
}

double Loads::memory(const Shape& shape, std::int64_t scrape) const {
  const std::int64_t day = scrape / scrapes_a_day_ % 30;
  const auto at = static_cast<std::size_t>(scrape % scrapes_a_day_);
  return whole_pages(static_cast<double>(day) * shape.memory_drift + shape.memory[at]);
}

Sample Loads::sample(std::size_t load, Resource resource, std::int64_t scrape) const {
  const Shape& shape = shapes_[load];
  return {.t_ms = scrape * interval_ms_ + shape.offset_ms,
          .value = resource == Resource::kCpu ? cpu_counter(shape, scrape) : memory(shape, scrape)};
}

std::vector<Sample> Loads::samples(std::size_t load, Resource resource, std::int64_t from_ms,
                                   std::int64_t to_ms) const {
  std::vector<Sample> samples;
  const std::int64_t end = scrape_from(load, to_ms);
  for (std::int64_t scrape = scrape_from(load, from_ms); scrape < end; ++scrape)
    samples.push_back(sample(load, resource, scrape));
  return samples;
}

}  // namespace loadline::simulate
