#include <string>

#include "inventory/owner_names.hpp"
#include "loadline/inventory/inventory.hpp"
#include "support/catch.hpp"

using namespace loadline;

namespace {

std::string inferred(std::string_view pod) {
  const WorkloadKey owner = infer_owner({"eu", "shop", std::string(pod)});
  CHECK(owner.cluster == "eu");
  CHECK(owner.namespace_name == "shop");
  return owner.kind + "/" + owner.name;
}

}  // namespace

TEST_CASE("the owner is inferred from the pod's name") {
  struct Row {
    std::string_view pod{};
    std::string_view owner{};
  };
  const Row row = GENERATE(values<Row>({
      // Deployments: real names.
      {"calico-kube-controllers-8594699699-kqj79", "Deployment/calico-kube-controllers"},
      {"qk-sandbox-elf-service-7b5f8d98c6-m5xjn", "Deployment/qk-sandbox-elf-service"},
      {"web-5dfd4896b4-zc7ll", "Deployment/web"},
      {"web-5dfd48-zc7ll", "Deployment/web"},
      // CronJobs: minutes, and seconds before Kubernetes 1.21.
      {"backup-29925620-x2z4q", "CronJob/backup"},
      {"backup-1606780800-x2z4q", "CronJob/backup"},
      {"nightly-job-29925620-x2z4q", "CronJob/nightly-job"},
      // StatefulSets.
      {"prometheus-prometheus-0", "StatefulSet/prometheus-prometheus"},
      {"kafka-12", "StatefulSet/kafka"},
      {"kafka-9999", "StatefulSet/kafka"},
      // DaemonSets, and Jobs where the name says so.
      {"node-exporter-x2z4q", "DaemonSet/node-exporter"},
      {"db-migration-job-x2z4q", "Job/db-migration-job"},
      {"jobs-cleanup-x2z4q", "Job/jobs-cleanup"},
      {"build-20261124-x2z4q", "Job/build-20261124"},
      {"steve-jobsworth-x2z4q", "DaemonSet/steve-jobsworth"},
      // Neither: too short a hash, letters outside the alphabets, no time.
      {"web-5dfd4-zc7ll", "DaemonSet/web-5dfd4"},
      {"web-5dfd4896b4c-zc7ll", "DaemonSet/web-5dfd4896b4c"},
      {"web-aaaaaaaaaa-zc7ll", "DaemonSet/web-aaaaaaaaaa"},
      {"web-123-zc7ll", "DaemonSet/web-123"},
      {"web-x1z4q", "Pod/web-x1z4q"},
      {"web-front", "Pod/web-front"},
      {"shell", "Pod/shell"},
      {"kafka-012", "Pod/kafka-012"},
      {"kafka-12345", "Pod/kafka-12345"},
      {"kafka-", "Pod/kafka-"},
      {"-0", "Pod/-0"},
      {"-x2z4q", "Pod/-x2z4q"},
      {"-", "Pod/-"},
      {"", "Pod/"},
      {"-5dfd4896b4-zc7ll", "DaemonSet/-5dfd4896b4"},
  }));
  CAPTURE(row.pod);
  CHECK(inferred(row.pod) == row.owner);
}

TEST_CASE("a name of full length has lost its dash and a part of the hash") {
  const std::string name(52, 'w');
  CHECK(inferred(name + "-7b5f8" + "x2z4q") == "Deployment/" + name);
  CHECK(inferred(name + "-7a5f8" + "x2z4q") == "Pod/" + name + "-7a5f8x2z4q");
}

TEST_CASE("names of ReplicaSets and Jobs tell of their makers only where they look made") {
  CHECK(without_template_hash("web-7b5f8d98c6") == "web");
  CHECK_FALSE(without_template_hash("web-v2"));
  CHECK_FALSE(without_template_hash("web-123456"));
  CHECK_FALSE(without_template_hash("7b5f8d98c6"));
  CHECK(without_schedule_time("backup-29925620") == "backup");
  CHECK_FALSE(without_schedule_time("backup-12345678"));
  CHECK_FALSE(without_schedule_time("backup-99999999999999999999"));
  CHECK_FALSE(without_schedule_time("29925620"));
}
