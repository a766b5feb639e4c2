/// The sentences of reasons: what is wrong and by how much, amounts in Kubernetes' spelling. Pure
/// functions; no label value enters them, so that they are safe in every output.
#pragma once

#include <string>

#include "recommend/guards.hpp"

namespace loadline::recommend_stage {

/// A sentence about one value or resource. For codes about the whole container: empty.
std::string sentence(ReasonCode code, const Evidence& evidence);

std::string floor_sentence(const Evidence& evidence);
std::string hot_replica_sentence(const Evidence& evidence);
std::string no_usage_sentence(Resource resource);
std::string within_band_sentence(double min_change);
std::string short_history_sentence(Milliseconds history, Milliseconds needed);
std::string low_coverage_sentence(double ratio);
std::string current_unknown_sentence();
std::string owner_inferred_sentence();
std::string excluded_sentence();

}  // namespace loadline::recommend_stage
