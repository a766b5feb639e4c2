// Seconds (and of them the processor's) to fill, load and update the store of a large cluster, and
// its bytes a container.
//
//   store_bench [containers] [days] [replicas]
//
// Each container has some 150 CPU buckets and 25 memory buckets a day, as measured on real ones.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "loadline/store/profile_store.hpp"

namespace loadline {
namespace {

constexpr std::int32_t kToday = 20'416;
constexpr std::int64_t kScrapeMs = 30'000;

struct Scale {
  unsigned containers = 100'000;
  std::int32_t days = 15;
  unsigned replicas = 2;
};

class Stopwatch {
 public:
  void print(const char* what, const char* of_what) const {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin_;
    const double cpu = static_cast<double>(std::clock() - cpu_begin_) / CLOCKS_PER_SEC;
    std::printf("%-6s %6.2f s, %5.2f s of CPU (%s)\n", what, wall.count(), cpu, of_what);
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::clock_t cpu_begin_ = std::clock();
};

/// A few days to draw from: making 1.5 million apart would take longer than what is measured.
std::vector<UsageSketch> sketches(double middle, double octaves) {
  std::mt19937_64 random(1);
  std::vector<UsageSketch> made(64);
  for (UsageSketch& sketch : made) {
    std::uniform_real_distribution<double> exponent(-octaves / 2, octaves / 2);
    std::vector<double> values(2880);
    for (double& value : values) value = middle * std::exp2(exponent(random));
    for (const double value : values) sketch.add(value);
  }
  return made;
}

std::int64_t start_ms(std::int32_t day) {
  return day * kMillisecondsPerDay;
}

DayUsage day_of(std::int32_t day, const UsageSketch& sketch) {
  DayUsage usage{.day = day, .scrapes_seen = 2880, .scrapes_expected = 2880};
  usage.first_ms = start_ms(day);
  usage.last_ms = start_ms(day + 1) - kScrapeMs;
  usage.sketch = sketch;
  return usage;
}

void add_runs(UsageState& state, ContainerEntry& container, unsigned replicas,
              std::mt19937_64& random) {
  const std::int64_t last_ms = start_ms(kToday) + 3'600'000;
  for (unsigned r = 0; r < replicas; ++r) {
    RunId id;
    for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(random());
    Run run{.container = &container, .pod = random()};
    Track cpu{.series = random(), .last_ms = last_ms, .previous_ms = last_ms};
    for (std::int64_t i = 3; i >= 0; --i)
      cpu.tail.push_back({.t_ms = last_ms - i * kScrapeMs, .value = 1234.5678 + double(r)});
    run.tracks[Resource::kCpu] = cpu;
    run.tracks[Resource::kMemory] =
        Track{.series = random(), .last_ms = last_ms, .previous_ms = last_ms};
    state.runs.emplace(id, std::move(run));
  }
}

UsageState cluster(const Scale& scale) {
  const auto cpu = sketches(0.2, 2.4);
  const auto memory = sketches(3e8, 0.4);
  std::mt19937_64 random(2);
  UsageState state;
  for (unsigned i = 0; i < scale.containers; ++i) {
    const std::string n = std::to_string(i);
    ContainerEntry& entry =
        state.container({.workload = {.namespace_name = "team-" + n.substr(0, 2),
                                      .kind = "Deployment",
                                      .name = "checkout-service-" + n},
                         .container = "application"});
    for (std::int32_t day = kToday - scale.days + 1; day <= kToday; ++day) {
      const std::size_t which = random() % cpu.size();
      entry.second.resources[Resource::kCpu].days.push_back(day_of(day, cpu[which]));
      entry.second.resources[Resource::kMemory].days.push_back(day_of(day, memory[which]));
    }
    add_runs(state, entry, scale.replicas, random);
  }
  return state;
}

std::vector<const ContainerEntry*> by_id(const UsageState& state) {
  std::vector<const ContainerEntry*> entries;
  for (const ContainerEntry& entry : state.profiles) entries.push_back(&entry);
  std::ranges::sort(entries, {}, [](const ContainerEntry* e) { return e->second.id; });
  return entries;
}

std::vector<const RunEntry*> runs_of(const UsageState& state) {
  std::vector<const RunEntry*> runs;
  for (const RunEntry& run : state.runs) runs.push_back(&run);
  std::ranges::sort(runs, {}, [](const RunEntry* run) { return run->first; });
  return runs;
}

StateBatch one_day(const std::vector<const ContainerEntry*>& entries, std::int32_t day) {
  StateBatch batch;
  for (const ContainerEntry* entry : entries)
    batch.touched.days.push_back({.container = entry, .day = day});
  return batch;
}

template <typename T>
void must(const Result<T>& result) {
  if (result) return;
  std::fprintf(stderr, "store_bench: %s\n", result.error().message.c_str());
  std::exit(1);
}

/// One more sample in every container's today, and every run read on.
void scrape_once(UsageState& state) {
  for (auto& [key, profile] : state.profiles)
    for (const Resource resource : kResources)
      if (auto& days = profile.resources[resource].days; !days.empty())
        days.back().sketch.add(resource == Resource::kCpu ? 0.2 : 3e8);
  for (auto& [id, run] : state.runs)
    for (const Resource resource : kResources) run.tracks[resource].last_ms += kScrapeMs;
}

void fill(ProfileStore& store, const UsageState& state, const Scale& scale) {
  const auto entries = by_id(state);
  for (std::int32_t day = kToday - scale.days + 1; day <= kToday; ++day)
    must(store.save(one_day(entries, day)));
}

/// What this process has written, log and file; 0 where the system does not tell.
double written_mb() {
  std::ifstream io("/proc/self/io");
  std::string name;
  double bytes = 0;
  while (io >> name >> bytes)
    if (name == "wchar:") return bytes / 1e6;
  return 0;
}

void cycle(ProfileStore& store, UsageState& state) {
  scrape_once(state);
  const Stopwatch watch;
  StateBatch batch = one_day(by_id(state), kToday);
  batch.touched.runs = runs_of(state);
  const double before_mb = written_mb();
  must(store.save(batch));
  watch.print("cycle", "every container's today, every run");
  std::printf("writes %6.1f MB\n", written_mb() - before_mb);
}

OpenedStore opened(const std::string& directory) {
  const Stopwatch watch;
  auto store = open_store(directory, from_unix_ms(start_ms(kToday)));
  must(store);
  watch.print("open", store->state.usage.profiles.empty() ? "empty" : "everything");
  return std::move(*store);
}

void fill_and_update(const std::string& directory, const Scale& scale) {
  UsageState state = cluster(scale);
  const OpenedStore store = opened(directory);
  const Stopwatch watch;
  fill(*store.store, state, scale);
  watch.print("fill", "a transaction a day");
  for (int i = 0; i < 3; ++i) cycle(*store.store, state);
  const StoreSize size = store.store->size();
  std::printf("size   %6.1f MB, %.0f bytes a container\n",
              static_cast<double>(size.file_bytes) / 1e6,
              static_cast<double>(size.file_bytes) / static_cast<double>(size.containers));
}

/// In a process of its own, as a restart has one: memory that was used before is slower to get.
void restart(const std::string& directory, const Scale& scale) {
  const OpenedStore again = opened(directory);
  const Stopwatch watch;
  must(again.store->drop(kToday - scale.days + 2, {}, {}));
  watch.print("drop", "a day");
}

template <typename Work>
bool in_a_process(Work work) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    std::fflush(stdout);
    ::_exit(0);
  }
  int status = 1;
  return ::waitpid(child, &status, 0) == child && status == 0;
}

}  // namespace
}  // namespace loadline

int main(int argc, char** argv) {
  loadline::Scale scale;
  if (argc > 1) scale.containers = static_cast<unsigned>(std::atoi(argv[1]));
  if (argc > 2) scale.days = std::atoi(argv[2]);
  if (argc > 3) scale.replicas = static_cast<unsigned>(std::atoi(argv[3]));
  std::string directory = (std::filesystem::temp_directory_path() / "store_bench-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) return 1;
  const bool done = loadline::in_a_process([&] { loadline::fill_and_update(directory, scale); }) &&
                    loadline::in_a_process([&] { loadline::restart(directory, scale); });
  std::filesystem::remove_all(directory);
  return done ? 0 : 1;
}
