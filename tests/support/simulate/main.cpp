/// loadline-simulate: plays a Prometheus of any number of containers, for tests/bench/scale.
///
///   loadline-simulate [--workloads N] [--replicas N] [--per-namespace N] [--interval 30s]
///                     [--port N]
///
/// Prints the port of 127.0.0.1 on which it listens and serves until it is killed. Time is what the
/// client says it is: any range can be asked for.
#include <cstdio>
#include <string>
#include <vector>

#include "support/simulate/http_server.hpp"
#include "support/simulate/options.hpp"
#include "support/simulate/query_answers.hpp"
#include "support/simulate/remote_read.hpp"

namespace {

using namespace loadline;
using namespace loadline::simulate;

class Server {
 public:
  explicit Server(const Options& options) : cluster_(options.cluster), loads_(options.interval) {}

  void answer(const Request& request, Answer& answer) {
    if (request.path == "/api/v1/read") return remote_read_.answer(request, answer);
    if (request.path == "/api/v1/query") return queries_.query(request, answer);
    if (request.path == "/api/v1/series") return queries_.series(request, answer);
    if (request.path == "/api/v1/status/buildinfo") return queries_.build_info(answer);
    if (request.path.starts_with("/api/v1/label/")) return queries_.label_values(request, answer);
    answer.start(404, "text/plain");
  }

 private:
  Cluster cluster_;
  Loads loads_;
  RemoteRead remote_read_{cluster_, loads_};
  QueryAnswers queries_{cluster_, loads_};
};

int report(const Error& error) {
  (void)std::fprintf(stderr, "loadline-simulate: %s\n", error.message.c_str());
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse_options({argv + 1, argv + argc});
  if (!options) return report(options.error());
  const auto listener = listen_on(options->port);
  if (!listener) return report(listener.error());
  Server server(*options);
  (void)std::printf("%u\n", unsigned{listener->port});
  (void)std::fflush(stdout);
  serve_forever(*listener, [&server](const Request& request, Answer& answer) {
    server.answer(request, answer);
  });
}
