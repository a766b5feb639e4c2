#include "service/routes_page.hpp"

#include "publish/text.hpp"

namespace loadline::service {
namespace {

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"refresh\" content=\"10\">\n<title>loadline: not ready yet</title>\n"
    "<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;"
    "max-width:40rem;margin:3rem auto;padding:0 1rem}progress{width:100%}"
    "dt{font-weight:600}dd{margin:0 0 .5rem}</style>\n</head>\n<body>\n<main>\n"
    "<h1>No recommendations yet</h1>\n";

std::string entry(std::string_view term, std::string_view text) {
  if (text.empty()) return {};
  return "<dt>" + std::string(term) + "</dt><dd>" + publish::html_text(text) + "</dd>\n";
}

std::string progress_bar(const ServiceStatus& status) {
  if (status.groups_total == 0) return {};
  return "<progress aria-label=\"read so far\" value=\"" + std::to_string(status.groups_done) +
         "\" max=\"" + std::to_string(status.groups_total) + "\"></progress>\n";
}

}  // namespace

HttpAnswer waiting_page(const ServiceStatus& status, TimePoint now) {
  std::string body(kHead);
  body += "<p>" + publish::html_text(readiness_of(status, false, now).why) + "</p>\n" +
          progress_bar(status);
  body += "<dl>\n" + entry("Phase", to_string(status.phase)) + entry("Prometheus", status.url) +
          entry("Server", status.server) +
          entry("Samples read", std::to_string(status.samples_read)) +
          entry("Started", format_rfc3339(status.started)) + entry("Now", format_rfc3339(now));
  body += "</dl>\n<p>This page reloads every 10 seconds.</p>\n</main>\n</body>\n</html>\n";
  return {.content_type = "text/html; charset=utf-8", .body = body};
}

}  // namespace loadline::service
