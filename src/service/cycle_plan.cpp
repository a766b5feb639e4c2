#include "service/cycle_plan.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "loadline/model/labels.hpp"

namespace loadline::service {
namespace {

constexpr Milliseconds kFirstRetry{10'000};

Milliseconds scaled(Milliseconds duration, double factor) {
  return Milliseconds(std::llround(static_cast<double>(duration.count()) * factor));
}

std::optional<int> ordinal_of(const std::string& pod_name) {
  const std::size_t dash = pod_name.rfind('-');
  if (dash == std::string::npos) return std::nullopt;
  int ordinal = 0;
  const char* const end = pod_name.data() + pod_name.size();
  const auto parsed = std::from_chars(pod_name.data() + dash + 1, end, ordinal);
  if (parsed.ec != std::errc{} || parsed.ptr != end || ordinal < 0) return std::nullopt;
  return ordinal;
}

}  // namespace

Milliseconds settle_of(const ServeConfig& serve, Milliseconds scrape_interval,
                       Milliseconds owner_interval) {
  return serve.settle.value_or(scrape_interval + std::max(scrape_interval, owner_interval));
}

Milliseconds max_age_of(const ServeConfig& serve, Milliseconds settle) {
  return serve.max_age.value_or(3 * scaled(serve.interval, 1 + serve.jitter) + settle);
}

Milliseconds delay_after(const ServeConfig& serve, std::uint64_t failures_in_a_row, double random) {
  if (failures_in_a_row == 0) return scaled(serve.interval, 1 + serve.jitter * (2 * random - 1));
  const auto doublings = std::min<std::uint64_t>(failures_in_a_row - 1, 16);
  return std::min(serve.interval, kFirstRetry * (std::int64_t{1} << doublings));
}

std::map<std::string, TimePoint, std::less<>> begins_of(const std::vector<std::string>& namespaces,
                                                        const Marks& marks, TimePoint earliest) {
  std::map<std::string, TimePoint, std::less<>> begins;
  for (const std::string& name : namespaces) {
    const auto mark = marks.find(name);
    begins.emplace(name, mark == marks.end() ? earliest : std::max(mark->second, earliest));
  }
  return begins;
}

/// Which pods are kept apart; empty where none are, as in states of before there was a choice.
std::string aggregation_of(const Config& config) {
  std::string text;
  if (config.policy.aggregation == Aggregation::kHottest) text += " aggregation=hottest";
  for (const PolicyRule& rule : config.policy_rules) {
    for (const auto& [name, value] : rule.settings) {
      if (name != "aggregation") continue;
      const PolicyMatch& match = rule.match;
      text += " aggregation=" + value + "@" + match.cluster + "/" + match.namespace_name + "/" +
              match.kind + "/" + match.name + "/" + match.container;
    }
  }
  return text;
}

std::string fingerprint_of(const Config& config) {
  return "url=" + config.prometheus.url + " matchers=" + selector(config.matchers) +
         " cluster_label=" + config.usage.cluster_label +
         " require_image=" + (config.usage.require_image ? "true" : "false") +
         " cpu_window=" + format_duration(config.usage.cpu_window) +
         " shards=" + std::to_string(config.serve.total_shards) + "/" +
         (config.serve.shard ? std::to_string(*config.serve.shard) : "auto") +
         aggregation_of(config);
}

Result<int> shard_index_of(const ServeConfig& serve, const std::string& pod_name) {
  if (serve.total_shards == 1 && !serve.shard) return 0;
  const std::optional<int> index = serve.shard ? serve.shard : ordinal_of(pod_name);
  if (!index) {
    return fail(ErrorKind::kInvalidInput,
                "serve.shard is auto, but the pod's name \"" + printable(pod_name) +
                    "\" does not end in -NUMBER; run as a StatefulSet with POD_NAME set, or pass "
                    "--shard");
  }
  if (*index >= serve.total_shards) {
    return fail(ErrorKind::kInvalidInput, "shard " + std::to_string(*index) + " of " +
                                              std::to_string(serve.total_shards) +
                                              " does not exist; they are counted from 0: raise "
                                              "serve.total_shards or mend serve.shard");
  }
  return *index;
}

}  // namespace loadline::service
