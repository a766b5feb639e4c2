#include <array>

#include "config/schema.hpp"

namespace loadline::config {
namespace {

constexpr std::array<Word<ReportFormat>, 7> kFormats{{
    {"table", ReportFormat::kTable},
    {"wide", ReportFormat::kWide},
    {"json", ReportFormat::kJson},
    {"yaml", ReportFormat::kYaml},
    {"csv", ReportFormat::kCsv},
    {"markdown", ReportFormat::kMarkdown},
    {"html", ReportFormat::kHtml},
}};
constexpr std::array<Word<SortKey>, 5> kSortKeys{{
    {"waste", SortKey::kWaste},
    {"risk", SortKey::kRisk},
    {"name", SortKey::kName},
    {"cpu", SortKey::kCpu},
    {"memory", SortKey::kMemory},
}};

Result<std::optional<Milliseconds>> read_interval(const Node& node) {
  if (node.kind == Node::Kind::kScalar && node.text == "auto") return std::nullopt;
  const Result<Milliseconds> interval = read_positive_duration(node);
  if (!interval) return tl::unexpected(interval.error());
  if (*interval > std::chrono::hours(1)) {
    return fail(ErrorKind::kInvalidInput, "\"" + node.text + "\" is longer than 1h");
  }
  return *interval;
}

Node write_interval(const std::optional<Milliseconds>& interval) {
  return interval ? write_duration(*interval) : scalar("auto");
}

template <typename Member>
Key list_key(Key key, Member member) {
  key.type = "list of text";
  key.shape = Shape::kList;
  return with_value(std::move(key), member, read_list, write_list);
}

std::vector<Key> time_keys() {
  return {
      with_value(
          {.name = "window",
           .type = "whole days",
           .summary = "Complete UTC days of history before today, 1d to 90d.",
           .detail = "Today's samples count too. Prometheus keeps 15 days by default."},
          [](auto& c) -> auto& { return c.usage.window; }, read_window, write_window),
      with_value(
          {.name = "cpu_window",
           .type = "duration",
           .summary = "Least time over which one CPU usage value is taken.",
           .detail = "Shorter ones alternate between 0 and double, because cAdvisor "
                     "refreshes its counters on its own clock."},
          [](auto& c) -> auto& { return c.usage.cpu_window; }, read_positive_duration,
          write_duration),
      with_value(
          {.name = "scrape_interval",
           .type = "auto or duration",
           .summary = "How often the kubelets are scraped; auto finds out."},
          [](auto& c) -> auto& { return c.usage.scrape_interval; }, read_interval, write_interval),
  };
}

std::vector<Key> series_keys() {
  return {
      with_value(
          {.name = "cluster_label",
           .type = "text",
           .summary = "Label that tells clusters apart, e.g. cluster.",
           .detail = "Empty: Prometheus holds one cluster, or prometheus.matchers picks it."},
          [](auto& c) -> auto& { return c.usage.cluster_label; }, read_text, write_text),
      list_key(
          {.name = "replica_labels",
           .summary = "Labels that tell the replicas of an HA pair apart.",
           .detail =
               "Samples that both hold count once anyway; `loadline check` expects duplicates "
               "that differ in these."},
          [](auto& c) -> auto& { return c.usage.replica_labels; }),
      with_value(
          {.name = "require_image",
           .type = "true | false",
           .summary = "Take series without an image label for cgroups, not containers.",
           .detail = "Set to false where the runtime sets no image label."},
          [](auto& c) -> auto& { return c.usage.require_image; }, read_bool, write_bool),
      list_key(
          {.name = "namespaces",
           .summary = "Namespaces to read; * and ? match; empty: all.",
           .detail = "Others are not even asked for."},
          [](auto& c) -> auto& { return c.usage.namespaces; }),
      list_key(
          {.name = "exclude_namespaces", .summary = "Namespaces to leave out; * and ? match."},
          [](auto& c) -> auto& { return c.usage.exclude_namespaces; }),
  };
}

}  // namespace

std::vector<Key> usage_keys() {
  std::vector<Key> keys = time_keys();
  for (Key& key : series_keys()) keys.push_back(std::move(key));
  return keys;
}

std::vector<Key> output_keys() {
  return {
      with_words<ReportFormat>(
          {.name = "report.output", .summary = "Format of the report."},
          [](auto& c) -> auto& { return c.output; }, kFormats),
      with_words<SortKey>(
          {.name = "report.sort",
           .summary = "Order of the rows; waste lists what is at risk first."},
          [](auto& c) -> auto& { return c.sort; }, kSortKeys),
      with_value(
          {.name = "prices.file",
           .type = "file",
           .summary = "Prices of cores and memory (YAML); empty: no money is shown.",
           .detail = "docs/prices.md tells the format."},
          [](auto& c) -> auto& { return c.prices_file; }, read_text, write_text),
  };
}

}  // namespace loadline::config
