/// The labels of a series: hostile input by definition, plain bytes that nobody has checked.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loadline {

/// A small map kept sorted by name. An absent label and an empty one are the same thing, as in
/// Prometheus. A plain value type; not thread-safe while written.
class Labels {
 public:
  using Pair = std::pair<std::string, std::string>;

  Labels() = default;
  Labels(std::initializer_list<Pair> pairs);

  /// The value, or "" where the label is absent. The view lives as long as the labels are
  /// unchanged.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  /// Sets or, with an empty value, removes.
  void set(std::string_view name, std::string_view value);
  void clear() { pairs_.clear(); }
  [[nodiscard]] const std::vector<Pair>& pairs() const { return pairs_; }
  [[nodiscard]] bool empty() const { return pairs_.empty(); }

  bool operator==(const Labels&) const = default;
  auto operator<=>(const Labels&) const = default;

 private:
  std::vector<Pair> pairs_{};
};

/// The label an exporter meant: without honor_labels Prometheus renames a scraped `pod` to
/// `exported_pod` and puts its own target's label in its place, so the exported one is preferred.
std::string_view exported_or_own(const Labels& labels, std::string_view name);

/// For messages and logs: `{a="b",...}` with quotes, backslashes and control bytes escaped, cut at
/// `max_bytes` with an ellipsis.
std::string printable(const Labels& labels, std::size_t max_bytes = 300);
/// The same for one untrusted text, without quotes around it.
std::string printable(std::string_view text, std::size_t max_bytes = 300);

}  // namespace loadline
