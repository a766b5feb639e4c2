#include "service/profiler_state.hpp"

#include <utility>
#include <vector>

#include "loadline/service/one_shot.hpp"
#include "service/cycle_plan.hpp"
#include "service/known_cluster.hpp"

namespace loadline {
namespace {

/// Where no scrape is found there is nothing to size by it; this only fills the parameters.
constexpr Milliseconds kUnknownInterval{30'000};

/// What an empty store needs to hold all there is.
service::Changes everything_of(const Profiler::State& state) {
  service::Changes all{
      .header = state.header, .marks = state.marks, .cluster = state.known.cluster_};
  // Saver::save restores the order and takes out what stands twice, a day of both resources.
  for (const ContainerEntry& entry : state.usage.profiles)
    for (const ResourceProfile& resource : entry.second.resources.values)
      for (const DayUsage& day : resource.days)
        all.touched.days.push_back({.container = &entry, .day = day.day});
  for (const RunEntry& run : state.usage.runs) all.touched.runs.push_back(&run);
  for (const auto& workload : state.known.workloads_) all.workloads.push_back(workload.first);
  return all;
}

}  // namespace

Profiler::State::State(const Config& settings, Shard own, OpenedStore opened, ServiceTools shared)
    : config(settings),
      shard(own),
      tools(std::move(shared)),
      usage(std::move(opened.state.usage)),
      marks(std::move(opened.state.marks)),
      header(std::move(opened.state.header)),
      saver(std::move(opened.store), known.workloads_) {
  known.workloads_ = std::move(opened.state.workloads);
  known.cluster_ = std::move(opened.state.cluster);
}

ContainerSelection Profiler::State::selection() const {
  return container_selection(config.usage);
}

std::optional<Milliseconds> Profiler::State::scrape_interval() const {
  if (config.usage.scrape_interval) return config.usage.scrape_interval;
  if (header.scrape_interval > Milliseconds(0)) return header.scrape_interval;
  return std::nullopt;
}

UsageOptions Profiler::State::usage_options() const {
  return {.cpu_window = config.usage.cpu_window,
          .scrape_interval = scrape_interval().value_or(kUnknownInterval),
          .cluster_label = config.usage.cluster_label,
          .shard = shard,
          .keeps_pods_apart = hottest_rule(policy_book(config))};
}

Milliseconds Profiler::State::settle() const {
  return service::settle_of(config.serve, usage_options().scrape_interval, header.owner_interval);
}

Result<void> Profiler::State::replace_store() {
  saver.replace(memory_store().store);
  is_store_lost = true;
  auto opened = open_store(config.serve.state_dir, tools.now());
  if (!opened) return tl::unexpected(std::move(opened.error()));
  is_store_lost = false;
  saver.replace(std::move(opened->store));
  tools.metrics.add(Count::kStoreSetAside);
  tools.board.update([&](ServiceStatus& status) { status.store_set_aside = opened->set_aside; });
  tools.log.event(LogLevel::kError, "the store was damaged; a new one gets what is in memory",
                  {{"reason", opened->set_aside}});
  return saver.save(everything_of(*this));
}

void Profiler::State::save(service::Changes changes) {
  Result<void> saved = is_store_lost ? replace_store() : saver.save(std::move(changes));
  if (!saved && saved.error().kind == ErrorKind::kCorrupt && !is_store_lost) {
    saved = replace_store();
  }
  const std::string error = saved ? "" : saved.error().message;
  const StoreSize size = saver.size();
  tools.board.update([&](ServiceStatus& status) {
    status.store_error = error;
    status.store = size;
  });
  if (saved) return;
  tools.metrics.add(Count::kStoreErrors);
  tools.log.event(LogLevel::kError, "cannot save the state; it is kept in memory and saved later",
                  {{"error", error}});
}

void Profiler::State::forget_everything(const char* why) {
  tools.metrics.add(Count::kStateRebuilt);
  tools.log.event(LogLevel::kWarning, "profiles are read anew", {{"reason", why}});
  if (const Result<void> cleared = saver.clear(); !cleared) {
    tools.metrics.add(Count::kStoreErrors);
    tools.log.event(LogLevel::kError, "cannot clear the store",
                    {{"error", cleared.error().message}});
  }
  usage = UsageState{};
  marks.clear();
  known = Inventory{};
  kills_first_day = 0;
  interval_checked = 0;
  header = {.fingerprint = service::fingerprint_of(config),
            .scrape_interval = header.scrape_interval,
            .owner_interval = header.owner_interval};
}

std::size_t Profiler::State::drop_before(std::int32_t first_day) {
  saver.forget_before(first_day);
  const std::vector<RunId> runs = usage.drop_before(first_day);
  const auto workloads = service::forget_unused(known, usage.profiles);
  const TimePoint begin = start_of_day(first_day);
  std::erase_if(marks, [begin](const auto& mark) { return mark.second < begin; });
  if (const Result<void> dropped = saver.drop(first_day, runs, workloads); !dropped) {
    tools.metrics.add(Count::kStoreErrors);
    tools.log.event(LogLevel::kError, "cannot drop old days from the store; the next start will",
                    {{"error", dropped.error().message}});
  }
  return runs.size();
}

void Profiler::State::check_fingerprint() {
  const std::string wanted = service::fingerprint_of(config);
  if (header.fingerprint == wanted) return;
  if (header.fingerprint.empty()) {
    header.fingerprint = wanted;
  } else {
    forget_everything("settings that decide what a sample becomes have changed");
  }
}

}  // namespace loadline
