#include "rows.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::names_of;
using test::row_of;

std::vector<Recommendation> some_rows() {
  std::vector<Recommendation> rows{row_of("web", 1, 0.5), row_of("api", 1, 0.95),
                                   row_of("db", 2, 2), row_of("web-canary", 1, 3)};
  rows[1].key.workload.namespace_name = "kube-system";
  rows[1].verdict = Verdict::kKeep;
  rows[2].key.workload.kind = "StatefulSet";
  rows[2].key.container = "postgres";
  rows[2].verdict = Verdict::kNoData;
  return rows;
}

TEST_CASE("each filter lets through what it names") {
  struct Row {
    const char* what;
    ReportFilter filter;
    const char* expected;
  };
  const auto workloads = [](std::vector<std::string> patterns) {
    ReportFilter filter;
    filter.workloads = std::move(patterns);
    return filter;
  };
  ReportFilter name_space;
  name_space.namespaces = {"kube-*", "nothing"};
  ReportFilter excluded;
  excluded.exclude_namespaces = {"kube-*"};
  ReportFilter container;
  container.containers = {"post*"};
  ReportFilter only;
  only.only = {Verdict::kKeep, Verdict::kNoData};
  const Row rows[] = {
      {"nothing", {}, "web api db web-canary"},
      {"namespace", name_space, "api"},
      {"excluded namespace", excluded, "web db web-canary"},
      {"name", workloads({"web"}), "web"},
      {"pattern", workloads({"web*", "db"}), "web db web-canary"},
      {"kind and name", workloads({"StatefulSet/*"}), "db"},
      {"kind as kubectl takes it", workloads({"deployment/web"}), "web"},
      {"kind that is another's", workloads({"StatefulSet/web"}), ""},
      {"container", container, "db"},
      {"verdicts", only, "api db"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    CHECK(names_of(filtered(some_rows(), row.filter)) == row.expected);
  }
}

TEST_CASE("a minimal change hides rows in which no value changes by that much") {
  ReportFilter filter;
  filter.min_change = 0.5;
  CHECK(names_of(filtered(some_rows(), filter)) == "web web-canary");
  filter.min_change = 0.05;
  CHECK(names_of(filtered(some_rows(), filter)) == "web api web-canary");
}

TEST_CASE("a minimal change keeps rows of which nobody knows what they ask for") {
  std::vector<Recommendation> rows{row_of("dark", 1, 1)};
  rows[0].current_known = false;
  ReportFilter filter;
  filter.min_change = 0.9;
  CHECK(names_of(filtered(rows, filter)) == "dark");
}

TEST_CASE("a filtered view has the rows that pass, their totals, and says how many are hidden") {
  Report report;
  report.recommendations = some_rows();
  report.totals = total(report.recommendations);
  report.hidden = 2;
  report.incomplete = {"something is missing"};
  report.source.url = "http://prometheus";
  ReportFilter filter;
  filter.workloads = {"web*"};
  const Report view = filtered_report(report, filter);
  CHECK(names_of(view.recommendations) == "web web-canary");
  CHECK(view.hidden == 4);
  CHECK(view.totals.containers == 2);
  CHECK(view.totals.resources[Resource::kCpu].requested == 2);
  CHECK(view.incomplete == report.incomplete);
  CHECK(view.source.url == report.source.url);
  CHECK(report.recommendations.size() == 4);
}

TEST_CASE("the default filter changes nothing, any other is not the default one") {
  Report report;
  report.recommendations = some_rows();
  const Report view = filtered_report(report, {});
  CHECK(view.recommendations == report.recommendations);
  CHECK(view.hidden == 0);
  ReportFilter filter;
  CHECK(filter == ReportFilter{});
  filter.containers = {"*"};
  CHECK_FALSE(filter == ReportFilter{});
}

}  // namespace
}  // namespace loadline
