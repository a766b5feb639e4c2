/// One row of a report in words, the same in every format for people. Texts are not escaped: the
/// namespaces and names in them are as the labels had them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/recommend/recommendation.hpp"

namespace loadline::publish {

enum class Value { kRequest, kLimit };
inline constexpr std::array<Value, 2> kValues{Value::kRequest, Value::kLimit};
/// "request", "limit".
std::string_view to_string(Value value);
const std::optional<double>& pick(const Requirement& requirement, Value value);

/// Which way a value goes, for colour: a rise mends a risk, a fall reclaims.
enum class Direction { kNone, kRaise, kLower };

/// Today's value beside the recommended one.
struct ValueText {
  std::string current{};      ///< "250m", "-" where unset, "unknown"
  std::string recommended{};  ///< "400m", "none" for no limit; empty: no advice, or nothing to say
  Direction direction = Direction::kNone;  ///< kNone under the policy's min_change
};
ValueText value_text(const Recommendation& row, Resource resource, Value value);
/// "250m -> 400m", or the current value alone.
std::string joined(const ValueText& text, std::string_view arrow);

/// "Deployment/web"; with "~" before it where the owner is inferred from the pod's name.
std::string workload_text(const Recommendation& row);
/// "app", "proxy (sidecar)", "migrate (init)".
std::string container_text(const Recommendation& row);
/// "shop/Deployment/web/app": what `loadline explain` takes; the cluster before it where there is
/// one.
std::string path_text(const Recommendation& row);

/// "98%", rounded down so that 100% is whole; "-" where nothing was seen.
std::string coverage_text(const Coverage& coverage);
/// "14.7"
std::string days_text(Milliseconds duration);
/// "0/11": OOM-days of the days judged (recommend/hindsight.hpp); "-" where none was.
std::string oom_days_text(const Hindsight& hindsight);
/// "0 OOM-days in 11 days judged; above the request: CPU 4.9%, memory 5.1% of the samples; above
/// the CPU limit: 0%"
std::string hindsight_text(const Hindsight& hindsight);
/// "1,234.50 -> 987.00" a month, "-" where it has no price.
std::string cost_text(const std::optional<Cost>& cost);
/// "387m", "-".
std::string usage_text(Resource resource, const std::optional<double>& value);

/// The reasons as a few words each, those that differ by resource alone in one: "request low (cpu,
/// memory)". What other columns tell (inferred owner) is left out.
std::vector<std::string> short_reasons(const Recommendation& row);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);

/// What a row is to a reader who skims: colour of a line, class of a table row.
enum class RowTone { kRisk, kWaste, kChange, kQuiet };
RowTone tone_of(const Recommendation& row);
/// "risk", "waste", "change", "quiet".
std::string_view to_string(RowTone tone);

}  // namespace loadline::publish
