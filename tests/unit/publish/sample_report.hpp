/// A report of ten containers that between them show everything a report can say; made by the
/// recommend stage itself from profiles and facts, so that the golden files are real advice.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "loadline/publish/report.hpp"
#include "loadline/recommend/prices.hpp"
#include "loadline/recommend/recommend.hpp"

namespace loadline::test {

inline constexpr double kMi = 1024.0 * 1024.0;
inline constexpr double kGi = 1024.0 * kMi;

/// 14 days in which 95 % of the samples are `p95` and the others `max`, at full coverage.
inline ResourceProfile usage_profile(double p95, double max, int days = 15,
                                     std::uint32_t seen = 2880) {
  ResourceProfile profile;
  for (int i = 0; i < days; ++i) {
    DayUsage day;
    day.day = 20781 - days + i;
    day.scrapes_seen = seen;
    day.scrapes_expected = 2880;
    day.first_ms = day.day * kMillisecondsPerDay;
    day.last_ms = day.first_ms + kMillisecondsPerDay - 30'000;
    for (int k = 0; k < 96; ++k) day.sketch.add(p95);
    for (int k = 0; k < 4; ++k) day.sketch.add(max);
    profile.days.push_back(std::move(day));
  }
  return profile;
}

inline Requirements asks(std::optional<double> cpu_request, std::optional<double> cpu_limit,
                         std::optional<double> memory_request, std::optional<double> memory_limit) {
  Requirements requirements;
  requirements[Resource::kCpu] = {cpu_request, cpu_limit};
  requirements[Resource::kMemory] = {memory_request, memory_limit};
  return requirements;
}

/// The world of a report, built up row by row.
struct World {
  ProfileSet profiles{};
  Inventory inventory{};

  void add_usage(const ContainerKey& key, ResourceProfile cpu, ResourceProfile memory) {
    ContainerProfile& profile = profiles[key];
    profile.resources[Resource::kCpu] = std::move(cpu);
    profile.resources[Resource::kMemory] = std::move(memory);
  }
  void add_facts(const ContainerKey& key, std::uint32_t pods, const Requirements& current,
                 ContainerType type = ContainerType::kContainer) {
    WorkloadFacts& workload = inventory.workloads_[key.workload];
    workload.live_pods = pods;
    workload.containers[key.container] = {type, current, true};
  }
};

inline ContainerKey key_of(std::string name_space, std::string kind, std::string name,
                           std::string container) {
  return {{"", std::move(name_space), std::move(kind), std::move(name)}, std::move(container)};
}

/// Names that would break every format: markup, quotes, separators, formulas, escape sequences,
/// broken and reordering UTF-8.
inline ContainerKey hostile_key() {
  return key_of("=cmd|'/C calc'!A0", "Deployment", "<script>alert(\"1\")</script>`,\n|",
                "a\x1b[31mred\xff\xe2\x80\xae");
}

inline void add_sound_workloads(World& world) {
  const ContainerKey waste = key_of("payments", "Deployment", "checkout-api", "app");
  world.add_usage(waste, usage_profile(0.25, 0.3), usage_profile(300 * kMi, 310 * kMi));
  world.add_facts(waste, 6, asks(2, 4, 2 * kGi, 4 * kGi));
  const ContainerKey sidecar = key_of("payments", "Deployment", "checkout-api", "istio-proxy");
  world.add_usage(sidecar, usage_profile(0.002, 0.004), usage_profile(60 * kMi, 61 * kMi));
  world.add_facts(sidecar, 6, asks(0.1, std::nullopt, 128 * kMi, 500e6), ContainerType::kSidecar);
  const ContainerKey keep = key_of("data", "StatefulSet", "postgres", "postgres");
  world.add_usage(keep, usage_profile(1, 1.5), usage_profile(2 * kGi, 2.1 * kGi));
  world.add_facts(keep, 3, asks(1, 2, 2 * kGi, 4 * kGi));
  const ContainerKey cron = key_of("data", "CronJob", "nightly-export", "export");
  world.add_usage(cron, usage_profile(0.8, 0.9), usage_profile(900 * kMi, 950 * kMi));
  world.add_facts(cron, 0, asks(2, 2, 4 * kGi, 4 * kGi));
}

inline void add_risky_workloads(World& world) {
  const ContainerKey risk = key_of("shop", "Deployment", "search", "search");
  world.add_usage(risk, usage_profile(0.4, 1), usage_profile(700 * kMi, 1023 * kMi));
  world.add_facts(risk, 12, asks(0.25, 1, 512 * kMi, 1023 * kMi));
  const ContainerKey blind = key_of("shop", "DaemonSet", "log-agent", "agent");
  world.add_usage(blind, usage_profile(0.05, 0.06), usage_profile(90 * kMi, 100 * kMi, 15, 2016));
  world.add_facts(blind, 20, {});
}

inline void add_doubtful_workloads(World& world) {
  const ContainerKey young = key_of("shop", "Deployment", "recommendations-canary", "app");
  world.add_usage(young, usage_profile(0.1, 0.2, 1), usage_profile(100 * kMi, 120 * kMi, 1));
  world.add_facts(young, 1, asks(0.5, 1, 256 * kMi, 512 * kMi));
  const ContainerKey silent = key_of("payments", "Deployment", "migrator", "wait-for-db");
  world.add_facts(silent, 1, asks(0.1, 0.1, 64 * kMi, 64 * kMi), ContainerType::kInit);
  const ContainerKey inferred = key_of("legacy", "Deployment", "billing", "app");
  world.add_usage(inferred, usage_profile(0.31, 0.5), usage_profile(1.2 * kGi, 1.3 * kGi));
  world.profiles[inferred].owner_source = OwnerSource::kPodName;
  world.profiles[inferred].live_pods = 2;
  world.add_usage(hostile_key(), usage_profile(0.31, 0.5), usage_profile(40 * kMi, 41 * kMi));
  world.add_facts(hostile_key(), 1, asks(0.5, 1, 64 * kMi, 128 * kMi));
}

inline ReportSource sample_source() {
  ReportSource source;
  source.url = "http://prometheus.monitoring:9090";
  source.server = "Prometheus 2.42.0";
  source.read_path = "remote-read";
  source.read_path_reason = "the server speaks streamed remote read";
  source.kube_state_metrics = true;
  source.scrape_interval = Milliseconds(30'000);
  source.read.samples = 40'123'456;
  source.read.series = 1234;
  source.read.bytes = 65'536'000;
  source.read.requests = 56;
  source.collected.duplicate_samples = 17;
  source.collected.zero_memory_samples = 2048;
  return source;
}

/// 2026-11-10 00:00 to 2026-11-24 16:20 UTC; complete.
inline Report sample_report() {
  World world;
  add_sound_workloads(world);
  add_risky_workloads(world);
  add_doubtful_workloads(world);
  Report report;
  report.window = {from_unix_ms(1'794'268'800'000), from_unix_ms(1'795'537'200'000)};
  report.generated_at = from_unix_ms(1'795'537'257'000);
  report.source = sample_source();
  report.policy = default_policy();
  report.recommendations = recommend_all(world.profiles, world.inventory, report.policy);
  sort_rows(report.recommendations, SortKey::kWaste);
  report.totals = total(report.recommendations);
  report.hidden = 4;
  return report;
}

/// The same with prices: EUR 0.03 a core hour, 0.004 a GiB hour.
inline Report priced_report() {
  Report report = sample_report();
  price(report.recommendations, {}, {.currency = "EUR", .base = {0.03, 0.004}});
  report.totals = total(report.recommendations);
  report.currency = "EUR";
  return report;
}

/// The same with two things missing, one of them in the server's own (hostile) words.
inline Report incomplete_report() {
  Report report = sample_report();
  report.incomplete = {"3 samples came out of order and are lost",
                       "the server warned: <b>store \x1b[2J|gone</b>"};
  report.source.read.out_of_order = 3;
  report.source.read.warnings = {"<b>store \x1b[2J|gone</b>"};
  return report;
}

}  // namespace loadline::test
