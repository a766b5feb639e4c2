#include "publish/row_labels.hpp"

#include <unordered_set>

#include "publish/exposition.hpp"

namespace loadline::publish {
namespace {

constexpr std::size_t kUsualRowBytes = 128;
constexpr std::string_view kReplacement = "\xef\xbf\xbd";

void append_label(std::string& to, std::string_view begin, std::string_view value) {
  to += begin;
  append_label_value(to, value);
  to += '"';
}

void append_row(std::string& to, const ContainerKey& key) {
  const WorkloadKey& workload = key.workload;
  if (!workload.cluster.empty()) {
    append_label(to, "cluster=\"", workload.cluster);
    to += ',';
  }
  append_label(to, "namespace=\"", workload.namespace_name);
  append_label(to, ",target_kind=\"", workload.kind);
  append_label(to, ",target_name=\"", workload.name);
  append_label(to, ",container=\"", key.container);
}

}  // namespace

// Implementation details: two different keys can only become equal by U+FFFD, so that a cluster
// without broken names pays for no set.
RowLabels label_rows(const std::vector<Recommendation>& rows) {
  RowLabels labels;
  labels.text.reserve(rows.size() * kUsualRowBytes);
  labels.ends.reserve(rows.size());
  std::unordered_set<std::string> mended;
  for (const Recommendation& row : rows) {
    const std::size_t start = labels.text.size();
    append_row(labels.text, row.key);
    const std::string_view own = std::string_view(labels.text).substr(start);
    if (own.find(kReplacement) != std::string_view::npos && !mended.emplace(own).second) {
      labels.text.resize(start);
      ++labels.duplicates;
    }
    labels.ends.push_back(labels.text.size());
  }
  return labels;
}

}  // namespace loadline::publish
