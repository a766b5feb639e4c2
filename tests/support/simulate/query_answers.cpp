#include "support/simulate/query_answers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>

#include "support/simulate/matchers.hpp"

namespace loadline::simulate {
namespace {

constexpr const char* kJson = "application/json";

void refuse(Answer& answer, const std::string& why) {
  answer.start(400, kJson);
  answer.write(R"({"status":"error","errorType":"bad_data","error":"not simulated: )");
  std::string printable = why;
  std::erase_if(printable, [](char c) { return c == '"' || c == '\\' || c < ' '; });
  answer.write(printable + "\"}");
}

/// Rows of an array, commas between.
class Rows {
 public:
  explicit Rows(Answer& answer) : answer_(answer) {}
  /// Begins a row; what is appended to the text is the row.
  std::string& next() {
    write();
    if (count_++ > 0) row_ += ',';
    return row_;
  }
  void write() {
    answer_.write(row_);
    row_.clear();
  }

 private:
  Answer& answer_;
  std::string row_{};
  std::size_t count_ = 0;
};

/// Names and values here need no escapes.
void add_label(std::string& row, std::string_view name, std::string_view value) {
  if (row.back() != '{') row += ',';
  row.append("\"").append(name).append("\":\"").append(value).append("\"");
}

void add_number(std::string& row, double value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  row.append(text, end);
}

using WritePod = std::function<void(const Pod&, Rows&)>;
using WriteLabels = std::function<void(const Pod&, std::string&)>;

void write_owner(const Pod& pod, std::string& row) {
  row += '{';
  add_label(row, "__name__", "kube_pod_owner");
  add_label(row, "instance", "10.0.0.7:8080");
  add_label(row, "job", "kube-state-metrics");
  add_label(row, "namespace", pod.namespace_name);
  add_label(row, "owner_is_controller", "true");
  add_label(row, "owner_kind", "ReplicaSet");
  add_label(row, "owner_name", pod.replica_set);
  add_label(row, "pod", pod.name);
  add_label(row, "uid", pod.uid);
  row += '}';
}

void write_replicaset_owner(const Pod& pod, std::string& row) {
  row += '{';
  add_label(row, "__name__", "kube_replicaset_owner");
  add_label(row, "instance", "10.0.0.7:8080");
  add_label(row, "job", "kube-state-metrics");
  add_label(row, "namespace", pod.namespace_name);
  add_label(row, "owner_is_controller", "true");
  add_label(row, "owner_kind", "Deployment");
  add_label(row, "owner_name", pod.workload);
  add_label(row, "replicaset", pod.replica_set);
  row += '}';
}

void write_usage(const Pod& pod, Resource resource, std::string& row) {
  row += '{';
  const Labels labels = usage_labels(pod, resource);
  for (const auto& [name, value] : labels.pairs()) add_label(row, name, value);
  row += '}';
}

/// What `max by (namespace, pod, container, resource, uid, ...)` leaves of a row.
void begin_instant(const Pod& pod, std::string& row) {
  row += R"({"metric":{)";
  add_label(row, "namespace", pod.namespace_name);
  add_label(row, "pod", pod.name);
  add_label(row, "uid", pod.uid);
}

void end_instant(std::string& row, double time, double value) {
  row += R"(},"value":[)";
  add_number(row, time);
  row += ",\"";
  add_number(row, value);
  row += "\"]}";
}

void write_pod_value(const Pod& pod, double time, double value, Rows& rows) {
  std::string& row = rows.next();
  begin_instant(pod, row);
  end_instant(row, time, value);
}

void write_container_info(const Pod& pod, double time, Rows& rows) {
  std::string& row = rows.next();
  begin_instant(pod, row);
  add_label(row, "container", kContainerName);
  end_instant(row, time, 1);
}

void write_requirement(const Pod& pod, double time, std::optional<double> Requirement::*part,
                       Rows& rows) {
  const Requirements asked = requirements_of(pod);
  for (const Resource resource : kResources) {
    std::string& row = rows.next();
    begin_instant(pod, row);
    add_label(row, "container", kContainerName);
    add_label(row, "resource", to_string(resource));
    end_instant(row, time, (asked[resource].*part).value_or(0));
  }
}

/// How the rows of a metric's instant query are written; empty: the cluster has no such metric.
WritePod instant_writer(const std::string& metric, double time) {
  if (metric == "kube_pod_container_resource_requests")
    return [time](const Pod& pod, Rows& rows) {
      write_requirement(pod, time, &Requirement::request, rows);
    };
  if (metric == "kube_pod_container_resource_limits")
    return [time](const Pod& pod, Rows& rows) {
      write_requirement(pod, time, &Requirement::limit, rows);
    };
  if (metric == "kube_pod_created")
    return [time](const Pod& pod, Rows& rows) {
      write_pod_value(pod, time, static_cast<double>(created_seconds(pod)), rows);
    };
  if (metric == "kube_pod_status_phase")
    return [time](const Pod& pod, Rows& rows) { write_pod_value(pod, time, 1, rows); };
  if (metric == "kube_pod_container_info")
    return [time](const Pod& pod, Rows& rows) { write_container_info(pod, time, rows); };
  return {};
}

/// How the label set of a metric is written; empty: the cluster has no such metric.
WriteLabels labels_writer(const std::string& metric) {
  if (metric == "kube_pod_owner") return write_owner;
  if (metric == "kube_replicaset_owner") return write_replicaset_owner;
  if (metric == "container_cpu_usage_seconds_total")
    return [](const Pod& pod, std::string& row) { write_usage(pod, Resource::kCpu, row); };
  if (metric == "container_memory_working_set_bytes")
    return [](const Pod& pod, std::string& row) { write_usage(pod, Resource::kMemory, row); };
  return {};
}

/// Pods of one ReplicaSet stand together, and only the first of a workload tells of it.
bool is_told_by(const std::string& metric, const Pod& pod) {
  return pod.is_first || metric != "kube_replicaset_owner";
}

/// The parameter, from wherever the client put it.
std::string parameter(const Request& request, std::string_view name) {
  const std::string posted = form_value(request.body, name);
  return posted.empty() ? form_value(request.query, name) : posted;
}

std::int64_t milliseconds_of(double seconds) {
  return std::llround(seconds * 1000);
}

bool is_wanted(const std::vector<std::string>& wanted, const std::string& text) {
  return wanted.empty() || std::ranges::find(wanted, text) != wanted.end();
}

void write_values(const std::vector<Sample>& samples, std::string& row) {
  for (const Sample& sample : samples) {
    if (row.back() == ']') row += ',';
    row += '[';
    add_number(row, static_cast<double>(sample.t_ms) / 1000);
    row += ",\"";
    add_number(row, sample.value);
    row += "\"]";
  }
}

}  // namespace

void QueryAnswers::build_info(Answer& answer) const {
  answer.start(200, kJson);
  answer.write(
      R"({"status":"success","data":{"version":"2.42.0","revision":"simulated","branch":"",)"
      R"("buildUser":"","buildDate":"","goVersion":""}})");
}

void QueryAnswers::label_values(const Request& request, Answer& answer) const {
  const bool cores = request.path == "/api/v1/label/cpu/values";
  const bool namespaces = request.path == "/api/v1/label/namespace/values";
  if (!cores && !namespaces) return refuse(answer, request.path);
  answer.start(200, kJson);
  answer.write(R"({"status":"success","data":[)");
  Rows rows(answer);
  if (cores) rows.next() += "\"total\"";
  if (namespaces)
    for (const std::string& name : cluster_.namespaces()) rows.next() += "\"" + name + "\"";
  rows.write();
  answer.write("]}");
}

void QueryAnswers::series(const Request& request, Answer& answer) const {
  const auto matchers = parse_matchers(parameter(request, "match[]"));
  if (!matchers) return refuse(answer, matchers.error().message);
  const auto metrics = wanted_values(*matchers, "__name__");
  const auto namespaces = wanted_values(*matchers, "namespace");
  if (!metrics) return refuse(answer, metrics.error().message);
  if (!namespaces) return refuse(answer, namespaces.error().message);
  answer.start(200, kJson);
  answer.write(R"({"status":"success","data":[)");
  Rows rows(answer);
  for (const std::string& metric : *metrics) {
    const WriteLabels write = labels_writer(metric);
    if (!write) continue;
    for (const Pod& pod : cluster_.pods())
      if (is_wanted(*namespaces, pod.namespace_name) && is_told_by(metric, pod))
        write(pod, rows.next());
  }
  rows.write();
  answer.write("]}");
}

void QueryAnswers::query(const Request& request, Answer& answer) const {
  const auto expression = parse_expression(parameter(request, "query"));
  if (!expression) return refuse(answer, expression.error().message);
  const auto metrics = wanted_values(expression->matchers, "__name__");
  const auto namespaces = wanted_values(expression->matchers, "namespace");
  if (!metrics) return refuse(answer, metrics.error().message);
  if (!namespaces) return refuse(answer, namespaces.error().message);
  const double time = std::strtod(parameter(request, "time").c_str(), nullptr);
  answer.start(200, kJson);
  answer.write(R"({"status":"success","data":{"resultType":")");
  answer.write(expression->is_range ? "matrix" : "vector");
  answer.write(R"(","result":[)");
  const std::int64_t end_ms = milliseconds_of(time);
  if (expression->is_range) {
    matrix_rows({*metrics, *namespaces, end_ms - expression->range_ms, end_ms}, answer);
  } else if (!expression->is_last) {  // of pods that died, of which there are none
    instant_rows(*metrics, time, answer);
  }
  answer.write("]}}");
}

void QueryAnswers::instant_rows(const std::vector<std::string>& metrics, double time,
                                Answer& answer) const {
  Rows rows(answer);
  for (const std::string& metric : metrics) {
    const WritePod write = instant_writer(metric, time);
    if (!write) continue;
    for (const Pod& pod : cluster_.pods()) write(pod, rows);
  }
  rows.write();
}

void QueryAnswers::matrix_rows(const RangeQuestion& question, Answer& answer) const {
  Rows rows(answer);
  for (const std::string& metric : question.metrics) {
    const WriteLabels write_labels = labels_writer(metric);
    if (!write_labels) continue;
    for (const Pod& pod : cluster_.pods()) {
      if (!is_wanted(question.namespaces, pod.namespace_name)) continue;
      std::string& row = rows.next() += R"({"metric":)";
      write_labels(pod, row);
      row += R"(,"values":[)";
      write_values(samples_of(metric, pod, question), row);
      row += "]}";
    }
  }
  rows.write();
}

std::vector<Sample> QueryAnswers::samples_of(const std::string& metric, const Pod& pod,
                                             const RangeQuestion& question) const {
  const Resource resource =
      metric == "container_cpu_usage_seconds_total" ? Resource::kCpu : Resource::kMemory;
  auto samples =
      loads_.samples(load_of(pod.number), resource, question.from_ms, question.to_ms + 1);
  if (metric.starts_with("container_")) return samples;
  for (Sample& sample : samples) sample.value = 1;  // what kube-state-metrics tells is a fact
  return samples;
}

}  // namespace loadline::simulate
