#include "cli/progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "loadline/model/time.hpp"

namespace loadline::cli {
namespace {

constexpr std::size_t kBarWidth = 20;
constexpr double kRedrawSeconds = 0.1;

std::string bar(const ReadProgress& progress) {
  const std::size_t total = std::max<std::size_t>(progress.groups_total, 1);
  const std::size_t filled = std::min(progress.groups_done * kBarWidth / total, kBarWidth);
  return "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '-') + "]";
}

std::string time_left(const ReadProgress& progress, double elapsed_seconds) {
  if (progress.groups_done == 0 || progress.groups_done >= progress.groups_total) return {};
  const auto left = static_cast<double>(progress.groups_total - progress.groups_done);
  const double seconds = elapsed_seconds * left / static_cast<double>(progress.groups_done);
  const auto whole = static_cast<std::int64_t>(std::min(std::ceil(seconds), 1e9));
  return "  " + format_duration(std::chrono::seconds(whole)) + " left";
}

}  // namespace

std::string short_count(double value) {
  constexpr std::array<const char*, 5> kSuffixes{"", "k", "M", "G", "T"};
  std::size_t suffix = 0;
  while (value >= 999.5 && suffix + 1 < kSuffixes.size()) {
    value /= 1000;
    ++suffix;
  }
  const int decimals = suffix > 0 && value < 9.95 ? 1 : 0;
  char text[32];
  (void)std::snprintf(text, sizeof text, "%.*f%s", decimals, value, kSuffixes[suffix]);
  return text;
}

std::string progress_line(const ReadProgress& progress, double elapsed_seconds, std::size_t width) {
  std::string line = "reading " + bar(progress) + " " + std::to_string(progress.groups_done) + "/" +
                     std::to_string(progress.groups_total) + "  " +
                     short_count(static_cast<double>(progress.stats.samples)) + " samples";
  if (elapsed_seconds > 0) {
    line += "  " + short_count(static_cast<double>(progress.stats.bytes) / elapsed_seconds) + "B/s";
  }
  line += time_left(progress, elapsed_seconds);
  return line.substr(0, (width == 0 ? 80 : width) - 1);
}

ProgressBar::ProgressBar(Console& console, std::function<double()> seconds, std::size_t width)
    : console_(console), seconds_(std::move(seconds)), width_(width), begin_(seconds_()) {}

ProgressBar::~ProgressBar() {
  console_.clear_status();
}

void ProgressBar::on_progress(const ReadProgress& progress) {
  const double elapsed = seconds_() - begin_;
  const bool done = progress.groups_done >= progress.groups_total;
  if (!done && last_drawn_ >= 0 && elapsed - last_drawn_ < kRedrawSeconds) return;
  last_drawn_ = elapsed;
  console_.show_status(progress_line(progress, elapsed, width_));
}

}  // namespace loadline::cli
