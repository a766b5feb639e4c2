#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include "cli/commands.hpp"
#include "cli/output_file.hpp"
#include "loadline/gitops/patch.hpp"
#include "loadline/gitops/summary.hpp"

namespace loadline::cli {
namespace {

/// Workloads or containers that a sentence names before it says how many more there are.
constexpr std::size_t kNamed = 3;

/// What one run of `patch` works with.
struct PatchRun {
  std::string directory{};
  PatchSettings settings{};
  Report report{};
  OwnedTree owned{};
  PatchOutcome outcome{};
};

bool writes_nothing(const PatchFlags& flags) {
  return flags.diff || flags.dry_run;
}

std::string name_of(const ContainerKey& key) {
  const WorkloadKey& workload = key.workload;
  const std::string cluster = workload.cluster.empty() ? "" : workload.cluster + ":";
  return cluster + workload.namespace_name + "/" + workload.kind + "/" + workload.name + "/" +
         key.container;
}

/// "a, b, c and 4 more".
std::string names_of(const std::vector<ContainerKey>& keys) {
  std::string text;
  for (std::size_t i = 0; i < std::min(keys.size(), kNamed); ++i) {
    text += (i == 0 ? "" : ", ") + name_of(keys[i]);
  }
  if (keys.size() > kNamed) text += " and " + std::to_string(keys.size() - kNamed) + " more";
  return text;
}

std::string containers_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " container" : " containers");
}

Result<PatchSettings> settings_of(const Session& session) {
  if (session.config.patch.output_dir.empty()) {
    return fail(ErrorKind::kInvalidInput,
                "no directory for the patches: give --output-dir, or set patch.output_dir");
  }
  Result<PatchSettings> settings = patch_settings(session.config);
  if (!settings) return settings;
  settings->edited = session.line.patch.force ? EditedFiles::kOverwrite : EditedFiles::kKeep;
  return settings;
}

/// The workloads that a patch may be of.
std::vector<WorkloadKey> workloads_of(const PatchRun& run) {
  std::set<WorkloadKey> workloads;
  for (const Recommendation& row : run.report.recommendations) workloads.insert(row.key.workload);
  for (const auto& [key, values] : run.owned.tree.values) workloads.insert(key.workload);
  return {workloads.begin(), workloads.end()};
}

Result<void> add_manifests(const Session& session, PatchRun& run) {
  const std::string& directory = session.line.patch.manifests;
  if (directory.empty()) return {};
  FormatOptions& formats = run.settings.formats;
  Result<ManifestPods> pods = manifest_pods(directory, formats.kinds, workloads_of(run));
  if (!pods) return tl::unexpected(pods.error());
  formats.manifests = std::move(*pods);
  return {};
}

/// What may fail for want of the user's files does so before minutes of reading.
Result<PatchRun> prepare(const Session& session) {
  PatchRun run{.directory = session.config.patch.output_dir};
  Result<PatchSettings> settings = settings_of(session);
  if (!settings) return tl::unexpected(settings.error());
  run.settings = std::move(*settings);
  const Result<OwnedTree> owned = read_tree(run.directory);
  if (!owned) return tl::unexpected(owned.error());
  if (Result<void> added = add_manifests(session, run); !added) {
    return tl::unexpected(added.error());
  }
  return run;
}

Result<PatchRun> plan(const Session& session) {
  Result<PatchRun> run = prepare(session);
  if (!run) return run;
  Result<Report> report = read_report(session);
  if (!report) return tl::unexpected(report.error());
  run->report = std::move(*report);
  Result<OwnedTree> owned = read_tree(run->directory);
  if (!owned) return tl::unexpected(owned.error());
  run->owned = std::move(*owned);
  if (Result<void> added = add_manifests(session, *run); !added) {
    return tl::unexpected(added.error());
  }
  const Completeness completeness =
      run->report.incomplete.empty() ? Completeness::kComplete : Completeness::kIncomplete;
  run->outcome = make_patches(run->report.recommendations, run->owned, run->settings, completeness);
  return run;
}

Result<void> print_summary(const Session& session, const PatchRun& run) {
  const std::string& file = session.line.patch.summary;
  if (file.empty()) return {};
  const std::string text = review_text({.report = run.report,
                                        .plan = run.outcome.plan,
                                        .before = run.owned.tree.values,
                                        .changes = run.outcome.changes,
                                        .unpatched = run.outcome.unpatched});
  if (file != "-") return write_file(file, [&](std::ostream& out) { out << text; });
  session.world.out << text;
  return {};
}

Result<void> act(const Session& session, const PatchRun& run) {
  if (session.line.patch.diff) session.world.out << unified_diff(run.outcome.changes);
  if (!writes_nothing(session.line.patch)) {
    if (Result<void> written = write_tree(run.directory, run.outcome.tree, run.outcome.changes);
        !written) {
      return written;
    }
  }
  return print_summary(session, run);
}

std::size_t count_of(const PatchOutcome& outcome, FileAction action) {
  const auto count =
      std::count_if(outcome.changes.begin(), outcome.changes.end(),
                    [action](const FileChange& change) { return change.action == action; });
  return static_cast<std::size_t>(count);
}

/// Files that are as they should be.
std::size_t unchanged_of(const PatchOutcome& outcome) {
  std::set<std::string> paths;
  for (const auto& [path, bytes] : outcome.tree.files) paths.insert(path);
  for (const FileChange& change : outcome.changes) paths.erase(change.path);
  return paths.size();
}

/// "patches in out: 3 created, 1 updated, 0 removed, 0 kept as edited by hand, 12 unchanged"
std::string outcome_text(const Session& session, const PatchRun& run) {
  struct Part {
    std::size_t count = 0;
    const char* done = "";
    const char* due = "";
  };
  const std::size_t created = count_of(run.outcome, FileAction::kCreate);
  const std::size_t updated = count_of(run.outcome, FileAction::kUpdate);
  const std::size_t kept = count_of(run.outcome, FileAction::kKeepEdited);
  const Part parts[] = {{created, " created", " to create"},
                        {updated, " updated", " to update"},
                        {count_of(run.outcome, FileAction::kRemove), " removed", " to remove"},
                        {kept, " kept as edited by hand", " to keep as edited by hand"},
                        {unchanged_of(run.outcome), " unchanged", " unchanged"}};
  std::string text = "patches in " + run.directory + ":";
  for (const Part& part : parts) {
    text += (&part == parts ? " " : ", ") + std::to_string(part.count) +
            (writes_nothing(session.line.patch) ? part.due : part.done);
  }
  return text;
}

void tell_unpatched(const Session& session, const PatchOutcome& outcome) {
  std::map<std::string, std::vector<ContainerKey>> by_reason;
  for (const Unpatched& unpatched : outcome.unpatched) {
    by_reason[unpatched.why].push_back(unpatched.key);
  }
  for (const auto& [why, keys] : by_reason) {
    session.console.say(LogLevel::kInfo, "no patch for " + containers_text(keys.size()) + " (" +
                                             names_of(keys) + "): " + why);
  }
}

void tell_outcome(const Session& session, const PatchRun& run) {
  Console& console = session.console;
  warn_of_window(session, run.report);
  for (const std::string& sentence : run.report.incomplete) {
    console.say(LogLevel::kWarning, sentence);
  }
  const std::vector<ContainerKey>& unseen = run.outcome.unseen;
  if (!unseen.empty()) {
    console.say(LogLevel::kWarning, containers_text(unseen.size()) +
                                        " of the patches could not be seen (" + names_of(unseen) +
                                        "); their patches stay as they are");
  }
  for (const FileChange& change : run.outcome.changes) {
    if (change.action != FileAction::kKeepEdited) continue;
    console.say(LogLevel::kWarning, change.path +
                                        " is not as loadline wrote it and is kept; --force "
                                        "overwrites it");
  }
  tell_unpatched(session, run.outcome);
  console.say(LogLevel::kInfo, outcome_text(session, run));
}

int exit_code_of(const Session& session, const PatchRun& run) {
  const std::size_t kept = count_of(run.outcome, FileAction::kKeepEdited);
  const bool would_change = run.outcome.changes.size() > kept;
  if (session.line.patch.exit_code && would_change) return kExitFailure;
  return kept > 0 || !run.report.incomplete.empty() ? kExitIncomplete : kExitDone;
}

}  // namespace

Result<int> run_patch(const Session& session) {
  const Result<PatchRun> run = plan(session);
  if (!run) return tl::unexpected(run.error());
  if (Result<void> done = act(session, *run); !done) return tl::unexpected(done.error());
  tell_outcome(session, *run);
  return exit_code_of(session, *run);
}

}  // namespace loadline::cli
