#include "support/generate/runs.hpp"

#include <algorithm>

#include "support/generate/random.hpp"

namespace loadline::generate {
namespace {

constexpr Ms kInitLasts = 5 * kMinute;
constexpr Ms kLinger = 4 * kMinute;

Ms process_end(const Pod& pod) {
  return std::min(pod.finished, pod.gone);
}

bool has_init(const WorkloadShape& shape) {
  return std::any_of(shape.containers.begin(), shape.containers.end(),
                     [](const auto& c) { return c.role == ContainerRole::kInit; });
}

/// The rest of what follows from when a run ends and why.
Run completed(Run run, const Workload& workload, const Pod& pod, const Scraping& scraping) {
  run.seed = mix(mix(workload.seed, pod.name),
                 static_cast<std::uint64_t>(run.attempt) * 64 + run.container);
  run.linger_end = run.end >= pod.gone ? pod.gone : std::min(run.end + kLinger, pod.gone);
  run.memory_lingers = run.reason != EndReason::kCompleted && run.seed % 2 == 0;
  const Ms middle = scraping.start + (scraping.end - scraping.start) / 2 + 3 * kHour;
  if (workload.shape->counter_reset && run.start < middle && run.end > middle)
    run.counter_reset = middle;
  return run;
}

/// The only run of a container, or that of an init container.
std::vector<Run> single_run(const Workload& workload, const Pod& pod, std::size_t container) {
  const bool init = workload.shape->containers[container].role == ContainerRole::kInit;
  const bool waits = workload.shape->containers[container].role == ContainerRole::kMain &&
                     has_init(*workload.shape);
  const Ms start = pod.created + 3 * kSecond + (waits ? kInitLasts + kSecond : 0);
  const Ms end = init ? start + kInitLasts : process_end(pod);
  const bool succeeds = init || end < pod.gone;
  return {{.container = container,
           .start = start,
           .end = end,
           .reason = succeeds ? EndReason::kCompleted : EndReason::kNone}};
}

std::vector<Run> restarted_runs(const Workload& workload, const Pod& pod, std::size_t container,
                                const Scraping& scraping) {
  const Restarts& restarts = workload.shape->containers[container].restarts;
  Random random(mix(mix(workload.seed, pod.name), container));
  const Ms longest = std::min(process_end(pod), scraping.end);
  std::vector<Run> runs;
  Ms start = std::max(pod.created, scraping.start - restarts.every / 2);
  for (int attempt = 0; start < longest; ++attempt) {
    const double spread = 1 + restarts.jitter * (2 * random.next_unit() - 1);
    const Ms end = start + static_cast<Ms>(static_cast<double>(restarts.every) * spread);
    runs.push_back({.container = container,
                    .attempt = attempt,
                    .start = start,
                    .end = std::min(end, process_end(pod)),
                    .reason = restarts.reason});
    start = end + restarts.back_off;
  }
  return runs;
}

std::vector<Run> trap_rows(const Pod& pod) {
  std::vector<Run> runs;
  for (const RunRole role : {RunRole::kPodCgroup, RunRole::kPause, RunRole::kMonitor})
    runs.push_back({.role = role, .start = pod.created + kSecond, .end = process_end(pod)});
  return runs;
}

}  // namespace

std::vector<Run> make_runs(const Workload& workload, const Pod& pod, const Scraping& scraping) {
  std::vector<Run> all;
  for (std::size_t i = 0; i < workload.shape->containers.size(); ++i) {
    const auto runs = workload.shape->containers[i].restarts.every > 0
                          ? restarted_runs(workload, pod, i, scraping)
                          : single_run(workload, pod, i);
    all.insert(all.end(), runs.begin(), runs.end());
  }
  // A third of the pods is enough of them.
  if (workload.first_round && mix(workload.seed, pod.name) % 3 == 0) {
    const auto traps = trap_rows(pod);
    all.insert(all.end(), traps.begin(), traps.end());
  }
  std::vector<Run> kept;
  for (const Run& run : all) {
    const Run whole = completed(run, workload, pod, scraping);
    if (whole.linger_end > scraping.start && whole.start < scraping.end) kept.push_back(whole);
  }
  return kept;
}

}  // namespace loadline::generate
