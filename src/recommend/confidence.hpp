/// How far the evidence behind a recommendation carries.
#pragma once

#include "loadline/recommend/recommendation.hpp"

namespace loadline::recommend_stage {

/// high: every weekday seen, a history of 7 days and more, 90 % of the scrapes. low: less history
/// than `min_history`, or under half of the scrapes, or no usage. medium: between. The sentence
/// names what is lacking most, else what it rests on.
Confidence confidence_of(const ContainerProfile& profile, Milliseconds min_history);

}  // namespace loadline::recommend_stage
