#include <array>
#include <cstdio>
#include <fstream>

#include "support/generate/truth.hpp"

namespace loadline::generate {
namespace {

std::string number(double value) {
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.17g", value);
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string number(const std::optional<double>& value) {
  return value ? number(*value) : "null";
}
std::string number_or_null(double value) {
  return value > 0 ? number(value) : "null";
}
/// All names are letters, digits, dashes and dots: nothing to escape.
std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

std::string statistics(const Exact& exact, const std::string& unit) {
  return "\"samples\": " + std::to_string(exact.samples) + ", \"p50_" + unit +
         "\": " + number(exact.p50) + ", \"p95_" + unit + "\": " + number(exact.p95) + ", \"p99_" +
         unit + "\": " + number(exact.p99) + ", \"max_" + unit + "\": " + number(exact.max);
}

std::string current(double request, double limit, const std::string& unit) {
  return "\"current\": {\"request_" + unit + "\": " + number_or_null(request) + ", \"limit_" +
         unit + "\": " + number_or_null(limit) + "}";
}

const char* type_of(ContainerRole role) {
  switch (role) {
    case ContainerRole::kMain:
      return "container";
    case ContainerRole::kInit:
      return "init";
    case ContainerRole::kSidecar:
      return "sidecar";
  }
  return "";
}

/// What no series tells is unknown, whatever the pod asks for.
Requirements told(const Workload& workload, std::size_t container) {
  return workload.shape->known_to_ksm ? workload.requirements[container] : Requirements{};
}

std::string container_json(const Cluster& cluster, const ContainerTruth& truth, Ms end) {
  const Workload& workload = cluster.workloads[truth.workload];
  const ContainerShape& shape = workload.shape->containers[truth.container];
  const Requirements asked = told(workload, truth.container);
  return "{\"namespace\": " + quoted(workload.namespace_name) +
         ", \"kind\": " + quoted(to_string(workload.shape->kind)) +
         ", \"workload\": " + quoted(workload.name) + ", \"container\": " + quoted(shape.name) +
         ", \"container_type\": " + quoted(type_of(shape.role)) +
         ", \"replicas\": " + std::to_string(live_pods(workload, end)) +
         ", \"owner_inferred\": " + (workload.shape->known_to_ksm ? "false" : "true") +
         ", \"pods\": " + std::to_string(workload.pods.size()) +
         ", \"series\": " + std::to_string(truth.series) + ",\n   \"cpu\": {" +
         statistics(truth.cpu, "cores") + ", " +
         current(asked.cpu_request, asked.cpu_limit, "cores") + "},\n   \"memory\": {" +
         statistics(truth.memory, "bytes") + ", " +
         current(asked.memory_request, asked.memory_limit, "bytes") + "}}";
}

}  // namespace

Result<void> write_truth(const std::string& path, const Cluster& cluster,
                         const std::vector<ContainerTruth>& truth, const Options& options) {
  std::ofstream out(path);
  out << "{\"schema\": \"loadline/truth.v1\", \"seed\": " << options.seed
      << ", \"interval_ms\": " << options.interval
      << ",\n \"window\": {\"start_ms\": " << options.window_start
      << ", \"end_ms\": " << options.window_end << "},\n \"containers\": [\n";
  for (std::size_t i = 0; i < truth.size(); ++i)
    out << "  " << container_json(cluster, truth[i], options.window_end)
        << (i + 1 < truth.size() ? ",\n" : "\n");
  out << " ]}\n";
  out.close();
  if (!out) return fail(ErrorKind::kInternal, "cannot write " + path + "; check --truth");
  return {};
}

}  // namespace loadline::generate
