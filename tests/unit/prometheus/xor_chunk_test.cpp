#include "prometheus/xor_chunk.hpp"

#include <cmath>
#include <limits>
#include <random>

#include "support/catch.hpp"
#include "support/remote_read_answer.hpp"

namespace loadline {
namespace {

Result<std::vector<Sample>> decode(std::string chunk) {
  const std::size_t size = chunk.size();
  chunk.append(kChunkPadding, '\xff');
  std::vector<Sample> samples{{.t_ms = 1, .value = 2}};
  const auto bytes = std::as_bytes(std::span(chunk)).first(size);
  if (auto decoded = decode_xor_chunk(bytes, samples); !decoded)
    return tl::unexpected(decoded.error());
  return samples;
}

std::vector<Sample> every(std::int64_t step_ms, std::size_t count, double (*value)(std::size_t)) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i)
    samples.push_back(
        {.t_ms = 1'700'000'000'000 + static_cast<std::int64_t>(i) * step_ms, .value = value(i)});
  return samples;
}

}  // namespace

TEST_CASE("a chunk gives back its samples, whatever the values do") {
  const auto samples =
      GENERATE(every(30'000, 1, [](std::size_t) { return 1.5; }),
               every(30'000, 2, [](std::size_t) { return 0.0; }),
               every(30'000, 120, [](std::size_t) { return 42.0; }),
               every(30'000, 120, [](std::size_t i) { return static_cast<double>(i) * 0.1; }),
               every(1, 120, [](std::size_t i) { return std::sin(static_cast<double>(i)); }),
               every(90'000'000, 5,
                     [](std::size_t i) { return std::ldexp(1.0, static_cast<int>(i) * 200); }),
               every(15'000, 300, [](std::size_t i) { return i % 2 == 0 ? -1e300 : 1e-300; }));
  const auto decoded = decode(test::xor_chunk(samples));
  REQUIRE(decoded);
  CHECK(*decoded == samples);
}

TEST_CASE("every class of timestamp distance is decoded") {
  std::vector<Sample> samples{{.t_ms = -5, .value = 1}};
  for (const std::int64_t step :
       {1LL, 8192LL, 1LL, 65'537LL, 2LL, 524'289LL, 7LL, 5'000'000'000LL, 3LL, 3LL})
    samples.push_back({.t_ms = samples.back().t_ms + step, .value = samples.back().value + 1});
  const auto decoded = decode(test::xor_chunk(samples));
  REQUIRE(decoded);
  CHECK(*decoded == samples);
}

TEST_CASE("random chunks survive the round trip") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<Sample> samples{{.t_ms = 1'700'000'000'000, .value = 0}};
    for (int i = 0; i < 130; ++i) {
      const auto step = static_cast<std::int64_t>(random() >> (34 + random() % 30)) + 1;
      const double value = std::bit_cast<double>(random());
      samples.push_back(
          {.t_ms = samples.back().t_ms + step, .value = std::isnan(value) ? 0 : value});
    }
    const auto decoded = decode(test::xor_chunk(samples));
    REQUIRE(decoded);
    REQUIRE(*decoded == samples);
  }
}

TEST_CASE("stale markers are no samples, other NaNs are") {
  const double stale = std::bit_cast<double>(kStaleMarkerBits);
  const auto decoded =
      decode(test::xor_chunk({{.t_ms = 10, .value = 1},
                              {.t_ms = 20, .value = stale},
                              {.t_ms = 30, .value = std::numeric_limits<double>::quiet_NaN()}}));
  REQUIRE(decoded);
  REQUIRE(decoded->size() == 2);
  CHECK((*decoded)[0] == Sample{.t_ms = 10, .value = 1});
  CHECK((*decoded)[1].t_ms == 30);
  CHECK(std::isnan((*decoded)[1].value));
}

TEST_CASE("a chunk cut anywhere is an error, never a crash or an invented sample") {
  const std::string whole = test::xor_chunk(
      every(30'000, 20, [](std::size_t i) { return static_cast<double>(i * i) / 3; }));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size << " of " << whole.size() << " bytes");
    const auto decoded = decode(whole.substr(0, size));
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().kind == ErrorKind::kCorrupt);
  }
}

TEST_CASE("garbage never reads past its end") {
  std::mt19937_64 random(11);
  int decoded = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string garbage(random() % 200, '\0');
    for (char& byte : garbage) byte = static_cast<char>(random());
    if (garbage.size() > 1) garbage[0] = '\0';
    decoded += decode(garbage) ? 1 : 0;
  }
  CHECK(decoded < 2000);
}

}  // namespace loadline
