#include <sstream>
#include <string>

#include "loadline/usage/trace.hpp"
#include "support/catch.hpp"
#include "usage/trace_columns.hpp"

namespace loadline {
namespace {

constexpr double kMi = 1024.0 * 1024.0;

Result<Trace> parse(const std::string& text, const TraceOptions& options = {}) {
  std::istringstream in(text);
  return read_trace(in, "t.csv", options);
}

const ContainerProfile* find(const Trace& trace, const std::string& pod,
                             const std::string& container = "app") {
  const auto found = trace.by_pod.find({{"", "shop", "Pod", pod}, container});
  return found == trace.by_pod.end() ? nullptr : &found->second;
}

const std::string kHeader = "namespace,pod,container,t,cpu,memory\n";

TEST_CASE("rows become day sketches, pod by pod, in cores and bytes") {
  const auto trace = parse(kHeader +
                           "shop,web-0,app,0,0.5,1048576\n"
                           "shop,web-0,app,300,1.5,3145728\n"
                           "shop,web-0,app,86400,2,4194304\n"
                           "shop,web-1,app,0,4,8388608\n");
  REQUIRE(trace);
  const ContainerProfile* const web = find(*trace, "web-0");
  REQUIRE(web != nullptr);
  const auto& cpu = web->resources[Resource::kCpu].days;
  REQUIRE(cpu.size() == 2);
  CHECK(cpu[0].day == 0);
  CHECK(cpu[0].scrapes_seen == 2);
  CHECK(cpu[0].last_ms == 300'000);
  CHECK(cpu[0].sketch.mean() == Approx(1.0));
  CHECK(cpu[1].sketch.max() == 2.0);
  CHECK(web->resources[Resource::kMemory].days[0].sketch.max() == 3 * kMi);
  CHECK(find(*trace, "web-1")->resources[Resource::kCpu].days.size() == 1);
  CHECK(trace->stats.rows == 4);
  CHECK(trace->stats.samples[Resource::kCpu] == 4);
  CHECK(trace->stats.last_ms == 86'400'000);
}

TEST_CASE("the order of rows does not change the profiles") {
  const auto forward =
      parse(kHeader + "shop,a,app,10,1,5\nshop,b,app,10,2,6\nshop,a,app,90000,3,7\n");
  const auto backward =
      parse(kHeader + "shop,a,app,90000,3,7\nshop,b,app,10,2,6\nshop,a,app,10,1,5\n");
  REQUIRE(forward);
  REQUIRE(backward);
  CHECK(forward->by_pod == backward->by_pod);
}

TEST_CASE("dialects of CSV that mean the same give the same") {
  const auto plain = parse(kHeader + "shop,\"we,b\",app,60,0.5,1024\n");
  REQUIRE(plain);
  REQUIRE(find(*plain, "we,b") != nullptr);
  const std::string rows[] = {
      "\xef\xbb\xbf" + kHeader + "shop,\"we,b\",app,60,0.5,1024\n",
      "NAMESPACE, Pod ,container,T,CPU,Memory\r\n\r\nshop,\"we,b\",app, 60 ,0.5,1024",
      "\"namespace\",\"pod\",\"container\",\"t\",\"cpu\",\"memory\"\nshop,\"we,b\",app,60,5e-1,"
      "1024\n\n",
      "t,memory,extra,cpu,container,pod,namespace\n60,1024,x,0.5,app,\"we,b\",shop\n",
      "namespace,pod,container,time,cpu_mcores,mem_kib_max\nshop,\"we,b\",app,1970-01-01T00:01:00Z,"
      "500,1\n",
      "namespace,pod,container,timestamp,cpu_mcores_mean,cpu_mcores_max,memory_bytes\n"
      "shop,\"we,b\",app,60.0,500,900,1024\n",
  };
  for (const std::string& text : rows) {
    CAPTURE(text);
    const auto trace = parse(text);
    REQUIRE(trace);
    CHECK(trace->by_pod == plain->by_pod);
  }
}

TEST_CASE("names may hold quotes and line ends") {
  const auto trace = parse(kHeader + "shop,\"a\"\"b\nc\",app,60,1,2\nshop,d,app,60,1,2\n");
  REQUIRE(trace);
  CHECK(find(*trace, "a\"b\nc") != nullptr);
  CHECK(find(*trace, "d") != nullptr);
}

TEST_CASE("empty cells are no samples and zero memory is no usage") {
  const auto trace =
      parse(kHeader + "shop,a,app,60,,1024\nshop,a,app,120,1,\nshop,a,app,180,NaN,0\n");
  REQUIRE(trace);
  CHECK(trace->stats.samples[Resource::kCpu] == 1);
  CHECK(trace->stats.samples[Resource::kMemory] == 1);
  CHECK(trace->stats.zero_memory_samples == 1);
}

TEST_CASE("rows of no container, of other namespaces and after the end are left out") {
  const auto trace = parse(kHeader +
                               "shop,a,,60,1,2\nshop,a,POD,60,1,2\nshop,,app,60,1,2\n"
                               "other,a,app,60,1,2\nshop,a,app,100,1,2\nshop,a,app,60,1,2\n",
                           {.selection = {.namespaces = {"sh*"}}, .end = from_unix_ms(100'000)});
  REQUIRE(trace);
  CHECK(trace->stats.ignored_rows == 5);
  CHECK(trace->stats.samples[Resource::kCpu] == 1);
}

TEST_CASE("a bad line is an error that names the file, the line and what is wrong") {
  struct Row {
    std::string text;
    std::string message;
  };
  const Row rows[] = {
      {"", "t.csv:1: no column namespace"},
      {"namespace;pod;container;t;cpu;memory\n", "with commas between them"},
      {"namespace,pod,container,cpu\n", "t.csv:1: no column t;"},
      {"namespace,pod,container,t,disk\n", "no column cpu or memory"},
      {"namespace,pod,container,t,cpu,cpu_cores\n", "the column cpu_cores tells what another"},
      {"namespace,pod,pod,container,t,cpu\n", "the column pod tells"},
      {kHeader + "shop,a,app,60,1\n", "t.csv:2: 5 fields where the first line has 6"},
      {kHeader + "\nshop,a,app,60,1,2,3\n", "t.csv:3: 7 fields"},
      {kHeader + "shop,a,app,soon,1,2\n", "t.csv:2: \"soon\" is no time"},
      {kHeader + "shop,a,app,1650388500000,1,2\n", "no milliseconds"},
      {kHeader + "shop,a,app,,1,2\n", "\"\" is no time"},
      {kHeader + "shop,a,app,60,-1,2\n", "\"-1\" is no cpu usage"},
      {kHeader + "shop,a,app,60,1,inf\n", "\"inf\" is no memory usage"},
      {kHeader + "shop,a,app,60,1m,2\n", "\"1m\" is no cpu usage"},
      {kHeader + "shop,a,app,60,1e400,2\n", "is no cpu usage"},
      {kHeader + "shop,a,app,60,1,1e18\n", "\"1e18\" is no memory usage"},
      {kHeader + "shop,a,app,60,\x1b[2J,2\n", "\\x1b[2J"},
      {kHeader + "shop,\"a,app,60,1,2\n", "t.csv:2: a quote is never closed"},
      {kHeader + "shop,\"a\"b,app,60,1,2\n", "must end at a comma"},
      {kHeader + "shop,a\"\"b,app,60,1,2\n", "a quote in the middle"},
      {kHeader + "shop,\"a\nb\",app,60,1,2\nshop,a,app,60,1,x\n", "t.csv:4: \"x\""},
      {kHeader + std::string(70'000, 'a') + "\n", "more than 64 KiB"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text.substr(0, 200));
    const auto trace = parse(row.text);
    REQUIRE(!trace);
    CHECK(trace.error().kind == ErrorKind::kInvalidInput);
    CAPTURE(trace.error().message);
    CHECK(trace.error().message.find(row.message) != std::string::npos);
  }
}

TEST_CASE("CPU comes from the mean and memory from the maximum where several columns tell") {
  const auto columns =
      parse_trace_header({"namespace", "pod", "container", "t", "cpu_max", "cpu", "cpu_mcores_mean",
                          "mem_mib_mean", "mem_gb_peak", "memory_bytes"});
  REQUIRE(columns);
  CHECK(columns->values[Resource::kCpu] == ValueColumn{6, 1e-3});
  CHECK(columns->values[Resource::kMemory] == ValueColumn{8, 1e9});
}

TEST_CASE("a record across the pieces of the buffer is whole") {
  std::string text = kHeader;
  for (int i = 0; i < 40'000; ++i) text += "shop,web-0,app," + std::to_string(i) + ",1,2\n";
  const auto trace = parse(text);
  REQUIRE(trace);
  CHECK(trace->stats.rows == 40'000);
  CHECK(find(*trace, "web-0")->resources[Resource::kCpu].days[0].sketch.count() == 40'000);
}

}  // namespace
}  // namespace loadline
