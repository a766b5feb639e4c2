#include <algorithm>
#include <ostream>

#include "cli/commands.hpp"
#include "loadline/model/labels.hpp"
#include "loadline/publish/explain_report.hpp"

namespace loadline::cli {
namespace {

/// The story of every container that was read; profiles are there only while they are read.
std::vector<Explanation> explain_all(const ProfileSet& profiles, const Inventory& inventory,
                                     const Config& config, std::int32_t today) {
  const ContainerProfile nothing;
  const PolicyBook book = policy_book(config);
  PolicyChooser chooser(book);
  std::vector<Explanation> stories;
  for (const Recommendation& row : recommend_all(profiles, inventory, book, today)) {
    const ContainerKey& key = row.key;
    const auto known = profiles.find(key);
    const ContainerProfile& profile = known == profiles.end() ? nothing : known->second;
    stories.push_back(explain({key, profile, inventory.find(key.workload), inventory.find(key),
                               today, &inventory.cluster_},
                              chooser.of(key)));
  }
  return stories;
}

void keep_chosen(std::vector<Explanation>& stories, const std::vector<Recommendation>& chosen) {
  std::erase_if(stories, [&](const Explanation& story) {
    return std::none_of(chosen.begin(), chosen.end(),
                        [&](const Recommendation& row) { return row.key == story.row.key; });
  });
}

}  // namespace

Result<int> run_explain(const Session& session) {
  ExplainReport told;
  const std::int32_t today =
      utc_day(profiling_window(now_of(session), session.config.usage.window).end);
  const auto keep = [&](const ProfileSet& profiles, const Inventory& inventory) {
    told.containers = explain_all(profiles, inventory, session.config, today);
  };
  const Result<Report> report = read_report(session, {.on_profiles = keep});
  if (!report) return tl::unexpected(report.error());
  keep_chosen(told.containers, report->recommendations);
  if (told.containers.empty()) {
    return fail(ErrorKind::kInvalidInput,
                "nothing is known of " + printable(session.line.explain.target) +
                    "; `loadline report` lists namespaces, kinds and names");
  }
  told.window = report->window;
  told.incomplete = report->incomplete;
  render_explanation(told, session.line.explain.format, render_options(session), session.world.out);
  return told.incomplete.empty() ? kExitDone : kExitIncomplete;
}

}  // namespace loadline::cli
