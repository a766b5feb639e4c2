#include "config/nearest.hpp"

#include "support/catch.hpp"

namespace loadline::config {

TEST_CASE("edit distance counts insertions, deletions and replacements") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("window", "windw") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest known name is proposed, and none where nothing is near") {
  const std::vector<std::string> known{"prometheus.url", "window", "cpu_window",
                                       "policy.cpu.floor"};
  CHECK(nearest("promtheus.url", known) == "prometheus.url");
  CHECK(nearest("url", known) == "prometheus.url");
  CHECK(nearest("policy.floor", known) == "policy.cpu.floor");
  CHECK(nearest("cpu_windows", known) == "cpu_window");
  CHECK(nearest("q", known) == std::nullopt);
  CHECK(nearest(std::string(100'000, 'a'), known) == std::nullopt);
}

}  // namespace loadline::config
