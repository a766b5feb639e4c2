#include "loadline/publish/report.hpp"

#include <array>

namespace loadline {
namespace {

template <typename T>
struct Named {
  std::string_view name{};
  T value{};
};

constexpr std::array<Named<ReportFormat>, 7> kFormats{{{"table", ReportFormat::kTable},
                                                       {"wide", ReportFormat::kWide},
                                                       {"json", ReportFormat::kJson},
                                                       {"yaml", ReportFormat::kYaml},
                                                       {"csv", ReportFormat::kCsv},
                                                       {"markdown", ReportFormat::kMarkdown},
                                                       {"html", ReportFormat::kHtml}}};
constexpr std::array<Named<SortKey>, 5> kSortKeys{{{"waste", SortKey::kWaste},
                                                   {"risk", SortKey::kRisk},
                                                   {"name", SortKey::kName},
                                                   {"cpu", SortKey::kCpu},
                                                   {"memory", SortKey::kMemory}}};

template <typename T, std::size_t N>
std::optional<T> value_named(const std::array<Named<T>, N>& names, std::string_view text) {
  for (const Named<T>& named : names) {
    if (named.name == text) return named.value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ReportFormat> parse_report_format(std::string_view text) {
  return value_named(kFormats, text);
}

std::string report_format_names() {
  std::string names;
  for (const Named<ReportFormat>& format : kFormats) {
    if (!names.empty()) names += '|';
    names += format.name;
  }
  return names;
}

std::optional<SortKey> parse_sort_key(std::string_view text) {
  return value_named(kSortKeys, text);
}

}  // namespace loadline
