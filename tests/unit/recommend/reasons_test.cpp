#include <set>
#include <string>

#include "loadline/recommend/recommendation.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

TEST_CASE("every verdict has a name that parses back") {
  for (const auto* const name : {"change", "keep", "profiling", "no_data", "excluded"}) {
    const std::optional<Verdict> verdict = parse_verdict(name);
    REQUIRE(verdict);
    CHECK(to_string(*verdict) == name);
  }
  CHECK_FALSE(parse_verdict("Change"));
  CHECK_FALSE(parse_verdict(""));
}

TEST_CASE("every reason has a name of its own") {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(kLastReasonCode); ++i) {
    names.emplace(to_string(static_cast<ReasonCode>(i)));
  }
  CHECK(names.size() == 29);
  CHECK(names.count("") == 0);
  CHECK(names.count("max_above_limit") == 1);
}

TEST_CASE("what can hurt the workload is a risk, what costs money is not") {
  for (const ReasonCode code : {ReasonCode::kRequestUnset, ReasonCode::kRequestTooLow,
                                ReasonCode::kLimitTooLow, ReasonCode::kMaxAboveLimit}) {
    CHECK(is_risk(code));
  }
  for (const ReasonCode code :
       {ReasonCode::kLimitUnset, ReasonCode::kLimitUnwanted, ReasonCode::kRequestTooHigh,
        ReasonCode::kLimitTooHigh, ReasonCode::kWithinBand, ReasonCode::kFloor,
        ReasonCode::kLowCoverage, ReasonCode::kCurrentUnknown}) {
    CHECK_FALSE(is_risk(code));
  }
}

}  // namespace
}  // namespace loadline
