#include "support/generate/usage_samples.hpp"

#include <numeric>
#include <vector>

#include "support/catch.hpp"

namespace loadline::generate {
namespace {

struct Point {
  Ms t = 0;
  double counter = 0;
};

/// The cores at each point; -1 where there is no sample.
std::vector<double> usage_of(const std::vector<Point>& points, Ms interval = 30 * kSecond) {
  CpuUsage usage(interval);
  std::vector<double> cores;
  for (const Point& point : points) cores.push_back(usage.at(point.t, point.counter).value_or(-1));
  return cores;
}

TEST_CASE("a CPU usage sample spans two scrapes and sixty seconds") {
  CHECK(usage_of({{0, 100}, {30'000, 106}, {60'000, 112}, {90'000, 130}}) ==
        std::vector<double>{-1, -1, 0.2, 0.4});
}

TEST_CASE("a scrape that came early makes the window reach one scrape further back") {
  CHECK(usage_of({{0, 0}, {30'000, 3}, {59'990, 6}, {90'000, 9}}) ==
        std::vector<double>{-1, -1, -1, 9.0 / 90});
}

TEST_CASE("scrapes every two minutes still need two of them") {
  CHECK(usage_of({{0, 0}, {120'000, 12}, {240'000, 36}}, 120'000) ==
        std::vector<double>{-1, -1, 0.15});
}

TEST_CASE("a counter that fell counts from zero") {
  CHECK(usage_of({{0, 1000}, {30'000, 1006}, {60'000, 3}}) == std::vector<double>{-1, -1, 0.15});
}

TEST_CASE("nothing spans a gap of more than five minutes") {
  CHECK(
      usage_of({{0, 0}, {30'000, 3}, {60'000, 6}, {360'001, 90}, {390'001, 96}, {420'001, 102}}) ==
      std::vector<double>{-1, -1, 0.1, -1, -1, 0.2});
}

TEST_CASE("a gap of five minutes exactly is none") {
  CHECK(usage_of({{0, 0}, {30'000, 3}, {330'000, 33}}) == std::vector<double>{-1, -1, 0.1});
}

TEST_CASE("statistics are values of the nearest rank") {
  std::vector<double> samples(100);
  std::iota(samples.rbegin(), samples.rend(), 1);
  const Exact exact = exact_statistics(samples);
  CHECK(exact.samples == 100);
  CHECK(exact.p50 == 50);
  CHECK(exact.p95 == 95);
  CHECK(exact.p99 == 99);
  CHECK(exact.max == 100);
}

TEST_CASE("one sample is every quantile, none has no quantile") {
  CHECK(exact_statistics({7}).p50 == 7);
  CHECK_FALSE(exact_statistics({}).p95);
}

}  // namespace
}  // namespace loadline::generate
