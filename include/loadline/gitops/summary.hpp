/// The text of the pull request that carries a patch tree.
#pragma once

#include <string>

#include "loadline/gitops/directory.hpp"
#include "loadline/gitops/plan.hpp"
#include "loadline/publish/report.hpp"

namespace loadline {

struct PatchSummary {
  const Report& report;
  const PatchPlan& plan;
  const EmittedValues& before;  ///< what the tree said
  const std::vector<FileChange>& changes;
  const std::vector<Unpatched>& unpatched;  ///< the plan's and the formats'
};

/// Markdown: risk first, a before/after table, totals times replicas, reasons, coverage, what was
/// left out and why, and for each workload the `loadline explain` command. Stable order; all label
/// values escaped.
std::string review_text(const PatchSummary& summary);

}  // namespace loadline
