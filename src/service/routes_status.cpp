#include "service/json_text.hpp"
#include "service/routes.hpp"

namespace loadline::service {
namespace {

double seconds(Milliseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

std::string store_json(const ServiceStatus& status) {
  return JsonObject()
      .text_or_null("directory", status.store_directory)
      .count("bytes", status.store.file_bytes)
      .count("containers", status.store.containers)
      .count("runs", status.store.runs)
      .count("days", status.store.days)
      .text_or_null("error", status.store_error)
      .text_or_null("set_aside", status.store_set_aside)
      .str();
}

std::string source_json(const ServiceStatus& status) {
  JsonObject source;
  source.text_or_null("url", status.url)
      .text_or_null("server", status.server)
      .text_or_null("read_path", status.read_path);
  if (status.scrape_interval.count() > 0) {
    source.number("scrape_interval_seconds", seconds(status.scrape_interval));
  } else {
    source.raw("scrape_interval_seconds", "null");
  }
  return source.time("read_up_to", status.read_up_to)
      .count("groups_done", status.groups_done)
      .count("groups_total", status.groups_total)
      .count("samples_read", status.samples_read)
      .str();
}

std::string cycle_json(const ServiceStatus& status) {
  return JsonObject()
      .count("count", status.cycles)
      .count("failures_in_a_row", status.failures_in_a_row)
      .text_or_null("last_error", status.last_error)
      .time("last_success", status.last_success)
      .time("next", status.next_cycle)
      .number("interval_seconds", seconds(status.interval))
      .number("max_age_seconds", seconds(status.max_age))
      .str();
}

std::string snapshot_json(const Snapshot& snapshot) {
  const Report& report = snapshot.report;
  return JsonObject()
      .count("generation", snapshot.generation)
      .time("generated_at", report.generated_at)
      .count("recommendations", report.recommendations.size())
      .flag("complete", report.incomplete.empty())
      .str();
}

std::string shard_json(const ServiceStatus& status) {
  return JsonObject().number("index", status.shard).number("total", status.total_shards).str();
}

}  // namespace

HttpAnswer status_answer(const WebView& view) {
  const ServiceStatus status = view.board.status();
  const std::shared_ptr<const Snapshot> snapshot = view.board.snapshot();
  const TimePoint now = view.now();
  const Readiness readiness = readiness_of(status, snapshot != nullptr, now);
  JsonObject json;
  json.text("schema", "loadline/status.v1")
      .text("version", LOADLINE_VERSION)
      .time("now", now)
      .time("started", status.started)
      .text("phase", to_string(status.phase))
      .flag("ready", readiness.ready)
      .text("why", readiness.why)
      .raw("snapshot", snapshot ? snapshot_json(*snapshot) : "null")
      .raw("cycles", cycle_json(status))
      .raw("source", source_json(status))
      .raw("store", store_json(status))
      .raw("shard", shard_json(status))
      .text_or_null("config_error", status.config_error);
  return {.content_type = "application/json", .body = json.str() + "\n"};
}

HttpAnswer readiness_answer(const HttpRequest& request, const WebView& view) {
  const Readiness readiness =
      readiness_of(view.board.status(), view.board.snapshot() != nullptr, view.now());
  HttpAnswer answer{.status = readiness.ready ? 200 : 503};
  if (request.accept.find("application/json") != std::string::npos) {
    answer.content_type = "application/json";
    answer.body =
        JsonObject().flag("ready", readiness.ready).text("why", readiness.why).str() + "\n";
  } else {
    answer.body = readiness.why + "\n";
  }
  return answer;
}

}  // namespace loadline::service
