#include "loadline/gitops/formats.hpp"

#include <algorithm>
#include <array>

#include "gitops/format_renderers.hpp"
#include "publish/text.hpp"

namespace loadline {
namespace {

constexpr std::array<PatchFormat, 6> kFormats{PatchFormat::kKustomize,  PatchFormat::kJson6902,
                                              PatchFormat::kHelmValues, PatchFormat::kFlux,
                                              PatchFormat::kKubectl,    PatchFormat::kVpa};

Rendered rendered(PatchFormat format, const PatchPlan& plan, const FormatOptions& options) {
  switch (format) {
    case PatchFormat::kKustomize:
      return gitops::render_kustomize(plan, options);
    case PatchFormat::kJson6902:
      return gitops::render_json6902(plan, options);
    case PatchFormat::kHelmValues:
      return gitops::render_helm_values(plan, options);
    case PatchFormat::kFlux:
      return gitops::render_flux(plan, options);
    case PatchFormat::kKubectl:
      return gitops::render_kubectl(plan, options);
    case PatchFormat::kVpa:
      return gitops::render_vpa(plan, options);
  }
  return {};
}

bool is_text(std::string_view text) {
  while (!text.empty()) {
    const publish::CodePoint next = publish::first_code_point(text);
    if (!next.valid) return false;
    text.remove_prefix(next.length);
  }
  return true;
}

bool is_text(const WorkloadKey& workload) {
  return is_text(workload.namespace_name) && is_text(workload.kind) && is_text(workload.name);
}

/// The plan without names that no YAML can hold, which are told.
PatchPlan sayable(const PatchPlan& plan, std::vector<Unpatched>& unpatched) {
  PatchPlan kept = plan;
  for (WorkloadPatch& workload : kept.workloads) {
    const bool is_sayable = is_text(workload.workload);
    std::vector<ContainerPatch> containers;
    for (ContainerPatch& container : workload.containers) {
      if (is_sayable && is_text(container.container)) {
        containers.push_back(std::move(container));
      } else {
        unpatched.push_back({{workload.workload, container.container},
                             "a name of it is no UTF-8, which no file can hold"});
      }
    }
    workload.containers = std::move(containers);
  }
  std::erase_if(kept.workloads,
                [](const WorkloadPatch& workload) { return workload.containers.empty(); });
  return kept;
}

void join(Rendered& all, Rendered&& one) {
  all.tree.files.merge(one.tree.files);
  all.tree.values.merge(one.tree.values);
  all.tree.origins.merge(one.tree.origins);
  std::move(one.unpatched.begin(), one.unpatched.end(), std::back_inserter(all.unpatched));
}

bool is_wanted(PatchFormat format, const std::vector<PatchFormat>& wanted) {
  return std::find(wanted.begin(), wanted.end(), format) != wanted.end();
}

}  // namespace

std::string_view to_string(PatchFormat format) {
  switch (format) {
    case PatchFormat::kKustomize:
      return "kustomize";
    case PatchFormat::kJson6902:
      return "json6902";
    case PatchFormat::kHelmValues:
      return "helm-values";
    case PatchFormat::kFlux:
      return "flux";
    case PatchFormat::kKubectl:
      return "kubectl";
    case PatchFormat::kVpa:
      return "vpa";
  }
  return "";
}

std::optional<PatchFormat> parse_patch_format(std::string_view text) {
  for (const PatchFormat format : kFormats) {
    if (to_string(format) == text) return format;
  }
  return std::nullopt;
}

std::string patch_format_names() {
  std::string names;
  for (const PatchFormat format : kFormats) {
    if (!names.empty()) names += '|';
    names += to_string(format);
  }
  return names;
}

Rendered render_patches(const PatchPlan& plan, const FormatOptions& options) {
  Rendered all;
  const PatchPlan kept = sayable(plan, all.unpatched);
  for (const PatchFormat format : kFormats) {
    if (is_wanted(format, options.formats)) join(all, rendered(format, kept, options));
  }
  std::stable_sort(all.unpatched.begin(), all.unpatched.end(),
                   [](const Unpatched& a, const Unpatched& b) { return a.key < b.key; });
  return all;
}

}  // namespace loadline
