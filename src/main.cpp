#include <cstdio>
#include <exception>

#include "loadline/cli/cli.hpp"

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
