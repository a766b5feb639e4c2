#include "inventory/autoscalers.hpp"

#include "support/catch.hpp"

using namespace loadline;

namespace {

const WorkloadKey kWeb{"", "shop", "Deployment", "web"};

Labels scaler(const std::string& name) {
  return {{"namespace", "shop"}, {"horizontalpodautoscaler", name}};
}

Labels target(const std::string& name, const std::string& kind, const std::string& workload) {
  Labels row = scaler(name);
  row.set("scaletargetref_kind", kind);
  row.set("scaletargetref_name", workload);
  return row;
}

Labels metric(const std::string& name, const std::string& resource, const std::string& type) {
  Labels row = scaler(name);
  row.set("metric_name", resource);
  row.set("metric_target_type", type);
  return row;
}

WorkloadFacts told_of_web(const AutoscalerTable& table) {
  Inventory inventory;
  inventory.workloads_[kWeb] = {.live_pods = 2};
  table.tell(inventory);
  CHECK(inventory.workloads_.size() == 1);
  return inventory.workloads_.at(kWeb);
}

PerResource<bool> scaled_by(bool cpu, bool memory) {
  return {{cpu, memory}};
}

}  // namespace

TEST_CASE("a workload is scaled by the utilisation that its autoscaler looks at, nothing else") {
  struct Row {
    const char* resource = "";
    const char* type = "";
    PerResource<bool> expected{};
  };
  for (const Row& row : {Row{"cpu", "utilization", scaled_by(true, false)},
                         Row{"memory", "utilization", scaled_by(false, true)},
                         Row{"cpu", "average", scaled_by(false, false)},
                         Row{"queue_length", "utilization", scaled_by(false, false)},
                         Row{"s0-kafka", "value", scaled_by(false, false)}}) {
    CAPTURE(row.resource, row.type);
    AutoscalerTable table("");
    table.add_target(target("keda-hpa-web", "Deployment", "web"));
    table.add_metric(metric("keda-hpa-web", row.resource, row.type));
    const WorkloadFacts facts = told_of_web(table);
    CHECK(facts.autoscaler == "keda-hpa-web");
    CHECK(facts.autoscaled == row.expected);
    CHECK(facts.live_pods == 2);
  }
}

TEST_CASE("the utilisation of one container counts for its workload") {
  AutoscalerTable table("");
  table.add_target(target("web", "Deployment", "web"));
  Labels row = metric("web", "cpu", "utilization");
  row.set("container", "proxy");
  table.add_metric(row);
  CHECK(told_of_web(table).autoscaled == scaled_by(true, false));
}

TEST_CASE("another kind, namespace or cluster of the same name is another workload") {
  for (const char* changed : {"kind", "namespace", "cluster"}) {
    CAPTURE(changed);
    AutoscalerTable table("cluster");
    Labels row = target("web", "Deployment", "web");
    if (changed == std::string("kind")) {
      row.set("scaletargetref_kind", "StatefulSet");
    } else {
      row.set(changed, "other");
    }
    table.add_target(row);
    CHECK(told_of_web(table).autoscaler.empty());
  }
}

TEST_CASE("of several autoscalers the first by name is named, and all scale") {
  AutoscalerTable table("");
  table.add_metric(metric("b", "memory", "utilization"));
  table.add_target(target("b", "Deployment", "web"));
  table.add_target(target("a", "Deployment", "web"));
  table.add_metric(metric("a", "cpu", "utilization"));
  const WorkloadFacts facts = told_of_web(table);
  CHECK(facts.autoscaler == "a");
  CHECK(facts.autoscaled == scaled_by(true, true));
}

TEST_CASE("an autoscaler of which only the metric is told scales nothing") {
  AutoscalerTable table("");
  CHECK(table.empty());
  table.add_metric(metric("web", "cpu", "utilization"));
  CHECK(told_of_web(table) == WorkloadFacts{.live_pods = 2});
}
