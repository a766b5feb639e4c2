/// loadline-push: writes the simulated cluster's usage into a Prometheus by remote write, so that a
/// real server's head holds it.
///
///   loadline-push --url URL --now END [--stopped 90m] [options of loadline-simulate that say how
///                 large the cluster is]          pushes [END - stopped, END)
#include <snappy.h>

#include <cstdio>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <vector>

#include "loadline/prometheus/curl_transport.hpp"
#include "support/simulate/load.hpp"
#include "support/simulate/options.hpp"

namespace {

using namespace loadline;
using namespace loadline::simulate;

// A server refuses what is much older than the newest it has: all series go forward together.
constexpr Milliseconds kSlice = std::chrono::minutes(10);
constexpr std::size_t kPodsInARequest = 1'000;

void add_series(protozero::pbf_writer& request, const Labels& labels,
                const std::vector<Sample>& samples) {
  protozero::pbf_writer series(request, 1);
  for (const auto& [name, value] : labels.pairs()) {
    protozero::pbf_writer label(series, 1);
    label.add_string(1, name);
    label.add_string(2, value);
  }
  for (const Sample& sample : samples) {
    protozero::pbf_writer out(series, 2);
    out.add_double(1, sample.value);
    out.add_int64(2, sample.t_ms);
  }
}

Result<void> send(HttpTransport& transport, const std::string& message) {
  HttpRequest request{.method = HttpMethod::kPost,
                      .path = "/api/v1/write",
                      .headers = {{"Content-Type", "application/x-protobuf"},
                                  {"Content-Encoding", "snappy"},
                                  {"X-Prometheus-Remote-Write-Version", "0.1.0"}}};
  snappy::Compress(message.data(), message.size(), &request.body);
  const auto response = transport.send(request);
  if (!response) return tl::unexpected<Error>(response.error());
  if (response->status / 100 == 2) return {};
  return fail(ErrorKind::kRejected, "remote write is refused: " + response->body);
}

Result<void> push_slice(HttpTransport& transport, const Cluster& cluster, const Loads& loads,
                        TimeRange slice) {
  const std::vector<Pod>& pods = cluster.pods();
  for (std::size_t begin = 0; begin < pods.size(); begin += kPodsInARequest) {
    std::string message;
    protozero::pbf_writer request(message);
    for (std::size_t i = begin; i < std::min(begin + kPodsInARequest, pods.size()); ++i)
      for (const Resource resource : kResources)
        add_series(request, usage_labels(pods[i], resource),
                   loads.samples(load_of(pods[i].number), resource, to_unix_ms(slice.start),
                                 to_unix_ms(slice.end)));
    if (Result<void> sent = send(transport, message); !sent) return sent;
  }
  return {};
}

Result<void> push(const Options& options) {
  auto transport = make_curl_transport({.url = options.url});
  if (!transport) return tl::unexpected<Error>(transport.error());
  const Cluster cluster(options.cluster);
  const Loads loads(options.interval);
  for (TimePoint at = options.now - options.stopped; at < options.now; at += kSlice) {
    const TimeRange slice{at, std::min(at + kSlice, options.now)};
    if (Result<void> pushed = push_slice(**transport, cluster, loads, slice); !pushed)
      return pushed;
  }
  return {};
}

int report(const Error& error) {
  (void)std::fprintf(stderr, "loadline-push: %s\n", error.message.c_str());
  return error.kind == ErrorKind::kInvalidInput ? 2 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse_options({argv + 1, argv + argc});
  if (!options) return report(options.error());
  if (options->url.empty() || options->now == TimePoint{})
    return report({ErrorKind::kInvalidInput, "--url and --now are needed"});
  const auto pushed = push(*options);
  return pushed ? 0 : report(pushed.error());
}
