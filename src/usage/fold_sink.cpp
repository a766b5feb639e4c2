#include "usage/fold_sink.hpp"

#include <utility>

namespace loadline {

FoldSink::FoldSink(CollectorState& state)
    : state_(state),
      lead_ms_(to_unix_ms(state.window.start - state.options.lead_in())),
      begin_ms_(to_unix_ms(state.window.start)),
      end_ms_(to_unix_ms(state.window.end)),
      rule_{.window_ms = state.options.cpu_window.count(), .gap_ms = state.options.gap().count()},
      fold_(state.options.scrape_interval) {}

FoldSink::~FoldSink() {
  state_.add(stats_, touched_);
}

void FoldSink::begin_series(const Labels& labels) {
  const auto identity = identify(labels, state_.options.cluster_label);
  run_ = nullptr;
  core_ = nullptr;
  if (!identity) {
    ++stats_.ignored_series;
    return;
  }
  RunEntry* const run = state_.run_of(*identity);
  if (run == nullptr) {
    ++stats_.foreign_series;
    return;
  }
  open(*run, identity->resource, hash_of(labels));
  if (identity->core.empty()) return;
  core_ = &core_sums_[run];
  core_->open(identity->core);
}

void FoldSink::open(RunEntry& run, Resource resource, std::uint64_t series) {
  run_ = &run;
  track_ = &run.second.tracks[resource];
  has_changed_ = false;
  resource_ = resource;
  series_ = series;
  const bool is_new = track_->last_ms == Track::kNever;
  if (is_new) ++stats_.runs;
  const bool same = is_new || track_->series == series;
  after_ms_ = same ? track_->last_ms : track_->last_ms + rule_.gap_ms;
  work_.assign(track_->tail.begin(), track_->tail.end());
  fold_.open(run.second.container->second.resources[resource], track_->previous_ms);
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
  if (samples.back().t_ms >= end_ms_) return false;
  bool all = true;
  std::int64_t before_ms = after_ms_;
  for (const Sample& sample : samples) {
    all &= sample.value > 0 && sample.value < kUsageCeiling && sample.t_ms > before_ms;
    before_ms = sample.t_ms;
  }
  return all;
}

std::span<const Sample> FoldSink::take_lead_in(std::span<const Sample> samples) {
  while (!samples.empty() && samples.front().t_ms < begin_ms_) {
    const Sample& sample = samples.front();
    samples = samples.subspan(1);
    if (sample.t_ms < lead_ms_) {
      ++stats_.outside_samples;
    } else if (resource_ == Resource::kCpu && sample.t_ms > after_ms_ && is_usage(sample.value)) {
      after_ms_ = sample.t_ms;
      work_.push_back(sample);
    }
  }
  return samples;
}

void FoldSink::take(std::span<const Sample> samples) {
  if (samples.empty()) return;
  if (all_taken_as_they_are(samples)) {
    after_ms_ = samples.back().t_ms;
    work_.insert(work_.end(), samples.begin(), samples.end());
    return;
  }
  for (const Sample& sample : samples) {
    if (sample.t_ms >= end_ms_) {
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
  if (core_ != nullptr) {
    for (const Sample& sample : samples) core_->add(sample);
    return;
  }
  const std::int64_t before_ms = after_ms_;
  const auto inside = take_lead_in(samples);
  const std::size_t fresh = work_.size();
  take(inside);
  if (after_ms_ == before_ms) return;
  track_->last_ms = after_ms_;
  track_->series = series_;
  has_changed_ = true;
  fold(fresh);
}

void FoldSink::fold(std::size_t fresh) {
  if (resource_ == Resource::kCpu) {
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
  fold_.close();
  if (has_changed_) {
    track_->previous_ms = fold_.previous_ms();
    track_->tail.assign(work_.begin(), work_.end());
    touched_.runs.push_back(run_);
    for (const std::int32_t day : fold_.closed_days())
      touched_.days.push_back({run_->second.container, day});
  }
  work_.clear();
  run_ = nullptr;
}

void FoldSink::end_selection() {
  for (const auto& [run, sums] : std::exchange(core_sums_, {})) {
    core_ = nullptr;
    open(*run, Resource::kCpu, run->second.tracks[Resource::kCpu].series);
    on_samples(sums.complete());
    end_series();
  }
}

Touched FoldSink::take_touched() {
  Touched taken;
  taken.add(std::exchange(touched_, {}));
  return taken;
}

}  // namespace loadline
