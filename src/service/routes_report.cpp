#include <memory>

#include "service/etag.hpp"
#include "service/http_query.hpp"
#include "service/http_stream.hpp"
#include "service/routes.hpp"
#include "service/routes_page.hpp"
#include "service/routes_query.hpp"

namespace loadline::service {
namespace {

constexpr int kRetryAfterSeconds = 10;

Report selected(const Report& whole, const ReportQuery& query) {
  Report report = filtered_report(whole, query.filter);
  if (query.sort) sort_rows(report.recommendations, *query.sort);
  return report;
}

std::string_view content_type_of(ReportFormat format) {
  switch (format) {
    case ReportFormat::kJson:
      return "application/json";
    case ReportFormat::kYaml:
      return "application/yaml";
    case ReportFormat::kCsv:
      return "text/csv; charset=utf-8";
    case ReportFormat::kMarkdown:
      return "text/markdown; charset=utf-8";
    case ReportFormat::kHtml:
      return "text/html; charset=utf-8";
    case ReportFormat::kTable:
    case ReportFormat::kWide:
      break;
  }
  return "text/plain; charset=utf-8";
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

/// The start of the process keeps generations of two processes apart.
std::string etag_of(const HttpRequest& request, const Snapshot& snapshot, TimePoint started) {
  return '"' + std::to_string(to_unix_ms(started)) + '-' + std::to_string(snapshot.generation) +
         '-' + std::to_string(fnv1a(request.path + '?' + request.query)) + '"';
}

HttpAnswer rendered(std::shared_ptr<const Snapshot> snapshot, const ReportQuery& query) {
  HttpAnswer answer{.content_type = std::string(content_type_of(query.format)),
                    .weight = Weight::kReport};
  answer.stream = [snapshot = std::move(snapshot), query](const WritePiece& write) {
    return stream_pieces(write, [&](std::ostream& out) {
      const Report& whole = snapshot->report;
      if (query.is_whole()) return render(whole, query.format, {}, out);
      render(selected(whole, query), query.format, {}, out);
    });
  };
  return answer;
}

HttpAnswer nothing_yet(const WebView& view, ReportRoute route) {
  const ServiceStatus status = view.board.status();
  if (route == ReportRoute::kPage) return waiting_page(status, view.now());
  return busy_answer("no recommendations yet: " + readiness_of(status, false, view.now()).why,
                     kRetryAfterSeconds);
}

}  // namespace

HttpAnswer report_answer(const HttpRequest& request, const WebView& view, ReportRoute route) {
  const ReportFormat standard =
      route == ReportRoute::kApi ? ReportFormat::kJson : ReportFormat::kHtml;
  const auto query = parse_report_query(request.query, standard);
  if (!query) return error_answer(400, query.error().message, query.error().parameter);
  std::shared_ptr<const Snapshot> snapshot = view.board.snapshot();
  if (!snapshot) return nothing_yet(view, route);
  const std::string etag = etag_of(request, *snapshot, view.board.status().started);
  HttpAnswer answer = matches_etag(request.if_none_match, etag)
                          ? HttpAnswer{.status = 304}
                          : rendered(std::move(snapshot), *query);
  answer.headers.emplace_back("ETag", etag);
  answer.headers.emplace_back("Cache-Control", "private, no-cache");
  return answer;
}

}  // namespace loadline::service
