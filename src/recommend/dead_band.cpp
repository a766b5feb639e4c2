#include "recommend/dead_band.hpp"

#include <algorithm>

#include "loadline/recommend/change.hpp"

namespace loadline::recommend_stage {
namespace {

std::optional<double> follow_value(const std::optional<double>& in_force,
                                   const std::optional<double>& advised, double dead_band) {
  return changes(in_force, advised, dead_band) ? advised : in_force;
}

}  // namespace

Requirement follow(const std::optional<Requirement>& in_force, const Requirement& advised,
                   std::optional<double> seen_max, double dead_band) {
  Requirement next = advised;
  if (in_force) {
    const bool is_reached = in_force->limit && seen_max && *seen_max >= *in_force->limit;
    const bool is_raise = in_force->limit && advised.limit && *advised.limit > *in_force->limit;
    next.request = follow_value(in_force->request, advised.request, dead_band);
    next.limit =
        follow_value(in_force->limit, advised.limit, is_reached && is_raise ? 0 : dead_band);
  }
  if (next.limit && next.request) next.limit = std::max(*next.limit, *next.request);
  return next;
}

}  // namespace loadline::recommend_stage
