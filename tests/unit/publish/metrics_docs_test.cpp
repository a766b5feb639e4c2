/// docs/metrics.md held against what the writers really say.
#include <map>
#include <regex>
#include <set>
#include <string>

#include "exposition.hpp"
#include "golden.hpp"
#include "sample_report.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::lines_of;
using test::metrics_text;

/// A metric as a reader meets it: the type, and the labels beside those of every container.
struct Told {
  std::string type{};
  std::set<std::string> labels{};

  bool operator==(const Told&) const = default;
};
using Metrics = std::map<std::string, Told>;

std::ostream& operator<<(std::ostream& out, const Told& told) {
  out << told.type << " {";
  for (const std::string& label : told.labels) out << label << ' ';
  return out << '}';
}

std::set<std::string> matches_of(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), regex);
       match != std::sregex_iterator(); ++match) {
    found.insert(match->str(1));
  }
  return found;
}

/// OpenMetrics names the family; the text format, queries and the documentation name the samples.
std::string sample_name(const std::string& family, const std::string& type) {
  if (type == "counter") return family + "_total";
  return type == "info" ? family + "_info" : family;
}

/// The histogram of "a_bucket".
std::string without_suffix(std::string name) {
  for (const std::string_view suffix : {"_bucket", "_sum", "_count"}) {
    if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  }
  return name;
}

void note_labels(Metrics& metrics, const std::string& sample) {
  const std::string name = without_suffix(sample.substr(0, sample.find_first_of("{ ")));
  const std::set<std::string> common{"cluster",     "namespace", "target_kind",
                                     "target_name", "container", "le"};
  for (const std::string& label : matches_of(sample, "[{,]([a-z_]+)=\"")) {
    if (!common.contains(label)) metrics.at(name).labels.insert(label);
  }
}

Metrics metrics_written() {
  Report report = test::priced_report();
  report.recommendations.resize(1);
  SelfMetrics own;
  own.add_request(200);
  own.add_http("api", 200, 0.1);
  Metrics metrics;
  for (const std::string& line : lines_of(metrics_text(report, MetricsFormat::kOpenMetrics) +
                                          metrics_text(own, MetricsFormat::kOpenMetrics))) {
    std::istringstream words(line);
    std::string hash;
    std::string word;
    std::string family;
    std::string type;
    words >> hash >> word >> family >> type;
    if (word == "TYPE") metrics[sample_name(family, type)].type = type;
    if (hash != "#") note_labels(metrics, line);
  }
  return metrics;
}

std::string documentation() {
  return test::read_file(std::string(LOADLINE_SOURCE_DIR) + "/docs/metrics.md");
}

Metrics metrics_documented() {
  const std::regex row("\\| `([a-z_]+)` \\| ([a-z]+) \\| ([^|]*)\\| .+ \\|");
  Metrics metrics;
  for (const std::string& line : lines_of(documentation())) {
    std::smatch cells;
    if (!std::regex_match(line, cells, row)) continue;
    INFO(line);
    CHECK(metrics.emplace(cells.str(1), Told{cells.str(2), matches_of(cells.str(3), "`([a-z]+)`")})
              .second);
  }
  return metrics;
}

TEST_CASE("the documentation has each metric with its type and labels, and no other") {
  const Metrics written = metrics_written();
  const Metrics documented = metrics_documented();
  for (const auto& [name, told] : written) {
    INFO(name);
    REQUIRE(documented.contains(name));
    CHECK(documented.at(name) == told);
  }
  for (const auto& [name, told] : documented) {
    INFO(name);
    CHECK(written.contains(name));
  }
}

TEST_CASE("queries in the documentation ask for metrics that there are") {
  const Metrics written = metrics_written();
  const std::set<std::string> named =
      matches_of(documentation(), "\\b((?:loadline|process)_[a-z_]+)");
  CHECK(named.size() >= written.size());
  for (const std::string& name : named) {
    INFO(name);
    CHECK((written.contains(name) || written.contains(without_suffix(name))));
  }
}

}  // namespace
}  // namespace loadline
