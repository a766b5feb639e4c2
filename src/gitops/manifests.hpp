/// The workloads in a directory of the user's own manifests.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadline/config/yaml.hpp"
#include "loadline/gitops/formats.hpp"
#include "loadline/model/result.hpp"

namespace loadline::gitops {

/// As kustomize takes an object that names none.
inline constexpr std::string_view kUnnamedNamespace = "default";

struct Manifest {
  WorkloadKey key{};
  bool has_namespace = true;
  std::string place{};        ///< "deploy/web.yaml:3"
  std::string api_version{};  ///< "apps/v1"
  std::vector<std::string> pod_spec{};
  ManifestPod pod{};
  YamlNode object{};
};

/// Every workload of a known kind in *.yaml, *.yml and *.json of a directory, or in one file; Lists
/// are opened, hidden folders left out, symbolic links to folders not followed. An object whose
/// containers have no image is a patch and no manifest. Fails with kInvalidInput where a file is no
/// YAML.
Result<std::vector<Manifest>> read_manifests(const std::string& directory,
                                             const std::vector<CustomKind>& kinds);

/// The paths of such files, sorted.
Result<std::vector<std::string>> yaml_files(const std::string& directory);

/// Finds manifests by kind and name.
class ManifestIndex {
 public:
  explicit ManifestIndex(std::vector<Manifest> manifests);

  [[nodiscard]] std::vector<const Manifest*> find(const std::string& kind,
                                                  const std::string& name) const;
  /// Those of the namespace; where there are none, those that name no namespace.
  [[nodiscard]] std::vector<const Manifest*> find(const WorkloadKey& workload) const;
  [[nodiscard]] const std::vector<Manifest>& all() const { return manifests_; }

 private:
  std::vector<Manifest> manifests_;
  std::multimap<std::pair<std::string, std::string>, std::size_t> by_name_{};
};

}  // namespace loadline::gitops
