#include "usage/fold_sink.hpp"

#include <utility>

namespace loadline {

FoldSink::FoldSink(CollectorState& state)
    : state_(state),
      begin_ms_(to_unix_ms(state.window.start)),
      end_ms_(to_unix_ms(state.window.end)),
      rule_{.window_ms = state.options.cpu_window.count(), .gap_ms = state.gap().count()},
      fold_(state.options.scrape_interval) {}

FoldSink::~FoldSink() {
  state_.add(stats_);
}

void FoldSink::begin_series(const Labels& labels) {
  auto identity = identify(labels, state_.options.cluster_label);
  run_ = nullptr;
  core_ = nullptr;
  if (!identity) {
    ++stats_.ignored_series;
    return;
  }
  Run& run = state_.run_of(*identity);
  if (!identity->core.empty()) {
    identity->core = {};
    core_ = &core_sums_[&state_.run_of(*identity)];
  }
  open(run, identity->resource, hash_of(labels));
}

void FoldSink::open(Run& run, Resource resource, std::size_t series) {
  run_ = &run;
  resource_ = resource;
  series_ = series;
  const bool same = run.last_ms == DayFold::kNever || run.series == series;
  after_ms_ = same ? run.last_ms : run.last_ms + rule_.gap_ms;
  work_.assign(run.tail.begin(), run.tail.end());
  fold_.open(run.profile->resources[resource], run.previous_ms);
}

bool FoldSink::is_usage(double value) {
  if (value > 0 && value < kUsageCeiling) return true;
  if (value == 0) {
    if (resource_ == Resource::kCpu) return true;
    ++stats_.zero_memory_samples;
  } else {
    ++stats_.invalid_samples;
  }
  return false;
}

/// The common case, found by a loop without branches: everything new, inside the window and usage.
bool FoldSink::all_taken_as_they_are(std::span<const Sample> samples) const {
  if (samples.front().t_ms < begin_ms_ || samples.back().t_ms >= end_ms_ ||
      samples.front().t_ms <= after_ms_)
    return false;
  bool all = true;
  std::int64_t before_ms = after_ms_;
  for (const Sample& sample : samples) {
    all &= sample.value > 0 && sample.value < kUsageCeiling && sample.t_ms > before_ms;
    before_ms = sample.t_ms;
  }
  return all;
}

void FoldSink::take(std::span<const Sample> samples) {
  if (all_taken_as_they_are(samples)) {
    after_ms_ = samples.back().t_ms;
    work_.insert(work_.end(), samples.begin(), samples.end());
    return;
  }
  for (const Sample& sample : samples) {
    if (sample.t_ms < begin_ms_ || sample.t_ms >= end_ms_) {
      ++stats_.outside_samples;
    } else if (sample.t_ms <= after_ms_) {
      ++stats_.duplicate_samples;
    } else if (after_ms_ = sample.t_ms; is_usage(sample.value)) {
      work_.push_back(sample);
    }
  }
}

void FoldSink::on_samples(std::span<const Sample> samples) {
  if (run_ == nullptr || samples.empty()) return;
  const std::int64_t before_ms = after_ms_;
  const std::size_t fresh = work_.size();
  take(samples);
  if (after_ms_ != before_ms) {
    run_->last_ms = after_ms_;
    run_->series = series_;
  }
  if (work_.size() == fresh) return;
  if (core_ != nullptr) {
    for (const Sample& sample : work_) core_->add(sample);
    work_.clear();
  } else if (resource_ == Resource::kCpu) {
    fold_cpu(fresh);
  } else {
    fold_memory();
  }
}

void FoldSink::fold_cpu(std::size_t fresh) {
  rates_.clear();
  const CpuRateOutcome outcome = cpu_rates(work_, fresh, rule_, [&](std::size_t i, double cores) {
    if (cores < kUsageCeiling) rates_.push_back({.t_ms = work_[i].t_ms, .value = cores});
  });
  fold_.fold(std::span<const Sample>(work_).subspan(fresh), rates_);
  stats_.samples_folded += rates_.size();
  stats_.counter_resets += outcome.resets;
  stats_.gaps += outcome.gaps;
  work_.erase(work_.begin(), work_.begin() + static_cast<std::ptrdiff_t>(outcome.tail_begin));
}

void FoldSink::fold_memory() {
  fold_.fold(work_, work_);
  stats_.samples_folded += work_.size();
  work_.clear();
}

void FoldSink::end_series() {
  if (run_ == nullptr) return;
  run_->previous_ms = fold_.previous_ms();
  fold_.close();
  run_->tail.assign(work_.begin(), work_.end());
  work_.clear();
  run_ = nullptr;
}

void FoldSink::end_selection() {
  for (const auto& [run, sums] : std::exchange(core_sums_, {})) {
    core_ = nullptr;
    open(*run, Resource::kCpu, run->series);
    on_samples(sums.complete());
    end_series();
  }
}

}  // namespace loadline
