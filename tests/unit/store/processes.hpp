/// Work in another process: for locks, permissions and kills, which a process has as a whole.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>

namespace loadline::test {

class Child {
 public:
  /// Runs work(fd) in a child; what it writes to fd, the parent reads.
  explicit Child(const std::function<void(int)>& work) {
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      work(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    fd_ = ends[0];
  }
  ~Child() {
    kill_now();
    ::close(fd_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// One byte from the child; false once it has ended.
  bool wait_for_byte() const {
    char byte = 0;
    return ::read(fd_, &byte, 1) == 1;
  }
  std::string read_all() const {
    std::string text;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(fd_, buffer, sizeof buffer)) > 0;)
      text.append(buffer, static_cast<std::size_t>(n));
    return text;
  }
  /// The bytes that were written and not yet read, after a SIGKILL.
  std::string kill_now() {
    if (pid_ <= 0) return {};
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    return read_all();
  }

 private:
  pid_t pid_ = -1;
  int fd_ = -1;
};

inline void tell(int fd, const std::string& text) {
  if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) ::_exit(1);
}

/// What `work` returns in another process, as a user whom permissions bind (root they do not).
inline std::string as_other_user(const std::function<std::string()>& work) {
  const Child child([&](int fd) {
    constexpr unsigned kNobody = 65534;
    if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) ::_exit(1);
    tell(fd, work());
  });
  return child.read_all();
}

}  // namespace loadline::test
