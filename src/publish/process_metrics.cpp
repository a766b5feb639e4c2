#include "publish/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace loadline::publish {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

std::string read_text(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<double> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return static_cast<double>(value);
}

/// Cuts the next word off `text`.
std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \n"), text.size()));
  const std::string_view word = text.substr(0, text.find_first_of(" \n"));
  text.remove_prefix(word.size());
  return word;
}

MetricFamily family_of(std::string name, std::string help, double value) {
  const bool is_counter = name.ends_with("_total");
  MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = is_counter ? MetricType::Counter : MetricType::Gauge;
  prometheus::ClientMetric metric;
  (is_counter ? metric.counter.value : metric.gauge.value) = value;
  family.metric.push_back(std::move(metric));
  return family;
}

void add_stat(std::vector<MetricFamily>& families) {
  const auto stat =
      parse_process_stat(read_text("/proc/self/stat"), static_cast<double>(sysconf(_SC_CLK_TCK)),
                         static_cast<double>(sysconf(_SC_PAGESIZE)));
  if (!stat) return;
  families.push_back(family_of("process_cpu_seconds_total",
                               "Total user and system CPU time spent in seconds.",
                               stat->cpu_seconds));
  families.push_back(family_of("process_resident_memory_bytes", "Resident memory size in bytes.",
                               stat->resident_bytes));
  families.push_back(family_of("process_virtual_memory_bytes", "Virtual memory size in bytes.",
                               stat->virtual_bytes));
  families.push_back(
      family_of("process_threads", "Number of OS threads in the process.", stat->threads));
  if (const auto boot = parse_boot_time(read_text("/proc/stat"))) {
    families.push_back(family_of("process_start_time_seconds",
                                 "Start time of the process since unix epoch in seconds.",
                                 *boot + stat->start_seconds));
  }
}

void add_descriptors(std::vector<MetricFamily>& families) {
  std::error_code error;
  const std::filesystem::directory_iterator open("/proc/self/fd", error);
  if (!error) {
    // The listing itself holds one.
    const auto count = std::distance(begin(open), end(open)) - 1;
    families.push_back(family_of("process_open_fds", "Number of open file descriptors.",
                                 static_cast<double>(count)));
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) {
    families.push_back(family_of("process_max_fds", "Maximum number of open file descriptors.",
                                 static_cast<double>(limit.rlim_cur)));
  }
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view text, double ticks_per_second,
                                              double page_bytes) {
  // proc(5) counts from 1 and the state, the first word behind the name, is the third.
  constexpr std::size_t kFirst = 3;
  constexpr std::size_t kUserTicks = 14;
  constexpr std::size_t kSystemTicks = 15;
  constexpr std::size_t kThreads = 20;
  constexpr std::size_t kStartTicks = 22;
  constexpr std::size_t kVirtualBytes = 23;
  constexpr std::size_t kResidentPages = 24;
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  text.remove_prefix(name_end + 1);
  next_word(text);
  std::array<double, kResidentPages + 1> fields{};
  for (std::size_t i = kFirst + 1; i <= kResidentPages; ++i) {
    const std::optional<double> value = whole_number(next_word(text));
    if (!value) return std::nullopt;
    fields[i] = *value;
  }
  return ProcessStat{(fields[kUserTicks] + fields[kSystemTicks]) / ticks_per_second,
                     fields[kThreads], fields[kStartTicks] / ticks_per_second,
                     fields[kVirtualBytes], fields[kResidentPages] * page_bytes};
}

std::optional<double> parse_boot_time(std::string_view text) {
  constexpr std::string_view kKey = "\nbtime ";
  const std::size_t at = text.find(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  return whole_number(text.substr(at + kKey.size()));
}

std::vector<MetricFamily> process_families() {
  std::vector<MetricFamily> families;
  add_stat(families);
  add_descriptors(families);
  return families;
}

}  // namespace loadline::publish
