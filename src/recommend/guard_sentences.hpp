/// What people read of the guards: one sentence each, with the numbers.
#pragma once

#include <string>
#include <string_view>

#include "recommend/guards.hpp"

namespace loadline::recommend_stage {

std::string growing_sentence(const Evidence& evidence);
std::string censored_sentence(const Evidence& evidence);
std::string throttled_sentence(const Evidence& evidence);
std::string observed_max_sentence(const Evidence& evidence);
std::string oom_sentence(const OomKills& kills);
std::string in_use_sentence(const Evidence& evidence);
std::string ceiling_sentence(const Evidence& evidence, double ceiling);
std::string fixed_sentence(const Evidence& evidence);
std::string node_sentence(const Evidence& evidence);
std::string limit_range_sentence(Resource resource, const ContainerBounds& bounds);
std::string autoscaled_sentence(const Evidence& evidence);
/// `what`: "requests" or "limits"; both amounts in cores or bytes, of all replicas.
std::string quota_sentence(const Evidence& evidence, std::string_view what, double raise,
                           double left);

}  // namespace loadline::recommend_stage
