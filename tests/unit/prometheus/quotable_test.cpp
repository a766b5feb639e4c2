#include "prometheus/quotable.hpp"

#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("quotes stay, control bytes do not, and the length is bounded") {
  CHECK(quotable("") == "");
  CHECK(quotable(R"("a" and "b")") == R"("a" and "b")");
  CHECK(quotable("\"\x1b[1m\"\n") == R"("\x1b[1m"\n)");
  CHECK(quotable(std::string(1000, '"')).size() <= 300);
  CHECK(quotable("\"" + std::string(1000, 'x'), 50).size() <= 50);
}
