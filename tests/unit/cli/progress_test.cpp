#include "cli/progress.hpp"

#include <sstream>

#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline::cli {
namespace {

ReadProgress at(std::size_t done, std::size_t total) {
  ReadProgress progress{.groups_done = done, .groups_total = total};
  progress.stats.samples = 3'100'000;
  progress.stats.bytes = 24'000'000;
  return progress;
}

}  // namespace

TEST_CASE("the bar shows how far, how much, how fast and how long still") {
  CHECK(progress_line(at(5, 10), 2.0, 100) ==
        "reading [##########----------] 5/10  3.1M samples  12MB/s  2s left");
  CHECK(progress_line(at(10, 10), 2.0, 100) ==
        "reading [####################] 10/10  3.1M samples  12MB/s");
}

TEST_CASE("before the first group is done nothing is promised") {
  CHECK(progress_line(at(0, 10), 0.0, 100) == "reading [--------------------] 0/10  3.1M samples");
  CHECK_THAT(progress_line(at(0, 0), 1.0, 100), !test::contains("left"));
}

TEST_CASE("the bar never wraps") {
  CHECK(progress_line(at(5, 10), 2.0, 30).size() == 29);
  CHECK(progress_line(at(5, 10), 2.0, 1).empty());
  CHECK(progress_line(at(5, 10), 2.0, 0).size() < 80);
}

TEST_CASE("counts are short") {
  CHECK(short_count(0) == "0");
  CHECK(short_count(999) == "999");
  CHECK(short_count(1'000) == "1.0k");
  CHECK(short_count(9'960) == "10k");
  CHECK(short_count(999'600) == "1.0M");
  CHECK(short_count(40'300'000) == "40M");
  CHECK(short_count(2e15) == "2000T");
}

TEST_CASE("the bar is redrawn at most ten times a second, and at the end") {
  std::ostringstream err;
  double now = 0;
  {
    Console console(err);
    ProgressBar bar(
        console, [&now] { return now; }, 100);
    for (std::size_t i = 0; i <= 100; ++i) {
      bar.on_progress(at(i, 100));
      now += 0.01;
    }
  }
  const std::string text = err.str();
  std::size_t drawn = 0;
  for (std::size_t i = 0; (i = text.find("reading", i)) != std::string::npos; ++i) ++drawn;
  CHECK(drawn >= 10);
  CHECK(drawn <= 12);
  CHECK_THAT(text, test::contains("100/100"));
  CHECK(text.ends_with("\r\033[K"));
}

}  // namespace loadline::cli
