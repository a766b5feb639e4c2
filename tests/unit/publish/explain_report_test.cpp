#include "loadline/publish/explain_report.hpp"

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "golden.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

constexpr double kMi = 1024.0 * 1024.0;

/// Four days of 100Mi a day more, with a kill on the last one, and a steady CPU.
ContainerProfile growing_profile() {
  ContainerProfile profile;
  for (int i = 0; i < 4; ++i) {
    for (const Resource resource : kResources) {
      DayUsage day;
      day.day = 19'000 + i;
      day.scrapes_seen = 1440;
      day.scrapes_expected = i == 1 ? 2880 : 1440;
      day.first_ms = day.day * kMillisecondsPerDay;
      day.last_ms = day.first_ms + kMillisecondsPerDay - 60'000;
      const double level = resource == Resource::kCpu ? 0.25 : (100 + 100 * i) * kMi;
      for (int k = 0; k < 50; ++k) day.sketch.add(level * (1 + 0.002 * k));
      profile.resources[resource].days.push_back(std::move(day));
    }
  }
  profile.live_pods = 2;
  return profile;
}

ExplainReport report_of(const std::string& name) {
  ContainerFacts facts;
  facts.current[Resource::kCpu] = {0.5, 1.0};
  facts.current[Resource::kMemory] = {128 * kMi, 256 * kMi};
  facts.current_known = true;
  facts.restarts = 2;
  facts.oom_kills = {
      .count = 2, .last_ms = 19'003 * kMillisecondsPerDay + 3'600'000, .limit_bytes = 256 * kMi};
  const ContainerKey key{{"", "shop", "Deployment", name}, "app"};
  ExplainReport report;
  report.window = {from_unix_ms(19'000 * kMillisecondsPerDay),
                   from_unix_ms(19'004 * kMillisecondsPerDay)};
  report.containers = {
      explain({key, growing_profile(), nullptr, &facts, 19'004}, default_policy(), 8)};
  return report;
}

std::string rendered(const ExplainReport& report, ExplainFormat format) {
  std::ostringstream out;
  render_explanation(report, format, {}, out);
  return out.str();
}

TEST_CASE("the story is as its golden file, in every format") {
  const ExplainReport report = report_of("web");
  test::check_golden("report/explain.txt", rendered(report, ExplainFormat::kText));
  test::check_golden("report/explain.json", rendered(report, ExplainFormat::kJson));
  test::check_golden("report/explain.html", rendered(report, ExplainFormat::kHtml));
}

TEST_CASE("what made the story incomplete is told in every format") {
  ExplainReport report = report_of("web");
  report.incomplete = {"half of it was missing"};
  for (const ExplainFormat format :
       {ExplainFormat::kText, ExplainFormat::kJson, ExplainFormat::kHtml}) {
    CHECK(rendered(report, format).find("half of it was missing") != std::string::npos);
  }
}

TEST_CASE("hostile names move no cursor and make no markup") {
  const std::string name = "\x1b[2J</pre><script>alert(1)</script>";
  const ExplainReport report = report_of(name);
  CHECK(rendered(report, ExplainFormat::kText).find('\x1b') == std::string::npos);
  const std::string page = rendered(report, ExplainFormat::kHtml);
  CHECK(page.find("<script>") == std::string::npos);
  CHECK(page.find('\x1b') == std::string::npos);
  const auto json = nlohmann::json::parse(rendered(report, ExplainFormat::kJson));
  CHECK(json["containers"][0]["recommendation"]["workload"] == name);
}

}  // namespace
}  // namespace loadline
