/// A cluster that between its workloads has everything a format must know; the plan is made by
/// plan_patches itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plans.hpp"

namespace loadline::test {

/// 500m/1 and 512Mi/1Gi today; 250m/500m and 384Mi/768Mi advised.
inline RowBuilder shrinking(WorkloadKey workload, std::string container) {
  RowBuilder row(std::move(workload), std::move(container));
  row.today(Resource::kCpu, 0.5, 1).today(Resource::kMemory, 512 * kMi, 1024 * kMi);
  return row.advised(Resource::kCpu, 0.25, 0.5).advised(Resource::kMemory, 384 * kMi, 768 * kMi);
}

/// Nothing today; 1/2 and 64Mi/128Mi advised.
inline RowBuilder unset(WorkloadKey workload, std::string container) {
  RowBuilder row(std::move(workload), std::move(container));
  row.today(Resource::kCpu, std::nullopt, std::nullopt);
  row.today(Resource::kMemory, std::nullopt, std::nullopt);
  return row.advised(Resource::kCpu, 1, 2).advised(Resource::kMemory, 64 * kMi, 128 * kMi);
}

inline RowBuilder quiet(WorkloadKey workload, std::string container) {
  return RowBuilder(std::move(workload), std::move(container)).verdict(Verdict::kKeep);
}

inline std::vector<Recommendation> sample_rows() {
  const WorkloadKey web = workload_of("web");
  const WorkloadKey agent = workload_of("agent", "DaemonSet", "monitoring");
  const WorkloadKey steps = workload_of("steps", "StatefulSet");
  RowBuilder database = shrinking(workload_of("db.v2", "StatefulSet"), "postgres");
  database.advised(Resource::kCpu, 0.25, std::nullopt);
  RowBuilder report = shrinking(workload_of("report", "CronJob", "batch"), "report");
  report.advised(Resource::kMemory, std::nullopt, std::nullopt);
  RowBuilder half = shrinking(workload_of("half"), "app");
  half.today(Resource::kCpu, 0.1, std::nullopt).today(Resource::kMemory, 128 * kMi, std::nullopt);
  half.advised(Resource::kCpu, 0.2, std::nullopt).advised(Resource::kMemory, 256 * kMi, 512 * kMi);
  return {shrinking(web, "app"),
          shrinking(web, "tail").type(ContainerType::kSidecar),
          database,
          report,
          half,
          unset(agent, "collector"),
          quiet(agent, "reloader"),
          shrinking(workload_of("checkout", "Rollout"), "app"),
          unset(workload_of("import", "Job", "batch"), "import"),
          unset(workload_of("lone", "Pod"), "app"),
          shrinking(steps, "app"),
          unset(steps, "first").type(ContainerType::kInit),
          unset(steps, "second").type(ContainerType::kInit),
          shrinking(workload_of("clones", "CloneSet"), "app"),
          shrinking(workload_of("odd", "Gadget"), "app"),
          quiet(workload_of("calm"), "app"),
          RowBuilder(workload_of("young")).verdict(Verdict::kProfiling)};
}

inline PatchPlan sample_plan() {
  return plan_patches(sample_rows(), {}, {});
}

inline FormatOptions sample_options() {
  FormatOptions options;
  options.kinds = {{"CloneSet", "apps.kruise.io/v1alpha1", "spec.template.spec"}};
  options.helm = {{"shop", "web", "app", "shop", "web.resources"},
                  {"shop", "Deployment/web", "tail", "shop", "web.sidecars.tail.resources"},
                  {"shop", "StatefulSet/db.v2", "", "shop", R"(database\.main.resources)"},
                  {"shop", "half", "", "shop", "web.resources"},
                  {"batch", "report", "", "batch", "resources"},
                  {"batch", "nobody", "", "idle", "resources"}};
  return options;
}

}  // namespace loadline::test
