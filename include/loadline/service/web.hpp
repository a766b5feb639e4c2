/// The HTTP server of `loadline serve`: metrics, health, the JSON API and the page on one port.
/// Read-only; docs/http_api.md documents every route, parameter and limit.
///
/// It answers from what the Board holds at the moment and never waits for a cycle. Label values and
/// requests are hostile input: nothing of them reaches an answer unescaped.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "loadline/model/result.hpp"
#include "loadline/publish/self_metrics.hpp"
#include "loadline/service/board.hpp"
#include "loadline/service/log.hpp"
#include "loadline/service/patch_shelf.hpp"

namespace loadline {

/// What one client may take from the others.
struct WebLimits {
  /// Threads, one for each open connection; idle ones cost some 20 KiB. A client that opens more
  /// connections than this and sends nothing keeps others waiting for `request_timeout` at most.
  int workers = 256;
  std::size_t max_header_bytes = 16 << 10;  ///< request line and headers: 400
  std::size_t max_query_bytes = 8 << 10;    ///< 414
  int max_metrics = 8;                      ///< answers of /metrics under way: 503
  int max_reports = 4;                      ///< reports under way, API and page together: 503
  /// For a request's head to arrive, and for a reader to take anything at all.
  Milliseconds request_timeout{3'000};
  Milliseconds keep_alive{5'000};  ///< between two requests of a connection
  /// For each such time that a reader made us wait it must have taken `min_bytes_per_second` on
  /// average, or is dropped.
  Milliseconds slow_after{10'000};
  std::size_t min_bytes_per_second = 32 << 10;
};

struct WebOptions {
  std::string listen{"0.0.0.0:9804"};  ///< "IPv4:port", ":port" or "localhost:port"; port 0: a free
                                       ///< one
  std::string basic_auth_file{};       ///< lines of user:password; empty: no authentication
  WebLimits limits{};
};

/// What the server shows. All of it must outlive the server.
struct WebView {
  const Board& board;
  SelfMetrics& metrics;  ///< also counts the requests
  std::function<TimePoint()> now;
  Log* log = nullptr;                   ///< may be missing
  const PatchShelf* patches = nullptr;  ///< may be missing
};

/// Serves from its construction to its destruction, on threads of its own.
class WebServer {
 public:
  struct State;
  explicit WebServer(std::unique_ptr<State> state);
  /// Drops open connections; takes about two seconds at most.
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  /// The port it listens on.
  [[nodiscard]] int port() const;

 private:
  std::unique_ptr<State> state_;
};

/// kInvalidInput where `listen` cannot be used (taken, forbidden, no address) or the file of
/// passwords cannot be read or holds none; the message names the setting and what to do. The
/// process ignores SIGPIPE from then on; the server's threads have the caller's signal mask.
Result<std::unique_ptr<WebServer>> start_web(const WebOptions& options, WebView view);

}  // namespace loadline
