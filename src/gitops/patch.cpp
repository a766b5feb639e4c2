#include "loadline/gitops/patch.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "loadline/model/pattern.hpp"

namespace loadline {
namespace {

/// What the rows can and cannot know.
class Sight {
 public:
  Sight(const std::vector<Recommendation>& rows, const PatchSettings& settings,
        Completeness completeness)
      : settings_(settings), completeness_(completeness) {
    for (const Recommendation& row : rows) clusters_.insert(row.key.workload.cluster);
  }

  /// Whether a container that is in no row is gone for certain.
  [[nodiscard]] bool reaches(const WorkloadKey& workload) const {
    return completeness_ == Completeness::kComplete && clusters_.contains(workload.cluster) &&
           is_chosen(workload.namespace_name) && is_of_shard(workload);
  }

 private:
  [[nodiscard]] bool is_chosen(const std::string& name) const {
    const bool is_named = settings_.namespaces.empty() || matches_any(settings_.namespaces, name);
    return is_named && !matches_any(settings_.exclude_namespaces, name);
  }
  [[nodiscard]] bool is_of_shard(const WorkloadKey& workload) const {
    return settings_.total_shards <= 1 ||
           shard_of(workload, settings_.total_shards) == settings_.shard;
  }

  const PatchSettings& settings_;
  Completeness completeness_;
  std::set<std::string> clusters_{};
};

/// A row whose workload is a guess says nothing about the tree's own, unless it must be so.
bool tells(const Recommendation& row, Completeness completeness) {
  return row.owner_source != OwnerSource::kPodName || completeness == Completeness::kComplete;
}

/// Under no_data a container stays in the tree as it is, unless it is opted out.
Recommendation unseen_row(const ContainerKey& key, const EmittedPlaces& places) {
  Recommendation row{.key = key, .verdict = Verdict::kNoData};
  const auto place = places.find(key);
  if (place != places.end()) row.type = place->second.type;
  return row;
}

std::vector<ContainerKey> unseen_of(const std::vector<Recommendation>& rows, const OwnedTree& owned,
                                    const PatchSettings& settings, Completeness completeness) {
  const Sight sight(rows, settings, completeness);
  std::set<ContainerKey> seen;
  for (const Recommendation& row : rows) {
    if (tells(row, completeness)) seen.insert(row.key);
  }
  std::vector<ContainerKey> unseen;
  for (const auto& [key, values] : owned.tree.values) {
    if (!seen.contains(key) && !sight.reaches(key.workload)) unseen.push_back(key);
  }
  return unseen;
}

/// The rows with stand-ins for what was not seen. Guesses about their workloads give way: a guess
/// takes every container for a plain one.
std::vector<Recommendation> with_unseen(const std::vector<Recommendation>& rows,
                                        const std::vector<ContainerKey>& unseen,
                                        const EmittedPlaces& places, Completeness completeness) {
  std::set<WorkloadKey> workloads;
  for (const ContainerKey& key : unseen) workloads.insert(key.workload);
  std::vector<Recommendation> all;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(all), [&](const Recommendation& row) {
    return tells(row, completeness) || !workloads.contains(row.key.workload);
  });
  for (const ContainerKey& key : unseen) all.push_back(unseen_row(key, places));
  std::sort(all.begin(), all.end(),
            [](const auto& left, const auto& right) { return left.key < right.key; });
  return all;
}

/// An unseen container may have unseen siblings that are not in the tree.
void remember_siblings(const std::vector<ContainerKey>& unseen, const EmittedPlaces& places,
                       PatchPlan& plan) {
  std::map<WorkloadKey, EmittedPlace> known;
  for (const ContainerKey& key : unseen) {
    const auto place = places.find(key);
    if (place != places.end()) known[key.workload] = place->second;
  }
  for (WorkloadPatch& workload : plan.workloads) {
    const auto place = known.find(workload.workload);
    if (place == known.end()) continue;
    workload.known_containers = std::max(workload.known_containers, place->second.known_containers);
    workload.known_init_containers =
        std::max(workload.known_init_containers, place->second.known_init_containers);
  }
}

EmittedPlaces places_of(const PatchPlan& plan, const EmittedValues& values) {
  EmittedPlaces places;
  for (const WorkloadPatch& workload : plan.workloads) {
    for (const ContainerPatch& container : workload.containers) {
      const ContainerKey key{workload.workload, container.container};
      if (!values.contains(key)) continue;
      places[key] = {container.type, workload.known_containers, workload.known_init_containers};
    }
  }
  return places;
}

std::vector<Unpatched> joined(const std::vector<Unpatched>& left, std::vector<Unpatched> right) {
  right.insert(right.begin(), left.begin(), left.end());
  std::stable_sort(right.begin(), right.end(),
                   [](const Unpatched& a, const Unpatched& b) { return a.key < b.key; });
  return right;
}

}  // namespace

PatchOutcome make_patches(const std::vector<Recommendation>& rows, const OwnedTree& owned,
                          const PatchSettings& settings, Completeness completeness) {
  PatchOutcome outcome;
  outcome.unseen = unseen_of(rows, owned, settings, completeness);
  outcome.plan = plan_patches(with_unseen(rows, outcome.unseen, owned.tree.places, completeness),
                              owned.tree.values, settings.policy, owned.tree.origins);
  remember_siblings(outcome.unseen, owned.tree.places, outcome.plan);
  Rendered rendered = render_patches(outcome.plan, settings.formats);
  outcome.tree = std::move(rendered.tree);
  outcome.tree.places = places_of(outcome.plan, outcome.tree.values);
  outcome.changes = changes_between(owned, outcome.tree, settings.edited);
  outcome.unpatched = joined(outcome.plan.unpatched, std::move(rendered.unpatched));
  return outcome;
}

}  // namespace loadline
