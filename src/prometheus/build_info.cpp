#include "prometheus/build_info.hpp"

#include "prometheus/api_json.hpp"
#include "prometheus/request_form.hpp"

namespace loadline {
namespace {

constexpr int kOk = 200;
constexpr std::size_t kMetricsBytes = 8U << 20;

bool contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

/// Thanos calls itself by its own 0.x versions; Prometheus has had this endpoint since 2.14.
/// VictoriaMetrics leaves the revision out, and so do proxies.
Flavour flavour_of(const BuildFacts& facts) {
  if (contains(facts.application, "Mimir") || contains(facts.application, "Enterprise Metrics")) {
    return Flavour::kMimir;
  }
  if (!facts.application.empty() || facts.revision.empty()) return Flavour::kUnknown;
  return facts.version.starts_with("0.") ? Flavour::kThanos : Flavour::kPrometheus;
}

/// Nothing where the server has no such endpoint, or gives something else there.
Result<BuildFacts> ask_build_facts(HttpTransport& transport) {
  const std::string path = "/api/v1/status/buildinfo";
  Result<HttpResponse> response = transport.send({.path = path});
  if (!response) return tl::unexpected<Error>(response.error());
  if (response->status == 401 || response->status >= 500) {
    const Error error = error_of(*response, "GET " + path);
    if (error.kind != ErrorKind::kUnsupported) return tl::unexpected<Error>(error);
  }
  if (response->status != kOk) return BuildFacts{};
  Result<Answer<BuildFacts>> answer = read_build_facts(std::move(response->body), path);
  return answer ? std::move(answer->data) : BuildFacts{};
}

/// The page may be absent (vmselect, a proxy): then the version stays unsaid.
std::string ask_victoria_metrics_version(HttpTransport& transport) {
  HttpRequest request{.path = "/metrics", .max_body_bytes = kMetricsBytes};
  const Result<HttpResponse> response = transport.send(request);
  if (!response || response->status != kOk) return {};
  return std::string(victoria_metrics_version(response->body));
}

}  // namespace

std::string_view victoria_metrics_version(std::string_view metrics) {
  constexpr std::string_view kFamily = "vm_app_version{";
  constexpr std::string_view kLabel = "short_version=\"";
  const std::size_t family = metrics.find(kFamily);
  if (family == std::string_view::npos) return {};
  const std::string_view rest = metrics.substr(family);
  const std::string_view line = rest.substr(0, rest.find('\n'));
  const std::size_t label = line.find(kLabel);
  if (label == std::string_view::npos) return {};
  const std::string_view value = line.substr(label + kLabel.size());
  return value.substr(0, value.find('"'));
}

Result<bool> speaks_export(HttpTransport& transport, const std::vector<Matcher>& extra,
                           TimePoint now) {
  std::vector<Matcher> matchers = {{"__name__", MatchOp::kEqual, "up"}};
  matchers.insert(matchers.end(), extra.begin(), extra.end());
  Form form;
  form.add("match[]", selector(matchers))
      .add("start", unix_seconds(now - std::chrono::seconds(1)))
      .add("end", unix_seconds(now));
  Result<HttpResponse> response = transport.send({.path = "/api/v1/export", .query = form.text()});
  if (!response) return tl::unexpected<Error>(response.error());
  return response->status == kOk && contains(response->content_type, "stream+json");
}

Result<BuildInfo> find_build_info(HttpTransport& transport) {
  Result<BuildFacts> facts = ask_build_facts(transport);
  if (!facts) return tl::unexpected<Error>(facts.error());
  const Flavour flavour = flavour_of(*facts);
  if (flavour != Flavour::kUnknown || !facts->application.empty()) {
    return BuildInfo{flavour, facts->version};
  }
  const Result<bool> exports = speaks_export(transport, {}, TimePoint{} + std::chrono::seconds(1));
  if (!exports) return tl::unexpected<Error>(exports.error());
  if (!*exports) return BuildInfo{Flavour::kUnknown, facts->version};
  return BuildInfo{Flavour::kVictoriaMetrics, ask_victoria_metrics_version(transport)};
}

}  // namespace loadline
