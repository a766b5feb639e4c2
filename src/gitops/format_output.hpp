/// Where a format puts what it makes.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "gitops/yaml_text.hpp"
#include "loadline/gitops/formats.hpp"

namespace loadline::gitops {

/// Collects one format's files below its folder. Not thread-safe; made for one rendering.
class FormatOutput {
 public:
  explicit FormatOutput(PatchFormat format) : format_(format) {}

  /// `path` is below the format's folder.
  void file(const std::string& path, const Yaml& content);
  /// The container is in a file: its values are the tree's.
  void said(const WorkloadKey& workload, const ContainerPatch& container);
  /// The container is in no file, or not all of it; the format's name goes before the sentence.
  void unsaid(const WorkloadKey& workload, const ContainerPatch& container, std::string_view why);
  /// All containers of the workload.
  void said(const WorkloadPatch& workload);
  void unsaid(const WorkloadPatch& workload, std::string_view why);

  Rendered take();

 private:
  PatchFormat format_;
  Rendered rendered_{};
};

/// The clusters that a plan speaks of, or one without a name: each has its own index.
std::set<std::string> clusters_of(const PatchPlan& plan);
/// "<cluster>/", or nothing.
std::string cluster_folder(const std::string& cluster);
/// patch_path with ".yaml", below the cluster's folder.
std::string file_in_cluster(const WorkloadKey& workload);

}  // namespace loadline::gitops
