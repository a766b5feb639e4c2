#include "publish/document.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sample_report.hpp"
#include "support/catch.hpp"

namespace loadline::publish {
namespace {

using Json = nlohmann::ordered_json;

std::string json_text(const Report& report) {
  std::ostringstream out;
  render(report, ReportFormat::kJson, {}, out);
  return out.str();
}

Json document_of(const Report& report) {
  return Json::parse(json_text(report));
}

/// The row of a container.
Json row_named(const Json& document, const std::string& workload, const std::string& container) {
  for (const Json& row : document.at("recommendations")) {
    if (row.at("workload") == workload && row.at("container") == container) return row;
  }
  return nullptr;
}

TEST_CASE("what is absent is null and never 0") {
  const Json document = document_of(test::sample_report());
  const Json silent = row_named(document, "migrator", "wait-for-db");
  CHECK(silent.at("coverage_ratio").is_null());
  CHECK(silent.at("cpu").at("p95_cores").is_null());
  CHECK(silent.at("cpu").at("max_cores").is_null());
  CHECK(silent.at("cpu").at("samples") == 0);
  CHECK(silent.at("memory").at("recommended").at("request_bytes").is_null());
  CHECK(silent.at("memory").at("current").at("request_bytes") == 67108864);
  const Json unknown = row_named(document, "billing", "app");
  CHECK(unknown.at("current_known") == false);
  CHECK(unknown.at("cpu").at("current").at("request_cores").is_null());
  CHECK(unknown.at("owner_inferred") == true);
}

TEST_CASE("totals of which nothing is known are null, not zero") {
  Report report = test::sample_report();
  for (Recommendation& row : report.recommendations) row.current_known = false;
  const Json cpu = document_of(report).at("totals").at("cpu");
  CHECK(cpu.at("requested_cores").is_null());
  CHECK(cpu.at("reclaimable_cores").is_null());
}

TEST_CASE("an incomplete report is marked and says why") {
  const Json document = document_of(test::incomplete_report());
  CHECK(document.at("complete") == false);
  CHECK(document.at("incomplete").size() == 2);
  CHECK(document.at("source").at("out_of_order_samples") == 3);
  CHECK(document.at("source").at("warnings").size() == 1);
}

TEST_CASE("quantiles read back to the last bit, whole numbers have no fraction") {
  Report report = test::sample_report();
  report.recommendations.resize(1);
  report.recommendations[0].resources[Resource::kCpu].p95 = 0.1 + 0.2;
  report.recommendations[0].resources[Resource::kCpu].max = 5e-324;
  const std::string text = json_text(report);
  const Json cpu = Json::parse(text).at("recommendations").at(0).at("cpu");
  CHECK(cpu.at("p95_cores").get<double>() == 0.1 + 0.2);
  CHECK(cpu.at("max_cores").get<double>() == 5e-324);
  CHECK(text.find("\"request_bytes\": 536870912,") != std::string::npos);
}

TEST_CASE("what is no number becomes null") {
  Report report = test::sample_report();
  report.recommendations[0].resources[Resource::kCpu].p95 =
      std::numeric_limits<double>::quiet_NaN();
  report.recommendations[0].resources[Resource::kCpu].max = std::numeric_limits<double>::infinity();
  const Json cpu = document_of(report).at("recommendations").at(0).at("cpu");
  CHECK(cpu.at("p95_cores").is_null());
  CHECK(cpu.at("max_cores").is_null());
}

TEST_CASE("no limit in the policy is null, and read_seconds is there only where measured") {
  Report report = test::sample_report();
  report.policy.resources[Resource::kCpu].limit_factor = std::nullopt;
  CHECK(document_of(report).at("policy").at("cpu").at("limit_factor").is_null());
  CHECK_FALSE(document_of(report).at("source").contains("read_seconds"));
  report.source.read_seconds = 1.5;
  CHECK(document_of(report).at("source").at("read_seconds") == 1.5);
}

TEST_CASE("written row by row, the document is spelled as if it were written at once") {
  for (const std::size_t rows : {0, 1, 2, 10}) {
    Report report = test::incomplete_report();
    report.recommendations.resize(rows);
    const std::string text = json_text(report);
    CHECK(text == Json::parse(text).dump(2, ' ', true) + "\n");
    CHECK(Json::parse(text).at("recommendations").size() == rows);
  }
}

/// Notes the largest part that was written at once.
class CountingBuffer : public std::streambuf {
 public:
  std::size_t largest = 0;
  std::size_t bytes = 0;

 private:
  std::streamsize xsputn(const char* /*text*/, std::streamsize size) override {
    largest = std::max(largest, static_cast<std::size_t>(size));
    bytes += static_cast<std::size_t>(size);
    return size;
  }
  int_type overflow(int_type c) override {
    ++bytes;
    return c;
  }
};

TEST_CASE("a large report is handed on in small parts") {
  Report report = test::sample_report();
  report.recommendations.resize(2000, report.recommendations[0]);
  for (const ReportFormat format : {ReportFormat::kJson, ReportFormat::kYaml, ReportFormat::kCsv}) {
    CountingBuffer buffer;
    std::ostream out(&buffer);
    render(report, format, {}, out);
    CHECK(buffer.bytes > 500'000);
    CHECK(buffer.largest < 8192);
  }
}

}  // namespace
}  // namespace loadline::publish
