#include "loadline/usage/usage_sketch.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "support/catch.hpp"
#include "usage/sketch_accumulator.hpp"

namespace loadline {
namespace {

/// The bound that log_histogram.hpp states.
constexpr double kBound = 1.0 / 128;

using Series = std::vector<double> (*)(std::mt19937_64&);

template <typename Next>
std::vector<double> day(Next next) {
  std::vector<double> values(2880);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = next(static_cast<double>(i) / 2880);
  return values;
}

double uniform(std::mt19937_64& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

struct Named {
  const char* name;
  Series make;
};

// The loads that issue the bound: each row is a day at 30 s.
const Named kSeries[] = {
    {"steady",
     [](std::mt19937_64& r) { return day([&](double) { return uniform(r, 0.48, 0.52); }); }},
    {"diurnal",
     [](std::mt19937_64& r) {
       return day(
           [&](double t) { return 2 + std::sin(t * 2 * std::numbers::pi) + uniform(r, 0, .1); });
     }},
    {"bursty 4 %",
     [](std::mt19937_64& r) {
       return day([&](double) {
         return uniform(r, 0, 1) < 0.04 ? uniform(r, 3, 5) : uniform(r, 0.01, 0.02);
       });
     }},
    {"batch, an hour a day",
     [](std::mt19937_64& r) {
       return day([&](double t) { return t < 1.0 / 24 ? uniform(r, 7, 8) : 1e-4; });
     }},
    {"bimodal",
     [](std::mt19937_64& r) {
       return day([&](double) { return uniform(r, 0, 1) < 0.5 ? 0.002 : uniform(r, 0.9, 1.1); });
     }},
    {"Pareto",
     [](std::mt19937_64& r) {
       return day([&](double) { return 0.01 / std::pow(uniform(r, 1e-9, 1), 1 / 1.1); });
     }},
    {"log-normal",
     [](std::mt19937_64& r) {
       return day([&](double) { return std::lognormal_distribution<double>(0, 2)(r); });
     }},
    {"constant", [](std::mt19937_64&) { return day([](double) { return 0.3; }); }},
    {"zero", [](std::mt19937_64&) { return day([](double) { return 0.0; }); }},
    {"1e-6 .. 1e6",
     [](std::mt19937_64& r) {
       return day([&](double) { return std::pow(10, uniform(r, -6, 6)); });
     }},
    {"bytes",
     [](std::mt19937_64& r) {
       return day([&](double) { return std::floor(uniform(r, 1e8, 9e12)); });
     }},
};

double exact_quantile(const std::vector<double>& sorted, double q) {
  const auto rank =
      static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size()) * (1 - 1e-12)));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

UsageSketch sketch_of(const std::vector<double>& values) {
  SketchAccumulator accumulator;
  for (const double value : values) accumulator(value);
  UsageSketch sketch;
  accumulator.flush_into(sketch);
  return sketch;
}

}  // namespace

TEST_CASE("every quantile of every load is within 1/128 of the exact one") {
  for (const Named& load : kSeries) {
    std::mt19937_64 random(42);
    std::vector<double> values = load.make(random);
    const UsageSketch sketch = sketch_of(values);
    std::ranges::sort(values);
    for (int permille = 1; permille <= 1000; ++permille) {
      const double q = permille / 1000.0;
      const double exact = exact_quantile(values, q);
      INFO(load.name << " q=" << q << " exact=" << exact << " sketch=" << *sketch.quantile(q));
      REQUIRE(std::abs(*sketch.quantile(q) - exact) <= exact * kBound);
    }
  }
}

TEST_CASE("count, minimum, maximum and mean are exact") {
  for (const Named& load : kSeries) {
    std::mt19937_64 random(1);
    const std::vector<double> values = load.make(random);
    const UsageSketch sketch = sketch_of(values);
    double sum = 0;
    for (const double value : values) sum += value;
    INFO(load.name);
    CHECK(sketch.count() == values.size());
    CHECK(sketch.min() == *std::ranges::min_element(values));
    CHECK(sketch.max() == *std::ranges::max_element(values));
    CHECK(*sketch.mean() ==
          Approx(sum / static_cast<double>(values.size())).epsilon(1e-9).margin(1e-9));
  }
}

TEST_CASE("buckets tile the line and hold their own edges") {
  for (std::uint32_t bucket = 1; bucket < kBucketCount; ++bucket) {
    const double low = bucket_lower(bucket);
    REQUIRE(bucket_of(low) == bucket);
    REQUIRE(bucket_of(std::nextafter(low, 0)) == bucket - 1);
    REQUIRE((bucket_lower(bucket + 1) - low) / low <= 1.0 / 64);
  }
  CHECK(bucket_lower(kBucketCount) == kUsageCeiling);
  CHECK(bucket_of(0) == 0);
  CHECK(bucket_of(-0.0) == 0);
  CHECK(bucket_of(1e-300) == 0);
}

TEST_CASE("merging in any order gives one and the same sketch") {
  std::mt19937_64 random(5);
  std::vector<UsageSketch> parts;
  for (const Named& load : kSeries) parts.push_back(sketch_of(load.make(random)));
  UsageSketch forward;
  for (const UsageSketch& part : parts) forward.merge(part);
  UsageSketch backward;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) backward.merge(*part);
  std::vector<const UsageSketch*> pointers;
  for (const UsageSketch& part : parts) pointers.push_back(&part);
  CHECK(forward == backward);
  CHECK(forward == UsageSketch::sum(pointers));
}

TEST_CASE("a day that is subtracted leaves what merging the others gives") {
  std::mt19937_64 random(9);
  const UsageSketch monday = sketch_of(kSeries[1].make(random));
  const UsageSketch tuesday = sketch_of(kSeries[2].make(random));
  UsageSketch both = monday;
  both.merge(tuesday);
  both.subtract(tuesday);
  CHECK(both.count() == monday.count());
  CHECK(*both.mean() == Approx(*monday.mean()));
  for (const double q : {0.01, 0.5, 0.95, 0.99}) CHECK(both.quantile(q) == monday.quantile(q));
  both.subtract(monday);
  CHECK(both == UsageSketch{});
}

TEST_CASE("counts beyond 16 bits do not wrap") {
  UsageSketch sketch;
  const std::vector<double> many(40'000, 0.25);
  for (int i = 0; i < 3; ++i) {
    SketchAccumulator accumulator;
    for (const double value : many) accumulator(value);
    accumulator.flush_into(sketch);
  }
  CHECK(sketch.count() == 120'000);
  UsageSketch doubled = sketch;
  for (int i = 0; i < 17; ++i) doubled.merge(UsageSketch(doubled));
  CHECK(doubled.count() == 120'000ULL << 17);
  CHECK(doubled.quantile(0.5) == 0.25);
}

TEST_CASE("an empty sketch knows nothing") {
  const UsageSketch sketch;
  CHECK(sketch.count() == 0);
  CHECK_FALSE(sketch.min());
  CHECK_FALSE(sketch.mean());
  CHECK_FALSE(sketch.quantile(0.95));
  CHECK(sketch.count_above(0) == 0);
}

TEST_CASE("the share above a value counts whole buckets") {
  UsageSketch sketch;
  for (const double value : {0.1, 0.2, 0.4, 0.8}) sketch.add(value);
  CHECK(sketch.count_above(0.3) == 2);
  CHECK(sketch.count_above(0.8) == 0);
  CHECK(sketch.count_above(0) == 4);
}

TEST_CASE("nearest rank: p95 of twenty values is the nineteenth") {
  UsageSketch sketch;
  for (int i = 1; i <= 20; ++i) sketch.add(std::ldexp(1.0, i));
  CHECK(*sketch.quantile(0.95) == Approx(std::ldexp(1.0, 19)).epsilon(kBound));
  CHECK(sketch.quantile(0) == 2.0);
  CHECK(sketch.quantile(1) == std::ldexp(1.0, 20));
}

TEST_CASE("a sketch comes back from its stored form, and damage is noticed") {
  for (const Named& load : kSeries) {
    std::mt19937_64 random(3);
    const UsageSketch sketch = sketch_of(load.make(random));
    const std::string bytes = sketch.serialise();
    const auto back = UsageSketch::deserialise(bytes);
    INFO(load.name);
    REQUIRE(back);
    CHECK(*back == sketch);
    CHECK_FALSE(UsageSketch::deserialise(bytes + "x"));
    for (std::size_t size = 2; size < bytes.size(); size += 7)
      CHECK_FALSE(UsageSketch::deserialise(std::string_view(bytes).substr(0, size)));
  }
  CHECK(UsageSketch::deserialise(UsageSketch{}.serialise()) == UsageSketch{});
  CHECK_FALSE(UsageSketch::deserialise(""));
  const auto newer = UsageSketch::deserialise("\x02");
  REQUIRE_FALSE(newer);
  CHECK(newer.error().message.find("another version") != std::string::npos);
}

TEST_CASE("the stored form is the one that docs/sketch_format.md works out") {
  UsageSketch sketch;
  sketch.add(1.0);
  sketch.add(1.0);
  sketch.add(1.02);
  std::string expected("\x01", 1);
  expected += std::string("\x00\x00\x00\x00\x00\x00\xf0\x3f", 8);  // 1.0
  expected += std::string("\x52\xb8\x1e\x85\xeb\x51\xf0\x3f", 8);  // 1.02
  expected += std::string("\x00\x8b\x01\xb4\x00\x00\x00\x00", 8);  // 3,020,000,000 nano
  expected += std::string(8, '\0');
  expected += std::string("\x02\x01", 2);  // two in one bucket, one in the next
  CHECK(sketch.serialise() == expected);
}

TEST_CASE("random bytes are never taken for a sketch that breaks") {
  std::mt19937_64 random(17);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes(random() % 80, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    if (!bytes.empty()) bytes[0] = 1;
    if (const auto sketch = UsageSketch::deserialise(bytes); sketch && !sketch->empty()) {
      REQUIRE(sketch->quantile(0.5) >= sketch->min());
      REQUIRE(sketch->quantile(0.5) <= sketch->max());
    }
  }
}

}  // namespace loadline
