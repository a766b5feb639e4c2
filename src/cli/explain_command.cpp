#include <algorithm>
#include <ostream>

#include "cli/commands.hpp"
#include "loadline/model/labels.hpp"
#include "loadline/publish/explain_report.hpp"

namespace loadline::cli {
namespace {

void price_stories(std::vector<Explanation>& stories, const Inventory& inventory,
                   const std::optional<PriceBook>& prices) {
  if (!prices) return;
  for (Explanation& story : stories) {
    const WorkloadFacts* const workload = inventory.find(story.row.key.workload);
    story.row.cost = cost_of(story.row, prices_of(*prices, workload));
  }
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
    told.containers = explain_all(profiles, inventory, policy_book(session.config), today);
    price_stories(told.containers, inventory, session.config.prices);
  };
  const auto every_pod = [](const ContainerKey&) { return true; };
  const Result<Report> report =
      read_report(session, {.on_profiles = keep, .keeps_pods_apart = every_pod});
  if (!report) return tl::unexpected(report.error());
  keep_chosen(told.containers, report->recommendations);
  if (told.containers.empty()) {
    return fail(ErrorKind::kInvalidInput,
                "nothing is known of " + printable(session.line.explain.target) +
                    "; `loadline report` lists namespaces, kinds and names");
  }
  told.window = report->window;
  told.incomplete = report->incomplete;
  told.currency = report->currency;
  render_explanation(told, session.line.explain.format, render_options(session), session.world.out);
  return told.incomplete.empty() ? kExitDone : kExitIncomplete;
}

}  // namespace loadline::cli
