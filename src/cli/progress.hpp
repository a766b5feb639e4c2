/// The progress bar of a read.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "cli/console.hpp"
#include "loadline/usage/read.hpp"

namespace loadline::cli {

/// `reading [#####-----] 5/10  3.1M samples  120 MB/s  4s left`, cut to `width` (0: 80) less one
/// column, so that no terminal wraps it. The time left is known once a group is done.
std::string progress_line(const ReadProgress& progress, double elapsed_seconds, std::size_t width);

/// "950", "3.1k", "3.1M", "12G": three significant digits at most.
std::string short_count(double value);

/// Redraws at most ten times a second. `on_progress` may be called from any thread, one call at a
/// time. Clears the line when it goes.
class ProgressBar {
 public:
  ProgressBar(Console& console, std::function<double()> seconds, std::size_t width);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void on_progress(const ReadProgress& progress);

 private:
  Console& console_;
  std::function<double()> seconds_;
  std::size_t width_ = 0;
  double begin_ = 0;
  double last_drawn_ = -1;
};

}  // namespace loadline::cli
