#include <cstdio>
#include <exception>

#include "loadline/cli/cli.hpp"

// jemalloc's settings, where it is linked: what a cycle freed goes back to the system by a thread
// of its own. MALLOC_CONF in the environment adds to them.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "background_thread:true";
}

int main(int argc, char** argv, char** environment) {
  try {
    return loadline::run_process(argc, argv, environment);
  } catch (const std::exception& e) {
    (void)std::fprintf(stderr, "loadline: error: internal fault: %s\n", e.what());
  } catch (...) {
    (void)std::fputs("loadline: error: internal fault\n", stderr);
  }
  return loadline::kExitFailure;
}
