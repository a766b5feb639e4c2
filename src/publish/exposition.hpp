/// The ground that all metrics stand on: a writer of pieces, the head of a family, label values and
/// numbers, in the text format and in OpenMetrics. A PieceWriter belongs to one thread and one
/// call.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "loadline/publish/metrics.hpp"

namespace loadline::publish {

/// Collects text and hands it on in pieces of some 100 KB, from one buffer. Once the reader has
/// gone it takes text as before and drops it, so that callers need not look after each line.
class PieceWriter {
 public:
  /// `write` must outlive the writer.
  explicit PieceWriter(const WritePiece& write);

  /// Where the next `bytes` may be written, whatever their number; `end_at` says how many were.
  char* room(std::size_t bytes) {
    if (bytes > static_cast<std::size_t>(buffer_.data() + buffer_.size() - at_)) make_room(bytes);
    return at_;
  }
  void end_at(char* end) { at_ = end; }
  void append(std::string_view text);
  [[nodiscard]] bool reader_gone() const { return reader_gone_; }
  /// Hands over what is left; false where the reader has gone.
  bool finish();

 private:
  void make_room(std::size_t bytes);
  void hand_over();

  const WritePiece& write_;
  std::string buffer_;
  char* at_;
  bool reader_gone_ = false;
};

enum class MetricKind { kGauge, kCounter, kHistogram, kInfo, kUnknown };

struct FamilyHead {
  std::string_view name{};  ///< as the samples spell it: with "_total", "_info"
  std::string_view help{};  ///< one line without quotes or backslashes
  MetricKind kind = MetricKind::kGauge;
};

/// "# HELP", "# TYPE", and in OpenMetrics "# UNIT" where the name ends in a unit.
void write_head(PieceWriter& out, const FamilyHead& head, MetricsFormat format);

/// "name{" + labels + rest + value: `name` with its brace, `rest` with the closing one and a space.
void write_sample(PieceWriter& out, std::string_view name, std::string_view labels,
                  std::string_view rest, double value);

inline constexpr std::size_t kLongestNumber = 32;
/// Writes the shortest spelling that reads back the same, at most kLongestNumber bytes, and returns
/// its end. "NaN", "+Inf", "-Inf" as both formats have them.
char* write_number(char* at, double value);

/// Appends the value between quotes: backslash, quote and newline escaped, each byte that belongs
/// to no well-formed UTF-8 replaced by U+FFFD. All else, NUL and controls too, is legal and stays.
void append_label_value(std::string& to, std::string_view value);

}  // namespace loadline::publish
