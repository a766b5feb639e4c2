/// A plan becomes files, one folder a format: kustomize/, json6902/, helm-values/, flux/, kubectl/,
/// vpa/. Pure: the same plan gives the same bytes. docs/gitops.md describes each format and where
/// it cannot say something.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loadline/config/yaml.hpp"
#include "loadline/gitops/plan.hpp"
#include "loadline/gitops/tree.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

enum class PatchFormat { kKustomize, kJson6902, kHelmValues, kFlux, kKubectl, kVpa };
/// "kustomize", "json6902", "helm-values", "flux", "kubectl", "vpa".
std::string_view to_string(PatchFormat format);
std::optional<PatchFormat> parse_patch_format(std::string_view text);
/// "kustomize|json6902|helm-values|flux|kubectl|vpa".
std::string patch_format_names();

/// One line of the mapping file of `helm-values`: whose `resources` sit where in whose values.
struct HelmMapping {
  std::string namespace_name{};
  std::string workload{};   ///< "name" or "Kind/name"
  std::string container{};  ///< empty: the only one of the workload
  std::string release{};    ///< names the values file
  std::string path{};       ///< dotted: "web.resources"; "\." is a dot inside a key

  bool operator==(const HelmMapping&) const = default;
};

/// A kind that loadline does not know by itself: how a patch addresses it.
struct CustomKind {
  std::string kind{};
  std::string api_version{};                    ///< "argoproj.io/v1alpha1"
  std::string pod_spec = "spec.template.spec";  ///< dotted path of the pod's spec

  bool operator==(const CustomKind&) const = default;
};

enum class VpaMode { kOff, kInitial };

/// A container as it stands in the user's own manifest.
struct ManifestContainer {
  std::string name{};
  /// Which of "resources", "resources/requests", "resources/limits", "resources/requests/cpu", ...
  /// are there: a JSON6902 operation needs to know.
  std::set<std::string> present{};

  bool operator==(const ManifestContainer&) const = default;
};

/// The two lists of a pod, in the manifest's order.
struct ManifestPod {
  std::vector<ManifestContainer> containers{};
  std::vector<ManifestContainer> init_containers{};

  bool operator==(const ManifestPod&) const = default;
};
/// By namespace, kind and name; the cluster empty.
using ManifestPods = std::map<WorkloadKey, ManifestPod>;

struct FormatOptions {
  std::vector<PatchFormat> formats{PatchFormat::kKustomize};
  std::vector<HelmMapping> helm{};
  std::vector<CustomKind> kinds{};  ///< beside the built-in ones and argoproj.io's Rollout
  VpaMode vpa_mode = VpaMode::kOff;
  /// The user's manifests, where they are at hand. JSON6902 addresses containers by index, and
  /// kustomize moves the containers that a patch names to the front: without this, what depends on
  /// the order is left out where a pod has several containers.
  ManifestPods manifests{};

  bool operator==(const FormatOptions&) const = default;
};

struct Rendered {
  PatchTree tree{};
  /// Containers of the plan that a format could not express, the format named in the sentence.
  std::vector<Unpatched> unpatched{};
};

/// The workload that a manifest describes, with its containers; nullopt where it is no workload
/// whose kind is known. A manifest without a namespace is of `default_namespace`.
std::optional<std::pair<WorkloadKey, ManifestPod>> manifest_pod(
    const YamlNode& manifest, const std::vector<CustomKind>& kinds,
    std::string_view default_namespace);

/// Sorted, canonical, without timestamps or versions. A format with nothing to say writes its index
/// alone (an empty Component), so that a team's reference to it does not break.
Rendered render_patches(const PatchPlan& plan, const FormatOptions& options);

}  // namespace loadline
