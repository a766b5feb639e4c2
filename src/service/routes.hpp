/// Which answer a request gets: everything of the server but sockets and threads. docs/http_api.md
/// is the contract.
#pragma once

#include <cstddef>

#include "loadline/service/web.hpp"
#include "service/basic_auth.hpp"
#include "service/http.hpp"

namespace loadline::service {

/// What routes need; all of it outlives them.
struct RouteContext {
  const WebView& view;
  Door& door;
  std::size_t max_query_bytes = WebLimits{}.max_query_bytes;
};

/// In this order: a body 413, a long query 414, wrong credentials 401 (but for health), an unknown
/// path 404, another method than GET and HEAD 405, then the route. HEAD is answered as GET is; the
/// server leaves the body out. Thread-safe.
HttpAnswer answer_to(const HttpRequest& request, const RouteContext& context);

/// /api/v1/patches: a tar of the tree, or one file of it.
HttpAnswer patches_answer(const HttpRequest& request, const WebView& view);
/// /api/v1/status and the body of /readyz for programs.
HttpAnswer status_answer(const WebView& view);
/// "<sentence>\n", or {"ready", "why"} where Accept asks for JSON; 200 or 503.
HttpAnswer readiness_answer(const HttpRequest& request, const WebView& view);

enum class ReportRoute { kApi, kPage };
/// /api/v1/recommendations and /.
HttpAnswer report_answer(const HttpRequest& request, const WebView& view, ReportRoute route);

}  // namespace loadline::service
