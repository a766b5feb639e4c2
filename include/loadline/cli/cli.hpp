/// The command line: `run` is the whole program over a World that tests can make up,
/// `run_process` is the same in the real one. Data goes to World::out, everything else to
/// World::err.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "loadline/config/config.hpp"
#include "loadline/model/time.hpp"
#include "loadline/service/connection.hpp"

namespace loadline {

/// What the shell is told; documented in `loadline --help`.
enum ExitCode : int {
  kExitDone = 0,
  kExitFailure = 1,
  kExitUsage = 2,       ///< flags, arguments or configuration
  kExitIncomplete = 3,  ///< done, but something is missing from the result, which says what
};

/// What is at the other end of a stream.
struct Terminal {
  bool is_terminal = false;
  std::size_t width = 0;  ///< columns; 0: unknown
};

/// What a long-running command is told by the system.
enum class Signal {
  kNone,    ///< the time passed
  kStop,    ///< SIGTERM, SIGINT
  kReload,  ///< SIGHUP
};
/// Waits for the next signal, for so long at most.
using WaitForSignal = std::function<Signal(Milliseconds)>;

/// All that the program takes from outside.
struct World {
  std::ostream& out;
  std::ostream& err;
  Terminal out_terminal{};
  Terminal err_terminal{};
  std::vector<std::pair<std::string, std::string>> environment{};
  std::function<TimePoint()> now{};
  std::function<double()> seconds{};  ///< a clock that only runs forward
  std::function<Result<Connection>(const Config&, const OnEvent&)> connect{};
  /// Takes the signals over: from then on they end nothing, but are told. Call before threads
  /// start.
  std::function<WaitForSignal()> take_signals{};
  std::istream* in = nullptr;        ///< standard input; nullptr: there is none
  std::function<int()> out_error{};  ///< errno of the write on which `out` failed; may be empty
};

/// Runs one command; `arguments` without the program's name. Returns an ExitCode. A reader of `out`
/// that went away (EPIPE) is no failure; any other failed write is.
int run(const std::vector<std::string>& arguments, const World& world);

/// `run` on this process' arguments, environment, standard streams, clock and network. Ignores
/// SIGPIPE. `environment` is a null-terminated list of NAME=value.
int run_process(int argc, char** argv, char** environment);

}  // namespace loadline
