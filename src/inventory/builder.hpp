/// An inventory while the rows of its answers come in, one by one, so that no answer is held.
///
/// The order matters: all owners first; of each pod when it was created and whether it lives before
/// what its containers ask for; init containers last, since they are told over the whole window, of
/// pods that nothing else tells of.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "inventory/owners.hpp"
#include "loadline/inventory/inventory.hpp"

namespace loadline {

/// Belongs to one thread. Pods and drafts point to one another: neither copied nor moved.
class InventoryBuilder {
 public:
  InventoryBuilder(PodOwners owners, std::string cluster_label);
  InventoryBuilder(const InventoryBuilder&) = delete;
  InventoryBuilder& operator=(const InventoryBuilder&) = delete;

  void add_created(const Labels& pod, double seconds);  ///< of kube_pod_created
  void add_live(const Labels& pod, double value);       ///< of kube_pod_status_phase
  void add_request(const Labels& container, double amount);
  void add_limit(const Labels& container, double amount);
  void add_container(const Labels& container);  ///< of kube_pod_container_info
  /// Of kube_pod_container_status_restarts_total at the end; those of living pods count.
  void add_restarts(const Labels& container, double count);

  /// As the function of build.hpp, from what was added so far.
  [[nodiscard]] std::vector<PodKey> pods_without_live_values() const;

  void add_init_container(const Labels& container);  ///< of kube_pod_init_container_info
  /// To be called once.
  [[nodiscard]] Inventory build();

 private:
  /// The order in which pods are believed: living ones first, then the newest, then by name.
  struct Rank {
    bool is_live = false;
    double created = 0;
    std::string_view pod{};

    bool operator<(const Rank& other) const;
  };

  /// What the best pod so far says of a container.
  struct Draft {
    std::optional<Rank> rank{};
    ContainerFacts facts{};
    /// Told of by a pod whose values were asked for: what these do not say is not set.
    bool is_listed = false;
    double restarts = 0;  ///< of all living pods, whichever is believed
  };

  struct WorkloadDraft {
    std::uint32_t live_pods = 0;
    bool is_answered = false;  ///< some pod is told of at the end of the window
    std::map<std::string, Draft, std::less<>> containers{};
  };

  struct Creation {
    std::size_t uid_hash = 0;  ///< a name is given to few pods: 64 bits tell them apart
    double seconds = 0;
  };

  struct Pod {
    std::string_view name{};
    WorkloadDraft* workload = nullptr;
    bool is_told = false;  ///< of its owner; else the owner is inferred
    bool is_live = false;
    /// Other pods are known only by their owner and init containers, which are told over the whole
    /// window.
    bool was_asked = false;
    double newest = 0;                  ///< creation of the newest of that name
    std::vector<Creation> creations{};  ///< a StatefulSet gives a name again
  };

  Pod* pod_in(const Labels& labels);
  Pod* answering_pod_in(const Labels& labels);
  Pod make_pod(const PodKey& name, const WorkloadKey* told);
  void take_value(const Labels& labels, double amount, std::optional<double> Requirement::*part);
  Draft* note_container(const Labels& labels, const Pod* pod);
  Draft* draft_for(const Pod* pod, const Labels& labels);
  static Rank rank_of(const Pod& pod, const Labels& labels);
  [[nodiscard]] WorkloadFacts facts_of(const WorkloadKey& workload,
                                       const WorkloadDraft& draft) const;

  std::string cluster_label_{};
  PodOwners owners_{};
  std::unordered_map<WorkloadKey, WorkloadDraft, KeyHash> drafts_{};
  std::unordered_set<PodKey, KeyHash> inferred_{};  ///< pods whose owner nobody told
  /// By the key that stands in one of the two above: names are kept once.
  std::unordered_map<const PodKey*, Pod> pods_{};
  std::set<std::string, std::less<>> clusters_with_requests_{};
  PodKey key_{};  ///< of the row at hand
};

}  // namespace loadline
