/// The six formats: each takes a plan and gives its files, the values that they say and what it
/// could not say. Pure.
#pragma once

#include "loadline/gitops/formats.hpp"

namespace loadline::gitops {

Rendered render_kustomize(const PatchPlan& plan, const FormatOptions& options);
Rendered render_json6902(const PatchPlan& plan, const FormatOptions& options);
Rendered render_helm_values(const PatchPlan& plan, const FormatOptions& options);
Rendered render_flux(const PatchPlan& plan, const FormatOptions& options);
Rendered render_kubectl(const PatchPlan& plan, const FormatOptions& options);
Rendered render_vpa(const PatchPlan& plan, const FormatOptions& options);

}  // namespace loadline::gitops
