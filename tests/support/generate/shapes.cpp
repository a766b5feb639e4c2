#include "support/generate/shapes.hpp"

namespace loadline::generate {
namespace {

constexpr Asks kUnset{};

/// Request and limit as loadline would recommend them, times a factor.
constexpr Asks times(double factor) {
  return {.request = {.times_p95 = factor}, .limit = {.times_p95 = 2 * factor}};
}
constexpr Asks request_only(double factor) {
  return {.request = {.times_p95 = factor}};
}
constexpr Asks amounts(double request, double limit) {
  return {.request = {.amount = request}, .limit = {.amount = limit}};
}

/// A container with its load and what it asks for; the rest is set by the caller.
ContainerShape container(const char* name, const CpuLoad& cpu, const MemoryLoad& memory,
                         const Asks& cpu_asks, const Asks& memory_asks) {
  return {
      .name = name, .cpu = cpu, .memory = memory, .cpu_asks = cpu_asks, .memory_asks = memory_asks};
}

ContainerShape proxy(double factor) {
  return container("proxy", {.cores = 0.02, .daily_cores = 0.03, .noise = 0.4},
                   {.bytes = 56 * kMiB}, times(factor), times(factor));
}

ContainerShape with_role(ContainerShape shape, ContainerRole role) {
  shape.role = role;
  return shape;
}

ContainerShape with_restarts(ContainerShape shape, const Restarts& restarts) {
  shape.restarts = restarts;
  return shape;
}

ContainerShape with_killed_child(ContainerShape shape, Ms before_end) {
  shape.child_killed_before_end = before_end;
  return shape;
}

ContainerShape throttled(ContainerShape shape, double share) {
  shape.throttled_share = share;
  return shape;
}

ContainerShape web(double factor) {
  return container("web", {.cores = 0.12, .daily_cores = 0.5, .noise = 0.25},
                   {.bytes = 380 * kMiB, .daily_bytes = 140 * kMiB}, times(factor), times(factor));
}

std::vector<WorkloadShape> web_shapes() {
  return {
      {.namespace_name = "shop",
       .name = "web",
       .life = Life::kRolledOut,
       .replicas = 3,
       .containers = {web(3)}},
      {.namespace_name = "shop",
       .kind = OwnerKind::kStatefulSet,
       .name = "web",
       .containers = {container("web", {.cores = 0.05}, {.bytes = 90 * kMiB}, times(2),
                                times(1.5))}},
      {.namespace_name = "shop",
       .name = "search",
       .replicas = 2,
       .containers = {container("search", {.cores = 0.08, .burst_cores = 2.4, .burst_share = 0.04},
                                {.bytes = 1300 * kMiB, .noise = 0.03}, times(8), times(1.4))}},
      {.namespace_name = "shop",
       .name = "frontend",
       .life = Life::kByDaytime,
       .replicas = 6,
       .containers = {container("nginx", {.cores = 0.1, .daily_cores = 0.25}, {.bytes = 64 * kMiB},
                                request_only(1.3), times(2))},
       .scaled_by_hpa = true},
      {.namespace_name = "shop",
       .kind = OwnerKind::kRollout,
       .name = "checkout",
       .life = Life::kRolledOut,
       .replicas = 2,
       .containers = {container("checkout", {.cores = 0.03, .daily_cores = 0.2, .noise = 0.3},
                                {.bytes = 240 * kMiB}, times(5), times(4))}},
  };
}

std::vector<WorkloadShape> application_shapes() {
  return {
      {.namespace_name = "shop",
       .name = "payments",
       .replicas = 2,
       .containers = {container("payments", {.cores = 0.06, .daily_cores = 0.15},
                                {.bytes = 300 * kMiB}, times(2.5), times(2)),
                      proxy(4)}},
      {.namespace_name = "shop",
       .name = "ledger",
       .life = Life::kRolledOut,
       .containers = {with_role(container("migrate", {.cores = 0.6}, {.bytes = 200 * kMiB},
                                          amounts(0.5, 1), amounts(256 * kMiB, 512 * kMiB)),
                                ContainerRole::kInit),
                      with_role(container("log-agent", {.cores = 0.015}, {.bytes = 44 * kMiB},
                                          times(3), times(2)),
                                ContainerRole::kSidecar),
                      container("ledger", {.cores = 0.2, .noise = 0.2}, {.bytes = 420 * kMiB},
                                times(1.8), times(1.2))}},
      {.namespace_name = "shop",
       .name = "catalog",
       .replicas = 2,
       .containers = {container("catalog", {.cores = 0.3, .daily_cores = 0.3, .noise = 0.05},
                                {.bytes = 512 * kMiB}, times(1), times(1))}},
      {.namespace_name = "shop",
       .name = "pricing",
       .replicas = 2,
       .containers = {throttled(
           container("pricing", {.cores = 0.5, .daily_cores = 0.4},
                     {.bytes = 700 * kMiB, .noise = 0.05}, times(0.4),
                     {.request = {.times_p95 = 0.5}, .limit = {.times_p95 = 1.04}}),
           0.35)}},
      {.namespace_name = "shop",
       .name = "gifts",
       .replicas = 3,
       .containers = {container("gifts", {.cores = 0.04, .daily_cores = 0.06},
                                {.bytes = 150 * kMiB}, times(10), times(10))}},
      {.namespace_name = "shop",
       .name = "legacy",
       .containers = {with_killed_child(container("legacy", {.cores = 0.15, .noise = 0.5},
                                                  {.bytes = 220 * kMiB}, kUnset, kUnset),
                                        3 * kDay)}},
      {.namespace_name = "shop",
       .name = "beta",
       .life = Life::kOneDayOld,
       .containers = {container("beta", {.cores = 0.1}, {.bytes = 128 * kMiB}, times(2),
                                times(2))}},
      {.namespace_name = "shop",
       .name = "orphan",
       .containers = {container("orphan", {.cores = 0.07}, {.bytes = 100 * kMiB}, kUnset, kUnset)},
       .known_to_ksm = false},
  };
}

/// (512 - 200) MiB at 8 MiB an hour: killed every 39 hours.
ContainerShape oom_killed() {
  return with_restarts(
      container("importer", {.cores = 0.25, .noise = 0.3},
                {.bytes = 200 * kMiB, .leak_bytes_per_hour = 8 * kMiB, .cap_bytes = 512 * kMiB},
                times(2), amounts(384 * kMiB, 512 * kMiB)),
      {.every = 39 * kHour, .reason = EndReason::kOomKilled});
}

std::vector<WorkloadShape> data_shapes() {
  return {
      {.namespace_name = "data", .name = "importer", .containers = {oom_killed()}},
      {.namespace_name = "data",
       .name = "sessions",
       .replicas = 2,
       .containers = {with_restarts(
           container("sessions", {.cores = 0.1, .daily_cores = 0.1},
                     {.bytes = 250 * kMiB, .leak_bytes_per_hour = 5 * kMiB}, times(1.5),
                     times(1.6)),
           {.every = 72 * kHour, .jitter = 0.1})}},
      {.namespace_name = "data",
       .name = "flaky",
       .containers = {with_restarts(
           container("flaky", {.cores = 0.2, .noise = 0.6}, {.bytes = 180 * kMiB}, times(2),
                     times(2)),
           {.every = 50 * kMinute, .back_off = 5 * kMinute, .jitter = 0.9})}},
      {.namespace_name = "data",
       .kind = OwnerKind::kStatefulSet,
       .name = "db",
       .replicas = 2,
       .containers = {container("postgres", {.cores = 0.4, .daily_cores = 0.5, .noise = 0.3},
                                {.bytes = 1800 * kMiB, .noise = 0.02}, times(2), times(1.1))},
       .counter_reset = true},
      {.namespace_name = "data",
       .kind = OwnerKind::kStatefulSet,
       .name = "cache",
       .containers = {container("cache", {.cores = 0.15},
                                {.bytes = 300 * kMiB, .cache_bytes = 900 * kMiB}, times(3),
                                times(1.3))}},
  };
}

std::vector<WorkloadShape> job_shapes() {
  return {
      {.namespace_name = "data",
       .kind = OwnerKind::kCronJob,
       .name = "nightly-report",
       .life = Life::kHourADay,
       .containers = {container("report", {.cores = 1.4, .noise = 0.4}, {.bytes = 900 * kMiB},
                                times(1.5), times(1.5))}},
      {.namespace_name = "data",
       .kind = OwnerKind::kCronJob,
       .name = "heartbeat",
       .life = Life::kEveryHour,
       .containers = {container("beat", {.cores = 0.3}, {.bytes = 60 * kMiB}, times(2), times(3))}},
      {.namespace_name = "data",
       .kind = OwnerKind::kJob,
       .name = "backfill",
       .life = Life::kOnceBefore,
       .containers = {container("backfill", {.cores = 1.8}, {.bytes = 1100 * kMiB}, times(1.2),
                                times(1.3))}},
  };
}

std::vector<WorkloadShape> system_shapes() {
  return {
      {.namespace_name = "tools",
       .name = "toolbox",
       .containers = {container("toolbox", {.cores = 0.0004}, {.bytes = 9 * kMiB},
                                amounts(0.1, 0.2), amounts(128 * kMiB, 256 * kMiB))}},
      {.namespace_name = "tools",
       .kind = OwnerKind::kBarePod,
       .name = "debug-shell",
       .containers = {container("shell", {.cores = 0.001}, {.bytes = 6 * kMiB}, kUnset, kUnset)}},
      {.namespace_name = "kube-system",
       .kind = OwnerKind::kDaemonSet,
       .name = "node-agent",
       .replicas = 3,
       .containers = {container("agent", {.cores = 0.03, .noise = 0.3}, {.bytes = 70 * kMiB},
                                times(2), times(2))}},
      {.namespace_name = "kube-system",
       .kind = OwnerKind::kStaticPod,
       .name = "kube-proxy",
       .replicas = 3,
       .containers = {container("kube-proxy", {.cores = 0.02}, {.bytes = 50 * kMiB},
                                request_only(4), kUnset)}},
  };
}

std::vector<WorkloadShape> build_shapes() {
  std::vector<WorkloadShape> shapes;
  for (const auto& part :
       {web_shapes(), application_shapes(), data_shapes(), job_shapes(), system_shapes()})
    shapes.insert(shapes.end(), part.begin(), part.end());
  return shapes;
}

}  // namespace

const char* to_string(OwnerKind kind) {
  switch (kind) {
    case OwnerKind::kDeployment:
      return "Deployment";
    case OwnerKind::kRollout:
      return "Rollout";
    case OwnerKind::kStatefulSet:
      return "StatefulSet";
    case OwnerKind::kDaemonSet:
      return "DaemonSet";
    case OwnerKind::kCronJob:
      return "CronJob";
    case OwnerKind::kJob:
      return "Job";
    case OwnerKind::kBarePod:
    case OwnerKind::kStaticPod:
      return "Pod";
  }
  return "";
}

std::span<const WorkloadShape> all_shapes() {
  static const std::vector<WorkloadShape> shapes = build_shapes();
  return shapes;
}

}  // namespace loadline::generate
