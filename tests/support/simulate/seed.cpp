#include "support/simulate/seed.hpp"

#include <algorithm>

#include "loadline/config/config.hpp"
#include "loadline/model/stable_hash.hpp"
#include "loadline/usage/collector.hpp"
#include "service/cycle_plan.hpp"
#include "support/simulate/cluster.hpp"
#include "support/simulate/load.hpp"
#include "usage/run.hpp"

namespace loadline::simulate {
namespace {

Config config_of(const Options& options) {
  Config config;
  config.prometheus.url = options.url;
  config.serve.total_shards = options.total_shards;
  if (options.total_shards > 1) config.serve.shard = options.shard;
  return config;
}

/// What the real collector makes of each load, over one pod that has it.
class Templates {
 public:
  Templates(const Options& options, TimePoint up_to) {
    const Config config = config_of(options);
    const UsageOptions usage{.cpu_window = config.usage.cpu_window,
                             .scrape_interval = options.interval};
    const TimeRange window = profiling_window(up_to, config.usage.window);
    const Loads loads(options.interval);
    UsageCollector collector(state_, nobody_, usage, window);
    read(loads, {window.start - usage.lead_in(), window.end}, *collector.make_sink());
    for (const Pod& pod : pods_.pods()) {
      const Labels labels = usage_labels(pod, Resource::kCpu);
      runs_.push_back(&state_.runs.at(run_id(*identify(labels, ""))));
    }
  }

  [[nodiscard]] const Run& of(const Pod& pod) const { return *runs_[load_of(pod.number)]; }

 private:
  void read(const Loads& loads, TimeRange range, UsageSink& sink) {
    for (const Pod& pod : pods_.pods()) {
      for (const Resource resource : kResources) {
        sink.begin_series(usage_labels(pod, resource));
        sink.on_samples(loads.samples(load_of(pod.number), resource, to_unix_ms(range.start),
                                      to_unix_ms(range.end)));
        sink.end_series();
      }
    }
    sink.end_selection();
  }

  const Cluster pods_{{.workloads = kLoads}};
  const Inventory nobody_{};
  UsageState state_{};
  std::vector<const Run*> runs_{};  // by load
};

void add_day(std::vector<DayUsage>& days, const DayUsage& more) {
  const auto at = std::ranges::find(days, more.day, &DayUsage::day);
  if (at == days.end()) return days.push_back(more);
  at->scrapes_seen += more.scrapes_seen;
  at->scrapes_expected += more.scrapes_expected;
  at->scrapes_carried += more.scrapes_carried;
  at->first_ms = std::min(at->first_ms, more.first_ms);
  at->last_ms = std::max(at->last_ms, more.last_ms);
  at->sketch.merge(more.sketch);
}

void add_pod(const Pod& pod, const Run& made, UsageState& usage) {
  ContainerEntry& entry =
      usage.container({.workload = workload_of(pod), .container = kContainerName});
  Run run = made;
  run.container = &entry;
  run.pod = StableHash().add(pod.name).value();
  for (const Resource resource : kResources) {
    run.tracks[resource].series = hash_of(usage_labels(pod, resource));
    for (const DayUsage& day : made.container->second.resources[resource].days)
      add_day(entry.second.resources[resource].days, day);
  }
  const Labels labels = usage_labels(pod, Resource::kCpu);
  usage.runs.emplace(run_id(*identify(labels, "")), std::move(run));
}

WorkloadFacts facts_of(const Pod& pod, const Options& options) {
  WorkloadFacts facts{.live_pods = static_cast<std::uint32_t>(options.cluster.replicas)};
  facts.containers.emplace(kContainerName,
                           ContainerFacts{.current = requirements_of(pod), .current_known = true});
  return facts;
}

std::vector<TouchedDay> touched_on(const UsageState& usage, std::int32_t day) {
  std::vector<TouchedDay> touched;
  for (const ContainerEntry& entry : usage.profiles)
    touched.push_back({.container = &entry, .day = day});
  std::ranges::sort(touched, {}, [](const TouchedDay& t) { return t.container->second.id; });
  return touched;
}

StateBatch all_but_days(const StoredState& state) {
  StateBatch batch{.header = state.header, .marks = state.marks};
  for (const RunEntry& run : state.usage.runs) batch.touched.runs.push_back(&run);
  std::ranges::sort(batch.touched.runs, {}, [](const RunEntry* run) { return run->first; });
  for (const auto& workload : state.workloads) batch.workloads.push_back(&workload);
  return batch;
}

}  // namespace

StoredState seeded_state(const Options& options) {
  const Config config = config_of(options);
  const TimePoint up_to = options.now - options.stopped -
                          service::settle_of(config.serve, options.interval, options.interval);
  const TimeRange window = profiling_window(up_to, config.usage.window);
  StoredState state;
  state.header = {.fingerprint = service::fingerprint_of(config),
                  .scrape_interval = options.interval,
                  .first_day = utc_day(window.start),
                  .complete_up_to = up_to};
  const Templates templates(options, up_to);
  const Cluster cluster(options.cluster);
  for (const std::string& name : cluster.namespaces()) state.marks.emplace(name, up_to);
  const Shard shard{.index = options.shard, .total = options.total_shards};
  for (const Pod& pod : cluster.pods()) {
    if (!shard.holds(workload_of(pod))) continue;
    add_pod(pod, templates.of(pod), state.usage);
    if (pod.is_first) state.workloads.emplace(workload_of(pod), facts_of(pod, options));
  }
  return state;
}

Result<void> write_state(const Options& options, const StoredState& state) {
  const Result<OpenedStore> opened = open_store(options.state_dir, options.now);
  if (!opened) return tl::unexpected<Error>(opened.error());
  if (opened->state.header.first_day != 0)
    return fail(ErrorKind::kInvalidInput, options.state_dir + " holds a state; pass an empty one");
  for (std::int32_t day = state.header.first_day; day <= utc_day(state.header.complete_up_to);
       ++day) {
    const StateBatch batch{.touched = {.days = touched_on(state.usage, day)}};
    if (Result<void> saved = opened->store->save(batch); !saved) return saved;
  }
  return opened->store->save(all_but_days(state));
}

}  // namespace loadline::simulate
