#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <string_view>

#include "cli/fd_stream.hpp"
#include "loadline/cli/cli.hpp"

namespace loadline {
namespace {

/// Without this a socket could get the number of a closed standard stream and receive the report.
/// Opened for reading only, so that writing to a closed standard output still fails.
void keep_standard_descriptors() {
  for (int fd = ::open("/dev/null", O_RDONLY); fd >= 0; fd = ::open("/dev/null", O_RDONLY)) {
    if (fd <= STDERR_FILENO) continue;
    ::close(fd);
    return;
  }
}

Terminal terminal_of(int fd) {
  if (::isatty(fd) == 0) return {};
  winsize size{};
  const bool known = ::ioctl(fd, TIOCGWINSZ, &size) == 0;
  return {.is_terminal = true, .width = known ? size.ws_col : std::size_t{0}};
}

std::vector<std::pair<std::string, std::string>> variables(char** environment) {
  std::vector<std::pair<std::string, std::string>> all;
  for (char** entry = environment; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    all.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

double steady_seconds() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

Signal wait_for_signal(const sigset_t& signals, Milliseconds timeout) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(timeout);
  const std::chrono::nanoseconds rest = timeout - seconds;
  const timespec limit{.tv_sec = seconds.count(), .tv_nsec = rest.count()};
  const int signal = ::sigtimedwait(&signals, nullptr, &limit);
  if (signal == SIGHUP) return Signal::kReload;
  return signal == SIGTERM || signal == SIGINT ? Signal::kStop : Signal::kNone;
}

/// Blocked in this thread and in those that it starts, so that only the waiting one gets them.
WaitForSignal take_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return [signals](Milliseconds timeout) { return wait_for_signal(signals, timeout); };
}

TimePoint system_now() {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

int run_process(int argc, char** argv, char** environment) {
  keep_standard_descriptors();
  (void)std::signal(SIGPIPE, SIG_IGN);
  cli::FdStream out(STDOUT_FILENO);
  const World world{.out = out,
                    .err = std::cerr,
                    .out_terminal = terminal_of(STDOUT_FILENO),
                    .err_terminal = terminal_of(STDERR_FILENO),
                    .environment = variables(environment),
                    .now = system_now,
                    .seconds = steady_seconds,
                    .connect = connect,
                    .take_signals = take_signals,
                    .in = &std::cin,
                    .out_error = [&out] { return out.error(); }};
  return run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), world);
}

}  // namespace loadline
