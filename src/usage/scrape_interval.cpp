#include <algorithm>

#include "loadline/usage/read.hpp"

namespace loadline {
namespace {

constexpr Milliseconds kProbe = std::chrono::minutes(15);
constexpr std::size_t kProbeBodyBytes = 64U << 20;

/// Distances of neighbouring scrapes, series by series.
class Distances final : public SeriesSink {
 public:
  void begin_series(const Labels& /*labels*/) override { previous_ms_ = 0; }
  void on_samples(std::span<const Sample> samples) override {
    for (const Sample& sample : samples) {
      if (previous_ms_ != 0) distances_.push_back(sample.t_ms - previous_ms_);
      previous_ms_ = sample.t_ms;
    }
  }
  void end_series() override {}

  /// Scrapes come a few milliseconds early or late: whole seconds are what is configured.
  [[nodiscard]] std::optional<Milliseconds> median() {
    if (distances_.empty()) return std::nullopt;
    const auto middle = distances_.begin() + static_cast<std::ptrdiff_t>(distances_.size() / 2);
    std::ranges::nth_element(distances_, middle);
    return std::max<Milliseconds>(std::chrono::round<std::chrono::seconds>(Milliseconds(*middle)),
                                  std::chrono::seconds(1));
  }

 private:
  std::int64_t previous_ms_ = 0;
  std::vector<std::int64_t> distances_{};
};

/// Namespaces are asked one by one, for the whole cluster would be a large answer for a small
/// question. An index that names many and has no sample of them is the exception: groups grow.
std::vector<std::vector<std::string>> probe_groups(std::vector<std::string> names,
                                                   const ContainerSelection& selection) {
  constexpr std::size_t kSingle = 4;
  std::erase_if(names, [&](const std::string& name) { return !selection.takes(name); });
  std::vector<std::vector<std::string>> groups;
  std::size_t size = 1;
  for (std::size_t at = 0; at < names.size(); at += groups.back().size()) {
    if (groups.size() >= kSingle) size *= 2;
    const auto begin = names.begin() + static_cast<std::ptrdiff_t>(at);
    groups.emplace_back(begin,
                        begin + static_cast<std::ptrdiff_t>(std::min(size, names.size() - at)));
  }
  return groups;
}

Result<std::optional<Milliseconds>> interval_in(QueryApi& api, const ContainerSelection& selection,
                                                const std::vector<Matcher>& matchers,
                                                TimeRange range) {
  auto names = api.label_values("namespace", matchers, range);
  if (!names) return fail_while("detecting the scrape interval", names.error());
  for (const auto& group : probe_groups(std::move(*names), selection)) {
    auto of_group = matchers;
    of_group.push_back(any_of("namespace", group));
    Distances distances;
    const auto read =
        api.range_samples({.matchers = of_group, .range = range}, distances, kProbeBodyBytes);
    if (!read) return fail_while("detecting the scrape interval", read.error());
    if (const auto median = distances.median()) return median;
  }
  return std::nullopt;
}

/// Looks back from the end of the window, hour by hour, then in ever longer steps.
Result<std::optional<Milliseconds>> latest_interval(QueryApi& api,
                                                    const ContainerSelection& selection,
                                                    const std::vector<Matcher>& matchers,
                                                    TimeRange window) {
  for (Milliseconds back{0}; window.end - back > window.start;
       back = std::max<Milliseconds>(std::chrono::hours(1), 2 * back)) {
    const TimePoint end = window.end - back;
    auto found = interval_in(api, selection, matchers, {std::max(window.start, end - kProbe), end});
    if (!found || *found) return found;
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<Milliseconds>> detect_scrape_interval(QueryApi& api,
                                                           const ContainerSelection& selection,
                                                           TimeRange window) {
  auto matchers = container_matchers(selection);
  matchers.front() = any_of("__name__", {std::string(kCpuMetric)});
  return latest_interval(api, selection, matchers, window);
}

Result<std::optional<Milliseconds>> detect_owner_interval(QueryApi& api,
                                                          const ContainerSelection& selection,
                                                          TimeRange window) {
  return latest_interval(api, selection, {any_of("__name__", {"kube_pod_owner"})}, window);
}

}  // namespace loadline
