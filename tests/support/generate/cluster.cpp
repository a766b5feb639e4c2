#include "support/generate/cluster.hpp"

#include <algorithm>

#include "support/generate/life.hpp"
#include "support/generate/names.hpp"
#include "support/generate/random.hpp"
#include "support/generate/runs.hpp"

namespace loadline::generate {
namespace {

constexpr std::size_t kTeams = 8;
constexpr std::size_t kNodesOfTeam = 3;

/// Which repetition of a shape a workload is: 0 is the original.
struct Round {
  std::size_t team = 0;
  std::size_t copy = 0;
};

std::string numbered(const std::string& name, std::size_t number) {
  return number == 0 ? name : name + "-" + std::to_string(number);
}

bool has_replica_sets(OwnerKind kind) {
  return kind == OwnerKind::kDeployment || kind == OwnerKind::kRollout;
}

/// The ReplicaSet's or the CronJob's Job's name; empty where nothing stands between.
std::string owner_between(const Workload& workload, const PodLife& life) {
  const auto generation = static_cast<std::uint64_t>(life.generation);
  if (has_replica_sets(workload.shape->kind))
    return workload.name + "-" + template_hash(mix(workload.seed, generation));
  if (workload.shape->kind == OwnerKind::kCronJob)
    return workload.name + "-" + std::to_string(life.created / kMinute);
  return "";
}

std::string pod_name(const Workload& workload, const Pod& pod, const PodLife& life,
                     std::uint64_t seed) {
  const std::string parent = pod.owner.empty() ? workload.name : pod.owner;
  switch (workload.shape->kind) {
    case OwnerKind::kDeployment:
    case OwnerKind::kRollout:
    case OwnerKind::kDaemonSet:
    case OwnerKind::kCronJob:
    case OwnerKind::kJob:
      return parent + "-" + safe_characters(seed, 5);
    case OwnerKind::kStatefulSet:
      return parent + "-" + std::to_string(life.replica);
    case OwnerKind::kBarePod:
      return parent;
    case OwnerKind::kStaticPod:
      return parent + "-" + node_name(pod.node);
  }
  return parent;
}

std::size_t node_of(const Workload& workload, const PodLife& life, const Round& round,
                    std::size_t nodes, std::uint64_t seed) {
  const OwnerKind kind = workload.shape->kind;
  const bool one_a_node = kind == OwnerKind::kDaemonSet || kind == OwnerKind::kStaticPod;
  return one_a_node ? (round.team * kNodesOfTeam + life.replica) % nodes : seed % nodes;
}

Pod make_pod(const Workload& workload, const PodLife& life, const Round& round,
             const Cluster& cluster) {
  const std::uint64_t seed =
      mix(mix(workload.seed, static_cast<std::uint64_t>(life.created)), life.replica);
  Pod pod{.uid = pod_uid(seed),
          .node = node_of(workload, life, round, cluster.nodes, seed),
          .owner = owner_between(workload, life),
          .generation = life.generation,
          .created = life.created,
          .finished = life.finished,
          .gone = life.gone};
  pod.name = pod_name(workload, pod, life, mix(seed));
  pod.runs = make_runs(workload, pod, cluster.scraping);
  return pod;
}

Workload make_workload(const WorkloadShape& shape, const Round& round, const Cluster& cluster) {
  Workload workload{.shape = &shape,
                    .namespace_name = numbered(shape.namespace_name, round.team),
                    .name = numbered(shape.name, round.copy),
                    .first_round = round.team == 0 && round.copy == 0};
  workload.seed =
      mix(mix(mix(cluster.seed, workload.namespace_name), to_string(shape.kind)), workload.name);
  if (!workload.first_round) workload.scale = 0.5 + 1.5 * unit(mix(workload.seed));
  workload.requirements.resize(shape.containers.size());
  for (const PodLife& life : pod_lives(shape, cluster.scraping))
    workload.pods.push_back(make_pod(workload, life, round, cluster));
  return workload;
}

}  // namespace

std::string node_name(std::size_t node) {
  return "node-" + std::to_string(node + 1);
}

ScrapeSchedule Cluster::node_schedule(std::size_t node) const {
  return {scraping, mix(mix(seed, "node"), node)};
}

Cluster make_cluster(const Options& options) {
  const auto shapes = all_shapes();
  Cluster cluster{.scraping = make_scraping(options.start, options.end, options.interval),
                  .seed = options.seed,
                  .nodes = std::max<std::size_t>(kNodesOfTeam, options.workloads / 20)};
  for (std::size_t i = 0; i < options.workloads; ++i) {
    const std::size_t number = i / shapes.size();
    const Round round{.team = number % kTeams, .copy = number / kTeams};
    cluster.workloads.push_back(make_workload(shapes[i % shapes.size()], round, cluster));
  }
  return cluster;
}

}  // namespace loadline::generate
