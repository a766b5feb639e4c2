/// `openssl s_server -www` as a child process with a certificate made for the test: a TLS server
/// that no library of ours wrote. It answers GET with a page about the session.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace loadline::test {

inline bool has_openssl() {
  return std::system("openssl version >/dev/null 2>&1") == 0;  // NOLINT(cert-env33-c)
}

/// Writes a self-signed certificate for the DNS name and its key as PEM files.
inline bool make_certificate(const std::string& name, const std::string& certificate,
                             const std::string& key) {
  const std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj "
      "/CN=" +
      name + " -addext subjectAltName=DNS:" + name + " -out " + certificate + " -keyout " + key +
      " >/dev/null 2>&1";
  return std::system(command.c_str()) == 0;  // NOLINT(cert-env33-c)
}

class TlsServer {
 public:
  /// `options` go to s_server, e.g. {"-cert", file, "-key", file}.
  explicit TlsServer(const std::vector<std::string>& options) {
    std::vector<std::string> words = {"openssl", "s_server", "-accept", "127.0.0.1:0", "-www"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    start(arguments);
    read_port();
  }
  ~TlsServer() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    for (const int fd : {output_, input_}) {
      if (fd >= 0) ::close(fd);
    }
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  /// 0: it did not start.
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }

 private:
  /// Its standard input stays open: s_server ends at the end of it.
  void start(const std::vector<char*>& arguments) {
    int output[2] = {-1, -1};
    int input[2] = {-1, -1};
    if (::pipe2(output, O_CLOEXEC) != 0 || ::pipe2(input, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (::posix_spawnp(&child_, "openssl", &actions, nullptr, arguments.data(), environ) != 0) {
      child_ = 0;
    }
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(output[1]);
    ::close(input[0]);
    output_ = output[0];
    input_ = input[1];
  }

  /// From the line "ACCEPT 127.0.0.1:43215".
  void read_port() {
    constexpr std::string_view kMark = "ACCEPT 127.0.0.1:";
    std::string text;
    for (char c = 0; read_byte(c);) {
      text += c;
      const std::size_t at = text.find(kMark);
      if (c != '\n' || at == std::string::npos) continue;
      port_ = static_cast<std::uint16_t>(std::atoi(text.c_str() + at + kMark.size()));
      return;
    }
  }
  bool read_byte(char& c) const {
    pollfd ready{.fd = output_, .events = POLLIN, .revents = 0};
    return ::poll(&ready, 1, 10'000) > 0 && ::read(output_, &c, 1) == 1;
  }

  pid_t child_ = 0;
  int output_ = -1;
  int input_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace loadline::test
