/// When and where to read next: the pure half of a cycle.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "loadline/config/config.hpp"
#include "loadline/store/profile_store.hpp"

namespace loadline::service {

/// How long samples may be late: as configured, else twice the scrape interval, and long enough for
/// kube-state-metrics, scraped every `owner_interval`, to have told who owns a pod that has begun.
Milliseconds settle_of(const ServeConfig& serve, Milliseconds scrape_interval,
                       Milliseconds owner_interval);

/// How old the last success may be: as configured, else three of the longest intervals and the
/// settle delay.
Milliseconds max_age_of(const ServeConfig& serve, Milliseconds settle);

/// The wait before the next cycle. After a good one the interval, longer or shorter by up to the
/// jitter; `random` is evenly from [0, 1). After failures ten seconds, doubled for each further
/// one, never longer than the interval.
Milliseconds delay_after(const ServeConfig& serve, std::uint64_t failures_in_a_row, double random);

/// Where each namespace is to be read from: its mark, but not before `earliest`; a namespace that
/// was never read from there.
std::map<std::string, TimePoint, std::less<>> begins_of(const std::vector<std::string>& namespaces,
                                                        const Marks& marks, TimePoint earliest);

/// The settings that decide what a sample becomes, as text: profiles made under others are not
/// these. What is only chosen among them (namespaces, policy) is no part of it.
std::string fingerprint_of(const Config& config);

/// --shard as configured, else the number at the end of the pod's name ("loadline-2").
/// kInvalidInput where there is none, or it is not below total_shards.
Result<int> shard_index_of(const ServeConfig& serve, const std::string& pod_name);

}  // namespace loadline::service
