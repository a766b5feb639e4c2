#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "config/schema.hpp"

namespace loadline::config {
namespace {

constexpr std::array<std::string_view, 6> kFormats{"kustomize", "json6902", "helm-values",
                                                   "flux",      "kubectl",  "vpa"};
constexpr std::string_view kFormatNames =
    "kustomize | json6902 | helm-values | flux | kubectl | vpa";

constexpr std::array<Word<PatchVpaMode>, 2> kVpaModes{{
    {"off", PatchVpaMode::kOff},
    {"initial", PatchVpaMode::kInitial},
}};

tl::unexpected<Error> wrong(const std::string& problem) {
  return fail(ErrorKind::kInvalidInput, problem);
}

Result<std::vector<std::string>> read_formats(const Node& node) {
  Result<std::vector<std::string>> formats = read_list(node);
  if (!formats) return formats;
  if (formats->empty()) return wrong("at least one format is needed, e.g. [kustomize]");
  for (const std::string& format : *formats) {
    if (std::find(kFormats.begin(), kFormats.end(), format) != kFormats.end()) continue;
    return wrong("\"" + printable(format) + "\" is none of " + std::string(kFormatNames));
  }
  return formats;
}

Result<std::vector<std::string>> read_workload_patterns(const Node& node) {
  Result<std::vector<std::string>> patterns = read_list(node);
  if (!patterns) return patterns;
  for (const std::string& pattern : *patterns) {
    if (std::count(pattern.begin(), pattern.end(), '/') == 2) continue;
    return wrong("\"" + printable(pattern) +
                 "\" is no pattern of NAMESPACE/KIND/NAME, e.g. shop/Deployment/web-*");
  }
  return patterns;
}

/// "spec.template.spec"; a dot inside a key is "\.".
bool is_path(std::string_view path) {
  return !path.empty() && path.front() != '.' && path.back() != '.' &&
         path.find("..") == std::string_view::npos;
}

Result<PatchKind> read_kind(const Node& row) {
  if (row.kind != Node::Kind::kMap) return wrong("a kind is {kind, api_version, pod_spec}");
  PatchKind kind;
  for (const Node& item : row.items) {
    const Result<std::string> text = read_text(item);
    if (!text) return tl::unexpected(text.error());
    if (item.name == "kind") {
      kind.kind = *text;
    } else if (item.name == "api_version") {
      kind.api_version = *text;
    } else if (item.name == "pod_spec") {
      kind.pod_spec = *text;
    } else {
      return wrong("\"" + printable(item.name) + "\" is none of kind, api_version, pod_spec");
    }
  }
  if (kind.kind.empty() || kind.api_version.empty() || !is_path(kind.pod_spec)) {
    return wrong(
        "a kind is {kind: Rollout, api_version: argoproj.io/v1alpha1, pod_spec: "
        "spec.template.spec}; pod_spec may be left out");
  }
  return kind;
}

Result<std::vector<PatchKind>> read_kinds(const Node& node) {
  if (node.kind != Node::Kind::kList) return wrong("a list of {kind, api_version, pod_spec}");
  std::vector<PatchKind> kinds;
  std::set<std::string> names;
  for (const Node& row : node.items) {
    Result<PatchKind> kind = read_kind(row);
    if (!kind) return tl::unexpected(kind.error());
    if (!names.insert(kind->kind).second) {
      return wrong("kind " + printable(kind->kind) + " stands twice");
    }
    kinds.push_back(std::move(*kind));
  }
  return kinds;
}

Node write_kinds(const std::vector<PatchKind>& kinds) {
  Node list{.kind = Node::Kind::kList};
  for (const PatchKind& kind : kinds) {
    Node row{.kind = Node::Kind::kMap};
    row.items = {named("kind", scalar(kind.kind)), named("api_version", scalar(kind.api_version)),
                 named("pod_spec", scalar(kind.pod_spec))};
    list.items.push_back(std::move(row));
  }
  return list;
}

std::vector<Key> patch_place_keys() {
  return {
      with_value(
          {.name = "patch.output_dir",
           .type = "directory",
           .summary = "Where the patch files and their manifest are written."},
          [](auto& c) -> auto& { return c.patch.output_dir; }, read_text, write_text),
      with_value(
          {.name = "patch.formats",
           .type = "list of " + std::string(kFormatNames),
           .summary = "Which kinds of patch files; each has a folder of its own.",
           .shape = Shape::kList},
          [](auto& c) -> auto& { return c.patch.formats; }, read_formats, write_list),
      with_value(
          {.name = "patch.helm_mapping",
           .type = "file",
           .summary = "Which values of which release hold a container's resources.",
           .detail = "For helm-values: a YAML list of {namespace, workload, container, release, "
                     "path}; see docs/gitops.md."},
          [](auto& c) -> auto& { return c.patch.helm_mapping; }, read_text, write_text),
      with_words<PatchVpaMode>(
          {.name = "patch.vpa_mode", .summary = "updateMode of VerticalPodAutoscaler objects."},
          [](auto& c) -> auto& { return c.patch.vpa_mode; }, kVpaModes),
  };
}

std::vector<Key> patch_choice_keys() {
  return {
      with_value(
          {.name = "patch.dead_band",
           .type = "percent or ratio",
           .summary = "A value that differs by less from the one last written stays."},
          [](auto& c) -> auto& { return c.patch.dead_band; }, read_ratio, write_ratio),
      with_value(
          {.name = "patch.exclude",
           .type = "list of patterns",
           .summary = "Workloads without patches, NAMESPACE/KIND/NAME.",
           .detail = "* is any run, ? one character; each part by itself.",
           .shape = Shape::kList},
          [](auto& c) -> auto& { return c.patch.exclude; }, read_workload_patterns, write_list),
      with_value(
          {.name = "patch.exclude_containers",
           .type = "list of patterns",
           .summary = "Containers without patches: those that a webhook injects.",
           .detail = "They stand in no manifest, so that a patch would add them.",
           .shape = Shape::kList},
          [](auto& c) -> auto& { return c.patch.exclude_containers; }, read_list, write_list),
      with_value(
          {.name = "patch.kinds",
           .type = "list of {kind, api_version, pod_spec}",
           .summary = "Kinds of workloads beside Kubernetes' own and Rollout.",
           .detail = "pod_spec is the dotted path of the pod's spec, spec.template.spec unless "
                     "given. A variable holds KIND:API_VERSION:POD_SPEC,...",
           .shape = Shape::kKinds},
          [](auto& c) -> auto& { return c.patch.kinds; }, read_kinds, write_kinds),
  };
}

}  // namespace

std::vector<Key> patch_keys() {
  std::vector<Key> keys = patch_place_keys();
  for (Key& key : patch_choice_keys()) keys.push_back(std::move(key));
  return keys;
}

}  // namespace loadline::config
