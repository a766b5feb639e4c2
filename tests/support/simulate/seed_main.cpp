/// loadline-seed: writes the state from which `loadline serve` begins as after a restart.
///
///   loadline-seed --state-dir DIR --url URL --now TIME [--stopped 5m] [options of
///                 loadline-simulate that say how large the cluster is]
#include <cstdio>
#include <string>
#include <vector>

#include "support/simulate/seed.hpp"

namespace {

int report(const loadline::Error& error) {
  (void)std::fprintf(stderr, "loadline-seed: %s\n", error.message.c_str());
  return error.kind == loadline::ErrorKind::kInvalidInput ? 2 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace loadline;
  const auto options = simulate::parse_options({argv + 1, argv + argc});
  if (!options) return report(options.error());
  if (options->state_dir.empty() || options->url.empty() || options->now == TimePoint{})
    return report({ErrorKind::kInvalidInput, "--state-dir, --url and --now are needed"});
  const auto written = simulate::write_state(*options, simulate::seeded_state(*options));
  return written ? 0 : report(written.error());
}
