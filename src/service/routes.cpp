#include "service/routes.hpp"

#include <array>
#include <optional>

#include "service/http_query.hpp"

namespace loadline::service {
namespace {

enum class Route { kMetrics, kHealth, kReady, kRecommendations, kPatches, kStatus, kPage };

struct Place {
  std::string_view path{};
  std::string_view handler{};
  Route route = Route::kPage;
};

constexpr std::array<Place, 7> kPlaces{
    {{"/metrics", "metrics", Route::kMetrics},
     {"/healthz", "healthz", Route::kHealth},
     {"/readyz", "readyz", Route::kReady},
     {"/api/v1/recommendations", "recommendations", Route::kRecommendations},
     {"/api/v1/patches", "patches", Route::kPatches},
     {"/api/v1/status", "status", Route::kStatus},
     {"/", "page", Route::kPage}}};

/// Compared whole and as it is: dots and double slashes lead nowhere.
std::optional<Place> place_of(const HttpRequest& request) {
  const auto path = percent_decoded(request.path, Plus::kItself);
  for (const Place& place : kPlaces) {
    if (path == place.path) return place;
  }
  return std::nullopt;
}

bool is_health(const std::optional<Place>& place) {
  return place && (place->route == Route::kHealth || place->route == Route::kReady);
}

HttpAnswer unauthorized() {
  HttpAnswer answer = error_answer(401, "user and password are needed (HTTP basic authentication)");
  answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"loadline\"");
  return answer;
}

HttpAnswer not_allowed() {
  HttpAnswer answer = error_answer(405, "the server is read-only: use GET or HEAD");
  answer.headers.emplace_back("Allow", "GET, HEAD");
  return answer;
}

/// The age of the last success decides, so that it is judged when it is asked for.
void update_readiness(const WebView& view, bool has_snapshot) {
  const Readiness readiness = readiness_of(view.board.status(), has_snapshot, view.now());
  view.metrics.set(Gauge::kReady, readiness.ready ? 1 : 0);
}

HttpAnswer metrics_answer(const HttpRequest& request, const WebView& view) {
  const MetricsFormat format = negotiate_metrics_format(request.accept);
  const std::shared_ptr<const Snapshot> snapshot = view.board.snapshot();
  update_readiness(view, snapshot != nullptr);
  HttpAnswer answer{.content_type = std::string(content_type(format)), .weight = Weight::kMetrics};
  answer.stream = [snapshot, format, &metrics = view.metrics](const WritePiece& write) {
    return metrics.write(format, write) &&
           (!snapshot || write_recommendation_metrics(snapshot->report, format, write)) &&
           (format == MetricsFormat::kText || write("# EOF\n"));
  };
  return answer;
}

HttpAnswer answer_at(const Place& place, const HttpRequest& request, const WebView& view) {
  switch (place.route) {
    case Route::kMetrics:
      return metrics_answer(request, view);
    case Route::kHealth:
      return {.body = "ok\n"};
    case Route::kReady:
      return readiness_answer(request, view);
    case Route::kRecommendations:
      return report_answer(request, view, ReportRoute::kApi);
    case Route::kPatches:
      return patches_answer(request, view);
    case Route::kStatus:
      return status_answer(view);
    case Route::kPage:
      return report_answer(request, view, ReportRoute::kPage);
  }
  return {};
}

HttpAnswer judged(const std::optional<Place>& place, const HttpRequest& request,
                  const RouteContext& context) {
  if (request.body == HasBody::kYes) {
    return error_answer(413, "the server is read-only: send no body");
  }
  if (request.query.size() > context.max_query_bytes) {
    return error_answer(
        414, "the query is longer than " + std::to_string(context.max_query_bytes) + " bytes");
  }
  if (!is_health(place) && !context.door.lets_in(request.authorization)) return unauthorized();
  if (!place) return error_answer(404, "no such path; docs/http_api.md lists them");
  if (request.method != "GET" && request.method != "HEAD") return not_allowed();
  return answer_at(*place, request, context.view);
}

}  // namespace

HttpAnswer answer_to(const HttpRequest& request, const RouteContext& context) {
  const std::optional<Place> place = place_of(request);
  HttpAnswer answer = judged(place, request, context);
  if (place) answer.handler = place->handler;
  if (answer.status == 413 || answer.status == 414) {
    context.view.metrics.add(Count::kHttpRejected);
  }
  return answer;
}

}  // namespace loadline::service
