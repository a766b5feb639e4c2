#include "publish/client_families.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace loadline::publish {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricKind kind_of(const MetricFamily& family) {
  switch (family.type) {
    case MetricType::Counter:
      return MetricKind::kCounter;
    case MetricType::Gauge:
      return family.name.ends_with("_info") ? MetricKind::kInfo : MetricKind::kGauge;
    case MetricType::Histogram:
      return MetricKind::kHistogram;
    case MetricType::Summary:
    case MetricType::Untyped:
      break;
  }
  return MetricKind::kUnknown;
}

std::string label_text(const std::vector<ClientMetric::Label>& labels) {
  std::string text;
  for (const ClientMetric::Label& label : labels) {
    if (!text.empty()) text += ',';
    text.append(label.name).append("=\"");
    append_label_value(text, label.value);
    text += '"';
  }
  return text;
}

/// "0.5", "1.0", "+Inf".
std::string bound_text(double bound) {
  std::array<char, kLongestNumber> digits{};
  char* const end = write_number(digits.data(), bound);
  std::string text(digits.data(), end);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

void write_plain(PieceWriter& out, const std::string& name, const std::string& labels,
                 double value) {
  if (labels.empty()) return write_sample(out, name, {}, " ", value);
  write_sample(out, name + '{', labels, "} ", value);
}

void write_histogram(PieceWriter& out, const std::string& name, const std::string& labels,
                     const ClientMetric::Histogram& histogram) {
  const std::string begin = labels.empty() ? "" : labels + ',';
  for (const ClientMetric::Bucket& bucket : histogram.bucket) {
    write_sample(out, name + "_bucket{", begin, "le=\"" + bound_text(bucket.upper_bound) + "\"} ",
                 static_cast<double>(bucket.cumulative_count));
  }
  write_plain(out, name + "_sum", labels, histogram.sample_sum);
  write_plain(out, name + "_count", labels, static_cast<double>(histogram.sample_count));
}

void write_metric(PieceWriter& out, const MetricFamily& family, const ClientMetric& metric) {
  const std::string labels = label_text(metric.label);
  switch (family.type) {
    case MetricType::Counter:
      return write_plain(out, family.name, labels, metric.counter.value);
    case MetricType::Gauge:
      return write_plain(out, family.name, labels, metric.gauge.value);
    case MetricType::Histogram:
      return write_histogram(out, family.name, labels, metric.histogram);
    case MetricType::Summary:
    case MetricType::Untyped:
      return write_plain(out, family.name, labels, metric.untyped.value);
  }
}

}  // namespace

void write_families(PieceWriter& out, std::vector<MetricFamily> families, MetricsFormat format) {
  std::sort(families.begin(), families.end(),
            [](const MetricFamily& a, const MetricFamily& b) { return a.name < b.name; });
  for (MetricFamily& family : families) {
    std::sort(family.metric.begin(), family.metric.end(),
              [](const ClientMetric& a, const ClientMetric& b) { return a.label < b.label; });
    write_head(out, {family.name, family.help, kind_of(family)}, format);
    for (const ClientMetric& metric : family.metric) write_metric(out, family, metric);
  }
}

}  // namespace loadline::publish
