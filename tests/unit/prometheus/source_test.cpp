#include "loadline/prometheus/source.hpp"

#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("read statistics add up, each warning once") {
  ReadStats total{.samples = 1, .series = 2, .bytes = 3, .requests = 4, .warnings = {"a"}};
  total += {.samples = 10,
            .series = 20,
            .bytes = 30,
            .requests = 40,
            .out_of_order = 50,
            .skipped_chunks = 60,
            .warnings = {"a", "b", "b"}};
  CHECK(total.samples == 11);
  CHECK(total.series == 22);
  CHECK(total.bytes == 33);
  CHECK(total.requests == 44);
  CHECK(total.out_of_order == 50);
  CHECK(total.skipped_chunks == 60);
  CHECK(total.warnings == std::vector<std::string>{"a", "b"});
}

TEST_CASE("read paths have the names that --read-path takes") {
  CHECK(to_string(ReadPath::kRemoteReadStreamed) == "remote-read");
  CHECK(to_string(ReadPath::kRemoteReadSamples) == "remote-read-samples");
  CHECK(to_string(ReadPath::kQuery) == "query");
  CHECK(to_string(ReadPath::kVictoriaMetricsExport) == "export");
}
