/// A SeriesSink that keeps all it is given and checks how it is given: begin, samples, end, one
/// series at a time, ascending within a run.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/prometheus/source.hpp"

namespace loadline::test {

class CollectingSink final : public SeriesSink {
 public:
  void begin_series(const Labels& labels) override {
    if (inside_) note("begin_series inside a series");
    inside_ = true;
    current_ = labels;
    run_begin_ = series_[labels].size();
    ++runs_;
  }

  void on_samples(std::span<const Sample> samples) override {
    if (!inside_) note("on_samples outside a series");
    largest_batch_ = std::max(largest_batch_, samples.size());
    std::vector<Sample>& all = series_[current_];
    for (const Sample& sample : samples) {
      if (all.size() > run_begin_ && sample.t_ms <= all.back().t_ms) note("time not ascending");
      if (is_stale_marker(sample.value)) note("stale marker");
      all.push_back(sample);
    }
  }

  void end_series() override {
    if (!inside_) note("end_series outside a series");
    inside_ = false;
  }

  /// All samples of each series, in the order of arrival over all its runs.
  [[nodiscard]] const std::map<Labels, std::vector<Sample>>& series() const { return series_; }
  /// The samples of the only series whose label has that value; empty where there is none.
  [[nodiscard]] std::vector<Sample> of(std::string_view label, std::string_view value) const {
    for (const auto& [labels, samples] : series_) {
      if (labels.get(label) == value) return samples;
    }
    return {};
  }
  [[nodiscard]] std::size_t samples() const {
    std::size_t count = 0;
    for (const auto& [labels, samples] : series_) count += samples.size();
    return count;
  }
  [[nodiscard]] std::size_t runs() const { return runs_; }
  [[nodiscard]] std::size_t largest_batch() const { return largest_batch_; }
  /// Breaches of SeriesSink's rules; empty where the reader kept them.
  [[nodiscard]] std::vector<std::string> breaches() const {
    std::vector<std::string> all = breaches_;
    if (inside_) all.emplace_back("series left open");
    return all;
  }

 private:
  void note(const char* breach) { breaches_.emplace_back(breach); }

  std::map<Labels, std::vector<Sample>> series_{};
  Labels current_{};
  std::size_t run_begin_ = 0;
  std::size_t runs_ = 0;
  std::size_t largest_batch_ = 0;
  bool inside_ = false;
  std::vector<std::string> breaches_{};
};

}  // namespace loadline::test
