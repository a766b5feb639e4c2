#include "loadline/publish/self_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <iterator>
#include <string>
#include <utility>

#include "publish/client_families.hpp"
#include "publish/process_metrics.hpp"
#include "publish/self_metrics_table.hpp"

namespace loadline {
namespace {

using publish::OwnFamily;
using publish::OwnMetric;

const prometheus::Histogram::BucketBoundaries kCycleBounds{
    0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600};
const prometheus::Histogram::BucketBoundaries kHttpBounds{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

/// Asked for twice by one name, the registry gives the same family.
template <typename Builder>
auto& family_in(prometheus::Registry& registry, Builder builder, const OwnFamily& family) {
  return builder.Name(std::string(family.name)).Help(std::string(family.help)).Register(registry);
}

template <typename What>
prometheus::Labels labels_of(const OwnMetric<What>& metric) {
  if (metric.label.empty()) return {};
  return {{std::string(metric.label), std::string(metric.label_value)}};
}

/// A server's status is its own choice; one of a fixed number of labels is ours.
std::string code_label(int status) {
  if (status == 0) return "error";
  return status >= 100 && status <= 599 ? std::to_string(status) : "other";
}

}  // namespace

/// Everything countable exists from the start, at 0, so that the first event is an increase.
struct SelfMetrics::State {
  State();

  prometheus::Registry registry{};
  std::array<prometheus::Counter*, publish::kCounts.size()> counters{};
  std::array<prometheus::Gauge*, publish::kGauges.size()> gauges{};
  std::array<prometheus::Histogram*, publish::kTimings.size()> histograms{};
  prometheus::Family<prometheus::Counter>& requests;
  prometheus::Family<prometheus::Counter>& http_requests;
  prometheus::Family<prometheus::Histogram>& http_seconds;
};

SelfMetrics::State::State()
    : requests(family_in(registry, prometheus::BuildCounter(),
                         {"loadline_prometheus_requests_total",
                          "Requests to Prometheus, by the status of the answer."})),
      http_requests(family_in(registry, prometheus::BuildCounter(),
                              {"loadline_http_requests_total", "HTTP requests answered."})),
      http_seconds(family_in(registry, prometheus::BuildHistogram(),
                             {"loadline_http_request_duration_seconds",
                              "Time to answer an HTTP request, the last byte included."})) {
  for (const OwnMetric<Count>& row : publish::kCounts) {
    counters[static_cast<std::size_t>(row.what)] =
        &family_in(registry, prometheus::BuildCounter(), row.family).Add(labels_of(row));
  }
  for (const OwnMetric<Gauge>& row : publish::kGauges) {
    gauges[static_cast<std::size_t>(row.what)] =
        &family_in(registry, prometheus::BuildGauge(), row.family).Add(labels_of(row));
  }
  for (const OwnMetric<Timing>& row : publish::kTimings) {
    histograms[static_cast<std::size_t>(row.what)] =
        &family_in(registry, prometheus::BuildHistogram(), row.family)
             .Add(labels_of(row), kCycleBounds);
  }
  family_in(registry, prometheus::BuildGauge(),
            {"loadline_build_info", "The version that runs; always 1."})
      .Add({{"version", LOADLINE_VERSION}})
      .Set(1);
}

SelfMetrics::SelfMetrics() : state_(std::make_unique<State>()) {}
SelfMetrics::~SelfMetrics() = default;

void SelfMetrics::add(Count what, double amount) {
  // Not a number would stay in the counter for good.
  if (amount > 0) state_->counters[static_cast<std::size_t>(what)]->Increment(amount);
}

void SelfMetrics::set(Gauge what, double value) {
  state_->gauges[static_cast<std::size_t>(what)]->Set(value);
}

void SelfMetrics::observe(Timing what, double seconds) {
  state_->histograms[static_cast<std::size_t>(what)]->Observe(seconds);
}

void SelfMetrics::add_request(int status) {
  state_->requests.Add({{"code", code_label(status)}}).Increment();
}

void SelfMetrics::add_http(std::string_view handler, int status, double seconds) {
  const std::string name(handler);
  state_->http_requests.Add({{"handler", name}, {"code", code_label(status)}}).Increment();
  state_->http_seconds.Add({{"handler", name}}, kHttpBounds).Observe(seconds);
}

bool SelfMetrics::write(MetricsFormat format, const WritePiece& write) const {
  publish::PieceWriter out(write);
  std::vector<prometheus::MetricFamily> families = state_->registry.Collect();
  for (prometheus::MetricFamily& family : publish::process_families()) {
    families.push_back(std::move(family));
  }
  publish::write_families(out, std::move(families), format);
  return out.finish();
}

}  // namespace loadline
