#include <array>
#include <unordered_map>
#include <utility>

#include "loadline/inventory/audit.hpp"

namespace loadline {
namespace {

constexpr std::size_t kMostClusterValues = 20;

/// The labels that say what is measured, for the metrics in which duplicates are looked for.
const std::vector<std::string_view>& identity_labels(std::string_view metric) {
  static const std::vector<std::string_view> kUsage = {"namespace", "pod", "container",
                                                       "id",        "cpu", "name"};
  static const std::vector<std::string_view> kTold = {
      "namespace", "pod",  "container",          "uid", "owner_kind", "owner_name",
      "resource",  "unit", "owner_is_controller"};
  static const std::vector<std::string_view> kNone = {};
  if (metric.starts_with("container_")) return kUsage;
  if (metric == "kube_pod_owner" || metric.starts_with("kube_pod_container_resource_")) {
    return kTold;
  }
  return kNone;
}

bool is_usage(std::string_view metric) {
  return metric.starts_with("container_");
}

/// Rows of a pod's cgroup and its pause container measure no container.
bool names_container(const Labels& labels) {
  const std::string_view container = exported_or_own(labels, "container");
  return !container.empty() && container != "POD";
}

bool is_exported(const Labels& labels) {
  constexpr std::array<std::string_view, 3> kLabels = {"exported_namespace", "exported_pod",
                                                       "exported_container"};
  for (const std::string_view label : kLabels) {
    if (!labels.get(label).empty()) return true;
  }
  return false;
}

void note_container_labels(MetricSighting& sighting, const Labels& labels) {
  if (!names_container(labels)) {
    ++sighting.without_container;
    return;
  }
  const std::string_view cpu = labels.get("cpu");
  if (!cpu.empty() && cpu != "total") ++sighting.per_core;
  if (labels.get("image").empty()) ++sighting.without_image;
  if (labels.get("id").empty()) ++sighting.without_id;
}

void note_clusters(MetricSighting& sighting, const Labels& labels,
                   const std::string& cluster_label) {
  const auto note = [&](const std::string& name) {
    const std::string_view value = labels.get(name);
    if (value.empty()) return;
    auto& values = sighting.cluster_values[name];
    if (values.size() < kMostClusterValues) values.emplace(value);
  };
  for (const std::string& name : cluster_label_names()) note(name);
  if (!cluster_label.empty()) note(cluster_label);
}

/// What a series measures, as labels.
Labels identity_of(const Labels& labels, const std::vector<std::string_view>& names,
                   const std::string& cluster_label) {
  Labels identity;
  for (const std::string_view name : names) identity.set(name, exported_or_own(labels, name));
  if (!cluster_label.empty()) identity.set("loadline cluster", labels.get(cluster_label));
  return identity;
}

struct LabelsHash {
  std::size_t operator()(const Labels& labels) const {
    std::size_t hash = labels.pairs().size();
    for (const auto& [name, value] : labels.pairs()) {
      hash = hash * 1'099'511'628'211ULL ^ std::hash<std::string>{}(value);
    }
    return hash;
  }
};

/// The labels in which two series of one identity differ.
void note_differences(std::set<std::string>& names, const Labels& a, const Labels& b) {
  for (const auto& [name, value] : a.pairs()) {
    if (b.get(name) != value) names.insert(name);
  }
  for (const auto& [name, value] : b.pairs()) {
    if (a.get(name).empty()) names.insert(name);
  }
}

void find_duplicates(MetricSighting& sighting, const std::vector<Labels>& series,
                     const std::string& cluster_label) {
  const std::vector<std::string_view>& names = identity_labels(sighting.name);
  if (names.empty() || sighting.without_id > 0) return;
  std::unordered_map<Labels, const Labels*, LabelsHash> firsts;
  for (const Labels& labels : series) {
    if (is_usage(sighting.name) && !names_container(labels)) continue;
    const auto [at, is_first] =
        firsts.try_emplace(identity_of(labels, names, cluster_label), &labels);
    if (is_first || *at->second == labels) continue;
    ++sighting.duplicates;
    note_differences(sighting.duplicate_labels, *at->second, labels);
  }
}

/// Only what a metric's series are judged by; a phase is a series of its own, one will do.
std::vector<Matcher> matchers_for(std::string_view metric) {
  std::vector<Matcher> matchers = {{"__name__", MatchOp::kEqual, std::string(metric)}};
  if (metric == "kube_pod_status_phase") {
    matchers.push_back({"phase", MatchOp::kEqual, "Running"});
  }
  return matchers;
}

}  // namespace

MetricSighting sighting_of(const MetricUse& use, const std::vector<Labels>& series,
                           const std::string& cluster_label) {
  MetricSighting sighting;
  sighting.name = std::string(use.name);
  sighting.need = use.need;
  sighting.series = series.size();
  for (const Labels& labels : series) {
    for (const auto& [name, value] : labels.pairs()) {
      if (!sighting.label_names.contains(name)) sighting.label_names.insert(name);
    }
    if (is_usage(use.name)) note_container_labels(sighting, labels);
    if (sighting.example.empty() && (!is_usage(use.name) || names_container(labels))) {
      sighting.example = labels;
    }
    if (is_exported(labels)) ++sighting.exported;
    const std::string_view owner = labels.get("owner_kind");
    if (!owner.empty()) sighting.owner_kinds.emplace(owner);
    note_clusters(sighting, labels, cluster_label);
  }
  if (sighting.example.empty() && !series.empty()) sighting.example = series.front();
  find_duplicates(sighting, series, cluster_label);
  return sighting;
}

Result<std::vector<MetricSighting>> sight_metrics(QueryApi& api, TimeRange recent,
                                                  const std::string& cluster_label) {
  std::vector<MetricSighting> sightings;
  for (const MetricUse& use : metrics_in_use()) {
    const auto series = api.series(matchers_for(use.name), recent);
    if (!series) return fail_while("looking for " + std::string(use.name), series.error());
    sightings.push_back(sighting_of(use, *series, cluster_label));
  }
  return sightings;
}

}  // namespace loadline
