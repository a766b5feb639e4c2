#include "loadline/gitops/summary.hpp"

#include <algorithm>
#include <set>

#include "gitops/summary_rows.hpp"
#include "gitops/summary_text.hpp"
#include "loadline/model/quantity.hpp"
#include "loadline/recommend/spelling.hpp"
#include "publish/row_text.hpp"
#include "publish/summary.hpp"

namespace loadline {
namespace {

using gitops::ChangedContainer;
using gitops::code;
using gitops::prose;
using publish::counted;
using publish::Value;

std::string spelled(Resource resource, const std::optional<double>& value) {
  return value ? spell_requirement(resource, *value) : "none";
}

/// "500m → **250m**", or the value alone where it stays.
std::string value_cell(const ChangedContainer& container, Resource resource, Value value) {
  const Requirement& after = container.patch->values[resource];
  if (!after.request) return "as it is";
  const std::string next = spelled(resource, publish::pick(after, value));
  const std::optional<Requirement>& before = container.before[resource];
  const std::string last = before ? spelled(resource, publish::pick(*before, value)) : "unknown";
  return last == next ? next : last + " → **" + next + "**";
}

std::string risks_of(const Recommendation& row) {
  std::string text;
  for (const Reason& reason : row.reasons) {
    if (!is_risk(reason.code)) continue;
    text += (text.empty() ? "" : "; ") + prose(reason.sentence);
  }
  return text;
}

std::string incomplete_text(const Report& report) {
  if (report.incomplete.empty()) return {};
  std::string text = "> **INCOMPLETE: parts of the data are missing**\n>\n";
  for (const std::string& what : report.incomplete) text += "> - " + prose(what) + "\n";
  return text + "\n";
}

std::string headline(const std::vector<ChangedContainer>& changed) {
  if (changed.empty()) return "**No value changes.**\n";
  std::set<WorkloadKey> workloads;
  for (const ChangedContainer& container : changed) workloads.insert(container.key.workload);
  const auto risks = std::count_if(changed.begin(), changed.end(),
                                   [](const ChangedContainer& row) { return row.is_at_risk; });
  return "**" + counted(changed.size(), "container") + " of " +
         counted(workloads.size(), "workload") + " get new values; " +
         (risks == 0 ? "none" : std::to_string(risks)) + " of them at risk today.**\n";
}

std::string risk_text(const std::vector<ChangedContainer>& changed) {
  std::string text;
  for (const ChangedContainer& container : changed) {
    if (!container.is_at_risk) continue;
    text += "- ⚠ " + code(gitops::path_of(container.key)) + ": " + risks_of(*container.row) + "\n";
  }
  return text.empty() ? "" : "\n## At risk today\n\n" + text;
}

std::string table_row(const ChangedContainer& container) {
  const Recommendation* const row = container.row;
  std::string text = std::string("| ") + (container.is_at_risk ? "⚠ " : "") +
                     code(gitops::path_of(container.key)) + " | " +
                     std::string(to_string(container.patch->type)) + " | " +
                     (row == nullptr ? "-" : std::to_string(row->replicas));
  for (const Resource resource : kResources) {
    for (const Value value : publish::kValues) {
      text += " | " + value_cell(container, resource, value);
    }
  }
  return text + " | " + code(reasons_text(container.patch->reasons)) + " | " +
         (row == nullptr ? "-" : publish::coverage_text(row->coverage)) + " | " +
         (row == nullptr ? "-" : publish::days_text(row->coverage.history)) + " |\n";
}

std::string table_text(const std::vector<ChangedContainer>& changed) {
  if (changed.empty()) return {};
  std::string text =
      "\n## Values\n\n"
      "| Container | Type | Pods | CPU request | CPU limit | Memory request | Memory limit | Why | "
      "Coverage | Days |\n|---|---|--:|---|---|---|---|---|--:|--:|\n";
  for (const ChangedContainer& container : changed) text += table_row(container);
  return text;
}

std::string amount(Resource resource, double value) {
  return resource == Resource::kCpu ? human_cores(value) + " cores" : human_bytes(value);
}

std::string totals_text(const std::vector<ChangedContainer>& changed) {
  if (changed.empty()) return {};
  std::string text =
      "\n## Requests of these containers, times their pods\n\n"
      "| | Before | After | Difference | Containers in pods |\n|---|--:|--:|--:|--:|\n";
  const PerResource<gitops::RequestSum> sums = gitops::request_sums(changed);
  for (const Resource resource : kResources) {
    const gitops::RequestSum& sum = sums[resource];
    const double difference = sum.after - sum.before;
    text += "| " + std::string(spell_resource(resource)) + " | " + amount(resource, sum.before) +
            " | " + amount(resource, sum.after) + " | " + (difference > 0 ? "+" : "") +
            amount(resource, difference) + " | " + std::to_string(sum.replicas) + " |\n";
  }
  return text;
}

std::string leaving_text(const std::vector<ContainerKey>& leaving) {
  if (leaving.empty()) return {};
  std::string text = "\n## Leaving: the manifests' own values hold again\n\n";
  for (const ContainerKey& key : leaving) text += "- " + code(gitops::path_of(key)) + "\n";
  return text;
}

std::size_t count_of(const std::vector<FileChange>& changes, FileAction action) {
  return static_cast<std::size_t>(
      std::count_if(changes.begin(), changes.end(),
                    [action](const FileChange& change) { return change.action == action; }));
}

std::string files_text(const std::vector<FileChange>& changes) {
  std::string text = "\n## Files\n\n" + counted(count_of(changes, FileAction::kCreate), "file") +
                     " created, " + std::to_string(count_of(changes, FileAction::kUpdate)) +
                     " updated, " + std::to_string(count_of(changes, FileAction::kRemove)) +
                     " removed.\n";
  if (count_of(changes, FileAction::kKeepEdited) == 0) return text;
  text += "\n**Edited by hand and kept, so that what stands there is not what loadline says:**\n\n";
  for (const FileChange& change : changes) {
    if (change.action == FileAction::kKeepEdited) text += "- " + code(change.path) + "\n";
  }
  return text;
}

std::string unpatched_text(const std::vector<Unpatched>& unpatched) {
  if (unpatched.empty()) return {};
  std::string text = "\n## Left out\n\n";
  for (const Unpatched& row : unpatched) {
    text += "- " + code(gitops::path_of(row.key)) + ": " + prose(row.why) + "\n";
  }
  return text;
}

std::string evidence_text(const Report& report, const std::vector<ChangedContainer>& changed) {
  const publish::Summary summary = publish::summarise(report);
  std::string text = "\n## Evidence\n\n- Window: " + summary.window +
                     "\n- Source: " + prose(summary.source) + "\n- Policy: " + summary.policy +
                     "\n";
  std::set<WorkloadKey> workloads;
  for (const ChangedContainer& container : changed) workloads.insert(container.key.workload);
  for (const WorkloadKey& workload : workloads) {
    text += "- " + gitops::explain_command(workload) + "\n";
  }
  return text;
}

}  // namespace

std::string review_text(const PatchSummary& summary) {
  const std::vector<ChangedContainer> changed = gitops::changed_containers(summary);
  return "# Requests and limits: loadline patches\n\n" + incomplete_text(summary.report) +
         headline(changed) + risk_text(changed) + table_text(changed) + totals_text(changed) +
         leaving_text(gitops::leaving_containers(summary)) + files_text(summary.changes) +
         unpatched_text(summary.unpatched) + evidence_text(summary.report, changed);
}

}  // namespace loadline
