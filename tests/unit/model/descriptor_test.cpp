#include "loadline/model/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("a descriptor is open until its owner dies") {
  int number = -1;
  {
    const Descriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    REQUIRE(file.is_open());
    number = file.get();
    CHECK(::fcntl(number, F_GETFD) >= 0);
  }
  CHECK(::fcntl(number, F_GETFD) == -1);
  CHECK(errno == EBADF);
}

TEST_CASE("the failure to open leaves nothing to close") {
  const Descriptor file(::open("/dev/null/nothing", O_RDONLY | O_CLOEXEC));
  CHECK(errno == ENOTDIR);
  CHECK_FALSE(file.is_open());
  CHECK(file.get() == -1);
}
