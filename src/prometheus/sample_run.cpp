#include "prometheus/sample_run.hpp"

#include <utility>

namespace loadline {

SampleRuns::SampleRuns(SeriesSink& sink, TimeRange range)
    : sink_(sink), start_ms_(to_unix_ms(range.start)), end_ms_(to_unix_ms(range.end)) {
  batch_.reserve(kBatch);
}

SampleRuns::~SampleRuns() {
  if (begun_) sink_.end_series();
}

void SampleRuns::begin(Labels labels) {
  end();
  labels_ = std::move(labels);
  last_ms_ = kNever;
}

void SampleRuns::end() {
  flush();
  if (begun_) sink_.end_series();
  begun_ = false;
}

void SampleRuns::flush() {
  if (batch_.empty()) return;
  if (!begun_) {
    sink_.begin_series(labels_);
    begun_ = true;
    ++stats_.series;
  }
  sink_.on_samples(batch_);
  stats_.samples += batch_.size();
  batch_.clear();
}

}  // namespace loadline
