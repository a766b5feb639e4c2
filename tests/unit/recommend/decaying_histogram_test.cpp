/// The vectors of the VPA recommender's own tests (kubernetes/autoscaler, Apache-2.0: facts only).
#include "loadline/recommend/decaying_histogram.hpp"

#include "loadline/recommend/peers.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

const TimePoint kStart = from_unix_ms(1'650'000'000'000);
constexpr Milliseconds kNever = std::chrono::hours(1'000'000);

TEST_CASE("percentiles are upper edges of buckets") {
  DecayingHistogram histogram({.first = 1, .ratio = 1, .count = 10}, kNever);
  for (const double value : {1.0, 2.0, 3.0, 4.0}) histogram.add(value, value, kStart);
  CHECK(histogram.percentile(0.0) == 2);
  CHECK(histogram.percentile(0.2) == 3);
  CHECK(histogram.percentile(0.5) == 4);
  CHECK(histogram.percentile(0.8) == 5);
}

TEST_CASE("an old heavy sample weighs less than a young light one once it has decayed") {
  DecayingHistogram histogram({.first = 1, .ratio = 1, .count = 10}, std::chrono::hours(1));
  histogram.add(2, 1000, kStart);
  histogram.add(1, 1, kStart + std::chrono::hours(20));
  CHECK(histogram.percentile(0.999) == 2);
  CHECK(histogram.percentile(1.0) == 3);
}

TEST_CASE("a histogram without samples has no percentile") {
  CHECK_FALSE(DecayingHistogram({.first = 1, .ratio = 1, .count = 10}, kNever).percentile(0.5));
}

TEST_CASE("any length of history keeps its proportions") {
  DecayingHistogram histogram({.first = 1, .ratio = 1, .count = 10}, std::chrono::hours(1));
  for (int day = 0; day < 400; ++day) {
    histogram.add(day < 399 ? 1 : 5, 1, kStart + std::chrono::days(day));
  }
  CHECK(histogram.percentile(0.5) == 6);
}

TEST_CASE("the VPA's buckets give its own values") {
  struct Row {
    Resource resource = Resource::kCpu;
    double usage = 0;
    double edge = 0;
  };
  const Row rows[] = {
      {Resource::kCpu, 0.001, 0.010},
      {Resource::kCpu, 0.100, 0.1103},
      {Resource::kCpu, 0.500, 0.511},
      {Resource::kMemory, 50e6, 55.3e6},
  };
  for (const Row& row : rows) {
    CAPTURE(row.usage);
    DecayingHistogram histogram(vpa_buckets(row.resource), kNever);
    histogram.add(row.usage, 1, kStart);
    CHECK(histogram.percentile(0.9).value() == Approx(row.edge).epsilon(0.002));
  }
}

TEST_CASE("nine samples two minutes apart are little to be confident of") {
  CHECK(vpa_confidence(std::chrono::minutes(16), 9) == Approx(0.00625).epsilon(1e-12));
}

}  // namespace
}  // namespace loadline
