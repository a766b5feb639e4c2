/// Prometheus' HTTP API as functions: one method an endpoint, JSON parsed by simdjson, every error
/// quoting the server's own message. https://prometheus.io/docs/prometheus/latest/querying/api/
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/labels.hpp"
#include "loadline/model/result.hpp"
#include "loadline/model/time.hpp"
#include "loadline/prometheus/http.hpp"
#include "loadline/prometheus/promql.hpp"
#include "loadline/prometheus/source.hpp"

namespace loadline {

struct InstantSample {
  Labels labels{};
  double value = 0;
};

/// Called for each row of an answer while it is parsed. The labels are the visitor's until it
/// returns: the next row is written over them.
using SeriesVisitor = std::function<void(const Labels&)>;
using SampleVisitor = std::function<void(const Labels&, double value)>;
/// Names of labels to keep; empty: all.
using LabelNames = std::span<const std::string_view>;

enum class Flavour { kPrometheus, kVictoriaMetrics, kThanos, kMimir, kUnknown };
/// "Prometheus", "VictoriaMetrics", ...
std::string_view to_string(Flavour flavour);

struct BuildInfo {
  Flavour flavour = Flavour::kUnknown;
  std::string version{};  ///< empty where the server does not say
};

/// Extra selection that goes with every request: the external label matchers of the user.
/// Parameters that some backends need go with every query anyhow, because the others ignore them
/// (Thanos: dedup=true, partial_response=false, max_source_resolution=0s; VictoriaMetrics:
/// nocache=1).
struct QueryApiOptions {
  std::vector<Matcher> extra_matchers{};
};

/// Thread-safe as the transport is. A server that answers 405 to a POST is asked with GET from then
/// on. Warnings of partial answers collect and are taken with
/// `take_warnings`; whoever prints a result asks for them.
class QueryApi {
 public:
  QueryApi(HttpTransport& transport, QueryApiOptions options);
  ~QueryApi();

  /// GET /api/v1/status/buildinfo; a server without it is kUnknown, not an error. VictoriaMetrics,
  /// which says little there, is known by its /api/v1/export, its version from /metrics.
  Result<BuildInfo> build_info();
  /// POST /api/v1/query; the expression must give a vector or a scalar. Stale series do not appear.
  /// Extra matchers are NOT added to `promql`: build selectors with `select`.
  Result<std::vector<InstantSample>> instant(std::string_view promql, TimePoint at);
  /// The same, visited row by row: beside the body, which has the limit of HttpRequest, one row is
  /// in memory. What was visited before an error counts for nothing.
  Result<void> for_each_sample(std::string_view promql, TimePoint at, const SampleVisitor& visit);
  /// POST /api/v1/series: label sets alone, from the index. Cheap even over the whole window.
  Result<std::vector<Labels>> series(const std::vector<Matcher>& matchers, TimeRange range);
  /// The same, visited row by row as by `for_each_sample`, with just the labels in `keep`.
  Result<void> for_each_series(const std::vector<Matcher>& matchers, TimeRange range,
                               LabelNames keep, const SeriesVisitor& visit);
  /// GET /api/v1/label/<name>/values for series that match.
  Result<std::vector<std::string>> label_values(std::string_view name,
                                                const std::vector<Matcher>& matchers,
                                                TimeRange range);
  /// `{...}[range]` evaluated so that exactly [start, end) comes back whether range selectors are
  /// closed (Prometheus 2) or left-open (3). One request, not split: kTooLarge where the server or
  /// the body limit refuses. Timestamps are exact to the millisecond; native histograms count as
  /// skipped_chunks.
  Result<ReadStats> range_samples(const Selection& selection, SeriesSink& sink,
                                  std::size_t max_body_bytes);

  /// The selector text with the extra matchers added.
  [[nodiscard]] std::string select(std::vector<Matcher> matchers) const;
  [[nodiscard]] const std::vector<Matcher>& extra_matchers() const {
    return options_.extra_matchers;
  }
  /// Warnings since the last call, without repetitions.
  std::vector<std::string> take_warnings();

 private:
  struct State;

  Result<HttpResponse> ask(const std::string& path, const std::string& form,
                           std::size_t max_body_bytes);
  void keep_warnings(const std::vector<std::string>& warnings);

  HttpTransport& transport_;
  QueryApiOptions options_;
  std::unique_ptr<State> state_;
};

/// Turns an error status into an Error: 401/403 kUnauthorized, 404/405/501 kUnsupported, 422 and
/// "too many samples"/"exceeded maximum resolution"/"timed out"/413/504 kTooLarge (but a 422 for a
/// query that the server cannot parse is kRejected), other 5xx kUnreachable, else kRejected; the
/// message quotes the server's JSON "error" or the first printable line of its body, cut to 300
/// bytes with control bytes escaped, and names the next step.
Error error_of(const HttpResponse& response, std::string_view what);

}  // namespace loadline
