#include "loadline/usage/trace.hpp"

#include <sstream>
#include <string>

#include "support/catch.hpp"

namespace loadline {
namespace {

Result<Trace> read(const std::string& csv) {
  std::istringstream in(csv);
  return read_trace(in, "trace.csv", {});
}

Trace taken(const std::string& csv) {
  Result<Trace> trace = read(csv);
  INFO((trace ? std::string() : trace.error().message));
  REQUIRE(trace);
  return std::move(*trace);
}

const ContainerProfile& only(const Trace& trace) {
  REQUIRE(trace.by_pod.size() == 1);
  return trace.by_pod.begin()->second;
}

TEST_CASE("rows become day sketches of their pod, in any order") {
  const Trace trace = taken(
      "namespace,pod,container,t,cpu,memory\n"
      "shop,web-1,app,1650067200,0.5,1048576\n"
      "shop,web-1,app,1649980800,0.25,2097152\n"
      "shop,web-1,app,1650067260,,3145728\n");
  const ContainerProfile& profile = only(trace);
  CHECK(trace.by_pod.begin()->first == ContainerKey{{"", "shop", "Pod", "web-1"}, "app"});
  const ResourceProfile& memory = profile.resources[Resource::kMemory];
  REQUIRE(memory.days.size() == 2);
  CHECK(memory.days[0].sketch.max() == 2097152.0);
  CHECK(memory.days[1].sketch.count() == 2);
  CHECK(memory.days[1].sketch.max() == 3145728.0);
  CHECK(profile.resources[Resource::kCpu].days[1].sketch.max() == 0.5);
  CHECK(trace.stats.samples[Resource::kCpu] == 2);
  CHECK(trace.stats.samples[Resource::kMemory] == 3);
}

TEST_CASE("columns are told by their names, with units, quotes, a mark and CRLF") {
  const Trace trace = taken(
      "\xef\xbb\xbfT,mem_kib_max,Pod,\"container\",cpu_mcores_mean,cpu_mcores_max,namespace\r\n"
      "2022-04-19T00:00:00Z,1024,\"web,1\",app,250,900,shop\r\n");
  const ContainerProfile& profile = only(trace);
  CHECK(trace.by_pod.begin()->first.workload.name == "web,1");
  CHECK(profile.resources[Resource::kCpu].days.at(0).sketch.max() == 0.25);
  CHECK(profile.resources[Resource::kMemory].days.at(0).sketch.max() == 1048576.0);
}

TEST_CASE("zero memory is no usage, zero CPU is, pause containers are none") {
  const Trace trace = taken(
      "namespace,pod,container,t,cpu,memory\n"
      "shop,web-1,app,1650067200,0,0\n"
      "shop,web-1,POD,1650067200,1,1\n"
      "shop,web-1,,1650067200,1,1\n");
  CHECK(only(trace).resources[Resource::kCpu].days.at(0).sketch.count() == 1);
  CHECK(only(trace).resources[Resource::kMemory].days.empty());
  CHECK(trace.stats.zero_memory_samples == 1);
  CHECK(trace.stats.ignored_rows == 2);
}

TEST_CASE("what is wrong is named with file and line") {
  struct Row {
    std::string csv{};
    std::string place{};
  };
  const std::string head = "namespace,pod,container,t,cpu,memory\n";
  const Row rows[] = {
      {"", "trace.csv"},
      {"namespace,pod,t,cpu\n", "trace.csv:1"},
      {"namespace,pod,container,t\n", "trace.csv:1"},
      {head + "shop,web,app,1650067200,1,1\nshop,web,app,soon,1,1\n", "trace.csv:3"},
      {head + "shop,web,app,1650067200,much,1\n", "trace.csv:2"},
      {head + "shop,web,app,1650067200,-1,1\n", "trace.csv:2"},
      {head + "shop,web,app\n", "trace.csv:2"},
      {head + "\"shop,web,app,1650067200,1,1\n", "trace.csv:2"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.csv);
    const Result<Trace> trace = read(row.csv);
    REQUIRE_FALSE(trace);
    CHECK(trace.error().kind == ErrorKind::kInvalidInput);
    CHECK(trace.error().message.find(row.place) != std::string::npos);
  }
}

}  // namespace
}  // namespace loadline
