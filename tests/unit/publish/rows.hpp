/// Recommendations stated as data, for filters and sorting.
#pragma once

#include <string>
#include <utility>

#include "loadline/publish/report.hpp"

namespace loadline::test {

inline Recommendation row_of(std::string name, double current_cores, double recommended_cores,
                             std::uint32_t replicas = 1) {
  Recommendation row;
  row.key = {{"", "shop", "Deployment", std::move(name)}, "app"};
  row.replicas = replicas;
  row.current_known = true;
  row.verdict = Verdict::kChange;
  row.resources[Resource::kCpu].current.request = current_cores;
  row.resources[Resource::kCpu].recommended.request = recommended_cores;
  const bool is_low = recommended_cores > current_cores;
  row.reasons = {
      {is_low ? ReasonCode::kRequestTooLow : ReasonCode::kRequestTooHigh, Resource::kCpu, ""}};
  return row;
}

inline std::string names_of(const std::vector<Recommendation>& rows) {
  std::string names;
  for (const Recommendation& row : rows)
    names += (names.empty() ? "" : " ") + row.key.workload.name;
  return names;
}

}  // namespace loadline::test
