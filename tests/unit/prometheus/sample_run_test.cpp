#include "prometheus/sample_run.hpp"

#include <bit>

#include "support/catch.hpp"
#include "support/collecting_sink.hpp"

using namespace loadline;

namespace {

const TimeRange kRange{from_unix_ms(1000), from_unix_ms(2000)};

}  // namespace

TEST_CASE("samples outside the half-open range and stale markers are dropped") {
  test::CollectingSink sink;
  SampleRuns runs(sink, kRange);
  runs.begin({{"a", "x"}});
  for (const std::int64_t t : {999, 1000, 1500, 1999, 2000}) runs.add({t, 1});
  runs.end();
  runs.begin({{"a", "y"}});
  runs.add({1500, std::bit_cast<double>(kStaleMarkerBits)});
  runs.end();
  CHECK(sink.of("a", "x") == std::vector<Sample>{{1000, 1}, {1500, 1}, {1999, 1}});
  CHECK(sink.runs() == 1);
  CHECK(runs.stats().samples == 3);
  CHECK(runs.stats().series == 1);
  CHECK(sink.breaches().empty());
}

TEST_CASE("a repeated instant is a duplicate, an older one is counted as out of order") {
  test::CollectingSink sink;
  SampleRuns runs(sink, kRange);
  runs.begin({{"a", "x"}});
  for (const std::int64_t t : {1100, 1100, 1050, 1200}) runs.add({t, 1});
  runs.end();
  CHECK(sink.of("a", "x") == std::vector<Sample>{{1100, 1}, {1200, 1}});
  CHECK(runs.stats().out_of_order == 1);
}

TEST_CASE("a long series reaches the sink in batches of 4096") {
  test::CollectingSink sink;
  SampleRuns runs(sink, {from_unix_ms(0), from_unix_ms(100'000)});
  runs.begin({{"a", "x"}});
  for (std::int64_t t = 0; t < 10'000; ++t) runs.add({t, 1});
  runs.end();
  CHECK(sink.samples() == 10'000);
  CHECK(sink.largest_batch() == 4096);
  CHECK(sink.runs() == 1);
}

TEST_CASE("a series that a failure left open is closed") {
  test::CollectingSink sink;
  {
    SampleRuns runs(sink, {from_unix_ms(0), from_unix_ms(100'000)});
    runs.begin({{"a", "x"}});
    for (std::int64_t t = 0; t < 5'000; ++t) runs.add({t, 1});
  }
  CHECK(sink.samples() == 4096);
  CHECK(sink.breaches().empty());
}
