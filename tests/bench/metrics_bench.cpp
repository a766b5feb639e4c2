// Writes the metrics (or the JSON report) of made-up containers the way the daemon's server does,
// into a sink that counts, and prints what it took as one JSON line.
//   metrics_bench CONTAINERS [text|openmetrics|json]
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <random>
#include <streambuf>
#include <string>
#include <string_view>

#include "loadline/publish/metrics.hpp"
#include "loadline/publish/report.hpp"

namespace loadline {
namespace {

using Random = std::mt19937_64;

std::string name_of(Random& random, std::size_t length) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  std::string name(length, ' ');
  for (char& c : name) c = kLetters[random() % kLetters.size()];
  return name;
}

double between(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

/// Quantiles with all their digits, as sketches give them; requests and limits on the grid.
ResourceAdvice advice_of(Random& random, double p95, double step) {
  ResourceAdvice advice;
  advice.samples = 40'320;
  advice.p50 = p95 * between(random, 0.3, 0.9);
  advice.p95 = p95;
  advice.p99 = p95 * between(random, 1.0, 1.3);
  advice.max = p95 * between(random, 1.3, 2.0);
  advice.mean = p95 * between(random, 0.3, 0.9);
  advice.target = p95;
  const double steps = std::max(1.0, static_cast<double>(static_cast<int>(p95 / step)));
  advice.recommended = {steps * step, 2 * steps * step};
  advice.current = {4 * steps * step, 8 * steps * step};
  return advice;
}

Recommendation row_of(Random& random) {
  constexpr double kMi = 1024.0 * 1024.0;
  Recommendation row;
  row.key = {
      {"", name_of(random, 10 + random() % 15), "Deployment", name_of(random, 10 + random() % 31)},
      name_of(random, 10 + random() % 15)};
  row.replicas = static_cast<std::uint32_t>(random() % 20);
  row.current_known = true;
  row.verdict = Verdict::kChange;
  row.coverage = {between(random, 0.9, 1.0), Milliseconds(1'209'570'000)};
  row.resources[Resource::kCpu] = advice_of(random, between(random, 0.01, 4), 0.001);
  row.resources[Resource::kMemory] = advice_of(random, between(random, 40, 8000) * kMi, kMi);
  row.reasons = {{ReasonCode::kRequestTooHigh, Resource::kCpu,
                  "requests 4 cores where p95 of its usage is 873m, 78 % less"},
                 {ReasonCode::kRequestTooHigh, Resource::kMemory,
                  "requests 4Gi where p95 of its usage is 1.1Gi, 72 % less"}};
  return row;
}

Report report_of(std::size_t containers) {
  Random random(1);
  Report report;
  report.recommendations.reserve(containers);
  for (std::size_t i = 0; i < containers; ++i) report.recommendations.push_back(row_of(random));
  return report;
}

struct Sink {
  std::size_t bytes = 0;
  std::size_t pieces = 0;
};

class CountingBuffer : public std::streambuf {
 public:
  explicit CountingBuffer(Sink& sink) : sink_(sink) {}

 private:
  std::streamsize xsputn(const char* /*text*/, std::streamsize size) override {
    sink_.bytes += static_cast<std::size_t>(size);
    ++sink_.pieces;
    return size;
  }
  int_type overflow(int_type c) override {
    ++sink_.bytes;
    return c;
  }

  Sink& sink_;
};

Sink write_once(const Report& report, std::string_view what) {
  Sink sink;
  if (what == "json") {
    CountingBuffer buffer(sink);
    std::ostream out(&buffer);
    render(report, ReportFormat::kJson, {}, out);
    return sink;
  }
  const auto format = what == "text" ? MetricsFormat::kText : MetricsFormat::kOpenMetrics;
  write_recommendation_metrics(report, format, [&sink](std::string_view piece) {
    sink.bytes += piece.size();
    ++sink.pieces;
    return true;
  });
  return sink;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void run(std::size_t containers, std::string_view what) {
  constexpr int kRuns = 7;
  const Report report = report_of(containers);
  const double before_mib = peak_mib();
  Sink sink;
  double best_seconds = 1e9;
  const double cpu_before = cpu_seconds();
  for (int i = 0; i < kRuns; ++i) {
    const auto start = std::chrono::steady_clock::now();
    sink = write_once(report, what);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best_seconds = std::min(best_seconds, taken.count());
  }
  std::printf(
      "{\"what\": \"%.*s\", \"containers\": %zu, \"seconds\": %.4f, \"cpu_seconds\": %.4f, ",
      static_cast<int>(what.size()), what.data(), containers, best_seconds,
      (cpu_seconds() - cpu_before) / kRuns);
  std::printf(
      "\"mib\": %.1f, \"pieces\": %zu, \"rows_mib\": %.1f, \"peak_above_rows_mib\": %.1f}\n",
      static_cast<double>(sink.bytes) / 1048576, sink.pieces, before_mib, peak_mib() - before_mib);
}

}  // namespace
}  // namespace loadline

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: metrics_bench CONTAINERS [text|openmetrics|json]\n");
    return 2;
  }
  const auto containers = static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10));
  loadline::run(containers, argc > 2 ? argv[2] : "text");
  return 0;
}
