/// A server on a free port with a report of a few rows, for the tests of the web.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "loadline/service/web.hpp"
#include "support/http_client.hpp"

namespace loadline::test {

inline constexpr TimePoint kNow = TimePoint(Milliseconds(1'795'536'057'000));

inline Recommendation row(std::string name_space, std::string kind, std::string name,
                          std::string container, Verdict verdict = Verdict::kChange) {
  Recommendation result;
  result.key = {{"", std::move(name_space), std::move(kind), std::move(name)},
                std::move(container)};
  result.replicas = 2;
  result.current_known = true;
  result.verdict = verdict;
  ResourceAdvice& cpu = result.resources[Resource::kCpu];
  cpu.samples = 100;
  cpu.p95 = 0.5;
  cpu.current = {.request = 2.0, .limit = 4.0};
  cpu.recommended = {.request = 0.5, .limit = 1.0};
  cpu.until_yesterday = cpu.recommended;
  return result;
}

inline std::vector<Recommendation> three_rows() {
  return {row("shop", "Deployment", "cart", "app"), row("shop", "StatefulSet", "db", "postgres"),
          row("infra", "DaemonSet", "agent", "agent", Verdict::kKeep)};
}

inline std::shared_ptr<const Snapshot> snapshot_of(std::vector<Recommendation> rows,
                                                   std::uint64_t generation = 1) {
  Report report;
  report.window = profiling_window(kNow, std::chrono::days(14));
  report.generated_at = kNow;
  report.policy = default_policy();
  report.recommendations = std::move(rows);
  report.totals = total(report.recommendations);
  return std::make_shared<const Snapshot>(Snapshot{generation, std::move(report)});
}

/// What a server shows: steady, its last cycle a minute ago. Tests change the board.
struct World {
  Board board{};
  SelfMetrics metrics{};

  World() {
    board.update([](ServiceStatus& status) {
      status.phase = Phase::kSteady;
      status.started = kNow - std::chrono::hours(1);
      status.last_success = kNow - std::chrono::minutes(1);
      status.max_age = std::chrono::minutes(15);
    });
  }
  [[nodiscard]] WebView view(Log* log = nullptr) {
    return {board, metrics, [] { return kNow; }, log};
  }
  /// loadline's metrics of itself as text.
  [[nodiscard]] std::string self_metrics() const {
    std::string text;
    metrics.write(MetricsFormat::kText, [&text](std::string_view piece) {
      text += piece;
      return true;
    });
    return text;
  }
};

inline WebOptions on_free_port(WebLimits limits = {}) {
  limits.workers = limits.workers == WebLimits{}.workers ? 16 : limits.workers;
  return {.listen = "127.0.0.1:0", .limits = limits};
}

inline std::unique_ptr<WebServer> started(World& world, const WebOptions& options) {
  auto server = start_web(options, world.view());
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

}  // namespace loadline::test
