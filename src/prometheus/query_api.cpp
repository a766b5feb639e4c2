#include "loadline/prometheus/query_api.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <mutex>
#include <utility>

#include "loadline/prometheus/curl_transport.hpp"
#include "prometheus/api_json.hpp"
#include "prometheus/build_info.hpp"
#include "prometheus/request_form.hpp"

namespace loadline {

struct QueryApi::State {
  std::mutex mutex{};
  std::vector<std::string> warnings{};
  std::atomic<bool> get_only{false};  ///< the server has refused POST
};

namespace {

constexpr int kMethodNotAllowed = 405;
constexpr Milliseconds kOne{1};

/// What some backends need and the others ignore (tried on Prometheus 2.42 and VictoriaMetrics
/// 1.79). Thanos: one of each HA pair, no partial answer in silence, no downsampled data.
/// VictoriaMetrics: no cache and no hiding of the newest 30 s.
Form backend_parameters() {
  Form form;
  form.add("dedup", "true").add("partial_response", "false").add("max_source_resolution", "0s");
  return form.add("nocache", "1");
}

bool is_good(const HttpResponse& response) {
  return response.status / 100 == 2;
}

/// The last instant of a half-open range, for endpoints whose ranges are closed.
TimePoint last_instant(TimeRange range) {
  return range.end - kOne;
}

Form range_form(const std::string& selector_text, TimeRange range) {
  Form form = backend_parameters();
  return form.add("match[]", selector_text)
      .add("start", unix_seconds(range.start))
      .add("end", unix_seconds(last_instant(range)));
}

}  // namespace

std::string_view to_string(Flavour flavour) {
  switch (flavour) {
    case Flavour::kPrometheus:
      return "Prometheus";
    case Flavour::kVictoriaMetrics:
      return "VictoriaMetrics";
    case Flavour::kThanos:
      return "Thanos";
    case Flavour::kMimir:
      return "Mimir";
    case Flavour::kUnknown:
      return "unknown";
  }
  assert(false);
  return "";
}

QueryApi::QueryApi(HttpTransport& transport, QueryApiOptions options)
    : transport_(transport), options_(std::move(options)), state_(std::make_unique<State>()) {}

QueryApi::~QueryApi() = default;

std::string QueryApi::select(std::vector<Matcher> matchers) const {
  matchers.insert(matchers.end(), options_.extra_matchers.begin(), options_.extra_matchers.end());
  return selector(matchers);
}

Result<HttpResponse> QueryApi::ask(const std::string& path, const std::string& form,
                                   std::size_t max_body_bytes) {
  if (!state_->get_only) {
    Result<HttpResponse> posted = transport_.send(post_form(path, form, max_body_bytes));
    if (!posted || is_good(*posted)) return posted;
    if (posted->status != kMethodNotAllowed) {
      return tl::unexpected<Error>(error_of(*posted, "POST " + path));
    }
    state_->get_only = true;
  }
  HttpRequest request{.path = path, .query = form, .max_body_bytes = max_body_bytes};
  Result<HttpResponse> got = transport_.send(request);
  if (!got || is_good(*got)) return got;
  return tl::unexpected<Error>(error_of(*got, "GET " + path));
}

Result<BuildInfo> QueryApi::build_info() {
  return find_build_info(transport_);
}

Result<std::vector<InstantSample>> QueryApi::instant(std::string_view promql, TimePoint at) {
  std::vector<InstantSample> samples;
  const Result<void> read = for_each_sample(promql, at, [&](const Labels& labels, double value) {
    samples.push_back({labels, value});
  });
  if (!read) return tl::unexpected<Error>(read.error());
  return samples;
}

Result<void> QueryApi::for_each_sample(std::string_view promql, TimePoint at,
                                       const SampleVisitor& visit) {
  const std::string path = "/api/v1/query";
  const Form form = backend_parameters().add("query", promql).add("time", unix_seconds(at));
  Result<HttpResponse> response = ask(path, form.text(), HttpRequest{}.max_body_bytes);
  if (!response) return tl::unexpected<Error>(response.error());
  const auto warnings = visit_instant(std::move(response->body), path, visit);
  if (!warnings) return tl::unexpected<Error>(warnings.error());
  keep_warnings(*warnings);
  return {};
}

Result<std::vector<Labels>> QueryApi::series(const std::vector<Matcher>& matchers,
                                             TimeRange range) {
  std::vector<Labels> rows;
  const Result<void> read =
      for_each_series(matchers, range, {}, [&](const Labels& labels) { rows.push_back(labels); });
  if (!read) return tl::unexpected<Error>(read.error());
  return rows;
}

Result<void> QueryApi::for_each_series(const std::vector<Matcher>& matchers, TimeRange range,
                                       LabelNames keep, const SeriesVisitor& visit) {
  if (range.empty()) return {};
  const std::string path = "/api/v1/series";
  const Form form = range_form(select(matchers), range);
  Result<HttpResponse> response = ask(path, form.text(), HttpRequest{}.max_body_bytes);
  if (!response) return tl::unexpected<Error>(response.error());
  const auto warnings = visit_label_sets(std::move(response->body), path, keep, visit);
  if (!warnings) return tl::unexpected<Error>(warnings.error());
  keep_warnings(*warnings);
  return {};
}

Result<std::vector<std::string>> QueryApi::label_values(std::string_view name,
                                                        const std::vector<Matcher>& matchers,
                                                        TimeRange range) {
  if (range.empty()) return std::vector<std::string>{};
  HttpRequest request;
  request.path = "/api/v1/label/" + url_encode(name) + "/values";
  request.query = range_form(select(matchers), range).text();
  Result<HttpResponse> response = transport_.send(request);
  if (!response) return tl::unexpected<Error>(response.error());
  if (!is_good(*response)) {
    return tl::unexpected<Error>(error_of(*response, "GET " + request.path));
  }
  auto answer = read_strings(std::move(response->body), request.path);
  if (!answer) return tl::unexpected<Error>(answer.error());
  keep_warnings(answer->warnings);
  return std::move(answer->data);
}

Result<ReadStats> QueryApi::range_samples(const Selection& selection, SeriesSink& sink,
                                          std::size_t max_body_bytes) {
  if (selection.range.empty()) return ReadStats{};
  // (end - 1ms - length, end - 1ms] on a left-open server is [start, end); a closed one adds the
  // sample at start - 1ms, which the parser trims.
  const std::string range_text = "[" + std::to_string(selection.range.length().count()) + "ms]";
  const std::string path = "/api/v1/query";
  const Form form = backend_parameters()
                        .add("query", select(selection.matchers) + range_text)
                        .add("time", unix_seconds(last_instant(selection.range)));
  Result<HttpResponse> response = ask(path, form.text(), max_body_bytes);
  if (!response) return tl::unexpected<Error>(response.error());
  Result<ReadStats> stats = read_matrix(std::move(response->body), selection.range, sink, path);
  if (!stats) return stats;
  stats->bytes = response->wire_bytes;
  stats->requests = 1;
  keep_warnings(stats->warnings);
  return stats;
}

std::vector<std::string> QueryApi::take_warnings() {
  const std::lock_guard lock(state_->mutex);
  return std::exchange(state_->warnings, {});
}

void QueryApi::keep_warnings(const std::vector<std::string>& warnings) {
  const std::lock_guard lock(state_->mutex);
  for (const std::string& warning : warnings) {
    const std::vector<std::string>& kept = state_->warnings;
    if (std::find(kept.begin(), kept.end(), warning) == kept.end()) {
      state_->warnings.push_back(warning);
    }
  }
}

}  // namespace loadline
