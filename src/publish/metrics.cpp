#include "loadline/publish/metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "publish/exposition.hpp"
#include "publish/row_labels.hpp"

namespace loadline {
namespace {

using publish::FamilyHead;
using publish::MetricKind;
using publish::PieceWriter;
using publish::RowLabels;

/// One value for each resource of a row.
struct ResourceFamily {
  FamilyHead head{};
  std::optional<double> (*value)(const ResourceAdvice& advice) = nullptr;
};

constexpr std::array<ResourceFamily, 5> kResourceFamilies{{
    {{"loadline_recommendation_request",
      "What the container should request, in cores or bytes, as it would be written."},
     [](const ResourceAdvice& advice) { return advice.recommended.request; }},
    {{"loadline_recommendation_limit",
      "What the container's limit should be, in cores or bytes; absent: no limit, or no advice."},
     [](const ResourceAdvice& advice) { return advice.recommended.limit; }},
    {{"loadline_current_request",
      "What the container requests today, in cores or bytes; absent: unset or unknown."},
     [](const ResourceAdvice& advice) { return advice.current.request; }},
    {{"loadline_current_limit",
      "The container's limit today, in cores or bytes; absent: unset or unknown."},
     [](const ResourceAdvice& advice) { return advice.current.limit; }},
    {{"loadline_usage_max",
      "The most that any replica used at a scrape of the window, in cores or bytes."},
     [](const ResourceAdvice& advice) { return advice.max; }},
}};

/// The count, where it is one of any.
std::optional<double> if_any(std::uint32_t any, std::uint32_t count) {
  return any == 0 ? std::nullopt : std::optional<double>(count);
}

/// One value for each row.
struct RowFamily {
  FamilyHead head{};
  std::optional<double> (*value)(const Recommendation& row) = nullptr;
};

constexpr std::array<RowFamily, 8> kRowFamilies{{
    {{"loadline_profile_coverage_ratio",
      "Scrapes seen of those expected over the container's life in the window."},
     [](const Recommendation& row) { return row.coverage.ratio; }},
    {{"loadline_profile_age_seconds",
      "How long the container has been profiled: what min_history is held against."},
     [](const Recommendation& row) -> std::optional<double> {
       return static_cast<double>(row.coverage.history.count()) / 1000;
     }},
    {{"loadline_recommendation_confidence",
      "How far the evidence carries, from time and coverage: 0 low, 1 medium, 2 high."},
     [](const Recommendation& row) -> std::optional<double> {
       return static_cast<double>(row.confidence.level);
     }},
    {{"loadline_container_oom_kills",
      "Known OOM kills of the container inside the window; absent without any."},
     [](const Recommendation& row) -> std::optional<double> {
       if (row.oom_kills.count == 0) return std::nullopt;
       return row.oom_kills.count;
     }},
    {{"loadline_container_replicas",
      "Pods that run the container now; the other series are of one replica."},
     [](const Recommendation& row) -> std::optional<double> { return row.replicas; }},
    {{"loadline_backtest_trials",
      "Trials: days of the history that the advice of the days before was held against."},
     [](const Recommendation& row) { return if_any(row.hindsight.days, row.hindsight.days); }},
    {{"loadline_backtest_oom_trials",
      "Trials in which a replica would have exceeded the recommended memory limit."},
     [](const Recommendation& row) {
       return if_any(row.hindsight.memory_days, row.hindsight.oom_days);
     }},
    {{"loadline_backtest_cpu_above_limit_ratio",
      "Share of CPU samples of those days above the recommended limit; 0 without a limit."},
     [](const Recommendation& row) { return cpu_above_limit_ratio(row.hindsight); }},
}};

constexpr FamilyHead kQuantiles{
    "loadline_usage_quantile",
    "Usage at a quantile of all samples of all replicas in the window, in cores or bytes.",
    MetricKind::kUnknown};
constexpr FamilyHead kCurrentCost{
    "loadline_cost_current_per_hour",
    "What today's requests of all replicas cost an hour; absent without prices."};
constexpr FamilyHead kRecommendedCost{
    "loadline_cost_recommended_per_hour",
    "What the requests of all replicas would cost an hour if the advice were followed."};
constexpr FamilyHead kAboveRequest{
    "loadline_backtest_above_request_ratio",
    "Share of samples of the days judged by backtest above the recommended request."};
constexpr FamilyHead kInfo{
    "loadline_recommendation_info",
    "The verdict on the container and the codes of its reasons, sorted; always 1.",
    MetricKind::kInfo};
constexpr FamilyHead kDuplicates{
    "loadline_recommendation_duplicates",
    "Containers without series because broken UTF-8 makes their labels those of another."};

/// What follows the row's own labels in a series of a resource.
std::string resource_labels(Resource resource, std::string_view more = {}) {
  const std::string_view unit = resource == Resource::kCpu ? "core" : "byte";
  std::string labels = ",resource=\"";
  labels.append(to_string(resource)).append("\",unit=\"").append(unit).append("\"");
  return labels.append(more).append("} ");
}

/// Writes a whole family a call; all families share the rows' labels.
class RowWriter {
 public:
  RowWriter(const Report& report, MetricsFormat format, PieceWriter& out)
      : rows_(report.recommendations),
        labels_(publish::label_rows(rows_)),
        format_(format),
        out_(out) {}

  void write(const ResourceFamily& family);
  void write(const RowFamily& family);
  void write_quantiles();
  void write_above_request();
  void write_cost(const FamilyHead& head, double Cost::*value, std::string_view currency);
  void write_info();
  void write_duplicates();

 private:
  /// Calls `write(row, labels)` for each row that has labels of its own, until the reader goes.
  template <typename Write>
  void each_row(const Write& write) const {
    for (std::size_t i = 0; i < rows_.size() && !out_.reader_gone(); ++i) {
      const std::string_view labels = labels_.of(i);
      if (!labels.empty()) write(rows_[i], labels);
    }
  }
  /// Writes the head and returns how the family's samples begin.
  std::string begin(const FamilyHead& head) {
    publish::write_head(out_, head, format_);
    return std::string(head.name) + '{';
  }
  void write_value(std::string_view name, std::string_view labels, std::string_view rest,
                   const std::optional<double>& value) {
    if (value && std::isfinite(*value)) publish::write_sample(out_, name, labels, rest, *value);
  }

  const std::vector<Recommendation>& rows_;
  RowLabels labels_;
  MetricsFormat format_;
  PieceWriter& out_;
};

void RowWriter::write(const ResourceFamily& family) {
  const std::string name = begin(family.head);
  const PerResource<std::string> rests{
      {resource_labels(Resource::kCpu), resource_labels(Resource::kMemory)}};
  each_row([&](const Recommendation& row, std::string_view labels) {
    for (const Resource resource : kResources) {
      write_value(name, labels, rests[resource], family.value(row.resources[resource]));
    }
  });
}

void RowWriter::write(const RowFamily& family) {
  const std::string name = begin(family.head);
  each_row([&](const Recommendation& row, std::string_view labels) {
    write_value(name, labels, "} ", family.value(row));
  });
}

void RowWriter::write_quantiles() {
  const std::string name = begin(kQuantiles);
  const auto rests_of = [](std::string_view quantile) {
    return PerResource<std::string>{
        {resource_labels(Resource::kCpu, quantile), resource_labels(Resource::kMemory, quantile)}};
  };
  const PerResource<std::string> p50 = rests_of(",quantile=\"0.5\"");
  const PerResource<std::string> p95 = rests_of(",quantile=\"0.95\"");
  const PerResource<std::string> p99 = rests_of(",quantile=\"0.99\"");
  each_row([&](const Recommendation& row, std::string_view labels) {
    for (const Resource resource : kResources) {
      const ResourceAdvice& advice = row.resources[resource];
      write_value(name, labels, p50[resource], advice.p50);
      write_value(name, labels, p95[resource], advice.p95);
      write_value(name, labels, p99[resource], advice.p99);
    }
  });
}

void RowWriter::write_above_request() {
  const std::string name = begin(kAboveRequest);
  each_row([&](const Recommendation& row, std::string_view labels) {
    write_value(name, labels, ",resource=\"cpu\"} ",
                above_request_ratio(row.hindsight, Resource::kCpu));
    write_value(name, labels, ",resource=\"memory\"} ",
                above_request_ratio(row.hindsight, Resource::kMemory));
  });
}

void RowWriter::write_cost(const FamilyHead& head, double Cost::*value, std::string_view currency) {
  const std::string name = begin(head);
  std::string rest = ",currency=\"";
  publish::append_label_value(rest, currency);
  rest += "\"} ";
  each_row([&](const Recommendation& row, std::string_view labels) {
    if (row.cost) publish::write_sample(out_, name, labels, rest, (*row.cost).*value);
  });
}

/// Each code once and in one order, so that the same reasons are always the same series.
void append_reasons(std::string& to, const std::vector<Reason>& reasons,
                    std::vector<ReasonCode>& codes) {
  codes.clear();
  for (const Reason& reason : reasons) codes.push_back(reason.code);
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  for (const ReasonCode code : codes) {
    if (code != codes.front()) to += ',';
    to += to_string(code);
  }
}

void RowWriter::write_info() {
  const std::string name = begin(kInfo);
  std::string rest;
  std::vector<ReasonCode> codes;
  each_row([&](const Recommendation& row, std::string_view labels) {
    rest = ",verdict=\"";
    rest.append(to_string(row.verdict)).append("\",reasons=\"");
    append_reasons(rest, row.reasons, codes);
    publish::write_sample(out_, name, labels, rest += "\"} ", 1);
  });
}

void RowWriter::write_duplicates() {
  publish::write_head(out_, kDuplicates, format_);
  publish::write_sample(out_, kDuplicates.name, {}, " ", static_cast<double>(labels_.duplicates));
}

}  // namespace

bool write_recommendation_metrics(const Report& report, MetricsFormat format,
                                  const WritePiece& write) {
  PieceWriter out(write);
  RowWriter rows(report, format, out);
  for (const ResourceFamily& family : kResourceFamilies) rows.write(family);
  rows.write_quantiles();
  for (const RowFamily& family : kRowFamilies) rows.write(family);
  rows.write_above_request();
  rows.write_cost(kCurrentCost, &Cost::current_per_hour, report.currency);
  rows.write_cost(kRecommendedCost, &Cost::recommended_per_hour, report.currency);
  rows.write_info();
  rows.write_duplicates();
  return out.finish();
}

}  // namespace loadline
