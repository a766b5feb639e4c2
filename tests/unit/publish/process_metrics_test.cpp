#include "publish/process_metrics.hpp"

#include <string>

#include "support/catch.hpp"

namespace loadline::publish {
namespace {

const std::string kFields =
    " S 1 2 2 0 -1 4194560 900 0 1 0 250 50 7 8 20 0 3 0 12345 104857600 2560 18446744073709551615";

TEST_CASE("a stat line gives seconds and bytes, whatever the command is called") {
  const ProcessStat expected{3, 3, 123.45, 104857600, 2560 * 4096.0};
  for (const char* const name : {"(loadline)", "(a b)", "(a) S 1 (b)", "()"}) {
    INFO(name);
    CHECK(parse_process_stat("42 " + std::string(name) + kFields + "\n", 100, 4096) == expected);
  }
}

TEST_CASE("what is no stat line gives nothing") {
  for (const char* const text : {"", "42 (loadline", "42 (loadline) S 1 2 3", "42 (x)",
                                 "42 (x) S 1 2 2 0 -1 4194560 900 0 1 0 x 50 7 8 20 0 3 0 1 1 1"}) {
    INFO(text);
    CHECK_FALSE(parse_process_stat(text, 100, 4096));
  }
}

TEST_CASE("the machine's start is found among the lines of /proc/stat") {
  CHECK(parse_boot_time("cpu  1 2 3\nbtime 1795000000\nprocesses 7\n") == 1795000000.0);
  CHECK_FALSE(parse_boot_time("cpu  1 2 3\n"));
  CHECK_FALSE(parse_boot_time("cpu  1\nbtime x\n"));
}

TEST_CASE("of the running process all seven are known and plausible") {
  double resident = 0;
  double virtual_bytes = 0;
  double start = 0;
  const auto families = process_families();
  CHECK(families.size() == 7);
  for (const prometheus::MetricFamily& family : families) {
    REQUIRE(family.metric.size() == 1);
    if (family.name == "process_resident_memory_bytes") resident = family.metric[0].gauge.value;
    if (family.name == "process_virtual_memory_bytes") virtual_bytes = family.metric[0].gauge.value;
    if (family.name == "process_start_time_seconds") start = family.metric[0].gauge.value;
    if (family.name == "process_open_fds") CHECK(family.metric[0].gauge.value >= 3);
    if (family.name == "process_threads") CHECK(family.metric[0].gauge.value >= 1);
  }
  CHECK(resident > 1 << 20);
  CHECK(virtual_bytes > resident);
  CHECK(start > 1'600'000'000);
}

}  // namespace
}  // namespace loadline::publish
