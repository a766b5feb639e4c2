#include "gitops/kinds.hpp"

#include <algorithm>
#include <array>

namespace loadline::gitops {
namespace {

struct Row {
  std::string_view kind{};
  std::string_view api_version{};
  std::string_view pod_spec = "spec.template.spec";
  MergeKeys merge_keys = MergeKeys::kYes;
};
constexpr std::array<Row, 9> kKinds{
    {{"CronJob", "batch/v1", "spec.jobTemplate.spec.template.spec"},
     {"DaemonSet", "apps/v1"},
     {"Deployment", "apps/v1"},
     {"Job", "batch/v1"},
     {"Pod", "v1", "spec"},
     {"ReplicaSet", "apps/v1"},
     {"ReplicationController", "v1"},
     {"Rollout", "argoproj.io/v1alpha1", "spec.template.spec", MergeKeys::kNo},
     {"StatefulSet", "apps/v1"}}};

}  // namespace

std::string KindRule::group() const {
  const std::size_t slash = api_version.find('/');
  return slash == std::string::npos ? "" : api_version.substr(0, slash);
}

std::string KindRule::version() const {
  const std::size_t slash = api_version.find('/');
  return slash == std::string::npos ? api_version : api_version.substr(slash + 1);
}

std::optional<KindRule> rule_of(std::string_view kind, const std::vector<CustomKind>& kinds) {
  for (const CustomKind& custom : kinds) {
    if (custom.kind != kind) continue;
    return KindRule{custom.kind, custom.api_version, split_dotted(custom.pod_spec), MergeKeys::kNo};
  }
  for (const Row& row : kKinds) {
    if (row.kind != kind) continue;
    return KindRule{std::string(row.kind), std::string(row.api_version), split_dotted(row.pod_spec),
                    row.merge_keys};
  }
  return std::nullopt;
}

bool is_known_kind(std::string_view kind) {
  return std::any_of(kKinds.begin(), kKinds.end(),
                     [kind](const Row& row) { return row.kind == kind; });
}

std::vector<std::string> split_dotted(std::string_view path) {
  std::vector<std::string> keys(1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '\\' && i + 1 < path.size()) {
      keys.back() += path[++i];
    } else if (path[i] == '.') {
      keys.emplace_back();
    } else {
      keys.back() += path[i];
    }
  }
  return keys;
}

}  // namespace loadline::gitops
