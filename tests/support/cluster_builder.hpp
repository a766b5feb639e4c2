/// A cluster as kube-state-metrics tells of it, stated as data:
///
///   const auto series = ClusterBuilder()
///       .owner("web-7b5f8d98c6-x2z4q", "ReplicaSet", "web-7b5f8d98c6")
///       .replicaset("web-7b5f8d98c6", "Deployment", "web")
///       .live("web-7b5f8d98c6-x2z4q", 100)
///       .request("web-7b5f8d98c6-x2z4q", "app", "cpu", 0.25)
///       .series();
///
/// Everything is in the namespace "shop" unless `with` says otherwise.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "loadline/inventory/build.hpp"

namespace loadline::test {

class ClusterBuilder {
 public:
  /// Labels that all further series carry; they replace those of the same name.
  ClusterBuilder& with(Labels common) {
    common_ = std::move(common);
    return *this;
  }

  ClusterBuilder& owner(std::string_view pod, std::string_view kind, std::string_view name,
                        std::string_view is_controller = "true") {
    return add(series_.pod_owners, {{"pod", std::string(pod)}}, kind, name, is_controller);
  }
  ClusterBuilder& replicaset(std::string_view replicaset, std::string_view kind,
                             std::string_view name, std::string_view is_controller = "true") {
    return add(series_.replicaset_owners, {{"replicaset", std::string(replicaset)}}, kind, name,
               is_controller);
  }
  ClusterBuilder& job(std::string_view job, std::string_view kind, std::string_view name) {
    return add(series_.job_owners, {{"job_name", std::string(job)}}, kind, name, "true");
  }

  ClusterBuilder& created(std::string_view pod, double seconds, std::string_view uid = "") {
    series_.pod_created.push_back(
        {labels({{"pod", std::string(pod)}, {"uid", std::string(uid)}}), seconds});
    return *this;
  }
  /// A running pod, created then.
  ClusterBuilder& live(std::string_view pod, double seconds, std::string_view phase = "Running") {
    series_.live_pods.push_back(
        {labels({{"pod", std::string(pod)}, {"phase", std::string(phase)}}), 1});
    return created(pod, seconds);
  }

  ClusterBuilder& request(std::string_view pod, std::string_view container,
                          std::string_view resource, double value, std::string_view uid = "") {
    series_.requests.push_back({value_labels(pod, container, resource, uid), value});
    return *this;
  }
  ClusterBuilder& limit(std::string_view pod, std::string_view container, std::string_view resource,
                        double value, std::string_view uid = "") {
    series_.limits.push_back({value_labels(pod, container, resource, uid), value});
    return *this;
  }
  ClusterBuilder& container(std::string_view pod, std::string_view container) {
    series_.containers.push_back(value_labels(pod, container, "", ""));
    return *this;
  }
  ClusterBuilder& restarts(std::string_view pod, std::string_view container, double count) {
    series_.restarts.push_back({value_labels(pod, container, "", ""), count});
    return *this;
  }
  ClusterBuilder& init(std::string_view pod, std::string_view container,
                       std::string_view restart_policy = "") {
    Labels row = value_labels(pod, container, "", "");
    row.set("restart_policy", restart_policy);
    series_.init_containers.push_back(std::move(row));
    return *this;
  }

  [[nodiscard]] ClusterSeries& series() { return series_; }

 private:
  [[nodiscard]] Labels labels(Labels own) const {
    if (own.get("namespace").empty()) own.set("namespace", "shop");
    for (const auto& [name, value] : common_.pairs()) own.set(name, value);
    return own;
  }
  [[nodiscard]] Labels value_labels(std::string_view pod, std::string_view container,
                                    std::string_view resource, std::string_view uid) const {
    return labels({{"pod", std::string(pod)},
                   {"container", std::string(container)},
                   {"resource", std::string(resource)},
                   {"uid", std::string(uid)}});
  }
  ClusterBuilder& add(std::vector<Labels>& rows, Labels own, std::string_view kind,
                      std::string_view name, std::string_view is_controller) {
    own.set("owner_kind", kind);
    own.set("owner_name", name);
    own.set("owner_is_controller", is_controller);
    rows.push_back(labels(std::move(own)));
    return *this;
  }

  Labels common_{};
  ClusterSeries series_{};
};

}  // namespace loadline::test
