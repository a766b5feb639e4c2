/// The port through which samples enter: three ways of reading, one shape of result.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/labels.hpp"
#include "loadline/model/result.hpp"
#include "loadline/model/series.hpp"
#include "loadline/model/time.hpp"
#include "loadline/prometheus/promql.hpp"

namespace loadline {

/// Takes samples as they are decoded: begin_series, any number of on_samples, end_series, one
/// series at a time. A sink belongs to one thread; SinkFactory makes one for each reader. A series
/// may be sent again from its beginning (after a broken transfer, from two replicas): the sink
/// drops what it has seen.
class SeriesSink {
 public:
  virtual ~SeriesSink() = default;
  virtual void begin_series(const Labels& labels) = 0;
  /// Inside the asked range, in ascending time within the series, without stale markers; may be
  /// empty. NaN and infinities pass through.
  virtual void on_samples(std::span<const Sample> samples) = 0;
  virtual void end_series() = 0;
};

/// Which series and when: matchers (one on __name__ among them) over [start, end).
struct Selection {
  std::vector<Matcher> matchers{};
  TimeRange range{};
};

/// What a read cost and what it left out. Adds up over pieces with +=.
struct ReadStats {
  std::uint64_t samples = 0;  ///< handed to the sink
  std::uint64_t series = 0;   ///< runs of samples begun
  std::uint64_t bytes = 0;    ///< of bodies as transferred
  std::uint64_t requests = 0;
  std::uint64_t out_of_order =
      0;  ///< samples older than one already handed over: lost, make the result incomplete
  std::uint64_t skipped_chunks = 0;  ///< histogram chunks: not ours
  std::vector<std::string>
      warnings{};  ///< the server's own (partial answers): make the result incomplete

  ReadStats& operator+=(const ReadStats& other);
};

enum class ReadPath { kRemoteReadStreamed, kRemoteReadSamples, kQuery, kVictoriaMetricsExport };
/// "remote-read", "remote-read-samples", "query", "export": also the words of --read-path.
std::string_view to_string(ReadPath path);

/// One way of reading. Thread-safe for distinct selections.
class SeriesSource {
 public:
  virtual ~SeriesSource() = default;
  /// Reads the selection into the sink. kUnsupported: this server does not speak this way.
  /// kTooLarge: only where the selection cannot be cut further. Memory is bounded whatever the
  /// size.
  virtual Result<ReadStats> read(const Selection& selection, SeriesSink& sink) = 0;
  [[nodiscard]] virtual ReadPath path() const = 0;
};

}  // namespace loadline
