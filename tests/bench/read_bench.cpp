// Reads a window by one path, the way `loadline report` does, and prints what it took as one JSON
// line.
//   read_bench URL PATH END_UNIX_SECONDS DAYS CONCURRENCY      PATH: remote-read | query | export |
//   remote-read-samples read_bench --request FILE END_UNIX_SECONDS DAYS            writes the body
//   of the whole read as one request, for curl
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
  return profiling_window(end, std::chrono::days(std::atoi(window_days)));
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

int read(const char* url, std::string_view path_name, TimeRange window, int concurrency) {
  auto transport = make_curl_transport({.url = url});
  if (!transport) return give_up(transport.error());
  RetryingTransport retrying(**transport, {}, real_retry_world());
  QueryApi api(retrying, {});
  const auto interval = detect_scrape_interval(api, {}, window);
  if (!interval) return give_up(interval.error());
  const Milliseconds step = interval->value_or(Milliseconds(30'000));
  const auto source = make_source(path_of(path_name), retrying, api, {.scrape_interval = step});
  const Inventory nobody;
  UsageState state;
  UsageCollector collector(state, nobody, {.scrape_interval = step}, window);
  const auto start = std::chrono::steady_clock::now();
  const auto stats =
      read_usage(*source, api, {}, window, Milliseconds(0), concurrency, collector, {});
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  if (!stats) return give_up(stats.error());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "{\"wall_seconds\": %.4f, \"client_cpu_seconds\": %.3f, \"samples\": %llu, \"bytes\": %llu, "
      "\"requests\": %llu, \"containers\": %zu, \"profile_bytes\": %zu, \"peak_rss_bytes\": "
      "%lld}\n",
      wall.count(),
      static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
          static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6,
      static_cast<unsigned long long>(stats->samples),
      static_cast<unsigned long long>(stats->bytes),
      static_cast<unsigned long long>(stats->requests), state.profiles.size(),
      profile_bytes(state.profiles), static_cast<long long>(usage.ru_maxrss) * 1024);
  return 0;
}

}  // namespace
}  // namespace loadline

int main(int argc, char** argv) {
  if (argc == 5 && std::string_view(argv[1]) == "--request")
    return loadline::write_request(argv[2], loadline::window_of(argv[3], argv[4]));
  if (argc == 6)
    return loadline::read(argv[1], argv[2], loadline::window_of(argv[3], argv[4]),
                          std::atoi(argv[5]));
  std::fputs("usage: read_bench URL PATH END DAYS CONCURRENCY | --request FILE END DAYS\n", stderr);
  return 2;
}
