#include "cli/fd_stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <thread>

#include "support/catch.hpp"

namespace loadline::cli {
namespace {

std::string read_all(int fd) {
  std::string all;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; (got = ::read(fd, piece.data(), piece.size())) > 0;) {
    all.append(piece.data(), static_cast<std::size_t>(got));
  }
  return all;
}

}  // namespace

TEST_CASE("everything written arrives, in order, beyond the buffer's size") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  std::string expected;
  for (int i = 0; i < 40'000; ++i) expected += std::to_string(i) + "\n";
  std::string got;
  std::thread reader([&] { got = read_all(ends[0]); });
  {
    FdStream out(ends[1]);
    for (int i = 0; i < 40'000; ++i) out << i << '\n';
    out.flush();
    CHECK(out.error() == 0);
  }
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
  CHECK((got == expected));
}

TEST_CASE("a full disk is remembered as such") {
  const int fd = ::open("/dev/full", O_WRONLY);
  REQUIRE(fd >= 0);
  FdStream out(fd);
  out << "x";
  out.flush();
  CHECK_FALSE(out.good());
  CHECK(out.error() == ENOSPC);
  ::close(fd);
}

TEST_CASE("a reader that went away is told apart") {
  (void)std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  ::close(ends[0]);
  FdStream out(ends[1]);
  out << std::string(200'000, 'x');
  out.flush();
  CHECK(out.error() == EPIPE);
  ::close(ends[1]);
}

}  // namespace loadline::cli
