#include <algorithm>

#include "loadline/inventory/audit.hpp"

namespace loadline {
namespace {

constexpr Milliseconds kDay{kMillisecondsPerDay};
constexpr Milliseconds kPrecision = std::chrono::hours(1);
/// A series is seen for five minutes after its last sample; a probe at the very start of the window
/// would miss what begins with it.
constexpr Milliseconds kLookback = std::chrono::minutes(5);

class Probe {
 public:
  explicit Probe(QueryApi& api)
      : api_(api),
        promql_("count(" +
                api.select({any_of("__name__", {"container_memory_working_set_bytes",
                                                "container_cpu_usage_seconds_total"}),
                            {"container", MatchOp::kNotEqual, ""}}) +
                ")") {}

  Result<bool> has_usage(TimePoint at) {
    const auto counts = api_.instant(promql_, at);
    if (!counts) {
      return fail_while("looking for usage at " + format_rfc3339(at), counts.error());
    }
    return !counts->empty() && counts->front().value > 0;
  }

 private:
  QueryApi& api_;
  std::string promql_{};
};

/// Usage begins after `without` and not after `with`.
Result<std::optional<TimePoint>> narrow(Probe& probe, TimePoint without, TimePoint with) {
  while (with - without > kPrecision) {
    const TimePoint middle = without + (with - without) / 2;
    const Result<bool> has_usage = probe.has_usage(middle);
    if (!has_usage) return tl::unexpected<Error>(has_usage.error());
    (*has_usage ? with : without) = middle;
  }
  return with;
}

}  // namespace

Result<std::optional<TimePoint>> find_history_start(QueryApi& api, TimeRange window) {
  if (window.empty()) return std::optional<TimePoint>();
  Probe probe(api);
  // Days are the finest step that keeps the promised number of requests, for any length.
  const Milliseconds step = std::max(kDay, window.length() / 14);
  const TimePoint last = window.end - Milliseconds(1);
  TimePoint before = window.start;
  for (TimePoint at = std::min(window.start + kLookback, last);; at = std::min(at + step, last)) {
    const Result<bool> has_usage = probe.has_usage(at);
    if (!has_usage) return tl::unexpected<Error>(has_usage.error());
    if (*has_usage && before == window.start) return std::optional(window.start);
    if (*has_usage) return narrow(probe, before, at);
    if (at == last) return std::optional<TimePoint>();
    before = at;
  }
}

}  // namespace loadline
