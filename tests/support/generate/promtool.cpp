#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "support/generate/blocks.hpp"

extern char** environ;

namespace loadline::generate {
namespace {

namespace fs = std::filesystem;

/// Starts the program with standard output closed off; its errors go where ours go.
Result<int> start(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    return fail(ErrorKind::kInternal, "cannot run " + arguments[0] + ": " +
                                          std::generic_category().message(error) +
                                          "; install prometheus or pass --promtool");
  return pid;
}

Result<void> wait_for(int pid, const std::string& what) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      return fail(ErrorKind::kInternal,
                  "waiting for " + what + ": " + std::generic_category().message(errno));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fail(ErrorKind::kInternal, what + " failed; its message stands above");
  return {};
}

}  // namespace

Promtool::Promtool(std::string program, std::string data_dir, std::size_t jobs)
    : program_(std::move(program)), data_dir_(std::move(data_dir)), jobs_(jobs) {}

Promtool::~Promtool() {
  for (const Job& job : running_) {
    kill(job.pid, SIGTERM);
    waitpid(job.pid, nullptr, 0);
  }
}

Result<void> Promtool::add(const std::string& text_file) {
  while (running_.size() >= jobs_)
    if (auto done = wait_for_first(); !done) return done;
  const std::string work_dir = text_file + ".blocks";
  const auto pid = start({program_, "tsdb", "create-blocks-from", "--quiet",
                          "--max-block-duration=" + std::to_string(kBlock / kHour) + "h",
                          "openmetrics", text_file, work_dir});
  if (!pid) return tl::unexpected<Error>(pid.error());
  running_.push_back({.pid = *pid, .text_file = text_file, .work_dir = work_dir});
  return {};
}

Result<void> Promtool::wait_for_all() {
  while (!running_.empty())
    if (auto done = wait_for_first(); !done) return done;
  return {};
}

Result<void> Promtool::wait_for_first() {
  const Job job = running_.front();
  running_.erase(running_.begin());
  if (auto done = wait_for(job.pid, program_ + " on " + job.text_file); !done) return done;
  return adopt(job);
}

/// Blocks move into the data directory only when whole.
Result<void> Promtool::adopt(const Job& job) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(job.work_dir, error)) {
    fs::rename(entry.path(), fs::path(data_dir_) / entry.path().filename(), error);
    if (error) break;
  }
  if (!error) fs::remove_all(job.work_dir, error);
  if (!error) fs::remove(job.text_file, error);
  if (error)
    return fail(ErrorKind::kInternal,
                "moving blocks of " + job.work_dir + " to " + data_dir_ + ": " + error.message());
  return {};
}

}  // namespace loadline::generate
