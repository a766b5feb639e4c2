// Reads a window by one path, the way `loadline report` does, and prints what it took as one JSON
// line.
//   read_bench URL PATH END_UNIX_SECONDS DAYS CONCURRENCY [ROUNDS]
//       PATH: remote-read | query | export | remote-read-samples; DAYS may be minutes ("5m"), as a
//       cycle of `serve` reads them; the figures are those of one of the ROUNDS
//   read_bench --request FILE END_UNIX_SECONDS DAYS
//       writes the body of the whole read as one request, for curl
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "loadline/prometheus/curl_transport.hpp"
#include "loadline/prometheus/retrying_transport.hpp"
#include "loadline/prometheus/sources.hpp"
#include "loadline/usage/read.hpp"
#include "prometheus/remote_read_messages.hpp"

namespace loadline {
namespace {

int give_up(const Error& error) {
  std::fprintf(stderr, "read_bench: %s\n", error.message.c_str());
  return 1;
}

TimeRange window_of(const char* end_seconds, const char* window_days) {
  const TimePoint end = from_unix_ms(std::atoll(end_seconds) * 1000);
  const int length = std::atoi(window_days);
  if (std::string_view(window_days).ends_with('m'))
    return {end - std::chrono::minutes(length), end};
  return profiling_window(end, std::chrono::days(length));
}

int write_request(const char* file, TimeRange window) {
  std::ofstream(file, std::ios::binary) << encode_read_request(
      {.matchers = container_matchers({}), .range = window}, RemoteReadAnswer::kStreamedXorChunks);
  return 0;
}

ReadPath path_of(std::string_view name) {
  for (const ReadPath path : {ReadPath::kRemoteReadStreamed, ReadPath::kRemoteReadSamples,
                              ReadPath::kVictoriaMetricsExport})
    if (to_string(path) == name) return path;
  return ReadPath::kQuery;
}

std::size_t profile_bytes(const ProfileSet& profiles) {
  std::size_t bytes = 0;
  for (const auto& [key, profile] : profiles)
    for (const Resource resource : kResources)
      for (const DayUsage& day : profile.resources[resource].days)
        bytes += sizeof day + day.sketch.heap_bytes();
  return bytes;
}

double cpu_seconds(const rusage& usage) {
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

rusage used_so_far() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

struct How {
  ReadPath path = ReadPath::kQuery;
  int concurrency = 2;
  int rounds = 1;
};

/// A short window is what a running service reads: it knows the interval.
Result<Milliseconds> interval_in(QueryApi& api, TimeRange window) {
  constexpr Milliseconds kUsual{30'000};
  if (window.length() < std::chrono::hours(1)) return kUsual;
  const auto interval = detect_scrape_interval(api, {}, window);
  if (!interval) return tl::unexpected<Error>(interval.error());
  return interval->value_or(kUsual);
}

int read(const char* url, const How& how, TimeRange window) {
  auto transport = make_curl_transport({.url = url});
  if (!transport) return give_up(transport.error());
  RetryingTransport retrying(**transport, {}, real_retry_world());
  QueryApi api(retrying, {});
  const auto step = interval_in(api, window);
  if (!step) return give_up(step.error());
  const auto source = make_source(how.path, retrying, api, {.scrape_interval = *step});
  const Inventory nobody;
  UsageState state;
  ReadStats last;
  const rusage before = used_so_far();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < how.rounds; ++i) {
    state = UsageState{};
    UsageCollector collector(state, nobody, {.scrape_interval = *step}, window);
    const auto stats =
        read_usage(*source, api, {}, window, Milliseconds(0), how.concurrency, collector, {});
    if (!stats) return give_up(stats.error());
    last = *stats;
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const rusage usage = used_so_far();
  // Of a long read the beginning counts too; of many short ones it would hide them.
  const double cpu = cpu_seconds(usage) - (how.rounds > 1 ? cpu_seconds(before) : 0);
  std::printf(
      "{\"wall_seconds\": %.4f, \"client_cpu_seconds\": %.4f, \"samples\": %llu, \"bytes\": %llu, "
      "\"requests\": %llu, \"containers\": %zu, \"profile_bytes\": %zu, \"peak_rss_bytes\": "
      "%lld}\n",
      wall.count() / how.rounds, cpu / how.rounds, static_cast<unsigned long long>(last.samples),
      static_cast<unsigned long long>(last.bytes), static_cast<unsigned long long>(last.requests),
      state.profiles.size(), profile_bytes(state.profiles),
      static_cast<long long>(usage.ru_maxrss) * 1024);
  return 0;
}

}  // namespace
}  // namespace loadline

int main(int argc, char** argv) {
  if (argc == 5 && std::string_view(argv[1]) == "--request")
    return loadline::write_request(argv[2], loadline::window_of(argv[3], argv[4]));
  if (argc == 6 || argc == 7)
    return loadline::read(argv[1],
                          {.path = loadline::path_of(argv[2]),
                           .concurrency = std::atoi(argv[5]),
                           .rounds = argc == 7 ? std::atoi(argv[6]) : 1},
                          loadline::window_of(argv[3], argv[4]));
  std::fputs("usage: read_bench URL PATH END DAYS CONCURRENCY [ROUNDS] | --request FILE END DAYS\n",
             stderr);
  return 2;
}
